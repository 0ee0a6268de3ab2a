/*
 * player.h - plays in several environments, and keeps what happened until the learner takes it.
 *
 * A sweep is one agent step in every environment: one forward pass for all whose action is not
 * drawn at random, then an env_step each. A stretch is some sweeps that are played without being
 * looked at in between, so that another thread can do it while the network learns:
 *
 *     player_begin(player);                 first frames: player_frame(player, env)
 *     player_play(player, sweeps);          reads the network's parameters, changes none
 *     for (int i = 0; i < player_played(player); i++)
 *         look_at(player_step(player, i));  sweep by sweep, in each by environment
 *     player_clear(player);                 before the next stretch
 *
 * Noisy layers take the place of epsilon: there is none, and each sweep has new noise, the same in
 * all environments, from the stream that epsilon-greedy would draw from. Implicit quantiles have
 * new taus in each sweep, likewise.
 */
#ifndef DEEPQ_RL_PLAYER_H
#define DEEPQ_RL_PLAYER_H

#include "base/state.h"
#include "env/env.h"
#include "rl/dqn.h"

typedef struct Player Player;

typedef struct {
    const DqnConfig *config; /* epsilon's schedule, history, what ends a life; not owned */
    Env *const *envs;        /* config->envs of them, of one shape; not owned */
    Network *network;        /* its values choose; for batches of config->envs; not owned */
    int sweeps_max;          /* of a stretch */
    Parallel *team;          /* steps the environments; not owned; NULL: the calling thread */
    Random explore;
} PlayerSetup;

typedef struct {
    int env;
    int action;
    EnvStep happened;
    const uint8_t *frame;      /* seen after it */
    const uint8_t *next_first; /* the next episode's first; NULL: this one goes on */
} PlayedStep;

Player *player_create(const PlayerSetup *setup, Error *error);
void player_destroy(Player *player); /* NULL is fine */

/* Reset all environments. Once, before the first stretch. */
void player_begin(Player *player);
const uint8_t *player_frame(const Player *player, int env); /* valid until the next stretch */

/* A stretch of at most sweeps_max, after what was played has been cleared. */
void player_play(Player *player, int sweeps);

int player_played(const Player *player); /* steps of the stretch */
const PlayedStep *player_step(const Player *player, int index);
void player_clear(Player *player);

/* Of the next step. */
double player_epsilon(const Player *player);

/* Environments, what the agents see, what is played and not yet cleared, the random stream: saved,
 * loaded or digested (base/state.h). */
void player_walk(Player *player, State *state);

#endif
