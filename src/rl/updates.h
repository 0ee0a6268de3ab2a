/*
 * updates.h - when the network learns, and from what. Two ways behind one interface:
 *
 *     from replay     an update for every update_every_steps steps, of a minibatch drawn from all
 *                     that is remembered; Q_target := Q for every target_every_steps
 *                                                                        [Mnih2013], [Mnih2015]
 *     from rollouts   PQN [Gallici2024]: whenever rollout_steps steps have been played in each
 *                     environment, their lambda returns are taken (rollout.h), and the network
 *                     learns towards them in minibatches that go through all these steps in a
 *                     random order, rollout_epochs times. Then they are forgotten. No target
 *                     network: the parallel environments and layer norms take its place.
 *
 *     play  1 .. T of E environments | E T / minibatch updates, times epochs | play T+1 .. 2T | ...
 *
 * train.h plays and remembers, the same for both; learner.h makes the single update.
 */
#ifndef DEEPQ_RL_UPDATES_H
#define DEEPQ_RL_UPDATES_H

#include "rl/learner.h"

typedef struct Updates Updates;

/* The memory that a configuration's way of learning needs. */
ReplaySetup updates_memory(const DqnConfig *config, size_t frame_bytes);

/* Nothing of these is owned; `replay` is one that updates_memory described. */
typedef struct {
    const DqnConfig *config;
    Learner *learner;
    Replay *replay;
} UpdatesSetup;

Updates *updates_create(const UpdatesSetup *setup, Error *error);
void updates_destroy(Updates *updates); /* NULL is fine */

typedef struct {
    int64_t before, now; /* agent steps remembered at the last call, and now */
    double progress;     /* of the run, 0 .. 1 */
    Random *random;
    void *context;
    void (*change)(void *context); /* before the weights change: who reads them has to finish */
    void (*done)(void *context, const LearnerStep *step); /* after each update */
} UpdatesDue;

/* Make the updates that the steps after `before`, up to `now`, call for. Between two calls nothing
 * is kept that is not the learner's or the memory's. ERROR_WORK as in learner_prepare. */
bool updates_make(Updates *updates, const UpdatesDue *due, Error *error);

#endif
