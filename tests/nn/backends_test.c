/*
 * Every backend computes what the reference in double precision computes: outputs, the values
 * between the layers, gradients, and whole training steps; and threads do not show in a single bit.
 * The tolerance is case.h's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "nn/case.h"
#include "nn/engine.h"

static const char of_2013[] = "conv 16 8 4, relu, conv 32 4 2, relu, dense 256, relu, dense 4";
static const char of_2015[] =
    "conv 32 8 4, relu, conv 64 4 2, relu, conv 64 3 1, relu, dense 512, relu, dense 6";
static const NnShape paper_input = {4, 84, 84};

/* Networks that no paper has: odd sizes, strides that leave pixels over or skip some, every order
 * of layers that a special case of a backend could trip over. */
static const struct {
    const char *layers;
    NnShape input;
} odd[] = {
    {"dense 1", {1, 1, 1}},
    {"dense 64, relu, dense 3", {1, 10, 5}},
    {"conv 5 3 2, relu, conv 7 2 1, tanh, dense 19, sigmoid, dense 3", {3, 17, 13}},
    {"conv 3 2 3, sigmoid, conv 33 2 3", {2, 20, 23}},
    {"conv 16 4 2, relu, conv 48 3 2, relu, conv 32 2 1, relu, dense 18", {4, 24, 27}},
    {"relu, dense 40, tanh", {5, 3, 1}},
    {"tanh, conv 17 3 1, relu", {3, 7, 11}},
    {"dense 70, dense 33, relu, relu", {1, 9, 9}},
    {"dropout 0.2, conv 8 3 1, relu, dropout 0.5, dense 20, relu, dropout 0.5, dense 2", {2, 8, 9}},
    {"dense 24, conv 9 1 1, relu, dense 5", {1, 6, 7}},
    {"sigmoid", {3, 4, 5}},
    {"conv 16 5 5, relu, conv 16 2 2, dense 4", {4, 40, 35}},
    {"conv 40 8 4, relu, dense 3", {3, 24, 92}},
    {"conv 64 8 4, tanh, dense 2", {2, 12, 8}},
    {"conv 2 8 4", {1, 8, 8}},
    {"conv 16 8 4, layernorm, relu, conv 32 4 2, layernorm, relu, dense 64, layernorm, relu, dense "
     "4",
     {4, 36, 44}},
    {"conv 5 3 2, layernorm, tanh, conv 33 2 1, relu, layernorm, dropout 0.2, dense 19, layernorm, "
     "dense 3",
     {3, 17, 13}},
    {"layernorm, dense 40, tanh, layernorm", {5, 3, 1}},
    {"noisy 64, relu, noisy 3", {1, 10, 5}},
    {"conv 5 3 2, relu, noisy 19, tanh, dense 40, relu, noisy 33", {3, 9, 7}},
    /* from here on layers that the agent has not; no batchnorm right behind biases, which would
     * then have no gradient but roundings */
    {"conv 32 3 1 1, relu, batchnorm, maxpool 2 2, conv 16 3 1 1, relu, batchnorm, avgpool 2 1, "
     "dense 64, relu, dropout 0.5, dense 10",
     {1, 6, 7}},
    {"conv 5 4 2 3, leaky 0.1, conv 7 3 1 2, layernorm, tanh, dense 3", {3, 9, 7}},
    {"transposed 6 3 2 1, relu, batchnorm, transposed 32 4 2 1, sigmoid, conv 3 2 3 1", {5, 4, 3}},
    {"conv 16 3 2 1, relu, transposed 3 2 2, dropout 0.2, softmax", {2, 8, 6}},
    {"maxpool 3 2, dense 48, layernorm, relu, dense 5, softmax", {70, 7, 6}},
    {"quantiles 5", {2, 3, 4}},
    {"conv 16 3 2, relu, quantiles 9, conv 32 1 1, relu, conv 3 1 1", {3, 9, 7}},
    {"dense 70, tanh, quantiles 33, conv 5 1 1, tanh, noisy 3", {1, 4, 3}},
    {"transposed 2 2 3, maxpool 2 3, avgpool 3 1", {1, 5, 4}},
    {"batchnorm, dense 20, layernorm, leaky 0.3, dense 16", {33, 2, 1}},
    {"conv 64 1 1, relu, dropout 0.5, maxpool 2 1, layernorm", {4, 5, 5}},
};
enum { ODD = sizeof odd / sizeof odd[0] };

/* Masks as the backends have to draw them: layer by layer, in NCHW order. */
static void draw_masks(const Reference *r)
{
    Random random = dropout_stream();
    for (int l = 0; l < r->spec.layer_count; l++) {
        const size_t count = (size_t)r->batch * shape_size(r->plan[l].in);
        if (r->spec.layer[l].kind != NN_DROPOUT)
            continue;
        float *drawn = take(count, sizeof *drawn);
        engine_draw_dropout(r->plan[l].layer.rate, count, &random, drawn);
        for (size_t i = 0; i < count; i++)
            r->kept[l][i] = drawn[i];
        free(drawn);
    }
}

/* Elementwise layers may be done in the place of the layer beneath, whose own values are then not
 * to be had. */
static bool has_values(const Reference *r, int l)
{
    if (l + 1 == r->spec.layer_count)
        return true;
    const NnLayerKind next = r->spec.layer[l + 1].kind;
    return next == NN_DENSE || next == NN_CONV2D || next == NN_TRANSPOSED || next == NN_MAX_POOL ||
           next == NN_AVERAGE_POOL || next == NN_BATCH_NORM || next == NN_LAYER_NORM ||
           next == NN_SOFTMAX || next == NN_QUANTILES;
}

/* Inference, picture by picture, which a backend may do in a way of its own. */
static void hold_lone_inference(const Case *c, Network *network, const char *name)
{
    const Reference *r = c->reference;
    const NnShape in = r->spec.input;
    for (int l = 0; l < r->spec.layer_count; l++)
        if (r->spec.layer[l].kind == NN_DROPOUT || r->spec.layer[l].kind == NN_BATCH_NORM)
            return; /* inference is another function */
    for (size_t n = 0; n < (size_t)r->batch; n++) {
        const size_t planes = n * (size_t)in.channels, values = n * shape_size(in);
        const NnInput one = c->input.planes != NULL ? (NnInput){.planes = c->input.planes + planes}
                                                    : (NnInput){.values = c->input.values + values};
        network_forward(network, &one, 1, c->outputs + n * r->outputs);
    }
    assert_like(name, "outputs one by one", c->outputs, r->value[r->spec.layer_count],
                (size_t)r->batch * r->outputs, c->tolerance);
}

static void hold_passes(const Case *c, Network *network, const char *name)
{
    const Reference *r = c->reference;
    Random random = dropout_stream(), noise = noise_stream();
    network_draw_noise(network, &noise);
    network_forward_train(network, &c->input, r->batch, c->outputs, &random);
    assert_like(name, "outputs", c->outputs, r->value[r->spec.layer_count],
                (size_t)r->batch * r->outputs, c->tolerance);
    for (int l = 0; l < r->spec.layer_count; l++) {
        if (!has_values(r, l))
            continue;
        network_get_activations(network, l, r->batch, c->room);
        assert_like(name, "values between layers", c->room, r->value[l + 1],
                    (size_t)r->batch * shape_size(r->plan[l].out), c->tolerance);
    }
    network_backward(network, c->d_outputs);
    network_get_gradients(network, c->room);
    for (int l = 0; l < r->spec.layer_count; l++) {
        const LayerPlan *p = &r->plan[l];
        if (!layer_learns(p))
            continue;
        const size_t biases = p->offset + p->weights;
        assert_like(name, "gradients by weights", c->room + p->offset, r->gradient + p->offset,
                    p->weights, c->tolerance);
        assert_like(name, "gradients by biases", c->room + biases, r->gradient + biases, p->biases,
                    c->tolerance);
        if (p->deviations > 0)
            assert_like(name, "gradients by deviations", c->room + biases + p->biases,
                        r->gradient + biases + p->biases, p->deviations, c->tolerance);
    }
    hold_lone_inference(c, network, name);
}

static void hold_all(const char *layers, NnShape input, int batch, bool planes)
{
    Case c = case_create(layers, input, batch, planes);
    Reference *r = c.reference;
    draw_masks(r);
    draw_noise(r);
    reference_forward(r);
    if (!(reference_kink_distance(r) > 1e-7)) /* else: another seed */
        fail_msg("a value of %g goes into a ReLU: nothing to hold floats to",
                 reference_kink_distance(r));
    reference_backward(r);
    for (int b = 0; b < backends_for(&c); b++) {
        Network *network = network_of(&c, batch, backends[b], NULL);
        char name[160];
        snprintf(name, sizeof name, "%s, batch %d: %s", network_backend_name(network), batch,
                 layers);
        hold_passes(&c, network, name);
        network_destroy(network);
    }
    case_destroy(&c);
}

static void the_2013_network_is_the_references(void **unused)
{
    (void)unused;
    hold_all(of_2013, paper_input, 1, true);
    hold_all(of_2013, paper_input, 7, true);
    hold_all(of_2013, paper_input, 32, true);
}

static void the_2015_network_is_the_references(void **unused)
{
    (void)unused;
    hold_all(of_2015, paper_input, 1, true);
    hold_all(of_2015, paper_input, 7, true);
    hold_all(of_2015, paper_input, 32, true);
}

static void odd_networks_are_the_references(void **unused)
{
    (void)unused;
    const int batches[] = {1, 7, 32, 33};
    for (int i = 0; i < ODD; i++)
        for (int b = 0; b < 4; b++) {
            hold_all(odd[i].layers, odd[i].input, batches[b], true);
            hold_all(odd[i].layers, odd[i].input, batches[b], false);
        }
}

/* ---- training ---- */

static const NnOptimiser descent = {.kind = NN_SGD, .learning_rate = 0.05, .momentum = 0.9};

/* Steps of plain SGD, so that a difference in the gradients is one in the parameters, not, as with
 * the rules that divide by averages, the sign of a gradient near 0. */
static void train(const Case *c, Network *network, int steps)
{
    const int batch = c->reference->batch;
    Random random = dropout_stream();
    for (int t = 0; t < steps; t++) {
        network_forward_train(network, &c->input, batch, c->outputs, &random);
        network_backward(network, c->d_outputs);
        network_update(network, &descent);
    }
}

static void train_reference(Reference *r, int steps)
{
    double *velocity = take(r->parameters, sizeof *velocity);
    for (int t = 0; t < steps; t++) {
        reference_forward(r);
        reference_backward(r);
        for (size_t i = 0; i < r->parameters; i++) {
            velocity[i] = descent.momentum * velocity[i] + r->gradient[i];
            r->parameter[i] -= descent.learning_rate * velocity[i];
        }
    }
    free(velocity);
}

/* What is compared is how far the parameters have moved; they are rounded at each step, too, to
 * 2^-24 of their own size, which is below 1. */
static void hold_training(const char *layers, NnShape input, int batch, int steps)
{
    Case c = case_create(layers, input, batch, true);
    Reference *r = c.reference;
    double *d_outputs = r->d_value[r->spec.layer_count];
    for (size_t i = 0; i < (size_t)batch * r->outputs; i++) /* a mean over the batch, as in use */
        d_outputs[i] = c.d_outputs[i] /= (float)batch;
    train_reference(r, steps);
    double *moved = take(r->parameters, sizeof *moved);
    double most = 0;
    for (size_t i = 0; i < r->parameters; i++) {
        moved[i] = r->parameter[i] - c.parameter[i];
        most = fmax(most, fabs(moved[i]));
    }
    assert_true(most > 0.01);
    for (int b = 0; b < backends_for(&c); b++) {
        Network *network = network_of(&c, batch, backends[b], NULL);
        train(&c, network, steps);
        network_get_parameters(network, c.room);
        for (size_t i = 0; i < r->parameters; i++)
            c.room[i] -= c.parameter[i];
        assert_like(network_backend_name(network), layers, c.room, moved, r->parameters,
                    steps * (c.tolerance + 0x1p-24 / most));
        network_destroy(network);
    }
    free(moved);
    case_destroy(&c);
}

static void steps_of_training_lead_to_the_same_parameters(void **unused)
{
    (void)unused;
    hold_training(of_2013, paper_input, 7, 3);
    hold_training(of_2015, paper_input, 2, 3);
    hold_training(odd[1].layers, odd[1].input, 32, 5);
    hold_training(odd[4].layers, odd[4].input, 9, 3);
}

/* Outputs, gradients and parameters after training, as bytes. */
static uint64_t digest_training(const Case *c, Network *network)
{
    const Reference *r = c->reference;
    Digest digest = digest_start();
    train(c, network, 2);
    digest_add(&digest, c->outputs, (size_t)r->batch * r->outputs * sizeof(float));
    network_get_gradients(network, c->room);
    digest_add(&digest, c->room, r->parameters * sizeof(float));
    network_get_parameters(network, c->room);
    digest_add(&digest, c->room, r->parameters * sizeof(float));
    network_forward(network, &c->input, 1, c->outputs); /* one state, as when acting */
    digest_add(&digest, c->outputs, r->outputs * sizeof(float));
    return digest_value(&digest);
}

static void hold_threads(const char *layers, NnShape input, int batch)
{
    Case c = case_create(layers, input, batch, true);
    Error error = {0};
    for (int b = 0; b < backends_for(&c); b++) {
        Network *alone = network_of(&c, batch, backends[b], NULL);
        const uint64_t expected = digest_training(&c, alone);
        network_destroy(alone);
        for (int threads = 1; threads <= 3; threads++) {
            Parallel *team = parallel_create(threads, &error);
            assert_non_null(team);
            Network *network = network_of(&c, batch, backends[b], team);
            if (digest_training(&c, network) != expected)
                fail_msg("%s with %d threads differs: %s, batch %d", network_backend_name(network),
                         threads, layers, batch);
            network_destroy(network);
            parallel_destroy(team);
        }
    }
    case_destroy(&c);
}

static void threads_do_not_show_in_a_single_bit(void **unused)
{
    (void)unused;
    hold_threads(of_2013, paper_input, 1);
    hold_threads(of_2013, paper_input, 17);
    for (int i = 0; i < ODD; i++)
        hold_threads(odd[i].layers, odd[i].input, 31);
}

/* Every sum is taken in one order, whatever the width of the processor's registers, and in one
 * rounding a product: these are the digests with eight lanes and with sixteen. Layers of
 * exponentials are left out, whose last bits are the C library's. */
static void processors_end_with_the_same_bits(void **unused)
{
    (void)unused;
#if defined(__FMA__)
    const struct {
        const char *layers;
        NnShape input;
        NnBackend backend;
        uint64_t digest;
    } cases[] = {
        {of_2013, paper_input, NN_BACKEND_VECTOR, 0x16bece308c96262a},
        {of_2015, paper_input, NN_BACKEND_VECTOR, 0x49ccc38ee2640f8e},
        {odd[4].layers, odd[4].input, NN_BACKEND_VECTOR, 0x807b0ff01b5a0cff},
        {odd[8].layers, odd[8].input, NN_BACKEND_VECTOR, 0xc50840e13148423b},
        {odd[15].layers, odd[15].input, NN_BACKEND_VECTOR, 0x1a17697dfb556320},
        {odd[18].layers, odd[18].input, NN_BACKEND_VECTOR, 0x7a9ae6dfef9e4c7f},
        {odd[20].layers, odd[20].input, NN_BACKEND_LAYERS, 0x41313d8162e41b2c},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Case c = case_create(cases[i].layers, cases[i].input, 9, true);
        Network *network = network_of(&c, 9, cases[i].backend, NULL);
        const uint64_t digest = digest_training(&c, network);
        if (digest != cases[i].digest)
            fail_msg("%016" PRIx64 " is new: %s", digest, cases[i].layers);
        network_destroy(network);
        case_destroy(&c);
    }
#else
    skip();
#endif
}

/* A network that has worked on a larger batch computes what a new one does. */
static void nothing_is_left_of_an_earlier_batch(void **unused)
{
    (void)unused;
    for (int i = 0; i < ODD; i++) {
        Case large = case_create(odd[i].layers, odd[i].input, 33, false);
        Case small = case_create(odd[i].layers, odd[i].input, 7, true);
        for (int b = 0; b < backends_for(&small); b++) {
            Network *fresh = network_of(&small, 33, backends[b], NULL);
            Network *used = network_of(&small, 33, backends[b], NULL);
            Random random = dropout_stream();
            network_forward_train(used, &large.input, 33, large.outputs, &random);
            network_backward(used, large.d_outputs);
            network_set_parameters(used, small.parameter); /* batchnorm's averages have moved */
            assert_true(digest_training(&small, used) == digest_training(&small, fresh));
            network_destroy(fresh);
            network_destroy(used);
        }
        case_destroy(&large);
        case_destroy(&small);
    }
}

/* The vector engine leaves out the inputs that are 0 where pictures are few. */
static void hold_lone_pictures(const char *layers, NnShape input)
{
    enum { PICTURES = 20 };
    Case c = case_create(layers, input, PICTURES, false);
    Network *network = network_of(&c, PICTURES, NN_BACKEND_VECTOR, NULL);
    const size_t outputs = c.reference->outputs, inputs = shape_size(input);
    float *all = take(PICTURES * outputs, sizeof *all);
    float *few = take(PICTURES * outputs, sizeof *few);
    network_forward(network, &c.input, PICTURES, all);
    for (int together = 1; together <= 4; together++) {
        for (int n = 0; n < PICTURES; n += together) {
            const int batch = n + together < PICTURES ? together : PICTURES - n;
            const NnInput some = {.values = c.input.values + (size_t)n * inputs};
            network_forward(network, &some, batch, few + (size_t)n * outputs);
        }
        assert_memory_equal(few, all, PICTURES * outputs * sizeof *all);
    }
    free(all);
    free(few);
    network_destroy(network);
    case_destroy(&c);
}

static void a_lone_picture_gives_what_it_gives_in_a_batch(void **unused)
{
    (void)unused;
    hold_lone_pictures(of_2013, paper_input);
    hold_lone_pictures("dense 70, relu, dense 33, relu, dense 3", (NnShape){1, 9, 9});
    hold_lone_pictures("conv 16 4 2, relu, conv 48 3 2, relu, dense 160, relu, dense 18",
                       (NnShape){4, 24, 27});
}

static void backends_without_a_layer_say_so(void **unused)
{
    (void)unused;
    NnSpec spec;
    Error error = {0};
    assert_true(nn_spec_parse(&spec, "maxpool 2 2, dense 3", (NnShape){1, 4, 4}, &error));
    assert_null(network_create(&spec, 1, NN_BACKEND_VECTOR, NULL, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_non_null(strstr(error.text, "no layer 'maxpool'"));
    Network *network = network_create(&spec, 1, NN_BACKEND_AUTO, NULL, &error);
    assert_string_equal(network_backend_name(network), "layers");
    network_destroy(network);
}

static void backends_have_names(void **unused)
{
    (void)unused;
    Case c = case_create("dense 2", (NnShape){3, 1, 1}, 1, false);
    Network *plain = network_of(&c, 1, NN_BACKEND_PLAIN, NULL);
    Network *vector = network_of(&c, 1, NN_BACKEND_VECTOR, NULL);
    assert_string_equal(network_backend_name(plain), "plain");
    assert_string_equal(network_backend_name(vector), "vector");
    network_destroy(plain);
    network_destroy(vector);
#ifdef DEEPQ_HAVE_DNNL
    Network *onednn = network_of(&c, 1, NN_BACKEND_ONEDNN, NULL);
    assert_memory_equal(network_backend_name(onednn), "onednn 2.", 9);
    network_destroy(onednn);
#else
    Error error = {0};
    assert_null(network_create(&c.reference->spec, 1, NN_BACKEND_ONEDNN, NULL, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_non_null(strstr(error.text, "backend 'onednn' is not built in"));
#endif
    case_destroy(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_2013_network_is_the_references),
        cmocka_unit_test(the_2015_network_is_the_references),
        cmocka_unit_test(odd_networks_are_the_references),
        cmocka_unit_test(steps_of_training_lead_to_the_same_parameters),
        cmocka_unit_test(threads_do_not_show_in_a_single_bit),
        cmocka_unit_test(processors_end_with_the_same_bits),
        cmocka_unit_test(nothing_is_left_of_an_earlier_batch),
        cmocka_unit_test(a_lone_picture_gives_what_it_gives_in_a_batch),
        cmocka_unit_test(backends_without_a_layer_say_so),
        cmocka_unit_test(backends_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
