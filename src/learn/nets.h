/*
 * nets.h - networks with names, and the recipes that they are trained by.
 *
 *     mlp   two hidden layers of 512 and 256 units
 *     cnn   three stages of convolutions with batchnorm, and one hidden layer
 */
#ifndef DEEPQ_LEARN_NETS_H
#define DEEPQ_LEARN_NETS_H

#include "learn/classifier.h"

typedef struct {
    const char *name;
    const char *layers; /* without the last, "dense CLASSES" */
    Recipe recipe;
} NamedNet;

/* NULL: there is none of that name. */
const NamedNet *net_find(const char *name);

/* All layers for so many classes, as nn_spec_parse reads them. */
enum { NET_TEXT = NN_SPEC_TEXT };
void net_layers(const NamedNet *net, int classes, char text[NET_TEXT]);

#endif
