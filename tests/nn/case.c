#include "nn/case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "nn/engine.h"

void *take(size_t count, size_t size)
{
    void *block = calloc(count + 1, size);
    assert_non_null(block);
    return block;
}

static double tolerance_of(const Reference *r)
{
    double longest = 0, amplified = 1; /* a norm divides by deviations, which may be small */
    for (int l = 0; l < r->spec.layer_count; l++) {
        const LayerPlan *p = &r->plan[l];
        if (!layer_learns(p))
            continue;
        const double pixels = (double)p->out.height * p->out.width;
        const double area = p->layer.kind == NN_CONV2D ? p->layer.kernel * p->layer.kernel : 1;
        const double back = fmax(pixels * r->batch, p->layer.outputs * area);
        const double forward = layer_is_norm(p) ? back : layer_fan_in(p);
        longest = fmax(longest, fmax(forward, back));
        amplified = layer_is_norm(p) ? 32 : amplified;
    }
    return 0x1p-24 * amplified * (12 + sqrt(longest));
}

/* The bytes of a picture, some of its planes missing; the reference sees b/255. Two thirds of the
 * pictures are much like the first plane, as the frames of a game are. */
static void fill_planes(Case *c, Random *random)
{
    const Reference *r = c->reference;
    const size_t channels = (size_t)r->spec.input.channels, pixels = r->inputs / channels;
    const size_t planes = (size_t)r->batch * channels;
    c->pixels = take(planes * pixels, 1);
    c->planes = take(planes, sizeof *c->planes);
    for (size_t i = 0; i < planes; i++) {
        const bool missing = i % 5 == 3;
        uint8_t *plane = c->pixels + i * pixels;
        const bool alike = i / channels % 3 != 0;
        for (size_t j = 0; j < pixels; j++) {
            const bool same = alike && random_below(random, 40) != 0;
            plane[j] = same ? c->pixels[j] : (uint8_t)random_bits(random);
            r->value[0][i * pixels + j] = missing ? 0 : plane[j] / 255.0;
        }
        c->planes[i] = missing ? NULL : plane;
    }
    c->input = (NnInput){.planes = c->planes};
}

static void fill_values(Case *c, Random *random)
{
    const Reference *r = c->reference;
    const size_t count = (size_t)r->batch * r->inputs;
    c->values = take(count, sizeof *c->values);
    reference_fill(r->value[0], count, random);
    for (size_t i = 0; i < count; i++)
        r->value[0][i] = c->values[i] = (float)r->value[0][i];
    c->input = (NnInput){.values = c->values};
}

Network *network_of(const Case *c, int batch_max, NnBackend backend, Parallel *team)
{
    Error error = {0};
    Network *network = network_create(&c->reference->spec, batch_max, backend, team, &error);
    if (network == NULL)
        fail_msg("%s", error.text);
    network_set_parameters(network, c->parameter);
    return network;
}

int backends_for(const Case *c)
{
    if (nn_spec_beyond_onednn(&c->reference->spec) == NULL)
        return BACKENDS;
    return nn_spec_beyond_vector(&c->reference->spec) == NULL ? FOR_VECTOR : FOR_ALL_LAYERS;
}

Case case_create(const char *layers, NnShape input, int batch, bool planes)
{
    Case c = {.reference = reference_create(layers, input, batch)};
    Reference *r = c.reference;
    const size_t outputs = (size_t)batch * r->outputs;
    size_t most = r->parameters;
    for (int l = 0; l <= r->spec.layer_count; l++) {
        const size_t count = (size_t)batch * shape_size(nn_spec_shape(&r->spec, l - 1));
        most = count > most ? count : most;
    }
    Random random = random_stream(11, layers);
    c.parameter = take(r->parameters, sizeof(float));
    c.room = take(most, sizeof(float));
    c.outputs = take(outputs, sizeof(float));
    c.d_outputs = take(outputs, sizeof(float));
    Network *first = network_of(&c, 1, NN_BACKEND_PLAIN, NULL);
    network_initialise(first, NN_INIT_FAN_IN_UNIFORM, &random);
    network_get_parameters(first, c.parameter);
    network_destroy(first);
    for (size_t i = 0; i < r->parameters; i++)
        r->parameter[i] = c.parameter[i];
    if (planes)
        fill_planes(&c, &random);
    else
        fill_values(&c, &random);
    double *d = r->d_value[r->spec.layer_count];
    reference_fill(d, outputs, &random);
    for (size_t i = 0; i < outputs; i++)
        d[i] = c.d_outputs[i] = (float)d[i];
    c.tolerance = tolerance_of(r);
    return c;
}

void case_destroy(Case *c)
{
    reference_destroy(c->reference);
    free(c->parameter), free(c->pixels), free(c->planes), free(c->values);
    free(c->d_outputs), free(c->outputs), free(c->room);
}

Random dropout_stream(void)
{
    return random_stream(5, "dropout");
}

Random noise_stream(void)
{
    return random_stream(6, "noise");
}

void draw_noise(const Reference *r)
{
    Random random = noise_stream();
    for (int l = 0; l < r->spec.layer_count; l++)
        for (size_t i = 0; i < layer_noise(&r->plan[l]); i++) {
            const bool tau = r->plan[l].layer.kind == NN_QUANTILES;
            const double e = tau ? random_unit(&random) : random_normal(&random);
            r->kept[l][i] = tau ? (float)e : e < 0 ? -sqrt(-e) : sqrt(e);
        }
}

void assert_like(const char *name, const char *what, const float *found, const double *expected,
                 size_t count, double tolerance)
{
    double most = 0, off = 0;
    for (size_t i = 0; i < count; i++) {
        most = fmax(most, fabs(expected[i]));
        if (!(fabs(found[i] - expected[i]) <= off)) /* a NaN is the largest of all */
            off = fabs(found[i] - expected[i]);
    }
    assert_true(most > 0);
    if (!(off <= tolerance * most))
        fail_msg("%s: %s are off by %.3g of the largest, %.3g allowed", name, what, off / most,
                 tolerance);
}
