/*
 * The Boltzmann machine against sums over all its states, which a small one allows; and greedy
 * pre-training on stripes, which it should find.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "learn/pretrain.h"
#include "learn/rbm.h"

enum { V = 4, H = 3, STATES = 1 << V, HIDDEN_STATES = 1 << H };

static Rbm *small_rbm(double size)
{
    Error error = {0};
    Random random = random_stream(5, "rbm");
    Rbm *rbm = rbm_create(V, H, 256, &random, &error);
    assert_non_null(rbm);
    for (int i = 0; i < V * H + V + H; i++) /* w, b and c lie side by side */
        rbm->w[i] = (float)(size * random_normal(&random));
    return rbm;
}

static void unpack(int state, int units, float *values)
{
    for (int i = 0; i < units; i++)
        values[i] = (float)(state >> i & 1);
}

/* By the definition in rbm.h. */
static double energy(const Rbm *rbm, const float *v, const float *h)
{
    double sum = 0;
    for (int i = 0; i < V; i++)
        sum -= (double)rbm->b[i] * v[i];
    for (int j = 0; j < H; j++)
        sum -= (double)rbm->c[j] * h[j];
    for (int i = 0; i < V; i++)
        for (int j = 0; j < H; j++)
            sum -= (double)v[i] * rbm->w[i * H + j] * h[j];
    return sum;
}

static void free_energy_is_the_sum_over_hidden_states(void **unused)
{
    (void)unused;
    Rbm *rbm = small_rbm(1);
    for (int state = 0; state < STATES; state++) {
        float v[V], h[H];
        double sum = 0;
        unpack(state, V, v);
        for (int hidden = 0; hidden < HIDDEN_STATES; hidden++) {
            unpack(hidden, H, h);
            sum += exp(-energy(rbm, v, h));
        }
        assert_true(fabs(rbm_free_energy(rbm, v) + log(sum)) < 1e-6);
    }
    rbm_destroy(rbm);
}

static void conditional_probabilities_are_those_of_the_energy(void **unused)
{
    (void)unused;
    Rbm *rbm = small_rbm(1);
    const float v[V] = {1, 0, 1, 1}, h[H] = {1, 0, 1};
    float p_h[H], p_v[V];
    rbm_hidden(rbm, v, 1, p_h);
    rbm_visible(rbm, h, 1, p_v);
    for (int j = 0; j < H; j++) {
        double on = 0, all = 0;
        for (int hidden = 0; hidden < HIDDEN_STATES; hidden++) {
            float each[H];
            unpack(hidden, H, each);
            const double weight = exp(-energy(rbm, v, each));
            all += weight;
            on += each[j] > 0 ? weight : 0;
        }
        assert_true(fabs(p_h[j] - on / all) < 1e-6);
    }
    for (int i = 0; i < V; i++) {
        double on = 0, all = 0;
        for (int state = 0; state < STATES; state++) {
            float each[V];
            unpack(state, V, each);
            const double weight = exp(-energy(rbm, each, h));
            all += weight;
            on += each[i] > 0 ? weight : 0;
        }
        assert_true(fabs(p_v[i] - on / all) < 1e-6);
    }
    rbm_destroy(rbm);
}

/* dF/dw = - v p(h|v), by differences: the half of the learning rule that looks at the examples. */
static void the_free_energys_slope_is_what_the_rule_adds(void **unused)
{
    (void)unused;
    const double step = 1e-3;
    Rbm *rbm = small_rbm(0.7);
    const float v[V] = {1, 1, 0, 1};
    float p_h[H];
    rbm_hidden(rbm, v, 1, p_h);
    for (int i = 0; i < V; i++)
        for (int j = 0; j < H; j++) {
            float *w = &rbm->w[i * H + j];
            const float middle = *w;
            *w = (float)(middle + step);
            const double above = rbm_free_energy(rbm, v), up = *w;
            *w = (float)(middle - step);
            const double slope = (above - rbm_free_energy(rbm, v)) / (up - *w);
            *w = middle;
            assert_true(fabs(slope + (double)v[i] * p_h[j]) < 1e-5);
        }
    rbm_destroy(rbm);
}

/* Mean log p(v) of the two examples, by the sum over all states. */
static double log_likelihood(const Rbm *rbm, const float *examples, int count)
{
    double all = 0, mean = 0;
    for (int state = 0; state < STATES; state++) {
        float v[V];
        unpack(state, V, v);
        all += exp(-rbm_free_energy(rbm, v));
    }
    for (int n = 0; n < count; n++)
        mean -= rbm_free_energy(rbm, examples + n * V) / count;
    return mean - log(all);
}

/* Two patterns alone: their likelihood can come near 1/2 each, -0.69; coins have 1/16, -2.77. */
static void contrastive_divergence_makes_the_examples_likely(void **unused)
{
    (void)unused;
    for (int k = 1; k <= 5; k += 4) {
        Rbm *rbm = small_rbm(0.01);
        Random random = random_stream((uint64_t)k, "learn");
        float examples[256 * V];
        for (int n = 0; n < 256; n++)
            memcpy(examples + n * V, n % 2 == 0 ? (float[V]){1, 0, 1, 0} : (float[V]){0, 1, 0, 1},
                   V * sizeof(float));
        const double before = log_likelihood(rbm, examples, 2);
        const RbmRule rule = {.k = k, .rate = 0.2, .momentum = 0.5};
        for (int t = 0; t < 600; t++)
            rbm_learn(rbm, &rule, examples, 256, &random);
        const double after = log_likelihood(rbm, examples, 2);
        assert_true(fabs(before + 2.77) < 0.1);
        if (!(after > -1.1))
            fail_msg("CD-%d ends at a log-likelihood of %g", k, after);
        rbm_destroy(rbm);
    }
}

/* Pictures of 8 x 8 with one bright row or one bright column: the classes. Few numbers tell all. */
static Data stripes(int count)
{
    Data data = {.shape = {1, 8, 8}, .count = count, .classes = 2};
    data.bytes = calloc((size_t)count, 64);
    data.label = calloc((size_t)count, 1);
    assert_true(data.bytes != NULL && data.label != NULL);
    for (int n = 0; n < count; n++) {
        data.label[n] = (uint8_t)(n % 2);
        for (int i = 0; i < 8; i++)
            data.bytes[n * 64 + (n % 2 == 0 ? n / 2 % 8 * 8 + i : i * 8 + n / 2 % 8)] = 255;
    }
    return data;
}

static void hold_pretraining(PretrainKind kind)
{
    Data data = stripes(400);
    Error error = {0};
    NnSpec spec;
    DataPart *part = data_all(&data, &error);
    assert_true(
        nn_spec_parse(&spec, "dense 24, sigmoid, dense 12, sigmoid, dense 2", data.shape, &error));
    Network *network = network_create(&spec, 50, NN_BACKEND_AUTO, NULL, &error);
    PretrainRule rule = pretrain_default(kind);
    rule.rate = kind == PRETRAIN_RBM ? 0.2 : 0.01;
    double early[2], late[2];
    rule.epochs = 1;
    assert_true(pretrain(network, part, &rule, 1, early, &error));
    rule.epochs = 60;
    assert_true(pretrain(network, part, &rule, 1, late, &error));
    /* 8 of 64 pixels are bright: who knows nothing but that is off by 0.11 */
    if (!(late[0] < 0.06 && late[0] < 0.6 * early[0] && late[1] < 0.15)) /* of 0.25 for coins */
        fail_msg("kind %d: first layer %g to %g, second %g to %g", (int)kind, early[0], late[0],
                 early[1], late[1]);
    network_destroy(network);
    free(part);
    data_free(&data);
}

static void each_layer_learns_to_keep_what_it_is_told(void **unused)
{
    (void)unused;
    hold_pretraining(PRETRAIN_RBM);
    hold_pretraining(PRETRAIN_DENOISING);
}

static void other_networks_are_not_pretrained(void **unused)
{
    (void)unused;
    Data data = stripes(4);
    Error error = {0};
    NnSpec spec;
    DataPart *part = data_all(&data, &error);
    assert_true(nn_spec_parse(&spec, "dense 5, relu, dense 2", data.shape, &error));
    Network *network = network_create(&spec, 50, NN_BACKEND_AUTO, NULL, &error);
    const PretrainRule rule = pretrain_default(PRETRAIN_RBM);
    assert_false(pretrain(network, part, &rule, 1, NULL, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    network_destroy(network);
    free(part);
    data_free(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(free_energy_is_the_sum_over_hidden_states),
        cmocka_unit_test(conditional_probabilities_are_those_of_the_energy),
        cmocka_unit_test(the_free_energys_slope_is_what_the_rule_adds),
        cmocka_unit_test(contrastive_divergence_makes_the_examples_likely),
        cmocka_unit_test(each_layer_learns_to_keep_what_it_is_told),
        cmocka_unit_test(other_networks_are_not_pretrained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
