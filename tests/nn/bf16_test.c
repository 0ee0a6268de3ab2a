/*
 * Networks whose products are made from bfloat16, rounded or in terms.
 *
 * What is off, and by how much. A rounding takes a number to within u = 2^-8 of itself, and as the
 * last bits are as good as random, by u / 2 and less in the root mean square. A product has two; in
 * a sum of products with signs of their own, both the errors and the terms add by their squares; so
 * a layer's product adds less than u of the array's root mean square. What comes to a gradient has
 * gone through at most 2 L products, L being the layers with weights: u sqrt(2 L). That is for
 * slopes that do not jump: a ReLU whose input is nearer to 0 than its error has the other slope.
 * And so networks with ReLUs are held to a reference that rounds where the backend does
 * (hold_to_rounded): no error is left but where double and float fall on two sides of a tie. A sum
 * of a thousand floats is off by 2^-19 of itself, a step of bfloat16 is 2^-7: one value in 2^12, by
 * u, which is 2^-14; with terms that cancel out it is a few times that: u / 4 is generous. What
 * falls so moves inputs of ReLUs by a little, a few in 2^20 of them over 0; the root of that: u /
 * 2.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "nn/all_tiles.h"
#include "nn/engine.h"
#include "nn/reference.h"

static const double u = 0x1p-8;

static const char of_2013[] = "conv 16 8 4, relu, conv 32 4 2, relu, dense 256, relu, dense 4";
static const char of_2015[] =
    "conv 32 8 4, relu, conv 64 4 2, relu, conv 64 3 1, relu, dense 512, relu, dense 6";
static const char smooth_2013[] = "conv 16 8 4, tanh, conv 32 4 2, tanh, dense 256, tanh, dense 4";
static const NnShape paper_input = {4, 84, 84};

static const struct {
    const char *layers;
    NnShape input;
} odd[] = {
    {"dense 64, relu, dense 3", {1, 10, 5}},
    {"conv 5 3 2, tanh, conv 7 2 1, tanh, dense 19, sigmoid, dense 3", {3, 17, 13}},
    {"conv 3 2 3, sigmoid, conv 33 2 3", {2, 20, 23}},
    {"conv 16 4 2, tanh, conv 48 3 2, tanh, conv 32 2 1, tanh, dense 18", {4, 24, 27}},
    {"sigmoid, conv 17 3 1, tanh, conv 20 5 2, dense 9", {3, 17, 21}},
    {"dense 70, dense 33, relu, relu", {1, 9, 9}},
    {"dense 24, conv 9 1 1, tanh, dense 5", {1, 6, 7}},
    {"conv 16 5 5, tanh, conv 16 2 2, dense 4", {4, 40, 35}},
    {"conv 16 1 1, tanh, conv 64 2 3, tanh, dense 40, tanh, dense 2", {2, 13, 11}},
    {"conv 8 4 2, tanh, noisy 70, tanh, dense 33, tanh, noisy 5", {2, 10, 11}},
    {"noisy 40, relu, noisy 64, relu, noisy 3", {1, 7, 9}},
};
enum { ODD = sizeof odd / sizeof odd[0] };

typedef struct {
    Reference *reference;
    float *parameter, *d_outputs, *outputs, *room;
    float noise[1024]; /* of all noisy layers */
    uint8_t *pixels;
    const uint8_t **planes;
    NnInput input;
} Case;

/* To the reference, which has it layer by layer, and for the engines, one after the other. */
static void fill_noise(Case *c, Random *random)
{
    const Reference *r = c->reference;
    size_t used = 0;
    for (int l = 0; l < r->spec.layer_count; l++) {
        const size_t count = layer_noise(&r->plan[l]);
        assert_true(used + count <= sizeof c->noise / sizeof c->noise[0]);
        reference_fill(r->kept[l], count, random);
        for (size_t i = 0; i < count; i++)
            r->kept[l][i] = c->noise[used++] = (float)r->kept[l][i];
    }
}

static Case case_create(const char *layers, NnShape shape, int batch)
{
    Case c = {.reference = reference_create(layers, shape, batch)};
    Reference *r = c.reference;
    Random random = random_stream(12, layers);
    const size_t outputs = (size_t)batch * r->outputs, channels = (size_t)shape.channels;
    const size_t pixels = r->inputs / channels, planes = (size_t)batch * channels;
    c.parameter = take(r->parameters, sizeof(float));
    c.room = take(r->parameters, sizeof(float));
    c.outputs = take(outputs, sizeof(float));
    c.d_outputs = take(outputs, sizeof(float));
    c.pixels = take(planes * pixels, 1);
    c.planes = take(planes, sizeof *c.planes);
    c.input = (NnInput){.planes = c.planes};
    Error error = {0};
    Network *first = network_create(&r->spec, 1, NN_BACKEND_PLAIN, NULL, &error);
    assert_non_null(first);
    network_initialise(first, NN_INIT_FAN_IN_UNIFORM, &random);
    network_get_parameters(first, c.parameter);
    network_destroy(first);
    for (size_t i = 0; i < r->parameters; i++)
        r->parameter[i] = c.parameter[i];
    for (size_t i = 0; i < planes; i++)
        c.planes[i] = c.pixels + i * pixels;
    for (size_t i = 0; i < planes * pixels; i++) {
        c.pixels[i] = (uint8_t)random_bits(&random);
        r->value[0][i] = c.pixels[i] / 255.0;
    }
    fill_noise(&c, &random);
    double *d = r->d_value[r->spec.layer_count];
    reference_fill(d, outputs, &random);
    for (size_t i = 0; i < outputs; i++)
        d[i] = c.d_outputs[i] = (float)d[i];
    return c;
}

static void case_destroy(Case *c)
{
    reference_destroy(c->reference);
    free(c->parameter), free(c->d_outputs), free(c->outputs), free(c->room);
    free(c->pixels), free(c->planes);
}

/* All that has to hold for rounded numbers and for floats in terms alike. */
static const int all_terms[] = {1, TERMS};

/* For what does not depend on who multiplies. */
static Tiles quick_tiles(void)
{
    return tiles_here().name != NULL ? tiles_here() : tiles_plain();
}

static Engine *engine_of(const Case *c, int batch_max, const Tiles *tiles, int terms,
                         Parallel *team)
{
    Error error = {0};
    Engine *engine =
        tiles_engine_create(&c->reference->spec, batch_max, team, tiles, terms, &error);
    assert_non_null(engine);
    engine->type->arrange(engine, c->parameter, engine->parameters);
    engine->type->changed(engine, 0, engine->slots);
    engine->type->take_noise(engine, c->noise);
    return engine;
}

static double rounded(double value)
{
    return bf16_kept((float)value);
}

static double *rounded_all(const double *values, size_t count)
{
    double *copy = take(count + 1, sizeof *copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = rounded(values[i]);
    return copy;
}

/* The gradient by the biases, from dL/dy as it was before it was rounded. */
static void add_up_biases(const Reference *r, int l)
{
    const LayerPlan *p = &r->plan[l];
    const size_t pixels = (size_t)p->out.height * (size_t)p->out.width;
    double *biases = r->gradient + p->offset + p->weights;
    memset(biases, 0, p->biases * sizeof *biases);
    for (size_t i = 0; i < (size_t)r->batch * p->biases * pixels; i++)
        biases[i / pixels % p->biases] += r->d_value[l + 1][i];
}

/* What a pass through layer l multiplies: x and d have been rounded, biases have not. */
typedef struct {
    const double *w, *x, *d;
} Rounded;

/* factors[k] values[k], rounded; as many factors as a picture has, again for each. */
static double *rounded_scaled(const double *values, size_t count, const double *factors,
                              size_t factor_count)
{
    double *copy = take(count + 1, sizeof *copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = rounded(values[i] * factors[i % factor_count]);
    return copy;
}

/* Two dense layers, of which the second one, of the deviations, has noise before and behind it. */
static void noisy_forward(Reference *r, int l, const Rounded *by)
{
    LayerPlan p = r->plan[l];
    const size_t I = shape_size(p.in), O = p.biases, outs = (size_t)r->batch * O;
    const double *of_inputs = r->kept[l], *of_outputs = of_inputs + I;
    double *x = rounded_scaled(r->value[l], (size_t)r->batch * I, of_inputs, I);
    double *added = take(outs, sizeof *added);
    p.layer.kind = NN_DENSE;
    plain_forward_f64(&p, r->batch, by->w, by->x, NULL, r->value[l + 1]);
    plain_forward_f64(&p, r->batch, by->w + p.weights + p.biases, x, NULL, added);
    for (size_t i = 0; i < outs; i++)
        r->value[l + 1][i] += of_outputs[i % O] * added[i];
    free(x), free(added);
}

static void noisy_backward(Reference *r, int l, const Rounded *by)
{
    LayerPlan p = r->plan[l];
    const size_t I = shape_size(p.in), O = p.biases, ins = (size_t)r->batch * I;
    const double *of_inputs = r->kept[l], *of_outputs = of_inputs + I;
    double *d = rounded_scaled(r->d_value[l + 1], (size_t)r->batch * O, of_outputs, O);
    double *added = take(ins, sizeof *added), *unused = take(p.weights + O, sizeof *unused);
    double *of_means = r->gradient + p.offset, *of_deviations = of_means + p.weights + O;
    p.layer.kind = NN_DENSE;
    plain_backward_f64(&p, r->batch, by->w, by->x, NULL, NULL, by->d, of_means, r->d_value[l]);
    plain_backward_f64(&p, r->batch, by->w + p.weights + O, by->x, NULL, NULL, d, unused, added);
    for (size_t i = 0; i < ins; i++)
        r->d_value[l][i] += of_inputs[i % I] * added[i];
    add_up_biases(r, l);
    for (size_t o = 0; o < O; o++) {
        for (size_t i = 0; i < I; i++)
            of_deviations[o * I + i] = of_means[o * I + i] * of_outputs[o] * of_inputs[i];
        of_deviations[p.weights + o] = of_means[p.weights + o] * of_outputs[o];
    }
    free(d), free(added), free(unused);
}

/* The layer's parameters, all but the biases rounded. */
static double *rounded_weights(const Reference *r, int l)
{
    const LayerPlan *p = &r->plan[l];
    const double *all = r->parameter + p->offset;
    const size_t count = layer_parameters(p), half = p->weights + p->biases;
    double *copy = rounded_all(all, count);
    for (size_t begin = p->weights; begin < count; begin += half)
        memcpy(copy + begin, all + begin, p->biases * sizeof *copy);
    return copy;
}

static void layer_rounded(Reference *r, int l, bool back)
{
    const LayerPlan *p = &r->plan[l];
    double *x = rounded_all(r->value[l], (size_t)r->batch * shape_size(p->in));
    double *d = rounded_all(r->d_value[l + 1], (size_t)r->batch * shape_size(p->out));
    double *w = rounded_weights(r, l);
    const Rounded by = {w, x, d};
    if (layer_is_noisy(p) && !back) {
        noisy_forward(r, l, &by);
    } else if (layer_is_noisy(p)) {
        noisy_backward(r, l, &by);
    } else if (!back) {
        plain_forward_f64(p, r->batch, w, x, NULL, r->value[l + 1]);
    } else {
        plain_backward_f64(p, r->batch, w, x, NULL, NULL, d, r->gradient + p->offset,
                           r->d_value[l]);
        add_up_biases(r, l);
    }
    free(x), free(d), free(w);
}

static void layer_exact(Reference *r, int l, bool back)
{
    const LayerPlan *p = &r->plan[l];
    const double *w = r->parameter + p->offset;
    if (!back)
        plain_forward_f64(p, r->batch, w, r->value[l], r->kept[l], r->value[l + 1]);
    else
        plain_backward_f64(p, r->batch, w, r->value[l], r->kept[l], r->value[l + 1],
                           r->d_value[l + 1], r->gradient + p->offset, r->d_value[l]);
}

/* As reference_forward and reference_backward, with what goes into a product rounded. */
static void pass_rounded(Reference *r)
{
    memset(r->gradient, 0, r->parameters * sizeof *r->gradient);
    for (int way = 0; way < 2; way++)
        for (int i = 0; i < r->spec.layer_count; i++) {
            const int l = way == 0 ? i : r->spec.layer_count - 1 - i;
            if (l > 0 && layer_learns(&r->plan[l]))
                layer_rounded(r, l, way == 1);
            else
                layer_exact(r, l, way == 1);
        }
}

/* Root mean square of what is off, by that of what is expected. */
static double off(const float *found, const double *expected, size_t count)
{
    double wrong = 0, all = 0;
    for (size_t i = 0; i < count; i++) {
        wrong += (found[i] - expected[i]) * (found[i] - expected[i]);
        all += expected[i] * expected[i];
    }
    assert_true(all > 0);
    return sqrt(wrong / all);
}

/* The most by which the outputs or the gradients of a layer are off. Destroys the engine. */
static double most_off(Case *c, Engine *engine)
{
    const Reference *r = c->reference;
    engine->type->forward(engine, &c->input, r->batch, true, NULL, c->outputs);
    double most = off(c->outputs, r->value[r->spec.layer_count], (size_t)r->batch * r->outputs);
    engine->type->backward(engine, c->d_outputs);
    engine->type->settle(engine);
    engine->type->flatten(engine, engine->gradients, c->room);
    for (int l = 0; l < r->spec.layer_count; l++) {
        const LayerPlan *p = &r->plan[l];
        if (layer_learns(p))
            most =
                fmax(most, off(c->room + p->offset, r->gradient + p->offset, layer_parameters(p)));
    }
    engine->type->destroy(engine);
    return most;
}

static void hold(Case *c, int terms, double allowed_amx, double allowed_others)
{
    Tiles tiles[TILES_MAX];
    const int count = all_tiles(tiles), batch = c->reference->batch;
    for (int t = 0; t < count; t++) {
        const double allowed = strstr(tiles[t].name, "amx") != NULL ? allowed_amx : allowed_others;
        const double most = most_off(c, engine_of(c, batch, &tiles[t], terms, NULL));
        if (!(most <= allowed))
            fail_msg("%s, %d terms, batch %d: off by %.3g, %.3g allowed", tiles[t].name, terms,
                     batch, most, allowed);
    }
}

static void hold_to_exact(const char *layers, NnShape shape, int batch)
{
    Case c = case_create(layers, shape, batch);
    int learning = 0;
    for (int l = 0; l < c.reference->spec.layer_count; l++)
        learning += layer_learns(&c.reference->plan[l]);
    reference_forward(c.reference);
    reference_backward(c.reference);
    const double allowed = u * sqrt(2 * learning);
    hold(&c, 1, allowed, allowed);
    case_destroy(&c);
}

static void hold_to_rounded(const char *layers, NnShape shape, int batch)
{
    Case c = case_create(layers, shape, batch);
    pass_rounded(c.reference);
    const double allowed = strstr(layers, "relu") != NULL ? u / 2 : u / 4;
    hold(&c, 1, allowed, allowed);
    case_destroy(&c);
}

static void gradients_are_off_by_the_roundings_at_most(void **unused)
{
    (void)unused;
    hold_to_exact(smooth_2013, paper_input, 7);
    for (int i = 1; i < 5; i++)
        hold_to_exact(odd[i].layers, odd[i].input, 33);
}

static void nothing_else_is_off(void **unused)
{
    (void)unused;
    hold_to_rounded(of_2013, paper_input, 3);
    hold_to_rounded(of_2015, paper_input, 2);
    hold_to_rounded(smooth_2013, paper_input, 9);
    const int batches[] = {1, 8, 33};
    for (int i = 0; i < ODD; i++)
        for (int b = 0; b < 3; b++)
            hold_to_rounded(odd[i].layers, odd[i].input, batches[b]);
}

/* With AMX about as far off as the engine whose products are of floats: sums in runs make up for
 * what is left out. The others have six roundings for one, one after the other. */
static void floats_in_terms_are_floats(void **unused)
{
    (void)unused;
    for (int i = 0; i <= ODD; i++) {
        Case c = i < ODD ? case_create(odd[i].layers, odd[i].input, 9)
                         : case_create(smooth_2013, paper_input, 1);
        const Reference *r = c.reference;
        Error error = {0};
        Engine *floats = vector_engine_create(&r->spec, r->batch, NULL, &error);
        assert_non_null(floats);
        floats->type->arrange(floats, c.parameter, floats->parameters);
        floats->type->take_noise(floats, c.noise);
        reference_forward(c.reference);
        reference_backward(c.reference);
        const double off_by = most_off(&c, floats);
        hold(&c, TERMS, 1.25 * off_by, sqrt(TERM_PRODUCTS) * off_by);
        case_destroy(&c);
    }
}

static uint64_t digest_passes(const Case *c, Engine *engine)
{
    const Reference *r = c->reference;
    Digest digest = digest_start();
    engine->type->forward(engine, &c->input, r->batch, true, NULL, c->outputs);
    digest_add(&digest, c->outputs, (size_t)r->batch * r->outputs * sizeof(float));
    engine->type->backward(engine, c->d_outputs);
    engine->type->settle(engine);
    engine->type->flatten(engine, engine->gradients, c->room);
    digest_add(&digest, c->room, r->parameters * sizeof(float));
    engine->type->forward(engine, &c->input, 1, false, NULL, c->outputs);
    digest_add(&digest, c->outputs, r->outputs * sizeof(float));
    return digest_value(&digest);
}

static uint64_t digest_with(const Case *c, const Tiles *tiles, int terms, int batch_max,
                            int threads)
{
    Error error = {0};
    Parallel *team = parallel_create(threads, &error);
    assert_non_null(team);
    Engine *engine = engine_of(c, batch_max, tiles, terms, team);
    const uint64_t digest = digest_passes(c, engine);
    engine->type->destroy(engine);
    parallel_destroy(team);
    return digest;
}

static void threads_and_room_do_not_show_in_a_single_bit(void **unused)
{
    (void)unused;
    const Tiles tiles = quick_tiles();
    for (int i = 0; i <= ODD; i++) {
        Case c = i < ODD ? case_create(odd[i].layers, odd[i].input, 31)
                         : case_create(of_2013, paper_input, 17);
        const int batch = c.reference->batch;
        for (int t = 0; t < 2; t++) {
            const uint64_t expected = digest_with(&c, &tiles, all_terms[t], batch, 1);
            for (int threads = 1; threads <= 3; threads++)
                assert_true(digest_with(&c, &tiles, all_terms[t], batch + threads, threads) ==
                            expected);
        }
        case_destroy(&c);
    }
}

/* Places of pictures that there are not hold what a larger batch has left there. */
static void a_smaller_batch_sees_nothing_of_the_one_before(void **unused)
{
    (void)unused;
    const Tiles tiles = quick_tiles();
    const int sizes[] = {9, 6, 3, 1};
    for (int i = 0; i < ODD; i++) {
        Case large = case_create(odd[i].layers, odd[i].input, 12);
        for (int b = 0; b < 8; b++) {
            Case small = case_create(odd[i].layers, odd[i].input, sizes[b / 2]);
            Engine *fresh = engine_of(&small, 12, &tiles, all_terms[b % 2], NULL);
            Engine *used = engine_of(&small, 12, &tiles, all_terms[b % 2], NULL);
            digest_passes(&large, used);
            assert_true(digest_passes(&small, used) == digest_passes(&small, fresh));
            fresh->type->destroy(fresh);
            used->type->destroy(used);
            case_destroy(&small);
        }
        case_destroy(&large);
    }
}

/* Slots that change piece by piece, wherever the pieces end, are rounded as all at once. */
static void changes_in_pieces_are_seen_as_one(void **unused)
{
    (void)unused;
    const Tiles tiles = quick_tiles();
    for (int i = 0; i < 2 * ODD; i++) {
        Case c = case_create(odd[i / 2].layers, odd[i / 2].input, 5);
        Engine *whole = engine_of(&c, 5, &tiles, all_terms[i % 2], NULL);
        Engine *parts = engine_of(&c, 5, &tiles, all_terms[i % 2], NULL);
        for (size_t s = 0; s < whole->slots; s++)
            parts->parameters[s] = whole->parameters[s] *= 1.5f;
        whole->type->changed(whole, 0, whole->slots);
        for (size_t s = 0, end; s < parts->slots; s = end) {
            end = s + 1 + s % 77 < parts->slots ? s + 1 + s % 77 : parts->slots;
            parts->type->changed(parts, s, end);
        }
        assert_true(digest_passes(&c, whole) == digest_passes(&c, parts));
        whole->type->destroy(whole);
        parts->type->destroy(parts);
        case_destroy(&c);
    }
}

static void networks_by_avx512_are_the_plain_twins_to_the_last_bit(void **unused)
{
    (void)unused;
    if (tiles_avx512().name == NULL)
        skip();
    const Tiles plain = tiles_plain(), vectors = tiles_avx512();
    for (int i = 0; i < 2 * ODD; i++) {
        Case c = case_create(odd[i / 2].layers, odd[i / 2].input, 12);
        assert_true(digest_with(&c, &vectors, all_terms[i % 2], 12, 1) ==
                    digest_with(&c, &plain, all_terms[i % 2], 12, 1));
        case_destroy(&c);
    }
}

/* All bytes there are, in a layer that goes by changes and in one that does not; but for the one
 * rounding that the next layer wants. */
static void the_first_layer_is_that_of_the_floats(void **unused)
{
    (void)unused;
    const struct {
        const char *layers;
        NnShape input;
    } net[] = {{"conv 16 8 4, relu, dense 4", {2, 24, 24}}, {"conv 16 5 3, dense 4", {2, 24, 24}}};
    for (int i = 0; i < 2; i++) {
        Case c = case_create(net[i].layers, net[i].input, 4);
        for (int j = 0; j < 4 * 2 * 24 * 24; j++)
            c.pixels[j] = (uint8_t)j;
        Error error = {0};
        const Reference *r = c.reference;
        const size_t count = 4 * shape_size(r->plan[0].out);
        float *expected = take(count, sizeof *expected), *found = take(count, sizeof *found);
        const Tiles tiles = tiles_plain();
        Engine *floats = vector_engine_create(&r->spec, 4, NULL, &error);
        Engine *halves = engine_of(&c, 4, &tiles, 1, NULL);
        floats->type->arrange(floats, c.parameter, floats->parameters);
        floats->type->forward(floats, &c.input, 4, false, NULL, c.outputs);
        floats->type->activations(floats, 0, 4, expected);
        for (size_t k = 0; k < count; k++)
            expected[k] = bf16_kept(expected[k]);
        halves->type->forward(halves, &c.input, 4, false, NULL, c.outputs);
        halves->type->activations(halves, 0, 4, found);
        assert_memory_equal(found, expected, count * sizeof *found);
        floats->type->destroy(floats);
        halves->type->destroy(halves);
        free(expected), free(found);
        case_destroy(&c);
    }
}

/* Steps of 2^-12, each too small to be seen in bfloat16 beside 1: none is lost, and 16 of them are
 * seen in what goes forward, also by a reader. */
static void small_steps_are_kept_in_the_parameters(void **unused)
{
    (void)unused;
    NnSpec spec;
    Error error = {0};
    assert_true(nn_spec_parse(&spec, "dense 1, dense 1", (NnShape){1, 1, 1}, &error));
    if (!network_has_bf16(&error)) {
        assert_int_equal(error.kind, ERROR_INPUT);
        assert_null(network_create(&spec, 1, NN_BACKEND_BF16, NULL, &error));
        return;
    }
    Network *network = network_create(&spec, 1, NN_BACKEND_BF16, NULL, &error);
    Network *reader = network_create_reader(network, 1, NULL, &error);
    assert_true(network != NULL && reader != NULL);
    float parameters[4] = {0, 1, 1, 0}; /* y = w (0 x + 1) */
    const float x = 0, d = -1;
    const NnInput input = {.values = &x};
    const NnOptimiser descent = {.kind = NN_SGD, .learning_rate = 0x1p-12};
    network_set_parameters(network, parameters);
    float y = 0;
    for (int t = 1; t <= 32; t++) {
        parameters[0] = 0, parameters[1] = 1, parameters[3] = 0; /* w alone learns */
        network_set_parameters(network, parameters);
        network_forward_train(network, &input, 1, &y, NULL);
        network_backward(network, &d);
        network_update(network, &descent);
        network_get_parameters(network, parameters);
        assert_true(parameters[2] == 1 + (float)t * 0x1p-12f);
    }
    network_forward(reader, &input, 1, &y);
    assert_true(y == 1 + 0x1p-7f + 0x1p-12f); /* w, which is 1 + 32/4096, and the bias */
    network_update(network, &(NnOptimiser){.kind = NN_SGD, .learning_rate = 0.25});
    network_forward(reader, &input, 1, &y); /* another update has been seen at once */
    assert_true(y > 1.75f);                 /* 1.51 with the w of before */
    network_destroy(reader);
    network_destroy(network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_are_off_by_the_roundings_at_most),
        cmocka_unit_test(nothing_else_is_off),
        cmocka_unit_test(floats_in_terms_are_floats),
        cmocka_unit_test(threads_and_room_do_not_show_in_a_single_bit),
        cmocka_unit_test(a_smaller_batch_sees_nothing_of_the_one_before),
        cmocka_unit_test(changes_in_pieces_are_seen_as_one),
        cmocka_unit_test(networks_by_avx512_are_the_plain_twins_to_the_last_bit),
        cmocka_unit_test(the_first_layer_is_that_of_the_floats),
        cmocka_unit_test(small_steps_are_kept_in_the_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
