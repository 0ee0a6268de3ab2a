/*
 * inspect_test.c - receptive fields against what a brighter pixel changes, saliency against finite
 * differences, on every backend.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "nn/inspect.h"

enum { SIDE = 36, CHANNELS = 2, PIXELS = CHANNELS * SIDE * SIDE, OUTPUTS = 3, VALUES_MAX = 40000 };

static Network *make(NnSpec *spec, const char *text, NnBackend backend)
{
    Error error = {0};
    Random random = random_stream(7, "init");
    assert_true(nn_spec_parse(spec, text, (NnShape){CHANNELS, SIDE, SIDE}, &error));
    Network *network = network_create(spec, 1, backend, NULL, &error);
    if (network != NULL)
        network_initialise(network, NN_INIT_GLOROT, &random);
    return network;
}

static void fill(float *values, Random *random)
{
    for (int i = 0; i < PIXELS; i++)
        values[i] = (float)random_unit(random);
}

static double sum_of(Network *network, const float *pixels, const float *weight)
{
    float outputs[OUTPUTS];
    double sum = 0;
    network_forward(network, &(NnInput){.values = pixels}, 1, outputs);
    for (int o = 0; o < OUTPUTS; o++)
        sum += (double)(weight[o] * outputs[o]);
    return sum;
}

static void check_slopes(const char *layers, NnBackend backend)
{
    static const float weight[OUTPUTS] = {0.5F, -2, 1};
    static float pixels[PIXELS], slope[PIXELS];
    static double expected[PIXELS];
    const float nudge = 1 / 256.0F;
    Error error = {0};
    NnSpec spec;
    Network *network = make(&spec, layers, backend);
    if (network == NULL)
        return; /* not built in */
    Saliency *saliency = saliency_create(&spec, &error);
    Random random = random_stream(8, "pixels");
    fill(pixels, &random);
    saliency_renew(saliency, network);
    sum_of(network, pixels, weight);
    memcpy(slope, saliency_look(saliency, network, spec.layer_count - 1, weight), sizeof slope);
    double largest = 0;
    int wrong = 0;
    for (int i = 0; i < PIXELS; i += 7) {
        const float before = pixels[i];
        pixels[i] = before + nudge;
        const double above = sum_of(network, pixels, weight);
        pixels[i] = before - nudge;
        const double below = sum_of(network, pixels, weight);
        pixels[i] = before;
        expected[i] = (above - below) / (2 * (double)nudge);
        largest = fmax(largest, fabs(expected[i]));
    }
    for (int i = 0; i < PIXELS; i += 7)
        wrong += fabs(expected[i] - (double)slope[i]) > 0.03 * largest;
    assert_true(largest > 1e-3); /* else all would agree */
    assert_true(wrong < 5);      /* a ReLU may bend between the two */
    saliency_destroy(saliency);
    network_destroy(network);
}

/* Of even and odd depth, so that a wrong sign cannot undo itself. */
static void saliency_is_the_slope_that_finite_differences_find(void **state)
{
    static const char *const deep = "conv 6 8 4, relu, conv 5 4 2, tanh, dense 9, relu, dense 3";
    static const NnBackend backends[] = {NN_BACKEND_PLAIN, NN_BACKEND_VECTOR, NN_BACKEND_ONEDNN};
    (void)state;
    for (int i = 0; i < 3; i++) {
        check_slopes(deep, backends[i]);
        check_slopes("conv 6 8 4, sigmoid, dense 4, tanh, dense 3", backends[i]);
        check_slopes("dense 3", backends[i]);
    }
    check_slopes("conv 6 8 4, relu, quantiles 3, conv 4 1 1, tanh, dense 3", NN_BACKEND_LAYERS);
    check_slopes("conv 6 8 4, tanh, quantiles 3, conv 1 1 1", NN_BACKEND_PLAIN);
}

/* A hidden unit's slope is that of an output of the network that ends there. */
static void saliency_of_a_hidden_layer_is_that_of_the_network_cut_there(void **state)
{
    (void)state;
    enum { UNITS = 9, LAYER = 4, PARAMETERS_MAX = 10000 };
    static float pixels[PIXELS], whole_slope[PIXELS], parameters[PARAMETERS_MAX];
    static const float weight[UNITS] = {0, 0, -1, 0, 0, 0, 2, 0, 0.5F};
    float outputs[UNITS];
    NnSpec whole_spec, cut_spec;
    Error error = {0};
    Network *whole = make(&whole_spec, "conv 6 8 4, relu, conv 5 4 2, tanh, dense 9, relu, dense 3",
                          NN_BACKEND_VECTOR);
    Network *cut = make(&cut_spec, "conv 6 8 4, relu, conv 5 4 2, tanh, dense 9", NN_BACKEND_PLAIN);
    assert_true(nn_spec_parameters(&whole_spec) <= PARAMETERS_MAX);
    network_get_parameters(whole, parameters);
    network_set_parameters(cut, parameters); /* the first layers' come first */
    Saliency *of_whole = saliency_create(&whole_spec, &error);
    Saliency *of_cut = saliency_create(&cut_spec, &error);
    Random random = random_stream(10, "pixels");
    fill(pixels, &random);
    saliency_renew(of_whole, whole);
    saliency_renew(of_cut, cut);
    network_forward(whole, &(NnInput){.values = pixels}, 1, outputs);
    memcpy(whole_slope, saliency_look(of_whole, whole, LAYER, weight), sizeof whole_slope);
    network_forward(cut, &(NnInput){.values = pixels}, 1, outputs);
    const float *cut_slope = saliency_look(of_cut, cut, LAYER, weight);
    double largest = 0;
    for (int i = 0; i < PIXELS; i++) {
        assert_true(fabs((double)(whole_slope[i] - cut_slope[i])) < 1e-5);
        largest = fmax(largest, fabs((double)cut_slope[i]));
    }
    assert_true(largest > 1e-3);
    saliency_destroy(of_whole);
    saliency_destroy(of_cut);
    network_destroy(whole);
    network_destroy(cut);
}

/* A picture changes one pixel: units whose field holds it may change, and no others. */
static void a_unit_sees_its_receptive_field_and_nothing_else(void **state)
{
    (void)state;
    static float pixels[PIXELS], before[VALUES_MAX], after[VALUES_MAX];
    float outputs[OUTPUTS];
    NnSpec spec;
    Network *network = make(&spec, "conv 6 8 4, conv 5 4 2, dense 3", NN_BACKEND_PLAIN);
    Random random = random_stream(9, "pixels");
    for (int trial = 0; trial < 60; trial++) {
        fill(pixels, &random);
        const int at = (int)random_below(&random, SIDE * SIDE), y = at / SIDE, x = at % SIDE;
        for (int layer = 0; layer < 2; layer++) {
            const NnShape shape = nn_spec_shape(&spec, layer);
            const NnField field = nn_spec_field(&spec, layer);
            network_forward(network, &(NnInput){.values = pixels}, 1, outputs);
            network_get_activations(network, layer, 1, before);
            pixels[at] += 1;
            network_forward(network, &(NnInput){.values = pixels}, 1, outputs);
            network_get_activations(network, layer, 1, after);
            for (int row = 0; row < shape.height; row++)
                for (int column = 0; column < shape.width; column++) {
                    const bool inside =
                        y >= row * field.step && y < row * field.step + field.height &&
                        x >= column * field.step && x < column * field.step + field.width;
                    const int unit = row * shape.width + column;
                    assert_int_equal(before[unit] != after[unit], inside);
                }
        }
    }
    network_destroy(network);
}

static void the_fields_of_the_2013_network_are_8_and_20_pixels(void **state)
{
    (void)state;
    NnSpec spec;
    Error error = {0};
    assert_true(nn_spec_parse(&spec, "conv 16 8 4, relu, conv 32 4 2, relu, dense 256",
                              (NnShape){4, 84, 84}, &error));
    assert_int_equal(nn_spec_field(&spec, 1).height, 8);
    assert_int_equal(nn_spec_field(&spec, 1).step, 4);
    assert_int_equal(nn_spec_field(&spec, 3).width, 20);
    assert_int_equal(nn_spec_field(&spec, 3).step, 8);
    assert_int_equal(nn_spec_field(&spec, 4).height, 84);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saliency_is_the_slope_that_finite_differences_find),
        cmocka_unit_test(saliency_of_a_hidden_layer_is_that_of_the_network_cut_there),
        cmocka_unit_test(a_unit_sees_its_receptive_field_and_nothing_else),
        cmocka_unit_test(the_fields_of_the_2013_network_are_8_and_20_pixels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
