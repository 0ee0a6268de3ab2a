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

/* The inputs that one unit adds up. */
static inline size_t layer_fan_in(const LayerPlan *plan)
{
    return plan->weights / (size_t)plan->layer.outputs;
}

#endif
