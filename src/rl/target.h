/*
 * target.h - what a transition promises: the return to learn towards, and the loss against it.
 *
 * The promised return is a distribution, kept as weighted samples v_j, w_j with weights that sum to
 * 1. From (s, a, r, discount, s'), with x' the target network's at s', Q' its values there:
 *
 *     a'    = argmax Q'(s', .), or the learning network's argmax (Double Q, [VanHasselt2016])
 *     mean        v   = r + discount Q'(a'),            w   = 1
 *     categories  v_i = r + discount z_i,               w_i = p'_i(a')
 *     quantiles   v_i = r + discount x'[a'][i],         w_i = 1 / atoms; implicit ones likewise
 *
 * Munchausen [Vieillard2020], with pi = softmax(Q' / T) at s' and at s, l(p) = max(T log p, floor):
 *
 *     r is   r + alpha l(pi(a|s))
 *     instead of a' all actions b, weighted by pi(b|s'), each with -T log pi(b|s') added to its
 *     return at s'; of quantiles the mixture is taken quantile by quantile, as M-IQN does
 *
 * discount is gamma^k after k steps, and 0 where the return ends within them.
 *
 * Losses against it, of one action's x:
 *
 *     mean        the configuration's loss of x - sum_j w_j v_j
 *     categories  cross entropy -sum_i m_i log p_i, m the samples' weights shared among the two
 *                 nearest atoms                                                   [Bellemare2017]
 *     quantiles   sum_i sum_j w_j |tau_i - 1(v_j < x_i)| Huber(v_j - x_i), tau_i = (2i+1)/(2 atoms)
 *                                                                                     [Dabney2018]
 *     implicit    the same with the taus that x was asked for; v_j come from the target network's,
 *                 drawn by themselves                                                [Dabney2018b]
 */
#ifndef DEEPQ_RL_TARGET_H
#define DEEPQ_RL_TARGET_H

#include "rl/head.h"

enum { TARGET_SAMPLES_MAX = DQN_ATOMS_MAX * DQN_ACTIONS_MAX };

typedef struct {
    int count;
    double value[TARGET_SAMPLES_MAX], weight[TARGET_SAMPLES_MAX];
} Target;

/* A transition as the networks see it; each x is [actions][atoms]. */
typedef struct {
    int action;
    double reward, discount;
    const float *x_next;   /* of the target network at s' */
    const float *x_choice; /* of the network that picks a' there */
    const float *x_state;  /* of the target network at s; NULL without Munchausen */
} Promise;

void target_of(Target *target, const DqnConfig *config, const Head *head, const Promise *promise);

/* The loss of one action's x, and its gradient. `taus`: of x, where they are drawn; else NULL. */
double target_loss(const Target *target, const DqnConfig *config, const Head *head,
                   const float *taus, const float *x, float *d_x);

/* How surprising that was: |x - target| of means, else the loss; for prioritised replay. */
double target_surprise(const Target *target, const Head *head, const float *x, double loss);

#endif
