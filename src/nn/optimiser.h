/*
 * optimiser.h - the update rules of network.h on plain arrays. Private to this room.
 */
#ifndef DEEPQ_NN_OPTIMISER_H
#define DEEPQ_NN_OPTIMISER_H

#include <stddef.h>
#include <stdint.h>

#include "nn/network.h"

enum {
    OPTIMISER_ARRAYS = 2, /* averages an optimiser may keep for each parameter */
    OPTIMISER_BLOCK = 128,
};

/* A rule at one update: its coefficients, computed in double and rounded to float once. */
typedef struct {
    NnOptimiserKind kind;
    float rate, epsilon, keep_m, add_m, keep_s, add_s;
    float early_rate; /* RADAM along the average alone; 0: not any more */
} OptimiserStep;

/* `update` counts from 1. */
OptimiserStep optimiser_begin(const NnOptimiser *optimiser, int64_t update);

/* One step for `count` parameters w with gradients g. m: SGD's v, the average of g; s: the average
 * of g g; both of `count` floats, zero before update 1. Arrays do not overlap. Elementwise: an
 * array may be updated in pieces, and is, OPTIMISER_BLOCK at a time. */
void optimiser_step(const OptimiserStep *step, size_t count, float *w, const float *g, float *m,
                    float *s);

/* Weight decay, before the step: pulls w[i] where marks[i] is 1 and leaves it where that is 0;
 * ADAMW by w itself, the others by g. */
void optimiser_decay(const NnOptimiser *optimiser, size_t count, float *w, float *g,
                     const float *marks);

/* The plain twin: both for a single parameter, in double precision, by the formulas of network.h.
 * `decays`: weight decay pulls this one. Returns the new w. */
double optimiser_plain(const NnOptimiser *optimiser, int64_t update, bool decays, double w,
                       double g, double *m, double *s);

#endif
