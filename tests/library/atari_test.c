/*
 * The library's face: what it plays is what the console plays, states are values, batches do what
 * their games do alone, bad requests get a sentence.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "deepq_atari.h"
#include "env/ale.h"

static const char bricks[] = DEEPQ_SOURCE_DIR "/cartridges/bricks.bin";
static const char rally[] = DEEPQ_SOURCE_DIR "/cartridges/rally.bin";

static DeepqAtari *open_game(const char *path, const DeepqAtariOptions *options)
{
    DeepqAtariError error;
    DeepqAtari *game = deepq_atari_open(path, options, &error);
    if (game == NULL)
        fail_msg("%s", error.text);
    return game;
}

static size_t pixels_of(const DeepqAtari *game)
{
    return (size_t)deepq_atari_width(game) * (size_t)deepq_atari_height(game);
}

static uint64_t digest_of_game(const DeepqAtari *game)
{
    uint64_t digest = fnv1a64(FNV1A64_START, deepq_atari_ram(game), 128);
    return fnv1a64(digest, deepq_atari_screen(game), pixels_of(game));
}

static void acts_are_those_of_the_console(void **unused)
{
    (void)unused;
    static Ale ale;
    static Screen screen;
    const DeepqAtariOptions options = {.seed = 5, .sticky = 0.25, .frame_skip = 3};
    DeepqAtari *game = open_game(bricks, &options);
    Error error;
    Cartridge *cartridge = cartridge_load(bricks, CARTRIDGE_DETECT, &error);
    const AleOptions ale_options = {.seed = 5, .sticky = 0.25};
    ale_load(&ale, game_by_name("bricks"), cartridge, &ale_options, &screen);
    for (int step = 0; step < 600 && !ale.over; step++) {
        const Action action = (Action)(step * 5 / 7 % ACTION_COUNT);
        int reward = 0;
        for (int i = 0; i < 3 && !ale.over; i++)
            reward += ale_act(&ale, action, ACTION_NOOP, &screen);
        assert_int_equal((int)deepq_atari_act(game, (int)action), reward);
        assert_int_equal(deepq_atari_lives(game), ale_lives(&ale));
        assert_int_equal(deepq_atari_frames(game), ale.episode_frames);
        assert_memory_equal(deepq_atari_ram(game), ale.console.riot.ram, 128);
        assert_memory_equal(deepq_atari_screen(game), console_picture(&ale.console, &screen),
                            pixels_of(game));
    }
    assert_true(deepq_atari_over(game) == ale.over);
    cartridge_destroy(cartridge);
    deepq_atari_close(game);
}

static void a_loaded_state_goes_on_as_the_saved_one(void **unused)
{
    (void)unused;
    enum { STEPS = 50 };
    const DeepqAtariOptions options = {.seed = 5, .sticky = 0.25, .frame_skip = 4};
    DeepqAtari *game = open_game(rally, &options), *other = open_game(rally, &options);
    const size_t bytes = deepq_atari_state_bytes(game, true);
    char *state = malloc(bytes);
    uint64_t digest[STEPS];
    assert_true(deepq_atari_state_bytes(game, false) < 1024);
    for (int step = 0; step < 200; step++)
        deepq_atari_act(game, step / 9 % DEEPQ_ATARI_ACTIONS);
    for (int step = 0; step < 77; step++)
        deepq_atari_act(other, DEEPQ_ATARI_UP);
    deepq_atari_save(game, true, state);
    for (int step = 0; step < STEPS; step++) {
        deepq_atari_act(game, step % DEEPQ_ATARI_ACTIONS);
        digest[step] = digest_of_game(game);
    }
    DeepqAtari *const loaded[2] = {game, other};
    for (int i = 0; i < 2; i++) {
        deepq_atari_load(loaded[i], true, state);
        for (int step = 0; step < STEPS; step++) {
            deepq_atari_act(loaded[i], step % DEEPQ_ATARI_ACTIONS);
            assert_true(digest_of_game(loaded[i]) == digest[step]);
        }
    }
    free(state);
    deepq_atari_close(game);
    deepq_atari_close(other);
}

static void two_play_against_each_other(void **unused)
{
    (void)unused;
    const DeepqAtariOptions options = {.players = 2, .frame_skip = 4};
    DeepqAtari *game = open_game(rally, &options);
    uint64_t digest[2];
    int points = 0;
    for (int side = 0; side < 2; side++) {
        deepq_atari_reset(game);
        for (int step = 0; step < 300; step++) {
            const int action = step / 20 % 2 ? DEEPQ_ATARI_UP : DEEPQ_ATARI_DOWN;
            double second = 0;
            const double first =
                deepq_atari_act_two(game, side == 0 ? action : DEEPQ_ATARI_NOOP,
                                    side == 0 ? DEEPQ_ATARI_NOOP : action, &second);
            assert_true((int)first == -(int)second);
            points += (int)second * (int)second;
        }
        digest[side] = digest_of_game(game);
    }
    assert_true(points > 0);
    assert_true(digest[0] != digest[1]); /* each stick moves its own bat */
    deepq_atari_close(game);
}

static void a_batch_does_what_its_games_do_alone(void **unused)
{
    (void)unused;
    enum { COUNT = 4, STEPS = 300, FRAME = 84 * 84 };
    static uint8_t frames[COUNT * FRAME], frame[FRAME];
    DeepqAtariOptions options = {.seed = 9, .sticky = 0.25, .frame_skip = 4, .max_frames = 400};
    DeepqAtari *alone[COUNT];
    double rewards[COUNT];
    bool over[COUNT];
    int actions[COUNT];
    DeepqAtariError error;
    DeepqAtariBatch *batch = deepq_atari_batch_open(bricks, &options, COUNT, 2, &error);
    assert_non_null(batch);
    for (int i = 0; i < COUNT; i++, options.seed++)
        alone[i] = open_game(bricks, &options);
    for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < COUNT; i++)
            actions[i] = (step / 3 + i) % DEEPQ_ATARI_ACTIONS;
        deepq_atari_batch_act(batch, actions, rewards, over, frames);
        for (int i = 0; i < COUNT; i++) {
            double reward = 0;
            if (deepq_atari_over(alone[i]))
                deepq_atari_reset(alone[i]);
            else
                reward = deepq_atari_act(alone[i], actions[i]);
            deepq_atari_84x84(alone[i], frame);
            assert_true((int)rewards[i] == (int)reward && over[i] == deepq_atari_over(alone[i]));
            assert_memory_equal(frames + i * FRAME, frame, FRAME);
        }
    }
    for (int i = 0; i < COUNT; i++)
        deepq_atari_close(alone[i]);
    deepq_atari_batch_close(batch);
}

static void bad_requests_get_a_sentence(void **unused)
{
    (void)unused;
    static const struct {
        const char *path;
        DeepqAtariOptions options;
        const char *part;
    } bad[] = {
        {"/no/such/file", {0}, "/no/such/file"},
        {bricks, {.sticky = 1.5}, "probability"},
        {bricks, {.frame_skip = -1}, "frame_skip"},
        {bricks, {.frame_skip = 61}, "frame_skip"},
        {bricks, {.max_frames = -1}, "max_frames"},
        {bricks, {.mode = 77}, "mode 77"},
        {bricks, {.difficulty = 3 + 4}, "difficulty 7"},
        {bricks, {.players = 2}, "two"},
        {bricks, {.game = "combat"}, "for two players"},
        {bricks, {.players = 3}, "players"},
        {bricks, {.game = "chess"}, "chess"},
        {bricks, {.cartridge_type = "F9"}, "F9"},
        {DEEPQ_SOURCE_DIR "/README.md", {0}, "README.md"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        DeepqAtariError error = {""};
        assert_null(deepq_atari_open(bad[i].path, &bad[i].options, &error));
        if (strstr(error.text, bad[i].part) == NULL)
            fail_msg("'%s' does not name '%s'", error.text, bad[i].part);
        assert_null(deepq_atari_open(bad[i].path, &bad[i].options, NULL));
        assert_null(deepq_atari_batch_open(bad[i].path, &bad[i].options, 2, 1, NULL));
    }
    assert_null(deepq_atari_batch_open(bricks, NULL, 0, 1, NULL));
    assert_null(deepq_atari_batch_open(bricks, NULL, 1, 0, NULL));
    assert_null(deepq_atari_open_bytes("", 0, NULL, NULL));
}

static void averaged_screens_keep_what_does_not_flicker(void **unused)
{
    (void)unused;
    DeepqAtari *game = open_game(bricks, NULL);
    uint8_t *rgb = malloc(3 * pixels_of(game)), *averaged = malloc(3 * pixels_of(game));
    for (int i = 0; i < 10; i++)
        deepq_atari_act(game, DEEPQ_ATARI_NOOP);
    assert_memory_equal(deepq_atari_screen(game), deepq_atari_screen_before(game), pixels_of(game));
    deepq_atari_rgb(game, false, rgb);
    deepq_atari_rgb(game, true, averaged);
    assert_memory_equal(rgb, averaged, 3 * pixels_of(game));
    free(rgb);
    free(averaged);
    deepq_atari_close(game);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acts_are_those_of_the_console),
        cmocka_unit_test(a_loaded_state_goes_on_as_the_saved_one),
        cmocka_unit_test(two_play_against_each_other),
        cmocka_unit_test(a_batch_does_what_its_games_do_alone),
        cmocka_unit_test(bad_requests_get_a_sentence),
        cmocka_unit_test(averaged_screens_keep_what_does_not_flicker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
