#include "learn/nets.h"

#include <stdio.h>
#include <string.h>

static const NamedNet nets[] = {
    {
        .name = "mlp",
        .layers = "dense 512, relu, dropout 0.25, dense 256, relu, dropout 0.25",
        .recipe = {.epochs = 20,
                   .batch = 64,
                   .optimiser = {.kind = NN_ADAMW,
                                 .learning_rate = 1e-3,
                                 .momentum = 0.9,
                                 .decay = 0.999,
                                 .epsilon = 1e-8,
                                 .weight_decay = 0.01},
                   .rate = NN_RATE_COSINE,
                   .init = NN_INIT_HE},
    },
    {
        .name = "cnn",
        .layers = "conv 32 3 1 1, batchnorm, relu, maxpool 2 2, "
                  "conv 64 3 1 1, batchnorm, relu, conv 64 3 1 1, batchnorm, relu, maxpool 2 2, "
                  "conv 128 3 1 1, batchnorm, relu, maxpool 2 2, dropout 0.3, "
                  "dense 256, relu, dropout 0.3",
        .recipe = {.epochs = 10,
                   .batch = 64,
                   .optimiser = {.kind = NN_ADAMW,
                                 .learning_rate = 1.5e-3,
                                 .momentum = 0.9,
                                 .decay = 0.999,
                                 .epsilon = 1e-8,
                                 .weight_decay = 0.05},
                   .rate = NN_RATE_COSINE,
                   .warm_up = 200,
                   .init = NN_INIT_HE,
                   .augmentation = {.flip = true}},
    },
};

const NamedNet *net_find(const char *name)
{
    for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++)
        if (strcmp(nets[i].name, name) == 0)
            return &nets[i];
    return NULL;
}

void net_layers(const NamedNet *net, int classes, char text[NET_TEXT])
{
    snprintf(text, NET_TEXT, "%s, dense %d", net->layers, classes);
}
