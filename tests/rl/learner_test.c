/*
 * One descent step, worked out by hand. The network is linear in one pixel x, with two actions:
 *
 *     Q(x) = (w0 x + b0, w1 x + b1)           s_t: x = 1 (byte 255)     s_t+1: x = 1/5 (byte 51)
 *     Q:        w = 1 3      b = 0   -1       Q(s_t) = 1 2              Q(s_t+1) = 0.2 -0.4
 *     Q_target: w = -1 2     b = 0.5 0.3                                Q_target(s_t+1) = 0.3 0.7
 *     a_t = 1, r_t = 0.25, gamma = 0.5, minibatch 2: the same transition twice
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rl/learner.h"
#include "rl/schedule.h"

enum { MINIBATCH = 2, W0 = 0, W1, B0, B1, PARAMETERS };

static const float q_parameters[PARAMETERS] = {1, 3, 0, -1};
static const float target_parameters[PARAMETERS] = {-1, 2, 0.5f, 0.3f};

static DqnConfig by_hand(void)
{
    return (DqnConfig){
        .history = 1,
        .gamma = 0.5,
        .return_steps = 1,
        .loss = NN_LOSS_SQUARED,
        .reduce = DQN_REDUCE_MEAN,
        .optimiser = {.kind = NN_SGD, .learning_rate = 0.1},
        .learning_rate_end_share = 1,
        .minibatch = MINIBATCH,
        .target_every_steps = 1,
    };
}

/* One update from the parameters above after so many agent steps; what it found, and the parameters
 * after it. */
static LearnerStep descend_at(int64_t steps, const DqnConfig *config, ReplayEnd end, float *after)
{
    Error error = {0};
    Random random = random_stream(1, "test");
    Learner *learner = learner_create(config, 1, 1, 2, NN_BACKEND_PLAIN, NULL, &random, &error);
    assert_non_null(learner);
    Replay *replay = replay_create(&(ReplaySetup){.capacity = 10,
                                                  .frame_bytes = 1,
                                                  .history = 1,
                                                  .envs = 1,
                                                  .return_steps = config->return_steps,
                                                  .gamma = config->gamma},
                                   &error);
    assert_non_null(replay);
    assert_true(replay_begin(replay, 0, &(uint8_t){255}, &error));
    assert_true(replay_add(replay, 0, &(ReplayStep){1, 0.25f, end}, &(uint8_t){51}, &error));
    network_set_parameters(learner_network(learner), target_parameters);
    learner_copy_target(learner);
    network_set_parameters(learner_network(learner), q_parameters);
    LearnerStep step;
    assert_true(learner_prepare(learner, replay, 0, &random, &step, &error));
    learner_descend(learner, steps);
    network_get_parameters(learner_network(learner), after);
    learner_destroy(learner);
    replay_destroy(replay);
    return step;
}

static LearnerStep descend(const DqnConfig *config, ReplayEnd end, float *after)
{
    return descend_at(0, config, end, after);
}

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) < 1e-6))
        fail_msg("%.9g where %.9g is right", value, expected);
}

/* dL/dQ reaches the action taken and no other: only w1 and b1 move, by rate * slope * (x, 1). */
static void assert_moved(const float *after, double by)
{
    assert_true(after[W0] == q_parameters[W0] && after[B0] == q_parameters[B0]);
    assert_near(after[W1], q_parameters[W1] - by);
    assert_near(after[B1], q_parameters[B1] - by);
}

static void without_a_target_network_the_network_is_its_own_target(void **unused)
{
    (void)unused;
    float after[PARAMETERS];
    DqnConfig config = by_hand();
    config.target_every_steps = 0;
    const LearnerStep step = descend(&config, REPLAY_GOES_ON, after);
    assert_near(step.mean_q, 2);
    assert_near(step.loss, 1.65 * 1.65 / 2); /* y = 0.25 + 0.5 * 0.2 = 0.35 */
    assert_moved(after, 0.165);
}

static void a_target_network_gives_the_next_value(void **unused)
{
    (void)unused;
    float after[PARAMETERS];
    const DqnConfig config = by_hand();
    const LearnerStep step = descend(&config, REPLAY_GOES_ON, after);
    assert_near(step.loss, 1.4 * 1.4 / 2); /* y = 0.25 + 0.5 * 0.7 = 0.6 */
    assert_moved(after, 0.14);
}

static void the_rate_falls_linearly_to_its_share(void **unused)
{
    (void)unused;
    float after[PARAMETERS];
    DqnConfig config = by_hand();
    config.learning_rate_end_share = 0.5;
    config.learning_rate_steps = 100;
    config.learn_start_steps = 10;
    descend_at(10, &config, REPLAY_GOES_ON, after);
    assert_moved(after, 0.14); /* as above */
    descend_at(60, &config, REPLAY_GOES_ON, after);
    assert_moved(after, 0.75 * 0.14);
    descend_at(1000, &config, REPLAY_GOES_ON, after);
    assert_moved(after, 0.5 * 0.14);
}

static void double_q_lets_the_network_choose_and_the_target_value(void **unused)
{
    (void)unused;
    float after[PARAMETERS];
    DqnConfig config = by_hand();
    config.double_q = true;
    const LearnerStep step = descend(&config, REPLAY_GOES_ON, after);
    assert_near(step.loss, 1.6 * 1.6 / 2); /* action 0: y = 0.25 + 0.5 * 0.3 = 0.4 */
    assert_moved(after, 0.16);
}

/* At s the target's values are -0.5 and 2.3, at s' they are 0.3 and 0.7; T = 1. The reward is
 * 0.25 + 0.9 log pi(1|s), the value of s' that of the softmax policy with its entropy: the log of
 * the sum of exponentials. */
static void munchausen_adds_the_log_probability_and_takes_the_soft_value(void **unused)
{
    (void)unused;
    float after[PARAMETERS];
    DqnConfig config = by_hand();
    config.munchausen = 0.9;
    config.munchausen_temperature = 1;
    config.munchausen_floor = -10;
    const double log_pi = 2.3 - log(exp(-0.5) + exp(2.3));
    const double y = 0.25 + 0.9 * log_pi + 0.5 * log(exp(0.3) + exp(0.7));
    const LearnerStep step = descend(&config, REPLAY_GOES_ON, after);
    assert_near(step.loss, (2 - y) * (2 - y) / 2);
    config.munchausen_floor = -0.01;
    const double cut = 0.25 + 0.9 * -0.01 + 0.5 * log(exp(0.3) + exp(0.7));
    assert_near(descend(&config, REPLAY_GOES_ON, after).loss, (2 - cut) * (2 - cut) / 2);
}

static void after_an_end_only_the_reward_counts_and_after_a_cut_more(void **unused)
{
    (void)unused;
    float after[PARAMETERS];
    const DqnConfig config = by_hand();
    const LearnerStep ended = descend(&config, REPLAY_ENDED, after);
    assert_near(ended.loss, 1.75 * 1.75 / 2); /* y = 0.25 */
    assert_moved(after, 0.175);
    const LearnerStep cut = descend(&config, REPLAY_CUT, after);
    assert_near(cut.loss, 1.4 * 1.4 / 2); /* as if it had gone on */
    assert_moved(after, 0.14);
}

static void huber_bounds_the_slope_and_a_sum_adds_the_samples(void **unused)
{
    (void)unused;
    float after[PARAMETERS];
    DqnConfig config = by_hand();
    config.loss = NN_LOSS_HUBER;
    const LearnerStep mean = descend(&config, REPLAY_GOES_ON, after);
    assert_near(mean.loss, 1.4 - 0.5);
    assert_moved(after, 0.1);
    config.reduce = DQN_REDUCE_SUM;
    const LearnerStep sum = descend(&config, REPLAY_GOES_ON, after);
    assert_near(sum.loss, 1.4 - 0.5); /* reported per sample either way */
    assert_moved(after, 0.2);
}

static void epsilon_starts_to_fall_where_it_is_told_and_stays_at_its_end(void **unused)
{
    (void)unused;
    assert_near(schedule_linear(1, 0.1, 50, 1000, 0), 1);
    assert_near(schedule_linear(1, 0.1, 50, 1000, 50), 1);
    assert_near(schedule_linear(1, 0.1, 50, 1000, 51), 0.9991);
    assert_near(schedule_linear(1, 0.1, 50, 1000, 550), 0.55);
    assert_near(schedule_linear(1, 0.1, 50, 1000, 1050), 0.1);
    assert_near(schedule_linear(1, 0.1, 50, 1000, INT64_C(1) << 40), 0.1);
    assert_near(schedule_linear(1, 0.1, 50, 0, 49), 1);
    assert_near(schedule_linear(1, 0.1, 50, 0, 50), 0.1);
}

/* [Dabney2018b]: behind the convolutions, before the dense layers, which act on each tau by itself.
 */
static void taus_come_behind_what_mixes_values(void **unused)
{
    (void)unused;
    static const struct {
        const char *network, *with_taus;
    } cases[] = {
        {"conv 16 8 4, relu, conv 32 4 2, relu, dense 256, relu, dense 9, tanh",
         "conv 16 8 4, relu, conv 32 4 2, relu, quantiles 5, conv 256 1 1, relu, conv 9 1 1, tanh, "
         "conv 4 1 1"},
        {"conv 8 8 4, relu, dense 64, layernorm, relu",
         "conv 8 8 4, relu, dense 64, layernorm, relu, quantiles 5, conv 4 1 1"},
        {"dense 64, relu, dense 32, relu",
         "dense 64, relu, dense 32, relu, quantiles 5, conv 4 1 1"},
        {"", "quantiles 5, conv 4 1 1"},
    };
    DqnConfig config = {.returns = DQN_RETURNS_IMPLICIT, .atoms = 5, .dueling = true};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        NnSpec spec;
        Error error = {0};
        char text[NN_SPEC_TEXT];
        strcpy(config.network, cases[i].network);
        assert_true(learner_network_spec(&spec, &config, (NnShape){4, 84, 84}, 3, &error));
        nn_spec_text(&spec, text, sizeof text);
        assert_string_equal(text, cases[i].with_taus);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_target_network_the_network_is_its_own_target),
        cmocka_unit_test(a_target_network_gives_the_next_value),
        cmocka_unit_test(the_rate_falls_linearly_to_its_share),
        cmocka_unit_test(double_q_lets_the_network_choose_and_the_target_value),
        cmocka_unit_test(munchausen_adds_the_log_probability_and_takes_the_soft_value),
        cmocka_unit_test(after_an_end_only_the_reward_counts_and_after_a_cut_more),
        cmocka_unit_test(huber_bounds_the_slope_and_a_sum_adds_the_samples),
        cmocka_unit_test(epsilon_starts_to_fall_where_it_is_told_and_stays_at_its_end),
        cmocka_unit_test(taus_come_behind_what_mixes_values),
    };
    return cmocka_run_group_tests_name("rl/learner", tests, NULL, NULL);
}
