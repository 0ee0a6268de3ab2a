/*
 * loss.h - losses on single errors d = prediction - target, in the form Q-learning needs them.
 *
 *     NN_LOSS_SQUARED   L = d*d/2                              dL/dd = d
 *     NN_LOSS_HUBER     L = d*d/2 if |d| <= 1, else |d| - 1/2  dL/dd = d cut to -1 .. 1
 * [Huber1964], the "error clipping" of [Mnih2015]
 */
#ifndef DEEPQ_NN_LOSS_H
#define DEEPQ_NN_LOSS_H

typedef enum { NN_LOSS_SQUARED, NN_LOSS_HUBER } NnLoss;

double nn_loss(NnLoss loss, double d);
double nn_loss_gradient(NnLoss loss, double d);

#endif
