/*
 * learner.h - one step of Q-learning: from a minibatch of transitions to better weights.
 *
 *     y_t = r_t + (1 - ended_t) gamma max_a Q_target(s_t+1, a)          [Mnih2013], [Mnih2015]
 *     descend the sum or mean over the minibatch of loss(Q(s_t, a_t) - y_t)
 *
 * and what came after, each a switch of its own: returns of n steps and priorities (replay.h),
 * dueling heads and distributions of returns (head.h), Double Q and Munchausen (target.h), noisy
 * layers (nn/network.h): each pass over a minibatch, of either network, has noise of its own, drawn
 * from the stream that draws the minibatch [Fortunato2018].
 *
 * Implicit quantiles [Dabney2018b] put the layer `quantiles` of nn/network.h into the network, with
 * N = N' = K = `atoms` taus that are drawn like the noise, once for the whole minibatch (the paper
 * draws them for each of its transitions). What is behind that layer is done for each tau by
 * itself, so dense layers are convolutions of 1 x 1 pixels there:
 *
 *     conv 16 8 4, relu, conv 32 4 2, relu, dense 256, relu
 *     conv 16 8 4, relu, conv 32 4 2, relu, quantiles 32, conv 256 1 1, relu, conv ACTIONS 1 1
 *
 * It stands before the first dense layer behind all layers that look at several values at once
 * without being dense (convolutions, pools, norms), as in the paper; in a network of dense layers
 * alone before the outputs.
 *
 * Q_target is a copy of Q that learner_copy_target renews, or Q itself where the configuration has
 * none.
 */
#ifndef DEEPQ_RL_LEARNER_H
#define DEEPQ_RL_LEARNER_H

#include "base/state.h"
#include "rl/dqn.h"
#include "rl/replay.h"

typedef struct Learner Learner;

/* What an update found, before it changed the weights. */
typedef struct {
    double loss;   /* mean over the minibatch */
    double mean_q; /* mean over the minibatch of Q(s_t, a_t) */
} LearnerStep;

/* Networks with `actions` outputs for stacks of frames of that shape; initialised from `random`.
 * ERROR_INPUT if the configuration's network cannot be understood or does not fit. */
Learner *learner_create(const DqnConfig *config, int frame_height, int frame_width, int actions,
                        NnBackend backend, Parallel *team, Random *random, Error *error);
void learner_destroy(Learner *learner); /* NULL is fine */

Network *learner_network(Learner *learner);

/* The network that a configuration means: its layers and the outputs that head.h reads. ERROR_INPUT
 * if they cannot be understood or do not fit the input. */
bool learner_network_spec(NnSpec *spec, const DqnConfig *config, NnShape input, int actions,
                          Error *error);

/* One update, in two parts. Prepare: draw a minibatch from `replay`, find the gradient, renew the
 * priorities where there are some. `progress`: of the run, 0 .. 1: what changes along it.
 * ERROR_WORK if the loss is not a finite number: the weights are not to be changed. Descend: change
 * the weights, after `steps` agent steps. In between others may read them. */
bool learner_prepare(Learner *learner, Replay *replay, double progress, Random *random,
                     LearnerStep *step, Error *error);
void learner_descend(Learner *learner, int64_t steps);

/* The same from states, minibatch * history planes, whose returns `towards` are known already. */
bool learner_prepare_towards(Learner *learner, const uint8_t *const *planes, const int *actions,
                             const double *towards, Random *random, LearnerStep *step,
                             Error *error);

/* max_a Q of `count` states, at most a minibatch, by the network without noise. */
void learner_best_values(Learner *learner, const uint8_t *const *planes, int count, double *best);

void learner_copy_target(Learner *learner);

/* Weights, target weights, the optimiser's memory: saved, loaded or digested (base/state.h). */
void learner_walk(Learner *learner, State *state);

#endif
