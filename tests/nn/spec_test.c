/*
 * The text form of a network: shapes and sizes by the papers and by hand, and sentences for what
 * cannot be meant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "nn/network.h"

static NnSpec parsed(const char *text, NnShape input)
{
    NnSpec spec;
    Error error = {0};
    if (!nn_spec_parse(&spec, text, input, &error))
        fail_msg("%s", error.text);
    return spec;
}

static void assert_shape(const NnSpec *spec, int layer, int channels, int height, int width)
{
    const NnShape shape = nn_spec_shape(spec, layer);
    assert_int_equal(shape.channels, channels);
    assert_int_equal(shape.height, height);
    assert_int_equal(shape.width, width);
}

/* [Mnih2013], section 4.1; the number of parameters by hand:
 * 16 4 8 8 + 16 + 32 16 4 4 + 32 + 256 32 9 9 + 256 + 4 256 + 4 = 677,172 */
static void the_2013_network_has_the_papers_sizes(void **unused)
{
    (void)unused;
    const NnSpec spec = parsed("conv 16 8 4, relu, conv 32 4 2, relu, dense 256, relu, dense 4",
                               (NnShape){4, 84, 84});
    assert_int_equal(spec.layer_count, 7);
    assert_shape(&spec, -1, 4, 84, 84);
    assert_shape(&spec, 0, 16, 20, 20);
    assert_shape(&spec, 2, 32, 9, 9);
    assert_shape(&spec, 4, 256, 1, 1);
    assert_shape(&spec, 6, 4, 1, 1);
    assert_int_equal(nn_spec_parameters(&spec), 677172);
}

/* [Mnih2015], methods: 84 -> 20 -> 9 -> 7, 3136 values into 512 units. */
static void the_2015_network_has_the_papers_sizes(void **unused)
{
    (void)unused;
    const NnSpec spec = parsed("conv 32 8 4, relu, conv 64 4 2, relu, conv 64 3 1, relu, "
                               "dense 512, relu, dense 4",
                               (NnShape){4, 84, 84});
    assert_shape(&spec, 4, 64, 7, 7);
    assert_int_equal(nn_spec_parameters(&spec), 1686180);
}

/* Sizes by the formulas that PyTorch documents for Conv2d, ConvTranspose2d and MaxPool2d. */
static void shapes_follow_from_padding_pools_and_turned_strides(void **unused)
{
    (void)unused;
    const NnSpec spec = parsed("conv 32 3 1 1, batchnorm, relu, maxpool 2 2, conv 8 5 2 2, "
                               "transposed 4 4 2 1, avgpool 3 3, layernorm, dense 10",
                               (NnShape){1, 28, 30});
    assert_shape(&spec, 0, 32, 28, 30);
    assert_shape(&spec, 3, 32, 14, 15);
    assert_shape(&spec, 4, 8, 7, 8);
    assert_shape(&spec, 5, 4, 14, 16);
    assert_shape(&spec, 6, 4, 4, 5);
    /* 9 32 + 32, 4 32, 32 8 25 + 8, 8 4 16 + 4, 2 80, 80 10 + 10 */
    assert_int_equal(nn_spec_parameters(&spec), 320 + 128 + 6408 + 516 + 160 + 810);
    const NnSlice slice = nn_spec_slice(&spec, 5);
    assert_true(slice.offset == 320 + 128 + 6408 && slice.weights == 512 && slice.biases == 4);
}

/* 64 cosines and a bias for each of 2 3 4 values, as many parameters for any number of taus. */
static void quantiles_are_pixels_of_all_values(void **unused)
{
    (void)unused;
    const NnSpec few = parsed("quantiles 5, conv 7 1 1", (NnShape){2, 3, 4});
    const NnSpec many = parsed("quantiles 64, conv 7 1 1", (NnShape){2, 3, 4});
    assert_shape(&few, 0, 24, 1, 5);
    assert_shape(&few, 1, 7, 1, 5);
    assert_int_equal(nn_spec_parameters(&few), 24 * 64 + 24 + 7 * 24 + 7);
    assert_int_equal(nn_spec_parameters(&many), nn_spec_parameters(&few));
}

static void text_comes_back_as_it_was(void **unused)
{
    (void)unused;
    const char text[] = "conv 16 8 4, relu, sigmoid, dropout 0.125, tanh, dense 7";
    const NnSpec spec =
        parsed(" conv 16 8  4 ,relu,sigmoid , dropout .125,tanh,dense 7 ", (NnShape){1, 30, 20});
    char back[NN_SPEC_TEXT];
    nn_spec_text(&spec, back, sizeof back);
    assert_string_equal(back, text);
    const char all[] = "conv 4 3 1 1, batchnorm, leaky 0.25, maxpool 2 2, transposed 3 2 2, "
                       "transposed 2 4 2 1, avgpool 3 1, layernorm, softmax, quantiles 8";
    const NnSpec second = parsed(all, (NnShape){1, 9, 9});
    nn_spec_text(&second, back, sizeof back);
    assert_string_equal(back, all);
    nn_spec_text(&spec, back, 8);
    assert_string_equal(back, "conv 16");
}

static void what_cannot_be_meant_is_refused_by_name(void **unused)
{
    (void)unused;
    const struct {
        const char *text, *word;
    } bad[] = {
        {"", "layer 0"},
        {"dense 4,", "layer 1"},
        {"convolution 4 3 1", "'convolution 4 3 1'"},
        {"dense", "'dense UNITS'"},
        {"dense 0", "'dense UNITS'"},
        {"dense -3", "'dense UNITS'"},
        {"dense 2.5", "'dense UNITS'"},
        {"dense nan", "'dense UNITS'"},
        {"dense 65537", "65536"},
        {"dense 1e30", "65536"},
        {"dense 4 5", "'dense UNITS'"},
        {"dense 4x", "'dense UNITS'"},
        {"conv 4 3", "'conv CHANNELS KERNEL STRIDE [PADDING]'"},
        {"conv 4 3 0", "'conv CHANNELS KERNEL STRIDE [PADDING]'"},
        {"conv 4 3 1 1 1", "'conv CHANNELS KERNEL STRIDE [PADDING]'"},
        {"conv 4 3 1 -1", "'conv CHANNELS KERNEL STRIDE [PADDING]'"},
        {"conv 4 3 1 3", "padding of more than 2"},
        {"conv 4 11 1 1", "kernel larger than its input of 10x12"},
        {"transposed 4 2 1 1, transposed 1 3 65536", "too large"},
        {"transposed 4 2 4, conv 1 2 1, transposed 3 2 1, maxpool 99 1", "layer 3"},
        {"maxpool 2", "'maxpool KERNEL STRIDE'"},
        {"avgpool 9 1", "kernel larger than its input of 8x10"},
        {"leaky 1", "0 <= SLOPE < 1"},
        {"leaky", "'leaky SLOPE'"},
        {"batchnorm 3", "'batchnorm'"},
        {"softmax 1", "'softmax'"},
        {"quantiles", "'quantiles COUNT'"},
        {"quantiles 0", "'quantiles COUNT'"},
        {"dense 60000, quantiles 60000", "too large"},
        {"relu 1", "'relu'"},
        {"dropout 1", "0 <= RATE < 1"},
        {"dropout -0.1", "0 <= RATE < 1"},
        {"dropout inf", "0 <= RATE < 1"},
        {"conv 4 9 1", "kernel larger than its input of 8x10"},
        {"conv 4 3 11", "stride larger than its input of 8x10"},
        {"conv 4 5 1, conv 4 5 1", "layer 1"},
        {"dense 65536, dense 65536", "too large"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        NnSpec spec = {.layer_count = 77};
        Error error = {0};
        assert_false(nn_spec_parse(&spec, bad[i].text, (NnShape){2, 8, 10}, &error));
        assert_int_equal(error.kind, ERROR_INPUT);
        assert_int_equal(spec.layer_count, 77); /* the output is untouched */
        if (strstr(error.text, bad[i].word) == NULL)
            fail_msg("'%s' gets '%s', which does not say '%s'", bad[i].text, error.text,
                     bad[i].word);
    }
}

static void there_is_room_for_so_many_layers_and_no_more(void **unused)
{
    (void)unused;
    char text[(NN_LAYERS_MAX + 1) * 6 + 1] = "tanh";
    for (int i = 1; i < NN_LAYERS_MAX; i++)
        strcat(text, ",tanh");
    const NnSpec spec = parsed(text, (NnShape){1, 1, 1});
    assert_int_equal(spec.layer_count, NN_LAYERS_MAX);
    strcat(text, ",relu");
    NnSpec more;
    Error error = {0};
    assert_false(nn_spec_parse(&more, text, (NnShape){1, 1, 1}, &error));
    assert_non_null(strstr(error.text, "more than 32 layers"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_2013_network_has_the_papers_sizes),
        cmocka_unit_test(the_2015_network_has_the_papers_sizes),
        cmocka_unit_test(shapes_follow_from_padding_pools_and_turned_strides),
        cmocka_unit_test(quantiles_are_pixels_of_all_values),
        cmocka_unit_test(text_comes_back_as_it_was),
        cmocka_unit_test(what_cannot_be_meant_is_refused_by_name),
        cmocka_unit_test(there_is_room_for_so_many_layers_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
