/* Configurations: what is read is what was written, and nonsense gets a sentence. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "run/config.h"

static void preset(RunConfig *config, const char *name, const char *game)
{
    Error error = {0};
    if (!config_preset(config, name, game, &error))
        fail_msg("%s", error.text);
}

static void assert_says(const Error *error, const char *part)
{
    if (strstr(error->text, part) == NULL)
        fail_msg("'%s' should contain '%s'", error->text, part);
    assert_int_equal(error->kind, ERROR_INPUT);
}

static void the_papers_numbers_are_those_of_the_papers(void **state)
{
    (void)state;
    RunConfig config;
    preset(&config, "nips2013", "breakout");
    assert_int_equal(config.environment.eyes, EYES_2013);
    assert_string_equal(config.dqn.network,
                        "conv 16 8 4, relu, conv 32 4 2, relu, dense 256, relu");
    assert_int_equal(config.dqn.optimiser.kind, NN_RMSPROP);
    assert_int_equal(config.dqn.replay_steps, 1000000);
    assert_int_equal(config.dqn.epsilon_steps, 250000); /* a million frames, four to a step */
    assert_int_equal(config.dqn.train_frames, 10000000);
    assert_int_equal(config.dqn.update_every_steps, 1);
    assert_int_equal(config.dqn.target_every_steps, 0);
    assert_true(config.dqn.epsilon_end == 0.1);

    preset(&config, "nature2015", "breakout");
    assert_int_equal(config.environment.eyes, EYES_2015);
    assert_int_equal(config.dqn.optimiser.kind, NN_RMSPROP_CENTRED);
    assert_true(config.dqn.optimiser.learning_rate == 0.00025);
    assert_true(config.dqn.optimiser.decay == 0.95);
    assert_true(config.dqn.optimiser.epsilon == 0.01);
    assert_int_equal(config.dqn.reduce, DQN_REDUCE_SUM);
    assert_int_equal(config.dqn.loss, NN_LOSS_HUBER);
    assert_int_equal(config.dqn.update_every_steps, 4);
    assert_int_equal(config.dqn.target_every_steps, 10000);
    assert_int_equal(config.dqn.learn_start_steps, 50000);
    assert_int_equal(config.dqn.train_frames, 200000000);
    assert_int_equal(config.environment.noop_max, 30);
    assert_true(config.environment.noops_after_life);
}

static void a_games_section_overrides_for_that_game_only(void **state)
{
    (void)state;
    RunConfig config;
    preset(&config, "nips2013", "space_invaders");
    assert_int_equal(config.environment.frame_skip, 3);
    preset(&config, "nips2013", "breakout");
    assert_int_equal(config.environment.frame_skip, 4);
}

static void every_preset_is_complete_and_consistent_for_every_kind_of_game(void **state)
{
    (void)state;
    static const char *const games[] = {"catch", "bricks", "space_invaders"};
    for (size_t i = 0; config_preset_name(i) != NULL; i++)
        for (size_t game = 0; game < 3; game++) {
            RunConfig config;
            Error error = {0};
            preset(&config, config_preset_name(i), games[game]);
            if (!config_check(&config, &error))
                fail_msg("%s, %s: %s", config_preset_name(i), games[game], error.text);
        }
}

static char *scratch_path(char *path, const char *name)
{
    snprintf(path, 200, "deepq-config-test-%ld-%s", (long)getpid(), name);
    return path;
}

static void what_is_saved_is_loaded_value_for_value(void **state)
{
    (void)state;
    static const char *const assignments[] = {
        "seed=18446744073709551615",
        "gamma=0.30000000000000004",
        "sticky=0.1",
        "optimiser_epsilon=1.2345678901234567e-09",
        "train_frames=1e12",
        "init=glorot",
        "network=conv 3 2 1, relu, dropout 0.5, dense 7, tanh",
        "clip_rewards=no",

        "threads=7",
        "backend=plain",
        "learn_start_steps=33",
    };
    RunConfig config, loaded;
    Error error = {0};
    char path[200];
    preset(&config, "nature2015", "breakout");
    for (size_t i = 0; i < sizeof assignments / sizeof assignments[0]; i++)
        if (!config_assign(&config, assignments[i], &error))
            fail_msg("%s", error.text);
    assert_true(config_set(&config, "rom", "games of mine/x [a1].bin", &error));
    assert_true(config_set(&config, "cartridge_type", "F8SC", &error));
    assert_true(config.seed == UINT64_MAX);
    assert_true(config.dqn.gamma == 0.30000000000000004);
    assert_true(config.dqn.optimiser.epsilon == 1.2345678901234567e-09);
    assert_int_equal(config.dqn.train_frames, 1000000000000);

    assert_true(config_save(&config, scratch_path(path, "saved.ini"), &error));
    const bool done = config_load(&loaded, path, &error);
    unlink(path);
    if (!done)
        fail_msg("%s", error.text);
    for (size_t i = 0; i < config_key_count(); i++) {
        char before[CONFIG_TEXT_BYTES], after[CONFIG_TEXT_BYTES];
        assert_string_equal(config_value(&config, config_key_at(i), before),
                            config_value(&loaded, config_key_at(i), after));
    }
    assert_true(loaded.dqn.gamma == config.dqn.gamma && loaded.seed == config.seed);
}

static void a_saved_configuration_serves_as_a_preset(void **state)
{
    (void)state;
    RunConfig config, again;
    Error error = {0};
    char path[200];
    preset(&config, "quick", "catch");
    assert_true(config_assign(&config, "gamma=0.5", &error));
    assert_true(config_set(&config, "rom", "/other.bin", &error));
    assert_true(config_set(&config, "cartridge_type", "F8", &error));
    assert_true(config_save(&config, scratch_path(path, "again.ini"), &error));
    const bool done = config_preset(&again, path, "bricks", &error);
    unlink(path);
    if (!done)
        fail_msg("%s", error.text);
    assert_true(again.dqn.gamma == 0.5);
    assert_string_equal(again.game, "bricks");
    assert_string_equal(again.rom, ""); /* the cartridge was the other run's */
    assert_string_equal(again.cartridge_type, "");
}

static void nonsense_values_are_refused_with_the_range_and_change_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *assignment, *says;
    } cases[] = {
        {"frame_skip=0", "'frame_skip' cannot be '0': it is a whole number from 1 to 60"},
        {"frame_skip=-4", "'-4'"},
        {"frame_skip=4.5", "'4.5'"},
        {"frame_skip=four", "'four'"},
        {"frame_skip=", "''"},
        {"frame_skip=4 ", "'4 '"},
        {"frame_skip=0x4", "'0x4'"},
        {"gamma=nan", "'gamma' cannot be 'nan': it is a number from 0 to 1"},
        {"gamma=inf", "'inf'"},
        {"gamma=1.0000001", "from 0 to 1"},
        {"gamma=-0.1", "from 0 to 1"},
        {"gamma=1e999", "from 0 to 1"},
        {"gamma=0.9.9", "from 0 to 1"},
        {"replay_steps=99999999999999999999", "to 100000000"},
        {"seed=-1", "to 18446744073709551615"},
        {"seed=18446744073709551616", "to 18446744073709551615"},
        {"loss=cubic", "'loss' cannot be 'cubic': it is one of: squared, huber"},
        {"clip_rewards=maybe", "yes or no"},
        {"network=", "'network'"},
        {"network=a;b", "without ';'"},
        {"game=pong", "'game' cannot be set"},
        {"cartridge_type=F8", "'cartridge_type' cannot be set"},
        {"gama=0.9", "there is no key 'gama': the nearest is 'gamma'"},
        {"learningrate=1", "the nearest is 'learning_rate'"},
        {"gamma", "'gamma' is not of the form key=value"},
        {"=3", "'=3' is not of the form key=value"},
    };
    RunConfig config, before;
    memset(&config, 0, sizeof config);
    preset(&config, "quick", "bricks");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Error error = {0};
        memcpy(&before, &config, sizeof before);
        assert_false(config_assign(&config, cases[i].assignment, &error));
        assert_says(&error, cases[i].says);
        assert_memory_equal(&before, &config, sizeof config);
    }
}

static void values_that_do_not_go_together_are_refused_with_both_names(void **state)
{
    (void)state;
    RunConfig config;
    Error error = {0};
    preset(&config, "quick", "bricks");
    assert_true(config_assign(&config, "replay_steps=4999", &error));
    assert_false(config_check(&config, &error));
    assert_says(&error, "'learn_start_steps' is 5000: it can be at most 'replay_steps'");
    assert_true(config_assign(&config, "replay_steps=5000", &error));
    assert_true(config_check(&config, &error));
    assert_true(config_assign(&config, "learn_start_steps=31", &error));
    assert_false(config_check(&config, &error));
    assert_says(&error, "'minibatch' is 32");
}

static void an_unknown_preset_is_refused_with_those_that_exist(void **state)
{
    (void)state;
    RunConfig config;
    Error error = {0};
    assert_false(config_preset(&config, "quik", "catch", &error));
    assert_says(&error, "there is no preset 'quik': there are 'dopamine', 'nature2015', "
                        "'nips2013', 'pqn', 'quick'");
}

/* What config_load says about the saved defaults with `line` put behind [learning]. */
static void assert_file_refused(const char *line, const char *says)
{
    RunConfig config;
    Error error = {0};
    FileBytes file;
    char path[200], text[20000];
    preset(&config, "quick", "catch");
    assert_true(config_save(&config, scratch_path(path, "bad.ini"), &error));
    assert_true(file_read(&file, path, sizeof text, &error));
    const char *learning = strstr((const char *)file.bytes, "[learning]\n") + 11;
    snprintf(text, sizeof text, "%.*s%s\n%s", (int)(learning - (const char *)file.bytes),
             (const char *)file.bytes, line, learning);
    file_free(&file);
    assert_true(file_replace(path, text, strlen(text), &error));
    const bool loaded = config_load(&config, path, &error);
    unlink(path);
    assert_false(loaded);
    assert_says(&error, says);
    assert_says(&error, "line ");
}

static void a_wrong_line_of_a_file_is_refused_by_its_number(void **state)
{
    (void)state;
    char long_line[400] = "network = dense 1";
    for (int i = 0; i < 30; i++)
        strcat(long_line, ", dense 1");
    assert_file_refused("gamma", "neither [section] nor key = value");
    assert_file_refused("gamma = 7", "'gamma' cannot be '7'");
    assert_file_refused("gama = 1", "the nearest is 'gamma'");
    assert_file_refused("frame_skip = 4", "'frame_skip' belongs into section [environment]");
    assert_file_refused("[lerning]\ngamma = 1", "there is no section 'lerning'");
    assert_file_refused("[game pong]\ngamma = 7", "'gamma' cannot be '7'");
    assert_file_refused(long_line, "longer than");
}

static void a_file_that_lacks_a_key_is_refused_with_its_name(void **state)
{
    (void)state;
    RunConfig config;
    Error error = {0};
    char path[200];
    static const char text[] = "[environment]\neyes = 2013\n";
    assert_true(file_replace(scratch_path(path, "short.ini"), text, sizeof text - 1, &error));
    const bool loaded = config_preset(&config, path, "catch", &error);
    unlink(path);
    assert_false(loaded);
    assert_says(&error, "has no key 'frame_skip' in section [environment]");
}

/* The saved file of an older run: without the lines of the keys that came later. */
static void cut_line(char *text, const char *key)
{
    char *line = strstr(text, key);
    assert_non_null(line);
    char *next = strchr(line, '\n');
    memmove(line, next + 1, strlen(next + 1) + 1);
}

static void a_file_from_before_a_key_means_what_runs_did_then(void **state)
{
    (void)state;
    static const char *const later[] = {"noisy = ",
                                        "max_gradient = ",
                                        "rollout_steps = ",
                                        "rollout_epochs = ",
                                        "lambda = ",
                                        "learning_rate_end_share = ",
                                        "learning_rate_steps = "};
    RunConfig config;
    Error error = {0};
    FileBytes file;
    char path[200];
    preset(&config, "quick", "bricks");
    assert_true(config_save(&config, scratch_path(path, "older.ini"), &error));
    assert_true(file_read(&file, path, 1 << 16, &error));
    char *text = calloc(1, file.count + 1);
    assert_non_null(text);
    memcpy(text, file.bytes, file.count);
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++)
        cut_line(text, later[i]);
    assert_true(file_replace(path, text, strlen(text), &error));
    memset(&config, 0xff, sizeof config);
    const bool loaded = config_load(&config, path, &error);
    unlink(path);
    file_free(&file);
    free(text);
    assert_true(loaded);
    assert_true(!config.dqn.noisy && config.dqn.max_gradient == 0 && config.dqn.rollout_steps == 0);
    assert_true(config.dqn.learning_rate_end_share == 1);
    assert_true(config_check(&config, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_papers_numbers_are_those_of_the_papers),
        cmocka_unit_test(a_games_section_overrides_for_that_game_only),
        cmocka_unit_test(every_preset_is_complete_and_consistent_for_every_kind_of_game),
        cmocka_unit_test(what_is_saved_is_loaded_value_for_value),
        cmocka_unit_test(a_saved_configuration_serves_as_a_preset),
        cmocka_unit_test(nonsense_values_are_refused_with_the_range_and_change_nothing),
        cmocka_unit_test(values_that_do_not_go_together_are_refused_with_both_names),
        cmocka_unit_test(an_unknown_preset_is_refused_with_those_that_exist),
        cmocka_unit_test(a_wrong_line_of_a_file_is_refused_by_its_number),
        cmocka_unit_test(a_file_that_lacks_a_key_is_refused_with_its_name),
        cmocka_unit_test(a_file_from_before_a_key_means_what_runs_did_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
