#include "learn/descents.h"

#include <stdio.h>
#include <string.h>

const NamedDescent descents[DESCENTS] = {
    {"sgd", "SGD", {NN_SGD, 0.1, 0, 0, 0, 0}},
    {"momentum", "momentum", {NN_SGD, 0.02, 0.9, 0, 0, 0}},
    {"nesterov", "Nesterov", {NN_NESTEROV, 0.02, 0.9, 0, 0, 0}},
    {"adagrad", "AdaGrad", {NN_ADAGRAD, 0.01, 0, 0, 1e-8, 0}},
    {"rmsprop", "RMSProp", {NN_RMSPROP, 0.0005, 0, 0.99, 1e-12, 0}},
    {"adam", "Adam", {NN_ADAM, 0.001, 0.9, 0.999, 1e-8, 0}},
    {"adamw", "AdamW", {NN_ADAMW, 0.001, 0.9, 0.999, 1e-8, 0.01}},
};

const NamedDescent *descent_find(const char *name)
{
    for (int i = 0; i < DESCENTS; i++)
        if (strcmp(descents[i].name, name) == 0)
            return &descents[i];
    return NULL;
}

void descent_names(char text[DESCENT_NAMES])
{
    int length = 0;
    for (int i = 0; i < DESCENTS; i++)
        length += snprintf(text + length, (size_t)(DESCENT_NAMES - length), "%s%s",
                           i > 0 ? ", " : "", descents[i].name);
}
