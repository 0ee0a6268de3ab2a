/*
 * Rollouts: what is taken from the memory is what was put there, and lambda returns are the mean of
 * the returns of 1, 2, 3 ... steps that their definition is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>

#include <cmocka.h>

#include "rl/rollout.h"

enum { ENVS = 2, STEPS = 6, STATES_MAX = ENVS * (2 * STEPS + 1) };

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) < 1e-12))
        fail_msg("%.15g where %.15g is right", value, expected);
}

/* How an episode goes on after the n-th step of an environment. */
static ReplayEnd end_of(int env, int n)
{
    if (env == 0)
        return n == 3 ? REPLAY_ENDED : n == 5 ? REPLAY_CUT : REPLAY_GOES_ON;
    return n % 4 == 2 ? REPLAY_CUT : REPLAY_GOES_ON;
}

/* Frames count up; the reward of step n is 10 env + n, its action n % 4. */
static Replay *filled_memory(int steps, bool packed)
{
    Error error = {0};
    Replay *replay = replay_create(&(ReplaySetup){.capacity = ENVS * 2 * STEPS,
                                                  .frame_bytes = 1,
                                                  .history = 2,
                                                  .envs = ENVS,
                                                  .packed = packed,
                                                  .return_steps = 1},
                                   &error);
    assert_non_null(replay);
    for (int env = 0; env < ENVS; env++) {
        uint8_t frame = (uint8_t)(100 * env + 1);
        assert_true(replay_begin(replay, env, &frame, &error));
        for (int n = 0; n < steps; n++) {
            const ReplayStep step = {n % 4, (float)(10 * env + n), end_of(env, n)};
            frame++;
            assert_true(replay_add(replay, env, &step, &frame, &error));
            if (step.end == REPLAY_GOES_ON)
                continue;
            frame++;
            assert_true(replay_begin(replay, env, &frame, &error));
        }
    }
    return replay;
}

static void check_env(const RolloutState *states, int count, int env, int steps)
{
    int n = steps - STEPS;
    for (int i = 0; i < count; i++) {
        const RolloutState *s = &states[i];
        assert_int_equal(s->env, env);
        if (!s->acted) {
            assert_true(i == count - 1 || end_of(env, n - 1) == REPLAY_CUT);
            continue;
        }
        assert_int_equal(s->action, n % 4);
        assert_near(s->reward, 10 * env + n);
        assert_int_equal(s->ended, end_of(env, n) == REPLAY_ENDED);
        n++;
    }
    assert_int_equal(n, steps);
}

static void a_rollout_is_the_newest_steps_in_order(void **unused)
{
    (void)unused;
    for (int steps = STEPS; steps < 4 * STEPS; steps++) {
        Replay *replay = filled_memory(steps, false);
        RolloutState states[STATES_MAX];
        assert_true(rollout_states_max(STEPS, ENVS) == STATES_MAX);
        const int count = rollout_take(replay, STEPS, states);
        int first = 0;
        while (states[first].env == 0)
            first++;
        check_env(states, first, 0, steps);
        check_env(states + first, count - first, 1, steps);
        replay_destroy(replay);
    }
}

/* Environment 0: frames 1 2 3 4, end after step 3, 6 7 8, time over after step 5. */
static void states_are_the_stacks_that_were_seen(void **unused)
{
    (void)unused;
    for (int packed = 0; packed < 2; packed++) {
        Replay *replay = filled_memory(6, packed);
        RolloutState states[STATES_MAX];
        rollout_take(replay, STEPS, states);
        const int seen[][2] = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {0, 6}, {6, 7}, {7, 8}, {0, 9}};
        for (int i = 0; i < 8; i++) {
            uint8_t room[4096];
            const uint8_t *planes[2];
            assert_true(replay_room(replay, 1) <= sizeof room);
            replay_state_at(replay, states[i].env, states[i].slot, room, planes);
            assert_int_equal(planes[0] == NULL ? 0 : *planes[0], seen[i][0]);
            assert_int_equal(*planes[1], seen[i][1]);
            assert_int_equal(states[i].acted, i < 6);
        }
        replay_destroy(replay);
    }
}

/* By the definition: the return of n steps has weight (1 - lambda) lambda^(n-1), the longest that
 * there is has all the rest. */
static double by_definition(const RolloutState *s, double gamma, double lambda)
{
    double sum = 0, weight = 1, rewards = 0, discount = 1;
    for (;; s++, weight *= lambda) {
        rewards += discount * s->reward;
        discount *= gamma;
        const double value = s->ended ? 0 : s[1].value;
        if (s->ended || !s[1].acted)
            return sum + weight * (rewards + discount * value);
        sum += weight * (1 - lambda) * (rewards + discount * value);
    }
}

static void lambda_returns_are_their_definition(void **unused)
{
    (void)unused;
    const double lambdas[] = {0, 0.3, 0.65, 1};
    Replay *replay = filled_memory(15, false);
    RolloutState states[STATES_MAX];
    const int count = rollout_take(replay, STEPS, states);
    for (int i = 0; i < count; i++)
        states[i].value = 3 * i % 7 - 2;
    for (size_t l = 0; l < sizeof lambdas / sizeof lambdas[0]; l++) {
        rollout_returns(states, count, 0.9, lambdas[l]);
        for (int i = 0; i < count; i++)
            if (states[i].acted)
                assert_near(states[i].lambda_return, by_definition(&states[i], 0.9, lambdas[l]));
    }
    replay_destroy(replay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rollout_is_the_newest_steps_in_order),
        cmocka_unit_test(states_are_the_stacks_that_were_seen),
        cmocka_unit_test(lambda_returns_are_their_definition),
    };
    return cmocka_run_group_tests_name("rl/rollout", tests, NULL, NULL);
}
