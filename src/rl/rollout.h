/*
 * rollout.h - the newest steps of all environments in the order in which they happened, and the
 * returns to learn towards.
 *
 *     slots of an environment   t    t+1   t+2   (cut)   t+3   t+4   (newest)
 *     step                      a     a     a      -      a     a       -
 *
 * The lambda return [Sutton1988] as PQN takes it [Gallici2024], with v = max_a Q(s, a):
 *
 *     R_t = r_t                                                    where step t ended the return
 *     R_t = r_t + gamma ((1 - lambda) v_t+1 + lambda R_t+1)        else
 *     R   = v                                                      of a state without a step
 *
 * lambda = 0 is the target of one-step Q-learning; lambda = 1 the sum of rewards up to the
 * rollout's end. What lies between are means of the returns of 1, 2, 3 ... steps.
 */
#ifndef DEEPQ_RL_ROLLOUT_H
#define DEEPQ_RL_ROLLOUT_H

#include "rl/replay.h"

typedef struct {
    int env;
    int64_t slot; /* in the memory: replay_state_at */
    bool acted;   /* else time was over here, or it is the newest; the next three are then unset */
    int action;
    double reward;
    bool ended;
    double value; /* max_a Q */
    double lambda_return;
} RolloutState;

/* As many as `steps` steps of each of `envs` environments may have around them. */
int rollout_states_max(int steps, int envs);

/* The newest `steps` steps of each environment, oldest first, each environment ending with its
 * newest state: all but value and return. Returns how many states. */
int rollout_take(const Replay *replay, int steps, RolloutState *states);

/* The returns, from the values. The last state has no step. */
void rollout_returns(RolloutState *states, int count, double gamma, double lambda);

#endif
