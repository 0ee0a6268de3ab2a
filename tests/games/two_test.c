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
        cmocka_unit_test(modes_for_two_are_not_modes_for_one),
    };
    return cmocka_run_group_tests_name("games/two", tests, NULL, NULL);
}
