/*
 * Q as a table, against what is known of these worlds from elsewhere: powers of gamma along a
 * chain, the cliff's shortest way, the frozen lake's published value, the game of env/catch.c
 * itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "env/catch.h"
#include "tabular/qtable.h"

static void fill(World *world, const char *name)
{
    for (size_t i = 0; world_name(i) != NULL; i++)
        if (strcmp(world_name(i), name) == 0) {
            world_fill(world, i);
            return;
        }
    fail_msg("no world %s", name);
}

static void probabilities_of_what_may_happen_sum_to_one(void **unused)
{
    (void)unused;
    World world;
    for (size_t index = 0; world_name(index) != NULL; index++) {
        world_fill(&world, index);
        for (int state = 0; state < world.states; state++)
            for (int action = 0; world_is_live(&world, state) && action < world.actions; action++) {
                double sum = 0;
                for (int i = 0; i < world.outcomes[state][action]; i++) {
                    const WorldOutcome *outcome = &world.outcome[state][action][i];
                    sum += outcome->probability;
                    if (outcome->next != WORLD_END)
                        assert_true(world_is_live(&world, outcome->next));
                }
                assert_true(fabs(sum - 1) < 1e-12);
            }
    }
}

/* Eight states: from s to the reward behind the last it is 7 - s steps, and a step to the left
 * costs two; but at the left edge, where it costs one. */
static void along_the_chain_values_are_powers_of_gamma(void **unused)
{
    (void)unused;
    World world;
    QTable exact;
    const double gamma = 0.9;
    fill(&world, "chain");
    qtable_solve(&exact, &world, gamma);
    for (int state = 0; state < 8; state++) {
        assert_true(fabs(exact.q[state][1] - pow(gamma, 7 - state)) < 1e-12);
        assert_true(fabs(exact.q[state][0] - pow(gamma, state > 0 ? 9 - state : 8)) < 1e-12);
    }
}

/* [Sutton2018], example 6.6: up, eleven times along the edge, down. */
static void the_best_way_by_the_cliff_is_the_published_one(void **unused)
{
    (void)unused;
    World world;
    QTable exact;
    char way[20] = "";
    fill(&world, "cliff");
    qtable_solve(&exact, &world, 0.95);
    for (int state = 36, step = 0; state != WORLD_END && step < 19; step++) {
        const int action = qtable_best(&exact, &world, state);
        way[step] = world.marks[action];
        state = world.outcome[state][action][0].next;
    }
    assert_string_equal(way, "^>>>>>>>>>>>v");
    assert_true(fabs(qtable_value(&exact, &world, 36) + (1 - pow(0.95, 13)) / 0.05) < 1e-9);
    assert_true(fabs(exact.q[36][1] + 100 - 0.95 * qtable_value(&exact, &world, 36)) < 1e-9);
}

/* With gamma = 0.99 the start is worth 0.5420, by every published solution of this map. */
static void the_lake_is_worth_what_others_found(void **unused)
{
    (void)unused;
    World world;
    QTable exact;
    fill(&world, "lake");
    qtable_solve(&exact, &world, 0.99);
    assert_true(fabs(qtable_value(&exact, &world, 0) - 0.5420) < 5e-5);
}

static void each_sweep_of_bellman_brings_the_table_nearer_by_gamma(void **unused)
{
    (void)unused;
    static const double gammas[] = {0.5, 0.9, 0.99};
    World world;
    for (size_t index = 0; world_name(index) != NULL; index++)
        for (int g = 0; g < 3; g++) {
            QTable exact, q = {0}, before;
            world_fill(&world, index);
            qtable_solve(&exact, &world, gammas[g]);
            q.q[0][0] = 50; /* from afar, too */
            for (int sweep = 0; sweep < 100; sweep++) {
                before = q;
                qtable_bellman(&q, &before, &world, gammas[g]);
                const double was = qtable_distance(&before, &exact, &world);
                assert_true(qtable_distance(&q, &exact, &world) <= gammas[g] * was + 2e-12);
            }
        }
}

/* Distances after 4000 sweeps, from zeros; where nothing is random, they go to nothing. */
static void q_learning_comes_to_the_exact_table(void **unused)
{
    (void)unused;
    static const struct {
        const char *name;
        double bound;
    } cases[] = {{"chain", 1e-4}, {"cliff", 1e-4}, {"lake", 0.1}, {"catch", 1e-6}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (uint64_t seed = 1; seed <= 3; seed++) {
            World world;
            QTable exact, q = {0};
            fill(&world, cases[i].name);
            qtable_solve(&exact, &world, 0.95);
            assert_true(qtable_distance(&q, &exact, &world) > 5 * cases[i].bound);
            QLearner learner = qlearner_begin(
                &world, &(QLearnerPlan){.gamma = 0.95, .epsilon = 0.5, .seed = seed});
            for (int sweep = 0; sweep < 4000; sweep++)
                qlearner_sweep(&learner, &q);
            if (!(qtable_distance(&q, &exact, &world) < cases[i].bound))
                fail_msg("%s, seed %d: %g", cases[i].name, (int)seed,
                         qtable_distance(&q, &exact, &world));
        }
}

/* In a random world: what the decreasing step is for. */
static void a_constant_step_trembles_where_a_decreasing_one_settles(void **unused)
{
    (void)unused;
    double distance[2];
    for (int constant = 0; constant < 2; constant++) {
        World world;
        QTable exact, q = {0};
        fill(&world, "lake");
        qtable_solve(&exact, &world, 0.95);
        QLearner learner = qlearner_begin(
            &world,
            &(QLearnerPlan){.gamma = 0.95, .alpha = constant ? 0.5 : 0, .epsilon = 1, .seed = 1});
        for (int sweep = 0; sweep < 3000; sweep++)
            qlearner_sweep(&learner, &q);
        distance[constant] = qtable_distance(&q, &exact, &world);
    }
    assert_true(distance[1] > 5 * distance[0]);
}

/* ---- the game of catch, played ---- */

static int state_seen(const Env *env, int ball_row)
{
    const uint8_t *frame = env_frame(env);
    const uint8_t *ball = memchr(frame + ball_row * 5, 255, 5);
    const uint8_t *paddle = memchr(frame + 45, 255, 5);
    assert_non_null(ball);
    assert_non_null(paddle);
    return (ball_row * 5 + (int)(ball - frame - ball_row * 5)) * 5 + (int)(paddle - frame - 45);
}

static void the_table_of_catch_is_the_game_of_catch(void **unused)
{
    (void)unused;
    World world;
    Error error = {0};
    Random random = random_stream(1, "test");
    Env *env = catch_create(1, &error);
    assert_non_null(env);
    fill(&world, "catch");
    for (int game = 0; game < 2000; game++) {
        EnvStep step = {0};
        env_reset(env);
        for (int row = 0; !step.game_over; row++) {
            const int action = (int)random_below(&random, 3);
            const WorldOutcome *outcome = world.outcome[state_seen(env, row)][action];
            env_step(env, &action, &step);
            assert_true(step.reward[0] == outcome->reward);
            assert_int_equal(outcome->next, step.game_over ? WORLD_END : state_seen(env, row + 1));
        }
    }
    env_destroy(env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(probabilities_of_what_may_happen_sum_to_one),
        cmocka_unit_test(along_the_chain_values_are_powers_of_gamma),
        cmocka_unit_test(the_best_way_by_the_cliff_is_the_published_one),
        cmocka_unit_test(the_lake_is_worth_what_others_found),
        cmocka_unit_test(each_sweep_of_bellman_brings_the_table_nearer_by_gamma),
        cmocka_unit_test(q_learning_comes_to_the_exact_table),
        cmocka_unit_test(a_constant_step_trembles_where_a_decreasing_one_settles),
        cmocka_unit_test(the_table_of_catch_is_the_game_of_catch),
    };
    return cmocka_run_group_tests_name("tabular/qtable", tests, NULL, NULL);
}
