#include "nn/inspect.h"

#include <stdlib.h>
#include <string.h>

#include "nn/plain.h"

static int least(int a, int b)
{
    return a < b ? a : b;
}

NnField nn_spec_field(const NnSpec *spec, int layer)
{
    const NnShape picture = spec->input;
    int size = 1, step = 1;
    for (int l = 0; l <= layer; l++) {
        if (spec->layer[l].kind == NN_DENSE || spec->layer[l].kind == NN_QUANTILES)
            return (NnField){picture.height, picture.width, 0};
        if (spec->layer[l].kind == NN_CONV2D) {
            size += (spec->layer[l].kernel - 1) * step;
            step *= spec->layer[l].stride;
        }
    }
    return (NnField){least(size, picture.height), least(size, picture.width), step};
}

/* ---- saliency ---- */

struct Saliency {
    NnSpec spec;
    LayerPlan plan[NN_LAYERS_MAX];
    float *parameters;
    float *values;  /* that a layer gave */
    float *slope;   /* dL/d of them */
    float *beneath; /* dL/d of what went into the layer */
    float *unused;  /* dL/d of a norm's or quantiles' parameters */
    float room[];
};

/* Needs what went into it, which is not kept of the network's input. */
static bool looks_beneath(NnLayerKind kind)
{
    return kind == NN_LAYER_NORM || kind == NN_QUANTILES;
}

/* The slope goes by a noisy layer's means and by the last taus, as an agent acts that is looked at.
 */
static const char *beyond_slopes(const NnSpec *spec)
{
    NnSpec others = {.input = spec->input};
    if (looks_beneath(spec->layer[0].kind))
        return spec->layer[0].kind == NN_LAYER_NORM ? "layernorm" : "quantiles";
    for (int l = 0; l < spec->layer_count; l++)
        if (spec->layer[l].kind != NN_NOISY && spec->layer[l].kind != NN_QUANTILES)
            others.layer[others.layer_count++] = spec->layer[l];
    return nn_spec_beyond_vector(&others);
}

/* Floats that a layer's values, or its parameters' slopes, take. */
static size_t floats_of(const LayerPlan *plan)
{
    const size_t values = shape_size(plan->out);
    const size_t slopes = looks_beneath(plan->layer.kind) ? plan->weights + plan->biases : 0;
    return values > slopes ? values : slopes;
}

Saliency *saliency_create(const NnSpec *spec, Error *error)
{
    const char *beyond = beyond_slopes(spec);
    if (beyond != NULL) {
        error_input(error, "the gradient of the input is not known through the layer '%s'", beyond);
        return NULL;
    }
    const size_t parameters = nn_spec_parameters(spec);
    size_t largest = shape_size(spec->input);
    LayerPlan plan[NN_LAYERS_MAX];
    nn_spec_plan(spec, plan);
    for (int l = 0; l < spec->layer_count; l++)
        if (floats_of(&plan[l]) > largest)
            largest = floats_of(&plan[l]);
    Saliency *saliency = calloc(1, sizeof *saliency + (parameters + 5 * largest) * sizeof(float));
    if (saliency == NULL) {
        error_work(error, "no memory for the gradient of a network's input");
        return NULL;
    }
    saliency->spec = *spec;
    memcpy(saliency->plan, plan, sizeof plan);
    saliency->parameters = saliency->room;
    saliency->values = saliency->room + parameters;
    saliency->slope = saliency->values + largest;
    saliency->beneath = saliency->slope + largest;
    saliency->unused = saliency->beneath + largest;
    return saliency;
}

void saliency_destroy(Saliency *saliency)
{
    free(saliency);
}

/* d_x[i] = sum over o of d_y[o] w[o][i]; units with a slope of 0, half of them after a ReLU, cost
 * nothing. */
static void dense_down(const LayerPlan *plan, const float *weights, const float *d_y, float *d_x)
{
    const size_t inputs = shape_size(plan->in);
    for (size_t o = 0; o < plan->biases; o++)
        for (size_t i = 0; d_y[o] != 0 && i < inputs; i++)
            d_x[i] += d_y[o] * weights[o * inputs + i];
}

/* One unit's share: its slope times its filter, where the filter lay. */
static void spread(const LayerPlan *plan, const float *filter, float slope, float *d_x)
{
    const size_t kernel = (size_t)plan->layer.kernel, width = (size_t)plan->in.width;
    const size_t area = (size_t)plan->in.height * width;
    for (size_t c = 0; c < (size_t)plan->in.channels; c++)
        for (size_t y = 0; y < kernel; y++)
            for (size_t x = 0; x < kernel; x++)
                d_x[c * area + y * width + x] += slope * *filter++;
}

static void conv2d_down(const LayerPlan *plan, const float *weights, const float *d_y, float *d_x)
{
    const size_t fan_in = (size_t)layer_fan_in(plan), stride = (size_t)plan->layer.stride;
    const size_t height = (size_t)plan->out.height, width = (size_t)plan->out.width;
    for (size_t o = 0; o < plan->biases; o++)
        for (size_t y = 0; y < height; y++)
            for (size_t x = 0; x < width; x++, d_y++)
                if (*d_y != 0)
                    spread(plan, weights + o * fan_in, *d_y,
                           d_x + (y * (size_t)plan->in.width + x) * stride);
}

/* The slope of an elementwise layer by what it gave; that of ReLU at 0 is 0. */
static float slope_of(NnLayerKind kind, float y)
{
    switch (kind) {
    case NN_RELU: return y > 0 ? 1 : 0;
    case NN_SIGMOID: return y * (1 - y);
    case NN_TANH: return 1 - y * y;
    default: return 1; /* dropout lets everything through outside of training */
    }
}

static void layer_down(Saliency *saliency, const Network *network, int l)
{
    const LayerPlan *plan = &saliency->plan[l];
    const size_t inputs = shape_size(plan->in);
    const float *weights = saliency->parameters + plan->offset;
    memset(saliency->beneath, 0, inputs * sizeof *saliency->beneath);
    switch (plan->layer.kind) {
    case NN_DENSE:
    case NN_NOISY: dense_down(plan, weights, saliency->slope, saliency->beneath); break;
    case NN_CONV2D: conv2d_down(plan, weights, saliency->slope, saliency->beneath); break;
    case NN_LAYER_NORM:
    case NN_QUANTILES:
        network_get_activations(network, l - 1, 1, saliency->values);
        plain_backward_f32(plan, 1, weights, saliency->values, network_taus(network, l), NULL,
                           saliency->slope, saliency->unused, saliency->beneath);
        break;
    default:
        network_get_activations(network, l, 1, saliency->values);
        for (size_t i = 0; i < inputs; i++)
            saliency->beneath[i] =
                saliency->slope[i] * slope_of(plan->layer.kind, saliency->values[i]);
    }
    float *swap = saliency->slope;
    saliency->slope = saliency->beneath;
    saliency->beneath = swap;
}

void saliency_renew(Saliency *saliency, const Network *network)
{
    network_get_parameters(network, saliency->parameters);
}

const float *saliency_look(Saliency *saliency, const Network *network, int layer,
                           const float *d_values)
{
    memcpy(saliency->slope, d_values, shape_size(saliency->plan[layer].out) * sizeof *d_values);
    for (int l = layer; l >= 0; l--)
        layer_down(saliency, network, l);
    return saliency->slope;
}
