/*
 * Every game's rule against the reference's, on made-up RAM (vectors/game_rules.txt.xz), and what
 * else a row of the table must be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "games/replay_rules.h"
#include "support/test_data.h"

enum { TEXT_BYTES_MAX = 16 << 20, GAMES = 103, LOOKS = 37080 };

/* NULL: the data is not there. To be freed. */
static char *unpack(const char *name)
{
    char path[1024], command[1100];
    if (!test_data_path(path, sizeof path, name))
        return NULL;
    snprintf(command, sizeof command, "xz -dc '%s'", path);
    FILE *pipe = popen(command, "r");
    char *text = malloc(TEXT_BYTES_MAX);
    assert_true(pipe != NULL && text != NULL);
    const size_t count = fread(text, 1, TEXT_BYTES_MAX - 1, pipe);
    text[count] = 0;
    assert_int_equal(pclose(pipe), 0);
    return text;
}

static void all_rules_say_what_the_reference_says(void **unused)
{
    (void)unused;
    Error error = {0};
    RulesReplay replay;
    char *text = unpack("vectors/game_rules.txt.xz");
    if (text == NULL)
        skip();
    assert_true(replay_rules(&replay, text, "rules", &error));
    free(text);
    if (replay.failed > 0)
        fail_msg("%ld failed; %s", replay.failed, replay.first_failure);
    assert_int_equal(replay.games, GAMES);
    assert_int_equal(replay.unknown, 0);
    assert_int_equal(replay.passed, LOOKS);
}

static void a_replay_notices_what_is_wrong(void **unused)
{
    (void)unused;
    Error error = {0};
    RulesReplay replay;
    assert_true(replay_rules(&replay, "game pong\n1 0 0 8e=01\n0 0 0\n9 0 0\n", "x", &error));
    assert_int_equal(replay.passed, 2);
    assert_int_equal(replay.failed, 1);
    assert_non_null(strstr(replay.first_failure, "line 4, pong"));
    assert_true(replay_rules(&replay, "game nothing\n0 0 0\n", "x", &error));
    assert_int_equal(replay.unknown, 1);
    assert_int_equal(replay.failed, 1);
    static const char *const bad[] = {"0 0 0\n", "game pong\nfoo\n", "game pong\n0 0 0 7f=1\n",
                                      "game pong\n0 0 0 80=100\n", "game pong\n0 0 0 80\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(replay_rules(&replay, bad[i], "x", &error));
        assert_int_equal(error.kind, ERROR_INPUT);
        assert_non_null(strstr(error.text, "'x', line "));
    }
}

static void the_table_is_in_order_and_complete(void **unused)
{
    (void)unused;
    assert_int_equal(game_count(), 104 + 4 + 2);
    for (size_t i = 0; i < game_count(); i++) {
        const Game *game = game_at(i);
        assert_true(i == 0 || strcmp(game_at(i - 1)->name, game->name) < 0);
        assert_ptr_equal(game_by_name(game->name), game);
        assert_true(game->md5 == NULL ||
                    (strlen(game->md5) == 32 && game_by_md5(game->md5) == game));
        assert_true(game->minimal_action_count > 0);
        for (int a = 1; a < game->minimal_action_count; a++)
            assert_true(game->minimal_actions[a] > game->minimal_actions[a - 1]);
        const int players = game_players_min(game);
        assert_true(game_has_mode(game, players, game_default_mode(game, players)));
        assert_true(game->mode_count < 2 || game_has_modes(game));
        assert_true(game_has_difficulty(game, 0));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_rules_say_what_the_reference_says),
        cmocka_unit_test(a_replay_notices_what_is_wrong),
        cmocka_unit_test(the_table_is_in_order_and_complete),
    };
    return test_data_status(cmocka_run_group_tests_name("games/rules", tests, NULL, NULL));
}
