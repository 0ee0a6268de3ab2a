/*
 * loss.h - losses on single errors d = prediction - target, in the form Q-learning needs them.
 *
 *     NN_LOSS_SQUARED   L = d*d/2                              dL/dd = d
 *     NN_LOSS_HUBER     L = d*d/2 if |d| <= 1, else |d| - 1/2  dL/dd = d cut to -1 .. 1
 * [Huber1964], the "error clipping" of [Mnih2015]
 *
 * and on the scores z of several classes, of which `label` is the right one:
 *     cross-entropy   L = log(sum over k of exp z[k]) - z[label]
 *                     dL/dz[k] = softmax(z)[k] - (k is label)
 * The softmax is part of it: the network ends with the scores.
 */
#ifndef DEEPQ_NN_LOSS_H
#define DEEPQ_NN_LOSS_H

typedef enum { NN_LOSS_SQUARED, NN_LOSS_HUBER } NnLoss;

double nn_loss(NnLoss loss, double d);
double nn_loss_gradient(NnLoss loss, double d);

/* L, and dL/dz into d_scores (may be `scores`). */
double nn_cross_entropy(const double *scores, int classes, int label, double *d_scores);

/* The same for scores[batch][classes] as networks make them: the mean over the batch, and its
 * slopes. */
double nn_cross_entropy_batch(const float *scores, const int *label, int batch, int classes,
                              float *d_scores);

#endif
