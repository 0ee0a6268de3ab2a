/*
 * descents.h - rules of descent with names, each with its usual numbers.
 *
 *     sgd   momentum   nesterov   adagrad   rmsprop   adam   adamw
 *
 * What each of them does, with its source: src/nn/network.h.
 */
#ifndef DEEPQ_LEARN_DESCENTS_H
#define DEEPQ_LEARN_DESCENTS_H

#include "nn/network.h"

typedef struct {
    const char *name;
    const char *label; /* as figures write it */
    NnOptimiser rule;  /* at a learning rate that is usual for it */
} NamedDescent;

enum { DESCENTS = 7, DESCENT_NAMES = 80 };

extern const NamedDescent descents[DESCENTS];

/* NULL: there is none of that name. */
const NamedDescent *descent_find(const char *name);

/* All names, with commas between. */
void descent_names(char text[DESCENT_NAMES]);

#endif
