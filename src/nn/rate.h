/*
 * rate.h - how the learning rate goes over a training: schedules.
 *
 * With u the update that is to be done, from 0, and U all of them:
 *
 *     NN_RATE_CONSTANT   rate
 *     NN_RATE_LINEAR     rate (1 - u/U)
 *     NN_RATE_STEPS      rate / 10 for each third of the training that is over
 *     NN_RATE_COSINE     rate (1 + cos(pi u/U)) / 2                        [Loshchilov2017]
 *
 * all times (u + 1) / warm_up over the first warm_up updates [Goyal2017].
 */
#ifndef DEEPQ_NN_RATE_H
#define DEEPQ_NN_RATE_H

#include <stdint.h>

typedef enum { NN_RATE_CONSTANT, NN_RATE_LINEAR, NN_RATE_STEPS, NN_RATE_COSINE } NnRate;

/* The factor of the rate at `update` of `updates` > 0, after them that at the end. */
double nn_rate(NnRate kind, int64_t update, int64_t updates, int64_t warm_up);

#endif
