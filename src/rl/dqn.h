/*
 * dqn.h - every number of a recipe: what deep Q-learning is told before it starts.
 *
 * Units are in the names: _steps are agent steps (one decision; frames_per_step emulator frames),
 * _updates are descent steps of the network, _frames are emulator frames. Mixing them up is the
 * commonest way not to reproduce a paper; nothing here is counted in a unit it does not name.
 *
 *     y_t = r_t                                      if the game ended in step t
 *     y_t = r_t + gamma max_a Q_target(s_t+1, a)     else
 *     descend the loss of Q(s_t, a_t) - y_t
 *
 * over a minibatch drawn uniformly from the replay memory. Q_target = Q where target_every_steps
 * is 0.
 */
#ifndef DEEPQ_RL_DQN_H
#define DEEPQ_RL_DQN_H

#include <stdbool.h>
#include <stdint.h>

#include "nn/loss.h"
#include "nn/network.h"

enum { DQN_NETWORK_TEXT_BYTES = 256, DQN_ENVS_MAX = 128 };

typedef enum {
    DQN_REDUCE_MEAN, /* the minibatch's loss is the mean of its samples' */
    DQN_REDUCE_SUM,  /* ... the sum, as in Mnih2015's program */
} DqnReduce;

typedef struct {
    /* the network */
    char network[DQN_NETWORK_TEXT_BYTES]; /* layers before the output layer, in nn_spec_parse's form
                                           */
    NnInit init;
    int history; /* frames stacked into a state */

    /* what is learnt */
    double gamma; /* discount for each agent step */
    NnLoss loss;
    DqnReduce reduce;
    bool clip_rewards;   /* learn from the sign of the reward */
    bool life_loss_ends; /* a lost life is an end for learning; the game goes on */
    bool double_q;       /* y = r + gamma Q_target(s', argmax_a Q(s', a)) [VanHasselt2016] */

    /* descent */
    NnOptimiser optimiser;
    int minibatch;          /* transitions */
    int update_every_steps; /* one update each so many agent steps: 1 in 2013, 4 in 2015 */
    int64_t
        target_every_steps; /* copy Q to Q_target each so many agent steps; 0: no target network */

    /* experience */
    int envs; /* environments played in, all by the same weights; a step in each is that many agent
                 steps */
    int acting_lag_updates;    /* 0: the papers' strict order. 1: what is played while an update is
                                  under way is played with the weights of before it, and remembered
                                  after it */
    int64_t replay_steps;      /* capacity, transitions */
    bool replay_packed;        /* frames as what differs between them, through LZ4 */
    int64_t learn_start_steps; /* random play before the first update */
    double epsilon_start;
    double epsilon_end;
    int64_t epsilon_steps; /* from start to end in so many agent steps, linearly, after
                              learn_start_steps */

    /* the run */
    int64_t train_frames; /* emulator frames in all */
    int64_t epoch_steps;  /* a row of metrics, an evaluation and saved weights each so many agent
                             steps */
    int64_t eval_steps;   /* agent steps of an evaluation at the end of an epoch; 0: none */
    double eval_epsilon;
    int heldout_states; /* random play's states on which the mean maximal Q is followed; 0: none */
} DqnConfig;

#endif
