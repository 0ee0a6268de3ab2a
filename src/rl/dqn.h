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
 * over a minibatch drawn uniformly from the replay memory; or, without such a memory, towards the
 * lambda returns of what was just played (updates.h). Q_target = Q where target_every_steps is 0.
 */
#ifndef DEEPQ_RL_DQN_H
#define DEEPQ_RL_DQN_H

#include <stdbool.h>
#include <stdint.h>

#include "nn/loss.h"
#include "nn/network.h"

enum {
    DQN_NETWORK_TEXT_BYTES = 256,
    DQN_ENVS_MAX = 128,
    DQN_ACTIONS_MAX = 18,
    DQN_ATOMS_MAX = 256,
    DQN_RETURN_STEPS_MAX = 32,
};

typedef enum {
    DQN_REDUCE_MEAN, /* the minibatch's loss is the mean of its samples' */
    DQN_REDUCE_SUM,  /* ... the sum, as in Mnih2015's program */
} DqnReduce;

/* What the network says of an action's return; head.h has the formulas. */
typedef enum {
    DQN_RETURNS_MEAN,
    DQN_RETURNS_CATEGORIES, /* C51: probabilities of fixed values [Bellemare2017] */
    DQN_RETURNS_QUANTILES,  /* QR-DQN: values of fixed probabilities [Dabney2018] */
    DQN_RETURNS_IMPLICIT,   /* IQN: values of probabilities that are drawn [Dabney2018b] */
} DqnReturns;

typedef struct {
    /* the network */
    char network[DQN_NETWORK_TEXT_BYTES]; /* layers before the output layer, in nn_spec_parse's form
                                           */
    NnInit init;
    int history; /* frames stacked into a state */
    DqnReturns returns;
    int atoms;        /* categories, quantiles or taus of each action, 2 .. DQN_ATOMS_MAX */
    double value_min; /* the first category's return, and the last's */
    double value_max;
    bool noisy;   /* all dense layers noisy (nn/network.h), in place of epsilon [Fortunato2018] */
    bool dueling; /* the state's value apart from the actions' advantages [Wang2016] */

    /* what is learnt */
    double gamma; /* discount for each agent step */
    NnLoss loss;
    DqnReduce reduce;
    bool clip_rewards;   /* learn from the sign of the reward */
    bool life_loss_ends; /* a lost life is an end for learning; the game goes on */
    bool double_q;       /* y = r + gamma Q_target(s', argmax_a Q(s', a)) [VanHasselt2016] */
    int return_steps;    /* n: r_t + gamma r_t+1 + ... before the value of s_t+n [Sutton1988] */
    double munchausen;   /* alpha: how much of log pi(a_t|s_t) the reward gets; 0: none
                          [Vieillard2020]; target.h has the formula */
    double munchausen_temperature; /* of pi = softmax(Q / T) */
    double munchausen_floor;       /* the least that T log pi counts for */

    /* descent */
    NnOptimiser optimiser;

    double learning_rate_end_share; /* what is left of the learning rate in the end; 1: it stays */
    int64_t learning_rate_steps; /* from all of it to that share in so many agent steps, linearly,
                                    after learn_start_steps */
    int minibatch;               /* transitions */
    int update_every_steps;      /* one update each so many agent steps: 1 in 2013, 4 in 2015 */
    int64_t
        target_every_steps; /* copy Q to Q_target each so many agent steps; 0: no target network */

    double max_gradient; /* the gradient's length is cut to it; 0: as long as it is */

    /* rollouts instead of a replay memory: updates.h */
    int rollout_steps;  /* of each environment; 0: learn from the replay memory */
    int rollout_epochs; /* times that each of them is learnt from */
    double lambda;      /* of their returns: rollout.h */

    /* experience */
    int envs; /* environments played in, all by the same weights; a step in each is that many agent
                 steps */
    int acting_lag_updates; /* 0: the papers' strict order. 1: what is played while an update is
                                  under way is played with the weights of before it, and remembered
                                  after it */
    int64_t replay_steps;   /* capacity, transitions */
    bool prioritised; /* transitions are drawn with probability surprise^priority_exponent / sum
                         [Schaul2016] */
    double priority_exponent;
    double
        importance_start;  /* beta: weights (N P)^-beta undo as much of the bias; from the first */
    double importance_end; /* frame to the last */
    bool replay_packed;    /* frames as what differs between them, through LZ4 */
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
