/*
 * optimiser.h - the update rules of network.h on plain arrays. Private to this room.
 */
#ifndef DEEPQ_NN_OPTIMISER_H
#define DEEPQ_NN_OPTIMISER_H

#include <stddef.h>
#include <stdint.h>

#include "nn/network.h"

enum { OPTIMISER_ARRAYS = 2 }; /* averages an optimiser may keep for each parameter */

/* One step for `count` parameters w with gradients g. `update` counts from 1. m: SGD's v, the
 * average of g; s: the average of g g; both of `count` floats, zero before update 1. Arrays do not
 * overlap. Elementwise: an array may be updated in pieces. */
void optimiser_step(const NnOptimiser *optimiser, int64_t update, size_t count, float *w,
                    const float *g, float *m, float *s);

/* Weight decay, before the step: pulls w[i] where marks[i] is 1 and leaves it where that is 0;
 * ADAMW by w itself, the others by g. */
void optimiser_decay(const NnOptimiser *optimiser, size_t count, float *w, float *g,
                     const float *marks);

/* The plain twin: both for a single parameter, in double precision, by the formulas of network.h.
 * `decays`: weight decay pulls this one. Returns the new w. */
double optimiser_plain(const NnOptimiser *optimiser, int64_t update, bool decays, double w,
                       double g, double *m, double *s);

#endif
