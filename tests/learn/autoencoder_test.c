/*
 * autoencoder_test.c - an encoder is mirrored, learns to restore, and is handed on as it was
 * learnt.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "learn/autoencoder.h"

enum { SIDE = 20, CHANNELS = 2, PLANE = SIDE * SIDE, PIXELS = CHANNELS * PLANE, BATCH = 8 };

static NnSpec parsed(const char *layers)
{
    NnSpec spec;
    Error error = {0};
    assert_true(nn_spec_parse(&spec, layers, (NnShape){CHANNELS, SIDE, SIDE}, &error));
    return spec;
}

static Autoencoder *make(const char *layers)
{
    const NnSpec spec = parsed(layers);
    AutoencoderRule rule = autoencoder_default();
    Error error = {0};
    rule.batch = BATCH;
    return autoencoder_create(&spec, &rule, NULL, 3, &error);
}

/* A white square of 6 x 6 somewhere, the same in both channels; as bytes. */
static NnInput squares(Random *random)
{
    static uint8_t pixels[BATCH][PLANE];
    static const uint8_t *planes[BATCH * CHANNELS];
    memset(pixels, 0, sizeof pixels);
    for (int n = 0; n < BATCH; n++) {
        const int row = (int)random_below(random, SIDE - 6),
                  left = (int)random_below(random, SIDE - 6);
        for (int y = row; y < row + 6; y++)
            memset(pixels[n] + y * SIDE + left, 255, 6);
        for (int c = 0; c < CHANNELS; c++)
            planes[n * CHANNELS + c] = pixels[n];
    }
    return (NnInput){.planes = planes};
}

static void the_decoder_is_the_encoders_mirror(void **state)
{
    (void)state;
    char text[NN_SPEC_TEXT];
    Autoencoder *autoencoder = make("conv 6 8 4, relu, conv 8 2 2, tanh, dense 9, relu, dense 3");
    nn_spec_text(autoencoder_spec(autoencoder), text, sizeof text);
    assert_string_equal(text, "conv 6 8 4, relu, conv 8 2 2, tanh, transposed 6 2 2, relu, "
                              "transposed 2 8 4");
    autoencoder_destroy(autoencoder);
}

static void it_learns_to_restore(void **state)
{
    (void)state;
    Autoencoder *autoencoder = make("conv 8 8 4, relu, conv 16 2 2, relu, dense 3");
    Random random = random_stream(5, "squares"), others = random_stream(6, "squares");
    const NnInput unseen = squares(&others);
    const double before = autoencoder_loss(autoencoder, &unseen);
    for (int i = 0; i < 300; i++) {
        const NnInput input = squares(&random);
        autoencoder_learn(autoencoder, &input);
    }
    Random again = random_stream(6, "squares");
    const NnInput same = squares(&again);
    const double after = autoencoder_loss(autoencoder, &same);
    assert_true(before > 0.08); /* black everywhere is 36 / 400 = 0.09 */
    assert_true(after < 0.03);
    autoencoder_destroy(autoencoder);
}

static void planes_and_values_are_the_same_to_it(void **state)
{
    (void)state;
    static float values[BATCH * PIXELS];
    Random random = random_stream(7, "squares");
    const NnInput input = squares(&random);
    for (int p = 0; p < BATCH * CHANNELS; p++)
        for (int i = 0; i < PLANE; i++)
            values[p * PLANE + i] = (float)input.planes[p][i] / 255;
    Autoencoder *one = make("conv 6 8 4, relu"), *two = make("conv 6 8 4, relu");
    for (int i = 0; i < 3; i++)
        assert_true(autoencoder_learn(one, &input) ==
                    autoencoder_learn(two, &(NnInput){.values = values}));
    autoencoder_destroy(one);
    autoencoder_destroy(two);
}

static void the_encoder_gives_what_it_gave_in_the_autoencoder(void **state)
{
    (void)state;
    enum { CODE = 6 * 4 * 4, ENCODER_PARAMETERS = 6 * 2 * 8 * 8 + 6 };
    float parameters[ENCODER_PARAMETERS], code[CODE], sum = 0;
    Error error = {0};
    Random random = random_stream(8, "squares");
    Autoencoder *autoencoder = make("conv 6 8 4, relu, dense 3");
    const NnInput input = squares(&random);
    autoencoder_learn(autoencoder, &input);
    Network *encoder = autoencoder_encoder(autoencoder, &error);
    assert_int_equal(network_spec(encoder)->layer_count, 2);
    network_get_parameters(encoder, parameters);
    network_forward(encoder, &input, 1, code);
    for (int i = 0; i < CODE; i++)
        sum += code[i];
    assert_true(sum > 0);
    autoencoder_learn(autoencoder, &input); /* it is a copy: what comes later does not reach it */
    float later[ENCODER_PARAMETERS];
    network_get_parameters(encoder, later);
    assert_memory_equal(parameters, later, sizeof later);
    network_destroy(encoder);
    encoder = autoencoder_encoder(autoencoder, &error);
    network_get_parameters(encoder, later);
    assert_memory_not_equal(parameters, later, sizeof later);
    network_destroy(encoder);
    autoencoder_destroy(autoencoder);
}

static void what_has_no_mirror_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *layers, *said;
    } cases[] = {
        {"dense 9, relu, dense 3", "begins with convolutions"},
        {"conv 6 7 4, relu, dense 3", "leave pixels out"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const NnSpec spec = parsed(cases[i].layers);
        const AutoencoderRule rule = autoencoder_default();
        Error error = {0};
        assert_null(autoencoder_create(&spec, &rule, NULL, 3, &error));
        assert_int_equal(error.kind, ERROR_INPUT);
        assert_non_null(strstr(error.text, cases[i].said));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_decoder_is_the_encoders_mirror),
        cmocka_unit_test(it_learns_to_restore),
        cmocka_unit_test(planes_and_values_are_the_same_to_it),
        cmocka_unit_test(the_encoder_gives_what_it_gave_in_the_autoencoder),
        cmocka_unit_test(what_has_no_mirror_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
