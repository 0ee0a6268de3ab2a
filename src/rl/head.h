/*
 * head.h - from what the network gives to the value of each action, and back.
 *
 * Plain Q-learning has an output for each action: its mean return. The agents that came after let
 * the network say more. What it gives is taken apart in two steps:
 *
 *     outputs          network's, O = (dueling + actions) * atoms
 *       | dueling: x[a] = V + A[a] - mean_b A[b], atom by atom        [Wang2016], else x = outputs
 *     x                [actions][atoms]
 *       | DQN_RETURNS_MEAN        Q(a) = x[a][0]
 *       | DQN_RETURNS_CATEGORIES  p_i(a) = softmax_i x[a], Q(a) = sum_i p_i(a) z_i  [Bellemare2017]
 *       |                         z_i: `atoms` values from value_min to value_max, evenly
 *       | DQN_RETURNS_QUANTILES   Q(a) = mean_i x[a][i], x[a][i] the (2i+1)/(2 atoms) quantile of
 *       |                         the return                                        [Dabney2018]
 *       | DQN_RETURNS_IMPLICIT    the same, x[a][i] the tau[i] quantile            [Dabney2018b]
 *     Q                [actions]
 *
 * Outputs begin with V where there is one. Both streams of a dueling network see the same last
 * hidden layer; [Wang2016] gives each a hidden layer of its own.
 */
#ifndef DEEPQ_RL_HEAD_H
#define DEEPQ_RL_HEAD_H

#include "rl/dqn.h"

typedef struct {
    int actions, atoms;
    bool dueling;
    DqnReturns returns;
    double value_min, value_max;
} Head;

Head head_of(const DqnConfig *config, int actions);

int head_outputs(const Head *head); /* O */

/* x from outputs, and Q from x. */
void head_combine(const Head *head, const float *outputs, float *x);
void head_values(const Head *head, const float *x, float *q);

/* Both at once; `x` is room for actions * atoms floats. */
void head_output_values(const Head *head, const float *outputs, float *x, float *q);

/* Back: dL/d outputs from dL/dx of one action; that of all others is zero. */
void head_spread(const Head *head, int action, const float *d_x, float *d_outputs);

/* dQ(action) / d outputs at x. */
void head_slope(const Head *head, const float *x, int action, float *d_outputs);

/* Categories: atom i's value, and p of one action's `atoms` floats. */
double head_atom_value(const Head *head, int i);
void head_probabilities(const Head *head, const float *x, double *p);

#endif
