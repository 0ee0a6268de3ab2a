/*
 * spec_private.h - a network's layers with everything that follows from the list: shapes, and where
 * each layer's parameters lie in the flat array of network.h.
 */
#ifndef DEEPQ_NN_SPEC_PRIVATE_H
#define DEEPQ_NN_SPEC_PRIVATE_H

#include "nn/network.h"

typedef struct {
    NnLayer layer;
    NnShape in, out;
    size_t offset;  /* of its first weight in the flat array; the biases follow the weights */
    size_t weights; /* 0 for layers that learn nothing */
    size_t biases;
    size_t deviations; /* noisy layers': of the weights, then of the biases; they follow those */
    size_t averages;   /* batchnorm's running means, then its variances; they follow the biases */
} LayerPlan;

/* Fill plan[0 .. layer_count-1]. The spec must be one that nn_spec_parse accepts. */
void nn_spec_plan(const NnSpec *spec, LayerPlan plan[NN_LAYERS_MAX]);

static inline size_t shape_size(NnShape shape)
{
    return (size_t)shape.channels * (size_t)shape.height * (size_t)shape.width;
}

static inline bool layer_learns(const LayerPlan *plan)
{
    return plan->weights > 0;
}

static inline size_t layer_parameters(const LayerPlan *plan)
{
    return plan->weights + plan->biases + plan->deviations + plan->averages;
}

static inline bool layer_is_norm(const LayerPlan *plan)
{
    return plan->layer.kind == NN_BATCH_NORM || plan->layer.kind == NN_LAYER_NORM;
}

static inline bool layer_is_noisy(const LayerPlan *plan)
{
    return plan->layer.kind == NN_NOISY;
}

static inline bool layer_is_dense(const LayerPlan *plan)
{
    return plan->layer.kind == NN_DENSE || layer_is_noisy(plan);
}

static inline bool layer_has_units(const LayerPlan *plan)
{
    return layer_learns(plan) && !layer_is_norm(plan);
}

/* Numbers that a draw of noise has for the layer: one for each input and for each output; the taus.
 */
static inline size_t layer_noise(const LayerPlan *plan)
{
    if (plan->layer.kind == NN_QUANTILES)
        return (size_t)plan->layer.outputs;
    return plan->deviations > 0 ? shape_size(plan->in) + plan->biases : 0;
}

/* Only for layers with units: dense ones, convolutions, quantiles. The inputs that one unit adds up
 * (of a transposed convolution on the average), and the units that one input goes to. */
double layer_fan_in(const LayerPlan *plan);
double layer_fan_out(const LayerPlan *plan);

/* Can the backends that were made for the agent's networks do all layers? NULL, or the word of the
 * first that they cannot. */
const char *nn_spec_beyond_vector(const NnSpec *spec);
const char *nn_spec_beyond_onednn(const NnSpec *spec);

#endif
