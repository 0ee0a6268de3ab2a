/*
 * Heads and targets: gradients by finite differences, projections and quantiles against their
 * definitions, worked out here in other ways.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rl/target.h"

enum { ACTIONS = 3, ATOMS = 11, OUTPUTS_MAX = (ACTIONS + 1) * ATOMS };

static const DqnConfig plain = {
    .returns = DQN_RETURNS_MEAN,
    .atoms = ATOMS,
    .value_min = -2,
    .value_max = 3,
    .loss = NN_LOSS_SQUARED,
    .munchausen_temperature = 0.7,
    .munchausen_floor = -1,
};

static void fill(float *values, int count, uint64_t seed)
{
    Random random = random_stream(seed, "test");
    for (int i = 0; i < count; i++)
        values[i] = (float)(2 * random_unit(&random) - 1);
}

/* Of implicit quantiles: in no order, and not even. */
static const float drawn[ATOMS] = {0.71f, 0.03f, 0.5f,  0.98f, 0.2f, 0.31f,
                                   0.09f, 0.6f,  0.88f, 0.45f, 0.12f};

static const float *taus_of(const DqnConfig *config)
{
    return config->returns == DQN_RETURNS_IMPLICIT ? drawn : NULL;
}

static double loss_of(const DqnConfig *config, const float *outputs, const Promise *promise,
                      float *d_outputs)
{
    const Head head = head_of(config, ACTIONS);
    static Target target;
    float x[ACTIONS * ATOMS], d_x[ATOMS];
    head_combine(&head, outputs, x);
    target_of(&target, config, &head, promise);
    const double loss =
        target_loss(&target, config, &head, taus_of(config), x + promise->action * head.atoms, d_x);
    head_spread(&head, promise->action, d_x, d_outputs);
    return loss;
}

/* Central differences with steps that floats hold exactly. */
static void check_gradient(const DqnConfig *config)
{
    const Head head = head_of(config, ACTIONS);
    const float step = 1.0f / 1024;
    float outputs[OUTPUTS_MAX], x_next[ACTIONS * ATOMS], x_state[ACTIONS * ATOMS];
    float gradient[OUTPUTS_MAX], unused[OUTPUTS_MAX];
    double largest = 0;
    fill(outputs, OUTPUTS_MAX, 1);
    fill(x_next, ACTIONS * ATOMS, 2);
    fill(x_state, ACTIONS * ATOMS, 3);
    const Promise promise = {1, 0.3, 0.9, x_next, x_next, x_state};
    loss_of(config, outputs, &promise, gradient);
    for (int i = 0; i < head_outputs(&head); i++) {
        const float middle = outputs[i];
        outputs[i] = middle + step;
        const double above = loss_of(config, outputs, &promise, unused), high = outputs[i];
        outputs[i] = middle - step;
        const double below = loss_of(config, outputs, &promise, unused), low = outputs[i];
        outputs[i] = middle;
        const double slope = (above - below) / (high - low);
        largest = fmax(largest, fabs(slope));
        if (fabs(slope - gradient[i]) > 1e-4 * (1 + fabs(slope)))
            fail_msg("output %d: slope %g, gradient %g", i, slope, (double)gradient[i]);
    }
    assert_true(largest > 1e-2);
}

static void gradients_are_the_slopes_of_the_losses(void **unused)
{
    (void)unused;
    for (int returns = DQN_RETURNS_MEAN; returns <= DQN_RETURNS_IMPLICIT; returns++)
        for (int dueling = 0; dueling < 2; dueling++)
            for (int munchausen = 0; munchausen < 2; munchausen++) {
                DqnConfig config = plain;
                config.returns = (DqnReturns)returns;
                config.dueling = dueling;
                config.munchausen = 0.9 * munchausen;
                check_gradient(&config);
            }
}

static double total_weight(const Target *target)
{
    double total = 0;
    for (int j = 0; j < target->count; j++)
        total += target->weight[j];
    return total;
}

static double mean_value(const Target *target)
{
    double mean = 0;
    for (int j = 0; j < target->count; j++)
        mean += target->weight[j] * target->value[j];
    return mean;
}

/* The mean of the promised return is what plain Q-learning promises by the head's values. */
static void every_distribution_promises_the_same_mean(void **unused)
{
    (void)unused;
    for (int returns = DQN_RETURNS_MEAN; returns <= DQN_RETURNS_IMPLICIT; returns++) {
        static Target target;
        DqnConfig config = plain;
        config.returns = (DqnReturns)returns;
        const Head head = head_of(&config, ACTIONS);
        float x_next[ACTIONS * ATOMS], q[ACTIONS];
        fill(x_next, ACTIONS * ATOMS, 4);
        head_values(&head, x_next, q);
        const double best = fmax(q[0], fmax(q[1], q[2]));
        target_of(&target, &config, &head, &(Promise){0, 0.5, 0.8, x_next, x_next, NULL});
        assert_true(fabs(total_weight(&target) - 1) < 1e-12);
        assert_true(fabs(mean_value(&target) - (0.5 + 0.8 * best)) < 1e-6);
        target_of(&target, &config, &head, &(Promise){0, 0.5, 0, x_next, x_next, NULL});
        assert_true(fabs(mean_value(&target) - 0.5) < 1e-12); /* the return has ended */
    }
}

/* With alpha next to nothing Munchausen is soft Q-learning: r + gamma (sum_b pi Q - T pi log pi).
 * */
static void the_soft_value_is_the_policy_s_mean_and_its_entropy(void **unused)
{
    (void)unused;
    for (int returns = DQN_RETURNS_MEAN; returns <= DQN_RETURNS_IMPLICIT; returns++) {
        static Target target;
        DqnConfig config = plain;
        config.returns = (DqnReturns)returns;
        config.munchausen = 1e-12;
        const Head head = head_of(&config, ACTIONS);
        const double T = config.munchausen_temperature;
        float x[ACTIONS * ATOMS], q[ACTIONS];
        double sum = 0, soft = 0;
        fill(x, ACTIONS * ATOMS, 5);
        head_values(&head, x, q);
        for (int a = 0; a < ACTIONS; a++)
            sum += exp(q[a] / T);
        for (int a = 0; a < ACTIONS; a++) {
            const double pi = exp(q[a] / T) / sum;
            soft += pi * (q[a] - T * log(pi));
        }
        target_of(&target, &config, &head, &(Promise){2, 0.1, 0.9, x, x, x});
        assert_true(fabs(total_weight(&target) - 1) < 1e-12);
        assert_true(fabs(mean_value(&target) - (0.1 + 0.9 * soft)) < 1e-6);
    }
}

/* Double Q: the network's best action, the target's value of it. */
static void the_chooser_chooses_and_the_target_values(void **unused)
{
    (void)unused;
    static Target target;
    const Head head = head_of(&plain, ACTIONS);
    const float x_next[ACTIONS] = {1, 5, 2}, x_choice[ACTIONS] = {0, 1, 3};
    target_of(&target, &plain, &head, &(Promise){0, 0, 0.5, x_next, x_choice, NULL});
    assert_true(mean_value(&target) == 1);
}

/* Cross entropy is least where the network's distribution is the projected target, and there its
 * gradient, p - m, is zero: so m is found. Between atoms -1.5 and -1 a quarter of the way. */
static void a_value_between_two_atoms_is_shared_in_proportion(void **unused)
{
    (void)unused;
    DqnConfig config = plain;
    config.returns = DQN_RETURNS_CATEGORIES;
    const Head head = head_of(&config, ACTIONS);
    static const struct {
        double value;
        int atom;
        double share, next_share;
    } cases[] = {
        {-1.375, 1, 0.75, 0.25}, {-2, 0, 1, 0}, {-7, 0, 1, 0}, {3, 10, 1, 0}, {9, 10, 1, 0},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        const Target target = {1, {cases[c].value}, {1}};
        const float x[ATOMS] = {0};
        float d_x[ATOMS];
        target_loss(&target, &config, &head, NULL, x, d_x);
        for (int i = 0; i < ATOMS; i++) {
            const double m = 1.0 / ATOMS - (double)d_x[i];
            const double right = i == cases[c].atom       ? cases[c].share
                                 : i == cases[c].atom + 1 ? cases[c].next_share
                                                          : 0;
            assert_true(fabs(m - right) < 1e-6);
        }
    }
}

/* Descending the quantile loss towards samples of a known distribution finds its quantiles: those
 * of 0, 1, .., 99 are 100 tau, within the half that Huber's smoothing is wide. */
static void find_quantiles(DqnReturns returns, const float *taus)
{
    DqnConfig config = plain;
    config.returns = returns;
    const Head head = head_of(&config, ACTIONS);
    static Target target;
    target.count = 100;
    for (int j = 0; j < 100; j++) {
        target.value[j] = j;
        target.weight[j] = 0.01;
    }
    float x[ATOMS] = {0}, d_x[ATOMS];
    for (int step = 0; step < 20000; step++) {
        target_loss(&target, &config, &head, taus_of(&config), x, d_x);
        for (int i = 0; i < ATOMS; i++)
            x[i] -= d_x[i];
    }
    for (int i = 0; i < ATOMS; i++)
        assert_true(fabs((double)x[i] - (100.0 * taus[i] - 0.5)) < 1);
}

static void descent_finds_the_quantiles(void **unused)
{
    (void)unused;
    float even[ATOMS];
    for (int i = 0; i < ATOMS; i++)
        even[i] = (float)(2 * i + 1) / (2 * ATOMS);
    find_quantiles(DQN_RETURNS_QUANTILES, even);
    find_quantiles(DQN_RETURNS_IMPLICIT, drawn);
}

static void a_dueling_head_takes_the_mean_advantage_off(void **unused)
{
    (void)unused;
    DqnConfig config = plain;
    config.dueling = true;
    const Head head = head_of(&config, ACTIONS);
    const float outputs[] = {10, 1, 2, 6};
    float x[ACTIONS], q[ACTIONS];
    assert_int_equal(head_outputs(&head), ACTIONS + 1);
    head_output_values(&head, outputs, x, q);
    assert_true(q[0] == 8 && q[1] == 9 && q[2] == 13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_are_the_slopes_of_the_losses),
        cmocka_unit_test(every_distribution_promises_the_same_mean),
        cmocka_unit_test(the_soft_value_is_the_policy_s_mean_and_its_entropy),
        cmocka_unit_test(the_chooser_chooses_and_the_target_values),
        cmocka_unit_test(a_value_between_two_atoms_is_shared_in_proportion),
        cmocka_unit_test(descent_finds_the_quantiles),
        cmocka_unit_test(a_dueling_head_takes_the_mean_advantage_off),
    };
    return cmocka_run_group_tests_name("rl/target", tests, NULL, NULL);
}
