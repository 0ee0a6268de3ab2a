/*
 * inspect.h - what a trained network looks at: where a unit looks, and which of its inputs matter.
 *
 * A unit of a convolution sees a square of the picture, its receptive field. With the layer's
 * kernel K and stride S, upon a layer whose units see `size` pixels and lie `step` pixels apart,
 *
 *     size' = size + (K - 1) step        step' = S step        and unit (y, x) sees the rows
 *                                                              step' y .. step' y + size' - 1
 *
 * for there is no padding; the input has size 1 and step 1. For the 2013 network: 8 and 4 of the
 * first layer, 20 and 8 of the second; a dense layer sees everything, and so does what is behind
 * quantiles.
 *
 * Saliency is the gradient of an output or another unit, or of any weighted sum of a layer's, with
 * respect to the input [Simonyan2014]: how much the value would change if a pixel became brighter.
 *
 *     Saliency *saliency = saliency_create(spec, &error);
 *     saliency_renew(saliency, network);
 *     network_forward(network, &input, 1, values);
 *     const float *slope = saliency_look(saliency, network, spec->layer_count - 1, d_outputs);
 */
#ifndef DEEPQ_NN_INSPECT_H
#define DEEPQ_NN_INSPECT_H

#include "nn/network.h"

/* A unit's receptive field in pixels, at most the picture's sides. */
typedef struct {
    int height, width; /* of what it sees */
    int step;          /* from one unit's field to that of its neighbour; 0: there is none */
} NnField;

NnField nn_spec_field(const NnSpec *spec, int layer);

typedef struct Saliency Saliency;

/* ERROR_INPUT for layers that an agent's network has not: pools, padding, all but
 * NN_BACKEND_VECTOR's list and quantiles; and for a layernorm or quantiles that come first. */
Saliency *saliency_create(const NnSpec *spec, Error *error);
void saliency_destroy(Saliency *saliency); /* NULL is fine */

/* Take the network's weights of now: before the first look, and whenever they have changed. */
void saliency_renew(Saliency *saliency, const Network *network);

/* The gradient of sum over i of d_values[i] y_i, y being what layer `layer` made of the first
 * picture of the network's last network_forward: C H W floats, valid until the next call. The
 * network has the spec of saliency_create, and any backend; it stays as it is. A pixel of 0 .. 255
 * counts as 0 .. 1, as in NnInput. */
const float *saliency_look(Saliency *saliency, const Network *network, int layer,
                           const float *d_values);

#endif
