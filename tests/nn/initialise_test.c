/*
 * What a new network is filled with: bounds, moments, biases, and that the stream of random numbers
 * alone decides. The moments are those of the distributions; the tolerances are four standard
 * errors of the sample, and the streams are fixed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nn/network.h"

/* conv 32 5 1 of 3 channels: 32 x 3 x 5 x 5 = 2400 weights, fan in 75, fan out 32 5 5 = 800.
 * dense 300 of 32 x 2 x 2 = 128: 38400 weights, fan in 128, fan out 300. */
enum {
    CONV_WEIGHTS = 2400,
    CONV_BIASES = 32,
    DENSE_WEIGHTS = 38400,
    DENSE_BIASES = 300,
    DENSE_AT = CONV_WEIGHTS + CONV_BIASES,
    PARAMETERS = DENSE_AT + DENSE_WEIGHTS + DENSE_BIASES,
};
static const double conv_fan_in = 75, conv_fan_out = 800, dense_fan_in = 128, dense_fan_out = 300;

static float *initialised(NnInit init, uint64_t seed, NnBackend backend)
{
    NnSpec spec;
    Error error = {0};
    assert_true(nn_spec_parse(&spec, "conv 32 5 1, relu, dense 300", (NnShape){3, 6, 6}, &error));
    assert_true(nn_spec_parameters(&spec) == PARAMETERS);
    Network *network = network_create(&spec, 1, backend, NULL, &error);
    assert_non_null(network);
    Random random = random_stream(seed, "initialise");
    network_initialise(network, init, &random);
    float *parameters = calloc(PARAMETERS, sizeof *parameters);
    assert_non_null(parameters);
    network_get_parameters(network, parameters);
    network_destroy(network);
    return parameters;
}

typedef struct {
    double mean, variance, kurtosis, most;
} Moments;

static Moments moments_of(const float *values, size_t count)
{
    Moments m = {0};
    for (size_t i = 0; i < count; i++) {
        m.mean += values[i] / (double)count;
        m.most = fmax(m.most, fabs(values[i]));
    }
    for (size_t i = 0; i < count; i++) {
        const double d = values[i] - m.mean;
        m.variance += d * d / (double)count;
        m.kurtosis += d * d * d * d / (double)count;
    }
    m.kurtosis /= m.variance * m.variance;
    return m;
}

/* Uniform in +-limit: variance limit^2/3, kurtosis 9/5; the sample's variance has the relative
 * standard error sqrt((9/5 - 1)/n). The largest of n is within 10/n of the limit, or else the
 * chance was e^-10. */
static void assert_uniform(const float *values, size_t count, double limit)
{
    const Moments m = moments_of(values, count);
    const double n = (double)count;
    assert_true(m.most <= limit * (1 + 1e-6) && m.most > limit * (1 - 10 / n));
    assert_true(fabs(m.mean) < 4 * limit / sqrt(3 * n));
    assert_true(fabs(m.variance / (limit * limit / 3) - 1) < 4 * sqrt(0.8 / n));
    assert_true(count < 1000 || fabs(m.kurtosis - 1.8) < 0.15);
}

/* Normal: kurtosis 3, its standard error sqrt(24/n); that of the variance sqrt(2/n). */
static void assert_normal(const float *values, size_t count, double variance)
{
    const Moments m = moments_of(values, count);
    const double n = (double)count;
    assert_true(fabs(m.mean) < 4 * sqrt(variance / n));
    assert_true(fabs(m.variance / variance - 1) < 4 * sqrt(2 / n));
    assert_true(fabs(m.kurtosis - 3) < 4 * sqrt(24 / n));
}

static void assert_biases_are_zero(const float *parameters)
{
    for (int i = 0; i < CONV_BIASES; i++)
        assert_true(parameters[CONV_WEIGHTS + i] == 0);
    for (int i = 0; i < DENSE_BIASES; i++)
        assert_true(parameters[DENSE_AT + DENSE_WEIGHTS + i] == 0);
}

static void fan_in_uniform_fills_weights_and_biases(void **unused)
{
    (void)unused;
    float *p = initialised(NN_INIT_FAN_IN_UNIFORM, 1, NN_BACKEND_PLAIN);
    assert_uniform(p, CONV_WEIGHTS, 1 / sqrt(conv_fan_in));
    assert_uniform(p + CONV_WEIGHTS, CONV_BIASES, 1 / sqrt(conv_fan_in));
    assert_uniform(p + DENSE_AT, DENSE_WEIGHTS, 1 / sqrt(dense_fan_in));
    assert_uniform(p + DENSE_AT + DENSE_WEIGHTS, DENSE_BIASES, 1 / sqrt(dense_fan_in));
    free(p);
}

static void glorot_counts_both_fans(void **unused)
{
    (void)unused;
    float *p = initialised(NN_INIT_GLOROT, 1, NN_BACKEND_PLAIN);
    assert_uniform(p, CONV_WEIGHTS, sqrt(6 / (conv_fan_in + conv_fan_out)));
    assert_uniform(p + DENSE_AT, DENSE_WEIGHTS, sqrt(6 / (dense_fan_in + dense_fan_out)));
    assert_biases_are_zero(p);
    free(p);
}

static void he_is_normal(void **unused)
{
    (void)unused;
    float *p = initialised(NN_INIT_HE, 1, NN_BACKEND_PLAIN);
    assert_normal(p, CONV_WEIGHTS, 2 / conv_fan_in);
    assert_normal(p + DENSE_AT, DENSE_WEIGHTS, 2 / dense_fan_in);
    assert_biases_are_zero(p);
    free(p);
}

static void the_seed_alone_decides(void **unused)
{
    (void)unused;
    for (int init = NN_INIT_FAN_IN_UNIFORM; init <= NN_INIT_HE; init++) {
        float *p = initialised((NnInit)init, 1, NN_BACKEND_PLAIN);
        float *same = initialised((NnInit)init, 1, NN_BACKEND_VECTOR);
        float *other = initialised((NnInit)init, 2, NN_BACKEND_PLAIN);
        assert_memory_equal(p, same, PARAMETERS * sizeof *p);
        int equal = 0;
        for (int i = 0; i < CONV_WEIGHTS; i++)
            equal += p[i] == other[i];
        assert_true(equal < 3);
        free(p), free(same), free(other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fan_in_uniform_fills_weights_and_biases),
        cmocka_unit_test(glorot_counts_both_fans),
        cmocka_unit_test(he_is_normal),
        cmocka_unit_test(the_seed_alone_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
