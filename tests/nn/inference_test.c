/*
 * What is not the same in every pass: dropout and batchnorm, which do something else where nothing
 * is learnt, and noise. The tolerance is case.h's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "nn/case.h"
#include "nn/engine.h"

/* Nothing is dropped, nothing scaled. */
static void inference_goes_through_dropout_unchanged(void **unused)
{
    (void)unused;
    const char layers[] = "conv 8 3 1, relu, dropout 0.5, dense 20, tanh, dropout 0.25, dense 2";
    Case c = case_create(layers, (NnShape){2, 8, 9}, 12, true);
    reference_forward(c.reference); /* its factors are all 1 */
    for (int b = 0; b < backends_for(&c); b++) {
        Network *network = network_of(&c, 12, backends[b], NULL);
        Random random = dropout_stream();
        network_forward_train(network, &c.input, 12, c.outputs, &random);
        network_forward(network, &c.input, 12, c.outputs);
        assert_like(network_backend_name(network), layers, c.outputs,
                    c.reference->value[c.reference->spec.layer_count], 12 * 2, c.tolerance);
        network_destroy(network);
    }
    case_destroy(&c);
}

/* The rate is the part that is dropped; the mean stays: 10,000 draws, four standard errors. */
static void dropout_drops_its_rate_and_keeps_the_mean(void **unused)
{
    (void)unused;
    enum { DRAWS = 10000 };
    static float scale[DRAWS];
    Random random = dropout_stream();
    engine_draw_dropout(0.2, DRAWS, &random, scale);
    int dropped = 0;
    for (int i = 0; i < DRAWS; i++) {
        assert_true(scale[i] == 0 || scale[i] == 1.25f);
        dropped += scale[i] == 0;
    }
    assert_true(abs(dropped - 2000) < 4 * 40); /* sqrt(10000 0.2 0.8) = 40 */
}

/* In training batchnorm measures the batch and moves its averages by a tenth; in inference it looks
 * at those alone. */
static void batchnorm_keeps_averages_for_inference(void **unused)
{
    (void)unused;
    Case c = case_create("conv 20 3 2 1, batchnorm, relu, dense 4", (NnShape){2, 9, 7}, 12, true);
    Reference *r = c.reference;
    const LayerPlan *norm = &r->plan[1];
    const size_t C = norm->weights, at = norm->offset + norm->weights + norm->biases;
    const double values = 12.0 * norm->in.height * norm->in.width;
    reference_forward(r);
    for (size_t i = 0; i < C; i++) {
        r->parameter[at + i] = 0.1 * r->kept[1][i];
        r->parameter[at + C + i] = 0.9 + 0.1 * r->kept[1][C + i] * values / (values - 1);
    }
    r->inference = true;
    reference_forward(r);
    for (int b = 0; b < FOR_ALL_LAYERS; b++) {
        Network *network = network_of(&c, 12, backends[b], NULL);
        network_forward_train(network, &c.input, 12, c.outputs, NULL);
        network_get_parameters(network, c.room);
        assert_like(network_backend_name(network), "averages", c.room + at, r->parameter + at,
                    2 * C, c.tolerance);
        network_forward(network, &c.input, 12, c.outputs);
        assert_like(network_backend_name(network), "inference", c.outputs,
                    r->value[r->spec.layer_count], 12 * 4, c.tolerance);
        network_destroy(network);
    }
    case_destroy(&c);
}

/* Fixed between draws; gone with NULL; a reader's is its own. */
static void noise_stays_until_it_is_drawn_again(void **unused)
{
    (void)unused;
    for (int b = 0; b < FOR_VECTOR; b++) {
        Error error = {0};
        Case c = case_create("noisy 20, relu, noisy 4", (NnShape){2, 3, 5}, 3, false);
        Network *network = network_of(&c, 3, backends[b], NULL);
        Network *reader = network_create_reader(network, 3, NULL, &error);
        assert_non_null(reader);
        Random random = noise_stream();
        float y[5][3 * 4];
        network_forward(network, &c.input, 3, y[0]);
        network_draw_noise(network, &random);
        network_forward(network, &c.input, 3, y[1]);
        network_forward(network, &c.input, 3, y[2]);
        network_forward(reader, &c.input, 3, y[3]);
        network_draw_noise(network, NULL);
        network_forward(network, &c.input, 3, y[4]);
        assert_memory_equal(y[1], y[2], sizeof y[1]);
        assert_memory_equal(y[0], y[3], sizeof y[0]);
        assert_memory_equal(y[0], y[4], sizeof y[0]);
        assert_memory_not_equal(y[0], y[1], sizeof y[0]);
        network_destroy(reader);
        network_destroy(network);
        case_destroy(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inference_goes_through_dropout_unchanged),
        cmocka_unit_test(dropout_drops_its_rate_and_keeps_the_mean),
        cmocka_unit_test(batchnorm_keeps_averages_for_inference),
        cmocka_unit_test(noise_stays_until_it_is_drawn_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
