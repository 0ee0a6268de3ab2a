/*
 * layers.h - what each layer of a network made of a state, as a picture.
 *
 *     conv 16 8 4: 16 maps of 20 x 20
 *     [map][map][map]...           each layer in its own shade from nothing to its largest
 *     dense 256: 256 units
 *     [unit][unit]...
 *
 * A ReLU, sigmoid or tanh is drawn in the place of the layer beneath it; the outputs are not drawn:
 * they are the values of the actions.
 */
#ifndef DEEPQ_CLI_LAYERS_H
#define DEEPQ_CLI_LAYERS_H

#include "nn/network.h"
#include "viewer/picture.h"

/* Floats of the largest layer that is drawn. */
size_t layers_floats(const NnSpec *spec);

/* Draw the activations of the network's last forward pass over the whole box. `values`: room for
 * layers_floats. */
void layers_draw(const Network *network, Picture *picture, Box box, float *values);

/* The layers that are drawn, in order: each is what the next one that learns gets. Fills `shown`
 * and returns how many there are. */
int layers_shown(const NnSpec *spec, int shown[NN_LAYERS_MAX]);

/* The layer that learns whose results `layer` holds: itself or the one beneath. */
int layers_learner(const NnSpec *spec, int layer);

#endif
