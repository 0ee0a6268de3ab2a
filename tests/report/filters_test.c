/*
 * filters_test.c - pictures of weights: each weight a box of its colour, of the right size.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/filters.h"

static NnSpec parsed(const char *layers, NnShape input)
{
    NnSpec spec;
    Error error = {0};
    assert_true(nn_spec_parse(&spec, layers, input, &error));
    return spec;
}

static int count_colour(const Picture *picture, Colour colour)
{
    int count = 0;
    for (int i = 0; i < picture->width * picture->height; i++) {
        const uint8_t *rgb = picture->rgb + 3 * i;
        count += rgb[0] == colour.red && rgb[1] == colour.green && rgb[2] == colour.blue;
    }
    return count;
}

/* 3 filters, 2 channels, 2 x 2. In each filter colour is full at its own largest weight. */
static void each_weight_is_a_box_of_its_colour(void **state)
{
    (void)state;
    enum { BY = 4, BOX = BY * BY };
    static const Colour blue = {33, 86, 172}, red = {190, 30, 45}, white = {250, 250, 250};
    const NnSpec spec = parsed("conv 3 2 1", (NnShape){2, 4, 4});
    float parameters[3 * 2 * 2 * 2 + 3] = {0};
    Error error = {0};
    parameters[0] = 2;
    parameters[13] = -3;
    parameters[23] = 0.5F;
    Picture *picture = filters_draw(&(FilterSource){&spec, parameters}, 0, BY, &error);
    assert_non_null(picture);
    assert_int_equal(count_colour(picture, red), 2 * BOX);
    assert_int_equal(count_colour(picture, blue), BOX);
    assert_int_equal(count_colour(picture, white), 21 * BOX);
    picture_destroy(picture);
}

static void a_picture_is_no_wider_than_wanted(void **state)
{
    (void)state;
    static const char *const layers[] = {"conv 16 8 4", "conv 16 8 4, conv 32 4 2",
                                         "conv 16 8 4, conv 32 4 2, dense 64"};
    static const NnShape input = {4, 84, 84};
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        const NnSpec spec = parsed(layers[i], input);
        float *parameters = test_calloc(nn_spec_parameters(&spec), sizeof *parameters);
        const int layer = spec.layer_count - 1, by = filters_scale(&spec, layer, 900);
        Error error = {0};
        Picture *picture = filters_draw(&(FilterSource){&spec, parameters}, layer, by, &error);
        assert_non_null(picture);
        assert_in_range(picture->width, 500, 900);
        picture_destroy(picture);
        test_free(parameters);
    }
}

/* They go without a picture, but not without their run. */
static void layers_with_too_many_weights_are_not_drawn(void **state)
{
    (void)state;
    const NnSpec wide = parsed("dense 256", (NnShape){4, 84, 84});
    const NnSpec huge = parsed("dense 9000", (NnShape){4, 84, 84});
    assert_true(filters_drawable(&wide, 0));
    assert_int_equal(filters_scale(&wide, 0, 2048), 0);
    assert_false(filters_drawable(&huge, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_weight_is_a_box_of_its_colour),
        cmocka_unit_test(a_picture_is_no_wider_than_wanted),
        cmocka_unit_test(layers_with_too_many_weights_are_not_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
