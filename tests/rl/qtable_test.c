/*
 * qtable_test.c - the table against what can be worked out by hand, and the world `catch` against
 * the environment of that name.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "env/catch.h"
#include "rl/qtable.h"

static void chances_add_up_and_lead_to_states(void **state)
{
    (void)state;
    SmallOutcome outcome[SMALL_OUTCOMES_MAX];
    for (int i = 0; small_world_at(i) != NULL; i++) {
        const SmallWorld *world = small_world_at(i);
        assert_ptr_equal(small_world_find(world->name), world);
        assert_true(world->states <= SMALL_STATES_MAX && world->actions <= SMALL_ACTIONS_MAX);
        for (int s = 0; s < world->states; s++)
            for (int a = 0; a < world->actions; a++) {
                const int count = world->outcomes(world, s, a, outcome);
                double sum = 0;
                for (int o = 0; o < count; o++) {
                    sum += outcome[o].chance;
                    assert_in_range(outcome[o].next, 0, world->states - 1);
                    assert_true(outcome[o].ended || small_world_alive(world, outcome[o].next));
                }
                assert_true(count == 0 || fabs(sum - 1) < 1e-12);
            }
    }
}

/* From place s it is 7 - s steps to the reward: gamma to the number of those before the last. */
static void the_values_of_the_chain_are_powers_of_gamma(void **state)
{
    (void)state;
    QTable best;
    const double gamma = 0.9;
    const SmallWorld *chain = small_world_find("chain");
    qtable_solve(chain, gamma, &best);
    for (int s = 0; s < 7; s++) {
        const int left = s > 0 ? s - 1 : 0;
        assert_true(fabs(best.q[s][1] - pow(gamma, 6 - s)) < 1e-12);
        assert_true(fabs(best.q[s][0] - gamma * pow(gamma, 6 - left)) < 1e-12);
    }
    assert_true(best.q[7][0] == 0 && best.q[7][1] == 0);
}

/* Up, eleven times to the right, down: thirteen steps that cost 1 each [Sutton2018, example 6.6]. */
static void the_best_way_leads_along_the_cliff(void **state)
{
    (void)state;
    QTable best;
    const double gamma = 0.99;
    const SmallWorld *cliff = small_world_find("cliff");
    SmallOutcome outcome[SMALL_OUTCOMES_MAX];
    int place = 36, steps = 0;
    qtable_solve(cliff, gamma, &best);
    assert_true(fabs(qtable_max(cliff, &best, place) + (1 - pow(gamma, 13)) / (1 - gamma)) < 1e-9);
    for (outcome[0].ended = false; !outcome[0].ended && steps < 100; steps++) {
        cliff->outcomes(cliff, place, qtable_best(cliff, &best, place), outcome);
        place = outcome[0].next;
        assert_true(outcome[0].ended || place / 12 == 2 || place == 36);
    }
    assert_int_equal(steps, 13);
}

static void each_bellman_sweep_comes_nearer_by_gamma(void **state)
{
    (void)state;
    for (int i = 0; small_world_at(i) != NULL; i++) {
        const SmallWorld *world = small_world_at(i);
        QTable best, table = {0}, next;
        qtable_solve(world, world->gamma, &best);
        for (int sweep = 0; sweep < 50; sweep++) {
            const double before = qtable_distance(world, &table, &best);
            qtable_bellman(world, world->gamma, &table, &next);
            table = next;
            assert_true(qtable_distance(world, &table, &best) <= world->gamma * before + 1e-11);
        }
    }
}

static double error_after(const SmallWorld *world, int sweeps, double alpha)
{
    static QLearner learner;
    QTable best;
    qtable_solve(world, world->gamma, &best);
    qlearner_begin(&learner, world, world->gamma, alpha, 4);
    for (int i = 0; i < sweeps; i++)
        qlearner_sweep(&learner);
    return qtable_distance(world, &learner.table, &best);
}

static void q_learning_finds_what_bellman_finds(void **state)
{
    (void)state;
    assert_true(error_after(small_world_find("chain"), 500, 0) < 1e-6);
    assert_true(error_after(small_world_find("cliff"), 1000, 0) < 1e-6);
    assert_true(error_after(small_world_find("catch"), 200, 0) < 1e-6);
    assert_true(error_after(small_world_find("ice"), 20000, 0) < 0.03);
}

/* With a constant rate the table goes on trembling with the ice's chances. */
static void chance_asks_for_a_rate_that_falls(void **state)
{
    (void)state;
    const SmallWorld *ice = small_world_find("ice");
    assert_true(error_after(ice, 20000, 0) < error_after(ice, 20000, 0.5) / 3);
}

/* Of a frame of env/catch.h: the paddle is in the last row, the ball above it. */
static int state_in(const uint8_t *frame)
{
    int ball = 0, paddle = 0;
    for (int i = 0; i < 45; i++)
        ball = frame[i] != 0 ? i : ball;
    for (int i = 0; i < 5; i++)
        paddle = frame[45 + i] != 0 ? i : paddle;
    return ball * 5 + paddle;
}

static void the_world_catch_is_the_environment_catch(void **state)
{
    (void)state;
    Error error = {0};
    Env *env = catch_create(2, &error);
    Random random = random_stream(3, "actions");
    const SmallWorld *world = small_world_find("catch");
    SmallOutcome outcome[SMALL_OUTCOMES_MAX];
    EnvStep step = {.game_over = true};
    for (int i = 0; i < 5000; i++) {
        if (step.game_over)
            env_reset(env);
        const int action = (int)random_below(&random, 3);
        assert_int_equal(world->outcomes(world, state_in(env_frame(env)), action, outcome), 1);
        env_step(env, &action, &step);
        assert_true(outcome[0].reward == step.reward[0]);
        assert_int_equal(outcome[0].ended, step.game_over);
        if (!step.game_over)
            assert_int_equal(outcome[0].next, state_in(env_frame(env)));
    }
    env_destroy(env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chances_add_up_and_lead_to_states),
        cmocka_unit_test(the_values_of_the_chain_are_powers_of_gamma),
        cmocka_unit_test(the_best_way_leads_along_the_cliff),
        cmocka_unit_test(each_bellman_sweep_comes_nearer_by_gamma),
        cmocka_unit_test(q_learning_finds_what_bellman_finds),
        cmocka_unit_test(chance_asks_for_a_rate_that_falls),
        cmocka_unit_test(the_world_catch_is_the_environment_catch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
