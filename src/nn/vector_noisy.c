/*
 * vector_noisy.c - what noisy layers are besides dense ones (vector_dense.c). With the noise
 * e = f(e[o]) f(e[i]) of a weight and f(e[o]) of a bias, means m and deviations s:
 *
 *     a batch            multiplies with p = m + s e, put together panel by panel just before,
 *                        while means and deviations are on their way through the cache
 *     a lone picture     reads only what belongs to inputs that are not 0, so nothing is put
 *                        together: y[o] = sum over m x  +  f(e[o]) sum over s (f(e[i]) x)
 *     from bfloat16      so does a batch: two products cost less than one and putting together
 *     backward           dL/dm = dL/dp,   dL/ds = e dL/dp
 */
#include <string.h>

#include "nn/vector_engine.h"

void vector_take_noise(Engine *engine, const float *noise)
{
    VectorEngine *v = (VectorEngine *)engine;
    if (v->kept == KEPT_FOR_UPDATE)
        vector_settle(engine); /* gradients of the noise that there was */
    for (int l = 0; l < v->spec.layer_count; l++) {
        const VectorLayer *layer = &v->layer[l];
        if (!layer_is_noisy(&layer->plan))
            continue;
        const NnShape in = layer->plan.in;
        for (int c = 0; c < in.channels; c++)
            for (int i = 0; i < in.height * in.width; i++)
                v->noisy[l].of_inputs[i * layer->C + c] = *noise++;
        memcpy(v->noisy[l].of_outputs, noise, layer->plan.biases * sizeof *noise);
        noise += layer->plan.biases;
    }
}

void vector_mix_panel(const VectorEngine *v, int l, int panel)
{
    const VectorLayer *layer = &v->layer[l];
    const Noisy *noisy = &v->noisy[l];
    const int G = layer->vectors * LANES;
    const float *of_outputs = noisy->of_outputs + (ptrdiff_t)panel * G;
    const float *means = v->engine.parameters + layer->offset;
    const float *deviations = means + layer->deviations;
    const size_t begin = (size_t)panel * layer->in_stride * (size_t)G;
    const size_t biases = layer->weights + (size_t)(panel * G);
    float *restrict mixed = noisy->parameters;
    for (size_t i = 0, at = begin; i < layer->in_stride; i++, at += (size_t)G)
        for (int o = 0; o < G; o++) {
            const size_t w = at + (size_t)o;
            mixed[w] = means[w] + deviations[w] * (noisy->of_inputs[i] * of_outputs[o]);
        }
    for (size_t o = 0; o < (size_t)G; o++)
        mixed[biases + o] = means[biases + o] + deviations[biases + o] * of_outputs[o];
}

void vector_list_noisy(VectorEngine *v, int l, int n)
{
    const size_t stride = v->layer[l].in_stride;
    const float *x = v->value[l] + (size_t)n * stride;
    float *restrict times_noise = v->listed_noisy + (size_t)n * stride;
    for (size_t i = 0; i < stride; i++)
        times_noise[i] = x[i] * v->noisy[l].of_inputs[i];
    if (by_bf16(v, l))
        for (size_t i = 0; i < stride; i++)
            times_noise[i] = bf16_kept(times_noise[i]);
}

void vector_add_noisy(const VectorEngine *v, int l, const Listed *means, int n, int first,
                      int panels)
{
    const VectorLayer *layer = &v->layer[l];
    const int G = layer->vectors * LANES;
    float sums[LISTED_PANELS * WIDTH_MAX] __attribute__((aligned(VECTOR_BYTES)));
    Listed deviations = *means;
    deviations.in = v->listed_noisy + (size_t)n * layer->in_stride;
    deviations.weights += layer->deviations;
    if (deviations.halves != NULL)
        deviations.halves += layer->weights;
    deviations.bias += layer->deviations;
    deviations.out = sums;
    vector_listed(&deviations, panels, layer->vectors);
    const float *of_outputs = v->noisy[l].of_outputs + (ptrdiff_t)first * G;
    for (int o = 0; o < panels * G; o++) {
        const float sum = means->out[o] + of_outputs[o] * sums[o];
        means->out[o] = has_fused_relu(v, l) && !(sum > 0) ? 0 : sum;
    }
}

void vector_add_deviations(const VectorEngine *v, int l, int panel)
{
    const VectorLayer *layer = &v->layer[l];
    const int G = layer->vectors * LANES, at = panel * G;
    const float *of_outputs = v->noisy[l].of_outputs + at;
    const float *biases =
        v->engine.parameters + layer->offset + layer->deviations + layer->weights + at;
    for (int n = 0; n < v->batch; n++) {
        const float *sums = v->noisy[l].sums + (ptrdiff_t)n * layer->O + at;
        float *restrict y = v->value[l + 1] + (size_t)n * layer->out_stride + at;
        for (int o = 0; o < G; o++)
            y[o] += of_outputs[o] * (sums[o] + biases[o]);
    }
}

void vector_noisy_weights(const VectorEngine *v, int l, int panel, int begin, int count,
                          const float *of_means, float *restrict of_deviations)
{
    const VectorLayer *layer = &v->layer[l];
    const int G = layer->vectors * LANES;
    const float *of_inputs = v->noisy[l].of_inputs + begin;
    const float *of_outputs = v->noisy[l].of_outputs + (ptrdiff_t)panel * G;
    for (int i = 0, at = 0; i < count; i++, at += G)
        for (int o = 0; o < G; o++)
            of_deviations[at + o] = of_means[at + o] * (of_inputs[i] * of_outputs[o]);
}

void vector_noisy_biases(const VectorEngine *v, int l, float *d_biases)
{
    const VectorLayer *layer = &v->layer[l];
    for (int o = 0; o < layer->O; o++)
        d_biases[layer->deviations + (size_t)o] = d_biases[o] * v->noisy[l].of_outputs[o];
}
