/*
 * Games for two: who gets what, on made-up RAM, and which modes are for how many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "games/games.h"

static void set(uint8_t *ram, int address, uint8_t value)
{
    ram[address & 0x7f] = value;
}

static void assert_look(const char *name, GameState *rule, const uint8_t *ram, int first,
                        int second)
{
    game_look_two(game_by_name(name), rule, &(GameRam){.console = ram});
    if (rule->reward != first || rule->reward_second != second)
        fail_msg("%s: rewards %d and %d", name, rule->reward, rule->reward_second);
}

static void assert_over(const char *name, const GameState *rule, bool over)
{
    if (rule->over != over)
        fail_msg("%s: %s", name, over ? "goes on" : "is over");
}

/* How often in `looks` looks at the same RAM somebody loses a point by waiting. */
static void assert_waits(const char *name, GameState *rule, const uint8_t *ram, int looks,
                         int first_times, int second_times)
{
    int first = 0, second = 0;
    for (int i = 0; i < looks; i++) {
        game_look_two(game_by_name(name), rule, &(GameRam){.console = ram});
        assert_in_range(-rule->reward, 0, 1);
        assert_in_range(-rule->reward_second, 0, 1);
        first -= rule->reward;
        second -= rule->reward_second;
    }
    if (first != first_times || second != second_times)
        fail_msg("%s: waiting cost %d and %d", name, first, second);
}

/* Addresses as seen on the cartridge in play: 0xe6, 0xe8 count the first one's points. */
static void in_space_invaders_each_has_a_score(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("space_invaders"), &rule);
    set(ram, 0xc9, 3);
    assert_look("space_invaders", &rule, ram, 0, 0);
    set(ram, 0xe9, 0x30);
    assert_look("space_invaders", &rule, ram, 0, 30);
    set(ram, 0xe6, 0x02); /* the second was hit */
    assert_look("space_invaders", &rule, ram, 200, 0);
    set(ram, 0xe7, 0x99);
    set(ram, 0xe8, 0x25);
    assert_look("space_invaders", &rule, ram, 25, 9900);
    set(ram, 0xe7, 0x00);
    set(ram, 0xe9, 0x05); /* 9930 and 75 more: the counter goes round */
    assert_look("space_invaders", &rule, ram, 0, 75);
    set(ram, 0xc9, 0);
    assert_look("space_invaders", &rule, ram, 0, 0);
    assert_true(rule.over);
}

static void in_pong_a_point_of_the_one_is_lost_by_the_other(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("pong"), &rule);
    assert_look("pong", &rule, ram, 0, 0);
    set(ram, 0x8e, 1);
    assert_look("pong", &rule, ram, 1, -1);
    set(ram, 0x8d, 1);
    assert_look("pong", &rule, ram, -1, 1);
}

/* ---- the others, by the tables of docs/two-players.md ---- */

static void in_boxing_a_hit_of_the_one_is_lost_by_the_other(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("boxing"), &rule);
    set(ram, 0x90, 0x20);
    set(ram, 0x92, 0x12);
    assert_look("boxing", &rule, ram, 12, -12);
    set(ram, 0x93, 0x02);
    assert_look("boxing", &rule, ram, -2, 2);
    assert_over("boxing", &rule, false);
    set(ram, 0x93, 0xc0);
    assert_look("boxing", &rule, ram, -98, 98);
    assert_over("boxing", &rule, true);
}

static void in_double_dunk_a_basket_of_the_one_is_lost_by_the_other(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("double_dunk"), &rule);
    set(ram, 0x89, 0x01);
    set(ram, 0xf6, 0x03);
    assert_look("double_dunk", &rule, ram, 3, -3);
    set(ram, 0xf7, 0x02);
    assert_look("double_dunk", &rule, ram, -2, 2);
    set(ram, 0xf7, 0x24);
    assert_look("double_dunk", &rule, ram, -22, 22);
    assert_over("double_dunk", &rule, false);
    set(ram, 0xfe, 0xe7);
    assert_look("double_dunk", &rule, ram, 0, 0);
    assert_over("double_dunk", &rule, true);
}

static void in_double_dunk_who_does_not_choose_loses_a_point(void **state)
{
    (void)state;
    static const struct {
        uint8_t choice;
        int first, second;
    } cases[] = {{0x00, 1, 1}, {0x40, 0, 1}, {0x80, 1, 0}, {0x01, 0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t ram[GAME_RAM_BYTES] = {0};
        GameState rule;
        game_begin(game_by_name("double_dunk"), &rule);
        set(ram, 0x89, cases[i].choice);
        assert_waits("double_dunk", &rule, ram, 120, 0, 0);
        assert_waits("double_dunk", &rule, ram, 1, cases[i].first, cases[i].second);
        assert_waits("double_dunk", &rule, ram, 120, 0, 0);
    }
}

/* Which of its games it is only the way to the mode tells. */
static GameState entombed_in(int mode, const uint8_t *ram)
{
    const Game *game = game_by_name("entombed");
    Mt19937 random = mt19937_seeded(1);
    GameState rule;
    game_begin(game, &rule);
    const GamePress press =
        game_mode_press(game, &rule, &(GameRam){.console = ram}, mode, 0, &random);
    assert_int_equal(press.count, 0);
    return rule;
}

static void in_entombed_against_each_other_a_life_lost_is_the_others_point(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule = entombed_in(2, ram);
    set(ram, 0xc7, 0x33);
    set(ram, 0xef, 1);
    assert_look("entombed", &rule, ram, 0, 0);
    set(ram, 0xc7, 0x32);
    set(ram, 0xef, 2);
    assert_look("entombed", &rule, ram, -1, 1);
    set(ram, 0xc7, 0x12);
    assert_look("entombed", &rule, ram, 2, -2);
    assert_over("entombed", &rule, false);
    set(ram, 0xc7, 0x02);
    assert_look("entombed", &rule, ram, 1, -1);
    assert_over("entombed", &rule, true);
}

static void in_entombed_together_every_section_is_a_point_of_both(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule = entombed_in(3, ram);
    set(ram, 0xc7, 0x33);
    assert_look("entombed", &rule, ram, 0, 0);
    set(ram, 0xef, 2);
    assert_look("entombed", &rule, ram, 1, 1);
    assert_look("entombed", &rule, ram, 0, 0);
    set(ram, 0xef, 0); /* a life lost: the stage begins again */
    set(ram, 0xc7, 0x23);
    assert_look("entombed", &rule, ram, 0, 0);
    set(ram, 0xef, 1);
    assert_look("entombed", &rule, ram, 1, 1);
    assert_over("entombed", &rule, false);
    set(ram, 0xc7, 0x20);
    assert_look("entombed", &rule, ram, 0, 0);
    assert_over("entombed", &rule, true);
}

static void in_flag_capture_each_has_flags_up_to_99(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("flag_capture"), &rule);
    assert_look("flag_capture", &rule, ram, 0, 0);
    assert_over("flag_capture", &rule, false); /* no clock runs */
    set(ram, 0xab, 0x01);
    assert_look("flag_capture", &rule, ram, 1, 0);
    set(ram, 0xeb, 0x10);
    assert_look("flag_capture", &rule, ram, 0, 10);
    assert_over("flag_capture", &rule, false);
    set(ram, 0xeb, 0x99);
    assert_look("flag_capture", &rule, ram, 0, 89);
    assert_over("flag_capture", &rule, true);
}

static void in_ice_hockey_a_goal_of_the_one_is_lost_by_the_other(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("ice_hockey"), &rule);
    set(ram, 0x87, 0x02);
    set(ram, 0x8a, 0x01);
    assert_look("ice_hockey", &rule, ram, 1, -1);
    set(ram, 0x8b, 0x01);
    set(ram, 0x87, 0x00);
    set(ram, 0x86, 0x01);
    assert_look("ice_hockey", &rule, ram, -1, 1);
    assert_over("ice_hockey", &rule, false);
    set(ram, 0x86, 0x00);
    assert_look("ice_hockey", &rule, ram, 0, 0);
    assert_over("ice_hockey", &rule, true);
}

static void in_surround_ten_of_the_others_crashes_win(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("surround"), &rule);
    set(ram, 0xf7, 0x01);
    assert_look("surround", &rule, ram, 1, -1);
    set(ram, 0xf6, 0x09);
    assert_look("surround", &rule, ram, -9, 9);
    assert_over("surround", &rule, false);
    set(ram, 0xf6, 0x10);
    assert_look("surround", &rule, ram, -1, 1);
    assert_over("surround", &rule, true);
}

static void in_mario_bros_each_has_a_score_and_the_last_life_ends_it(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("mario_bros"), &rule);
    set(ram, 0x87, 3);
    set(ram, 0x88, 3);
    set(ram, 0x8a, 0x08);
    assert_look("mario_bros", &rule, ram, 800, 0);
    set(ram, 0x8c, 0x08);
    set(ram, 0x8b, 0x02);
    assert_look("mario_bros", &rule, ram, 0, 20800);
    assert_int_equal(rule.lives, 6);
    set(ram, 0x87, 0);
    assert_look("mario_bros", &rule, ram, 0, 0);
    assert_over("mario_bros", &rule, false);
    set(ram, 0x88, 0);
    assert_look("mario_bros", &rule, ram, 0, 0);
    assert_over("mario_bros", &rule, true);
}

static void in_space_war_a_hit_of_the_one_is_lost_by_the_other(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("space_war"), &rule);
    set(ram, 0x80, 0x74);
    set(ram, 0xa7, 0x02);
    assert_look("space_war", &rule, ram, 2, -2);
    set(ram, 0xa8, 0x09);
    assert_look("space_war", &rule, ram, -9, 9);
    assert_over("space_war", &rule, false);
    set(ram, 0xa8, 0x10);
    assert_look("space_war", &rule, ram, -1, 1);
    assert_over("space_war", &rule, true);
    set(ram, 0xa8, 0x09);
    set(ram, 0x80, 0x00);
    assert_look("space_war", &rule, ram, 1, -1);
    assert_over("space_war", &rule, true);
}

static void in_wizard_of_wor_each_has_a_score_and_the_last_life_ends_it(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("wizard_of_wor"), &rule);
    set(ram, 0x8d, 0x03);
    set(ram, 0x8c, 0x03);
    set(ram, 0x88, 0x80); /* a flag, no points */
    set(ram, 0x86, 0x10);
    assert_look("wizard_of_wor", &rule, ram, 1000, 0);
    set(ram, 0x87, 0x81);
    set(ram, 0x85, 0x02);
    assert_look("wizard_of_wor", &rule, ram, 0, 10200);
    assert_int_equal(rule.lives, 6);
    set(ram, 0xf4, 0xf8);
    set(ram, 0x8d, 0xf0);
    assert_look("wizard_of_wor", &rule, ram, 0, 0);
    assert_over("wizard_of_wor", &rule, false);
    set(ram, 0x8c, 0xf0);
    assert_look("wizard_of_wor", &rule, ram, 0, 0);
    assert_over("wizard_of_wor", &rule, true);
}

static void in_combat_a_hit_of_the_one_is_lost_by_the_other(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("combat"), &rule);
    set(ram, 0x88, 0x80);
    set(ram, 0xa1, 0x11);
    assert_look("combat", &rule, ram, 11, -11);
    set(ram, 0xa2, 0x01);
    assert_look("combat", &rule, ram, -1, 1);
    assert_over("combat", &rule, false);
    set(ram, 0xa2, 0x99);
    assert_look("combat", &rule, ram, -98, 98);
    assert_over("combat", &rule, true);
    set(ram, 0xa2, 0x98);
    set(ram, 0x88, 0x00);
    assert_look("combat", &rule, ram, 1, -1);
    assert_over("combat", &rule, true);
}

static void in_joust_each_has_a_score_and_the_last_rider_ends_it(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("joust"), &rule);
    set(ram, 0x87, 0x50);
    set(ram, 0x85, 0x07);
    assert_look("joust", &rule, ram, 750, 0);
    set(ram, 0x88, 0x01);
    set(ram, 0x86, 0x02);
    set(ram, 0x84, 0x03);
    assert_look("joust", &rule, ram, 0, 30201);
    set(ram, 0x83, 0x01);
    assert_look("joust", &rule, ram, 10000, 0);
    set(ram, 0x81, 0xff);
    assert_look("joust", &rule, ram, 0, 0);
    assert_over("joust", &rule, false);
    set(ram, 0x82, 0xff);
    assert_look("joust", &rule, ram, 0, 0);
    assert_over("joust", &rule, true);
    set(ram, 0x82, 0x01);
    set(ram, 0x84, 0x99);
    assert_look("joust", &rule, ram, 0, 960000);
    assert_over("joust", &rule, true);
}

static void in_maze_craze_the_first_out_wins(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("maze_craze"), &rule);
    set(ram, 0xec, 0xfe);
    assert_look("maze_craze", &rule, ram, 0, 0);
    assert_over("maze_craze", &rule, false);
    set(ram, 0xed, 0xff);
    assert_look("maze_craze", &rule, ram, -1, 1);
    assert_over("maze_craze", &rule, true);
}

static void in_maze_craze_who_is_caught_loses_once_and_the_other_can_still_win(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("maze_craze"), &rule);
    set(ram, 0xeb, 0x40);
    assert_look("maze_craze", &rule, ram, 0, -1);
    assert_look("maze_craze", &rule, ram, 0, 0);
    assert_over("maze_craze", &rule, false);
    GameState other_caught = rule, other_leaves = rule, one_leaves = rule;
    set(ram, 0xec, 0xff);
    assert_look("maze_craze", &other_leaves, ram, 1, 0);
    assert_over("maze_craze", &other_leaves, true);
    set(ram, 0xec, 0x00);
    set(ram, 0xed, 0xff); /* whoever it is */
    assert_look("maze_craze", &one_leaves, ram, 1, 0);
    set(ram, 0xed, 0x00);
    set(ram, 0xea, 0x40);
    assert_look("maze_craze", &other_caught, ram, -1, 0);
    assert_over("maze_craze", &other_caught, true);
    set(ram, 0xeb, 0x00);
    set(ram, 0xec, 0xff);
    game_begin(game_by_name("maze_craze"), &rule);
    assert_look("maze_craze", &rule, ram, -1, 1);
}

static void in_warlords_a_fallen_castle_loses_and_the_last_wins(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("warlords"), &rule);
    assert_look("warlords", &rule, ram, 0, 0);
    set(ram, 0xee, 0x20); /* one of the cartridge's */
    assert_look("warlords", &rule, ram, 0, 0);
    set(ram, 0xee, 0x60);
    assert_look("warlords", &rule, ram, 0, -1);
    assert_look("warlords", &rule, ram, 0, 0);
    assert_over("warlords", &rule, false);
    GameState lost = rule;
    set(ram, 0xee, 0x70);
    assert_look("warlords", &rule, ram, 1, 0);
    assert_over("warlords", &rule, true);
    set(ram, 0xee, 0xc0); /* nobody is left who plays */
    assert_look("warlords", &lost, ram, -1, 0);
    assert_over("warlords", &lost, true);
}

static void in_pong_who_does_not_serve_loses_a_point_every_two_seconds(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("pong"), &rule);
    assert_waits("pong", &rule, ram, 239, 0, 1);
    set(ram, 0x92, 1);
    assert_waits("pong", &rule, ram, 1, 1, 0);
    assert_waits("pong", &rule, ram, 119, 0, 0);
    set(ram, 0x8c, 0x10); /* served */
    assert_waits("pong", &rule, ram, 500, 0, 0);
    set(ram, 0x8c, 0x0f);
    assert_waits("pong", &rule, ram, 120, 1, 0);
}

static void in_tennis_who_does_not_serve_loses_a_point_every_three_seconds(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("tennis"), &rule);
    assert_waits("tennis", &rule, ram, 500, 0, 0);
    set(ram, 0xcc, 1);
    assert_waits("tennis", &rule, ram, 178, 0, 0);
    assert_waits("tennis", &rule, ram, 181, 2, 0);
    set(ram, 0xc7, 1);
    assert_look("tennis", &rule, ram, 1, -1);
    assert_waits("tennis", &rule, ram, 179, 0, 1);
}

static void in_othello_who_does_not_move_loses_a_point_every_ten_seconds(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("othello"), &rule);
    set(ram, 0xc0, 0xff);
    assert_waits("othello", &rule, ram, 599, 0, 0);
    assert_waits("othello", &rule, ram, 1, 1, 0);
    set(ram, 0xce, 0x04);
    set(ram, 0xc0, 0x01);
    assert_look("othello", &rule, ram, 4, -4);
    assert_waits("othello", &rule, ram, 599, 0, 1);
}

static void in_video_checkers_who_does_not_move_loses_a_point_every_ten_seconds(void **state)
{
    (void)state;
    uint8_t ram[GAME_RAM_BYTES] = {0};
    GameState rule;
    game_begin(game_by_name("video_checkers"), &rule);
    set(ram, 0x80, 0x10);
    set(ram, 0x81, 0x90);
    assert_waits("video_checkers", &rule, ram, 600, 0, 0);
    assert_waits("video_checkers", &rule, ram, 1, 1, 0);
    set(ram, 0xc0, 0x80);
    assert_waits("video_checkers", &rule, ram, 601, 0, 1);
    set(ram, 0x81, 0x00);
    assert_look("video_checkers", &rule, ram, 1, -1);
    assert_over("video_checkers", &rule, true);
}

/* ---- modes ---- */

/* What the cartridge shows in each game's first mode for two, and that RESET follows. */
static void select_is_pressed_until_the_cartridge_shows_the_mode(void **state)
{
    (void)state;
    static const struct {
        const char *game;
        int mode, address, shown;
    } cases[] = {
        {"boxing", 2, 0x92, 2},     {"combat", 1, 0x80, 0},        {"combat", 27, 0x80, 26},
        {"entombed", 2, 0xf4, 0},   {"entombed", 3, 0xf4, 0},      {"flag_capture", 4, 0xd6, 4},
        {"joust", 3, 0xf8, 7},      {"mario_bros", 7, 0x80, 7},    {"maze_craze", 63, 0xbd, 63},
        {"maze_craze", 0, 0xbd, 0}, {"pong", 45, 0x96, 45},        {"space_war", 5, 0xa7, 5},
        {"warlords", 23, 0xd9, 22}, {"wizard_of_wor", 1, 0x81, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const Game *game = game_by_name(cases[i].game);
        Mt19937 random = mt19937_seeded(1);
        uint8_t ram[GAME_RAM_BYTES] = {0};
        GameState rule;
        game_begin(game, &rule);
        assert_true(game_has_mode(game, 2, cases[i].mode));
        set(ram, cases[i].address, (uint8_t)(cases[i].shown ^ 1));
        GamePress press =
            game_mode_press(game, &rule, &(GameRam){.console = ram}, cases[i].mode, 0, &random);
        if (press.action != ACTION_SELECT || press.count == 0)
            fail_msg("%s, mode %d: no SELECT", game->name, cases[i].mode);
        set(ram, cases[i].address, (uint8_t)cases[i].shown);
        press = game_mode_press(game, &rule, &(GameRam){.console = ram}, cases[i].mode, 1, &random);
        if (press.action != ACTION_RESET || press.count != 0)
            fail_msg("%s, mode %d: is not reached", game->name, cases[i].mode);
    }
}

/* The menu's first option is bit 6 of 0x80; for one it is passed over. */
static void in_double_dunk_the_menu_makes_it_a_game_for_two(void **state)
{
    (void)state;
    const Game *game = game_by_name("double_dunk");
    Mt19937 random = mt19937_seeded(1);
    uint8_t ram[GAME_RAM_BYTES] = {0};
    const GameRam seen = {.console = ram};
    GameState two, one;
    game_begin(game, &two);
    game_begin(game, &one);
    assert_int_equal(game_mode_press(game, &two, &seen, 16, 0, &random).action, ACTION_SELECT);
    assert_int_equal(game_mode_press(game, &two, &seen, 16, 1, &random).action, ACTION_RIGHT);
    assert_int_equal(game_mode_press(game, &two, &seen, 16, 2, &random).action, ACTION_NOOP);
    set(ram, 0x80, 0x40);
    assert_int_equal(game_mode_press(game, &two, &seen, 16, 3, &random).action, ACTION_DOWN);
    set(ram, 0x80, 0x00);
    assert_int_equal(game_mode_press(game, &one, &seen, 0, 0, &random).action, ACTION_SELECT);
    assert_int_equal(game_mode_press(game, &one, &seen, 0, 1, &random).action, ACTION_DOWN);
}

static void one_alone_presses_nothing_where_select_leads_to_modes_for_two(void **state)
{
    (void)state;
    static const char *const games[] = {"boxing", "entombed", "wizard_of_wor"};
    for (size_t i = 0; i < sizeof games / sizeof games[0]; i++) {
        Mt19937 random = mt19937_seeded(1);
        uint8_t ram[GAME_RAM_BYTES] = {0};
        GameState rule;
        memset(ram, 0x55, sizeof ram);
        game_begin(game_by_name(games[i]), &rule);
        const GamePress press = game_mode_press(game_by_name(games[i]), &rule,
                                                &(GameRam){.console = ram}, 0, 0, &random);
        assert_int_equal(press.count, 0);
        assert_int_equal(press.action, ACTION_NOOP);
    }
}

static void four_games_nobody_can_play_alone(void **state)
{
    (void)state;
    static const char *const names[] = {"combat", "joust", "maze_craze", "warlords"};
    size_t found = 0;
    for (size_t i = 0; i < game_count(); i++)
        if (game_players_min(game_at(i)) == 2) {
            assert_true(found < sizeof names / sizeof names[0]);
            assert_string_equal(game_at(i)->name, names[found++]);
            for (int mode = 0; mode < 256; mode++)
                assert_false(game_has_mode(game_at(i), 1, mode));
        }
    assert_int_equal(found, 4);
}

static void modes_for_two_are_not_modes_for_one(void **state)
{
    (void)state;
    enum { MODES = 6000 };
    for (size_t i = 0; i < game_count(); i++) {
        const Game *game = game_at(i);
        int for_two = 0;
        for (int mode = 0; mode < MODES; mode++) {
            for_two += game_has_mode(game, 2, mode);
            if (game_has_mode(game, 1, mode) && game_has_mode(game, 2, mode))
                fail_msg("mode %d of '%s' is for one and for two", mode, game->name);
        }
        assert_true((for_two > 0) == game_is_for_two(game));
        assert_true(for_two == 0 || game_has_mode(game, 2, game_default_mode(game, 2)));
        assert_true(for_two == 0 || game_has_modes(game)); /* there is a way to them */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_space_invaders_each_has_a_score),
        cmocka_unit_test(in_pong_a_point_of_the_one_is_lost_by_the_other),
        cmocka_unit_test(in_boxing_a_hit_of_the_one_is_lost_by_the_other),
        cmocka_unit_test(in_double_dunk_a_basket_of_the_one_is_lost_by_the_other),
        cmocka_unit_test(in_double_dunk_who_does_not_choose_loses_a_point),
        cmocka_unit_test(in_entombed_against_each_other_a_life_lost_is_the_others_point),
        cmocka_unit_test(in_entombed_together_every_section_is_a_point_of_both),
        cmocka_unit_test(in_flag_capture_each_has_flags_up_to_99),
        cmocka_unit_test(in_ice_hockey_a_goal_of_the_one_is_lost_by_the_other),
        cmocka_unit_test(in_surround_ten_of_the_others_crashes_win),
        cmocka_unit_test(in_mario_bros_each_has_a_score_and_the_last_life_ends_it),
        cmocka_unit_test(in_space_war_a_hit_of_the_one_is_lost_by_the_other),
        cmocka_unit_test(in_wizard_of_wor_each_has_a_score_and_the_last_life_ends_it),
        cmocka_unit_test(in_combat_a_hit_of_the_one_is_lost_by_the_other),
        cmocka_unit_test(in_joust_each_has_a_score_and_the_last_rider_ends_it),
        cmocka_unit_test(in_maze_craze_the_first_out_wins),
        cmocka_unit_test(in_maze_craze_who_is_caught_loses_once_and_the_other_can_still_win),
        cmocka_unit_test(in_warlords_a_fallen_castle_loses_and_the_last_wins),
        cmocka_unit_test(in_pong_who_does_not_serve_loses_a_point_every_two_seconds),
        cmocka_unit_test(in_tennis_who_does_not_serve_loses_a_point_every_three_seconds),
        cmocka_unit_test(in_othello_who_does_not_move_loses_a_point_every_ten_seconds),
        cmocka_unit_test(in_video_checkers_who_does_not_move_loses_a_point_every_ten_seconds),
        cmocka_unit_test(select_is_pressed_until_the_cartridge_shows_the_mode),
        cmocka_unit_test(in_double_dunk_the_menu_makes_it_a_game_for_two),
        cmocka_unit_test(one_alone_presses_nothing_where_select_leads_to_modes_for_two),
        cmocka_unit_test(four_games_nobody_can_play_alone),
        cmocka_unit_test(modes_for_two_are_not_modes_for_one),
    };
    return cmocka_run_group_tests_name("games/two", tests, NULL, NULL);
}
