/*
 * Our own cartridges as a player meets them: every frame has 262 lines, rewards add up to the score
 * on the screen, games end as their rules say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "base/random.h"
#include "env/ale.h"
#include "games/cartridges.h"

enum { LINES = 262, FRAMES_MAX = 60000 };

typedef struct {
    Cartridge *cartridge;
    Ale ale;
    Screen screen;
    long score;
} Table;

static Table *sit_at(const char *name, int mode, int difficulty)
{
    Error error = {0};
    Table *table = calloc(1, sizeof *table);
    const EmbeddedFile *file = embedded_find(game_cartridges, name);
    assert_non_null(file);
    table->cartridge = cartridge_create(file->bytes, file->count, CARTRIDGE_DETECT, name, &error);
    assert_non_null(table->cartridge);
    const AleOptions options = {
        .seed = 1, .mode = (uint16_t)mode, .difficulty = (uint8_t)difficulty};
    assert_true(
        ale_load(&table->ale, game_by_name(name), table->cartridge, &options, &table->screen));
    return table;
}

static void leave(Table *table)
{
    cartridge_destroy(table->cartridge);
    free(table);
}

static int ram(const Table *table, int address)
{
    return table->ale.console.riot.ram[address & 0x7f];
}

static int decimal(int byte)
{
    return 10 * (byte >> 4) + (byte & 15);
}

/* One frame, in which the picture must be steady. */
static void act(Table *table, Action left, Action right)
{
    table->score += ale_act(&table->ale, left, right, &table->screen);
    if (table->ale.console.lines != LINES)
        fail_msg("a frame of %d lines", table->ale.console.lines);
}

/* Under the ball, with some error; the documented addresses say where things are. */
static Action towards(int have, int want, Action less, Action more)
{
    return have < want - 2 ? more : have > want + 2 ? less : ACTION_NOOP;
}

/* ---- bricks ---- */

enum { BRICKS_SCORE = 0x80, BRICKS_LIVES = 0x82, BRICKS_OVER = 0x83 };

static int bricks_score(const Table *table)
{
    return 100 * decimal(ram(table, BRICKS_SCORE)) + decimal(ram(table, BRICKS_SCORE + 1));
}

static void five_balls_make_a_game_of_bricks(void **unused)
{
    (void)unused;
    Table *table = sit_at("bricks", 0, 0);
    Random random = random_stream(1, "test");
    int lives = ale_lives(&table->ale);
    assert_int_equal(lives, 5);
    for (int frame = 0; frame < FRAMES_MAX && !table->ale.over; frame++) {
        const Action actions[] = {ACTION_NOOP, ACTION_FIRE, ACTION_LEFT, ACTION_RIGHT};
        act(table, actions[random_below(&random, 4)], ACTION_NOOP);
        assert_int_equal(table->score, bricks_score(table));
        const int now = ale_lives(&table->ale);
        assert_true(now == lives || now == lives - 1);
        lives = now;
    }
    assert_true(table->ale.over);
    assert_int_equal(lives, 0);
    assert_int_equal(ram(table, BRICKS_LIVES), 0);
    assert_true(table->score > 0);
    ale_reset(&table->ale, &table->screen);
    assert_int_equal(bricks_score(table), 0);
    assert_int_equal(ale_lives(&table->ale), 5);
    leave(table);
}

/* ---- rally ---- */

enum {
    RALLY_LEFT = 0x80,
    RALLY_RIGHT,
    RALLY_OVER,
    RALLY_MODE,
    RALLY_BALL_X,
    RALLY_BALL_Y,
    RALLY_LEFT_BAT,
    RALLY_RIGHT_BAT
};

/* Play to the end by two policies: 0 stands still, 1 follows the ball. */
static void play_rally(Table *table, bool left_follows, bool right_follows)
{
    for (int frame = 0; frame < FRAMES_MAX && !table->ale.over; frame++) {
        const int ball = ram(table, RALLY_BALL_Y) - 6;
        const Action left = towards(ram(table, RALLY_LEFT_BAT), ball, ACTION_UP, ACTION_DOWN);
        const Action right = towards(ram(table, RALLY_RIGHT_BAT), ball, ACTION_UP, ACTION_DOWN);
        act(table, left_follows ? left : ACTION_NOOP, right_follows ? right : ACTION_NOOP);
        assert_int_equal(table->score,
                         decimal(ram(table, RALLY_LEFT)) - decimal(ram(table, RALLY_RIGHT)));
    }
    assert_true(table->ale.over);
    assert_true(ram(table, RALLY_OVER) != 0);
}

static void the_console_beats_who_stands_still_and_loses_to_who_follows(void **unused)
{
    (void)unused;
    static const int modes[] = {0, 2};
    for (int i = 0; i < 2; i++) {
        Table *table = sit_at("rally", modes[i], 0);
        assert_int_equal(ram(table, RALLY_MODE), modes[i]);
        play_rally(table, false, false);
        assert_int_equal(decimal(ram(table, RALLY_RIGHT)), 21);
        ale_reset(&table->ale, &table->screen);
        table->score = 0;
        play_rally(table, true, false);
        assert_int_equal(decimal(ram(table, RALLY_LEFT)), 21);
        leave(table);
    }
}

static void two_play_rally_at_once(void **unused)
{
    (void)unused;
    Table *table = sit_at("rally", 1, 0);
    assert_true(game_is_for_two(table->ale.game));
    assert_int_equal(ram(table, RALLY_MODE), 1);
    play_rally(table, true, false);
    assert_int_equal(decimal(ram(table, RALLY_LEFT)), 21);
    ale_reset(&table->ale, &table->screen);
    table->score = 0;
    play_rally(table, false, true);
    assert_int_equal(decimal(ram(table, RALLY_RIGHT)), 21);
    leave(table);
}

static void the_switches_keep_the_picture_steady(void **unused)
{
    (void)unused;
    static const char *const names[] = {"bricks", "rally"};
    static const uint8_t held[] = {0, SWCHB_RESET, SWCHB_SELECT, SWCHB_RESET | SWCHB_SELECT};
    for (int game = 0; game < 2; game++)
        for (int difficulty = 0; difficulty < (game == 0 ? 1 : 4); difficulty++) {
            Table *table = sit_at(names[game], 0, difficulty);
            for (int frame = 0; frame < 400; frame++) {
                ale_sit(&table->ale, ACTION_UPRIGHTFIRE, ACTION_DOWN, held[frame / 7 % 4],
                        &table->screen);
                assert_int_equal(table->ale.console.lines, LINES);
            }
            leave(table);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_balls_make_a_game_of_bricks),
        cmocka_unit_test(the_console_beats_who_stands_still_and_loses_to_who_follows),
        cmocka_unit_test(two_play_rally_at_once),
        cmocka_unit_test(the_switches_keep_the_picture_steady),
    };
    return cmocka_run_group_tests_name("games/own", tests, NULL, NULL);
}
