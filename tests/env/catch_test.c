/*
 * The toy against its rules, written down here once more: ten rows, five columns, a ball a row a
 * step, one point for a catch and one against for a miss.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "env/catch.h"

enum { ROWS = 10, COLUMNS = 5, STEPS = 9, LEFT = 0, STAY = 1, RIGHT = 2 };

static Env *create(uint64_t seed)
{
    Error error = {0};
    Env *env = catch_create(seed, &error);
    assert_non_null(env);
    assert_int_equal(env->spec.frame_height, ROWS);
    assert_int_equal(env->spec.frame_width, COLUMNS);
    assert_int_equal(env->spec.actions, 3);
    assert_int_equal(env->spec.frames_per_step, 1);
    return env;
}

/* The frame has the ball and the paddle, as one cell where they meet, and nothing else. */
static void assert_frame(const Env *env, int ball_row, int ball_column, int paddle_column)
{
    uint8_t expected[ROWS * COLUMNS] = {0};
    expected[ball_row * COLUMNS + ball_column] = 255;
    expected[(ROWS - 1) * COLUMNS + paddle_column] = 255;
    assert_memory_equal(env_frame(env), expected, sizeof expected);
}

static int ball_column(const Env *env)
{
    for (int column = 0; column < COLUMNS; column++)
        if (env_frame(env)[column] == 255)
            return column;
    fail_msg("no ball in the top row");
    return -1;
}

static void each_frame_and_reward_follows_from_the_actions(void **unused)
{
    (void)unused;
    Random random = random_stream(1, "test");
    Env *env = create(1);
    int caught = 0, missed = 0;
    for (int game = 0; game < 500; game++) {
        env_reset(env);
        const int ball = ball_column(env);
        int paddle = 2;
        assert_frame(env, 0, ball, paddle);
        for (int row = 1; row <= STEPS; row++) {
            const int action = (int)random_below(&random, 3);
            EnvStep step;
            env_step(env, &action, &step);
            paddle += action == LEFT ? -(paddle > 0) : action == RIGHT ? (paddle < 4) : 0;
            assert_frame(env, row, ball, paddle);
            assert_int_equal(step.frames, 1);
            assert_int_equal(step.game_over, row == STEPS);
            assert_false(step.time_over || step.life_lost);
            const double expected = row < STEPS ? 0 : paddle == ball ? 1 : -1;
            assert_true(step.reward[0] == expected);
            caught += expected > 0;
            missed += expected < 0;
        }
    }
    assert_int_equal(caught + missed, 500);
    assert_true(caught > 50 && missed > 250); /* a column in five by chance */
    env_destroy(env);
}

static void every_column_drops_a_ball_equally_often(void **unused)
{
    (void)unused;
    int balls[COLUMNS] = {0};
    Env *env = create(3);
    for (int game = 0; game < 5000; game++) {
        env_reset(env);
        balls[ball_column(env)]++;
    }
    for (int column = 0; column < COLUMNS; column++) /* 1000, deviation 28 */
        assert_in_range(balls[column], 860, 1140);
    env_destroy(env);
}

static void other_seeds_drop_other_balls(void **unused)
{
    (void)unused;
    Env *one = create(1), *same = create(1), *other = create(2);
    int differences = 0;
    for (int game = 0; game < 100; game++) {
        env_reset(one);
        env_reset(same);
        env_reset(other);
        assert_int_equal(ball_column(one), ball_column(same));
        differences += ball_column(one) != ball_column(other);
    }
    assert_true(differences > 50);
    env_destroy(one);
    env_destroy(same);
    env_destroy(other);
}

/* Play 100 steps and write down what was seen. */
static void record(Env *env, uint8_t frames[100][ROWS * COLUMNS])
{
    Random random = random_stream(5, "test");
    for (int i = 0; i < 100; i++) {
        const int action = (int)random_below(&random, 3);
        EnvStep step;
        env_step(env, &action, &step);
        if (step.game_over)
            env_reset(env);
        memcpy(frames[i], env_frame(env), ROWS * COLUMNS);
    }
}

static void a_loaded_game_goes_on_as_the_saved_one_did(void **unused)
{
    (void)unused;
    static uint8_t first[100][ROWS * COLUMNS], again[100][ROWS * COLUMNS];
    Env *env = create(7), *other = create(8);
    env_reset(env);
    env_step(env, &(int){RIGHT}, &(EnvStep){0});
    void *saved = malloc(env_state_bytes(env));
    assert_non_null(saved);
    env_save(env, saved);
    record(env, first);
    env_load(other, saved);
    record(other, again);
    assert_memory_equal(first, again, sizeof first);
    free(saved);
    env_destroy(env);
    env_destroy(other);
}

static void the_picture_shows_the_frame(void **unused)
{
    (void)unused;
    Env *env = create(1);
    env_reset(env);
    const int height = env->spec.picture_height, width = env->spec.picture_width;
    uint8_t *rgb = malloc((size_t)height * (size_t)width * 3);
    assert_non_null(rgb);
    env_draw(env, rgb);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            const uint8_t cell = env_frame(env)[y * ROWS / height * COLUMNS + x * COLUMNS / width];
            assert_int_equal(rgb[(y * width + x) * 3 + 1] > 0, cell > 0);
        }
    free(rgb);
    env_destroy(env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_frame_and_reward_follows_from_the_actions),
        cmocka_unit_test(every_column_drops_a_ball_equally_often),
        cmocka_unit_test(other_seeds_drop_other_balls),
        cmocka_unit_test(a_loaded_game_goes_on_as_the_saved_one_did),
        cmocka_unit_test(the_picture_shows_the_frame),
    };
    return cmocka_run_group_tests_name("env/catch", tests, NULL, NULL);
}
