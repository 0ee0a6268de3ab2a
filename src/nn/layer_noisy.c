/*
 * layer_noisy.c - noisy dense layers: a dense layer (layer_dense.c) whose parameters are put
 * together from means, deviations and noise before each pass.
 *
 *     own parameters   means, then deviations, each laid out as a dense layer's
 *     kept             the parameters of the pass, laid out likewise; then the noise of the inputs,
 *                      in the order H W C, and of the outputs, with zeros for those that fill
 *                      vectors
 *
 * What a parameter p = m + s e has as its gradient is dL/dm; times e it is dL/ds.
 */
#include <string.h>

#include "nn/layer.h"

static size_t inputs_of(const Layer *layer)
{
    return shape_size(layer->plan.in);
}

/* Floats of a dense layer's parameters; it has a row of biases after as many rows as inputs. */
static size_t dense_slots(const Layer *layer)
{
    return layer->slots / 2;
}

static int stored_outputs(const Layer *layer)
{
    return (int)(dense_slots(layer) / (inputs_of(layer) + 1));
}

static void lay_out(Layer *layer, int batch_max)
{
    layer_dense.lay_out(layer, batch_max);
    layer->kept = layer->slots + inputs_of(layer) + layer->slots / (inputs_of(layer) + 1);
    layer->slots *= 2;
}

static void place(const Layer *layer, uint32_t *place)
{
    const size_t count = layer->plan.weights + layer->plan.biases;
    layer_dense.place(layer, place);
    for (size_t i = 0; i < count; i++)
        place[count + i] = place[i] + (uint32_t)dense_slots(layer);
}

static void take_noise(const Layer *layer, const float *noise, float *kept)
{
    const NnShape in = layer->plan.in;
    float *of_inputs = kept + dense_slots(layer), *of_outputs = of_inputs + inputs_of(layer);
    for (int c = 0; c < in.channels; c++)
        for (int i = 0; i < in.height * in.width; i++)
            of_inputs[i * in.channels + c] = *noise++;
    memcpy(of_outputs, noise, layer->plan.biases * sizeof *noise);
}

typedef struct {
    const LayerPass *pass;
    bool back;
} Work;

/* One vector or two of outputs, for all inputs; the last row, the biases', has an input of 1. */
static void noise_piece(void *context, int group)
{
    const Work *work = context;
    const Layer *layer = work->pass->layer;
    const size_t slots = dense_slots(layer), inputs = inputs_of(layer);
    const size_t stored = (size_t)stored_outputs(layer);
    const size_t G = stored % WIDTH_MAX == 0 ? WIDTH_MAX : LANES;
    const float *of_inputs = work->pass->kept + slots;
    const float *of_outputs = of_inputs + inputs + (size_t)group * G;
    const float *from = work->back ? work->pass->gradients : work->pass->parameters;
    const float *deviations = work->pass->parameters + slots;
    float *to = work->back ? work->pass->gradients + slots : work->pass->kept;
    for (size_t i = 0; i <= inputs; i++) {
        const bool biases = i == inputs;
        const size_t at =
            biases ? inputs * stored + (size_t)group * G : ((size_t)group * inputs + i) * G;
        const float of_input = biases ? 1 : of_inputs[i];
        for (size_t lane = 0; lane < G; lane++) {
            const float noise = of_input * of_outputs[lane];
            to[at + lane] = work->back ? from[at + lane] * noise
                                       : from[at + lane] + deviations[at + lane] * noise;
        }
    }
}

static void with_noise(const LayerPass *pass, bool back)
{
    const int stored = stored_outputs(pass->layer);
    const int groups = stored / (stored % WIDTH_MAX == 0 ? WIDTH_MAX : LANES);
    layer_run(pass, (double)dense_slots(pass->layer), groups, noise_piece,
              &(Work){.pass = pass, .back = back});
}

static void forward(const LayerPass *pass)
{
    LayerPass dense = *pass;
    with_noise(pass, false);
    dense.parameters = pass->kept;
    layer_dense.forward(&dense);
}

static void backward(const LayerPass *pass)
{
    LayerPass dense = *pass;
    dense.parameters = pass->kept;
    layer_dense.backward(&dense);
    with_noise(pass, true);
}

const LayerType layer_noisy = {.lay_out = lay_out,
                               .place = place,
                               .take_noise = take_noise,
                               .forward = forward,
                               .backward = backward,
                               .fuses_relu = true};
