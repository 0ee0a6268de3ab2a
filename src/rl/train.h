/*
 * train.h - a run: play, remember, learn, look how it is going.
 *
 * Over and over:
 *     a stretch   agent steps in all environments: a_t by epsilon-greedy -> env_step (player.h)
 *     remember    each (s_t, a_t, r_t, s_t+1)
 *     learn       the updates that these steps call for, from the replay memory or from rollouts
 *                 (updates.h)
 *     tell        games that ended; every epoch_steps steps, and at the end (unless less than a
 *                 tenth of an epoch has passed since the last one): evaluate, and give a row of
 *                 numbers to the observer
 *
 * In strict order a stretch is one step in each environment. Where acting may lag by an update, a
 * stretch lasts until the next update is due, and is played on one thread while the others make the
 * update that the stretch before called for. The weights change when it has been played:
 *
 *     strict     play 1 | learn 1 | play 2 | learn 2 | play 3 ...
 *     lag 1      play 1 | learn 1 | learn 2 | learn 3 ...
 *                       | play 2  | play 3  | play 4  ...       play 3 acts by what learn 1 made
 *
 * What a run computes depends on the configuration and the seed alone. Its random streams are
 * "init", "explore", "replay", "evaluate" and "heldout"; evaluating never touches what learning
 * draws.
 *
 *     Training *training = training_create(&setup, &error);
 *     TrainEnd end = training_run(training, &observer, &error);
 */
#ifndef DEEPQ_RL_TRAIN_H
#define DEEPQ_RL_TRAIN_H

#include "env/env.h"
#include "rl/dqn.h"
#include "rl/evaluate.h"
#include "rl/heldout.h"
#include "rl/learner.h"

enum { TRAIN_RECENT_GAMES = 100 };

typedef struct Training Training;

typedef struct {
    DqnConfig config;
    uint64_t seed;
    Env *const *envs; /* to learn in, config.envs of them, of one shape; not owned */
    Env *eval_env;    /* to be evaluated in, of the same shape; not owned */
    NnBackend backend;
    Parallel *team; /* not owned; NULL: one thread */
} TrainSetup;

/* How far a run is. */
typedef struct {
    int64_t frames, steps, updates, episodes;
    double recent_score; /* mean of the last TRAIN_RECENT_GAMES games, true scores; NaN before the
                            first */
    double epsilon;
    double loss;   /* running mean; NaN before the first update */
    double mean_q; /* running mean of Q(s_t, a_t); likewise */
} TrainProgress;

/* A finished game. */
typedef struct {
    int64_t episode;       /* from 1 */
    int64_t frames, steps; /* of this game */
    int64_t frames_so_far; /* of the run */
    double score;
} TrainEpisode;

/* A row of metrics.csv, at the end of an epoch. */
typedef struct {
    int64_t epoch;          /* from 1 */
    TrainProgress progress; /* loss and mean_q: means over the epoch */
    HeldoutView heldout;
    Evaluation evaluation; /* games 0: none was asked for */
    bool best;             /* no evaluation before had a higher mean */
} TrainEpoch;

/* Who is told. Any callback may be NULL. Those that return bool return false to stop the run after
 * this step. */
typedef struct {
    void *context;
    bool (*progress)(void *context, const TrainProgress *progress); /* every progress_steps steps,
                                                                       or as soon as can be */
    bool (*episode)(void *context, const TrainEpisode *episode);
    bool (*epoch)(void *context, const TrainEpoch *epoch);
    int64_t progress_steps; /* at least 1 */
} TrainObserver;

typedef enum { TRAIN_DONE, TRAIN_STOPPED, TRAIN_FAILED } TrainEnd;

Training *training_create(const TrainSetup *setup, Error *error);
void training_destroy(Training *training); /* NULL is fine */

/* Until train_frames frames are played (TRAIN_DONE), the observer says stop (TRAIN_STOPPED) or the
 * work fails (TRAIN_FAILED: the error says why, the weights are the last good ones). After a stop
 * it can be called again and goes on. */
TrainEnd training_run(Training *training, const TrainObserver *observer, Error *error);

Network *training_network(Training *training);

/* To be called when the network was given weights from elsewhere before the first step: what was
 * made of its first ones follows. */
void training_take_weights(Training *training);
TrainProgress training_progress(const Training *training);

/* State is a value: everything that the future depends on, saved, loaded or digested by one walk
 * (base/state.h), between two steps. Of the replay memory only what replay_walk says: its slots are
 * put back before the walk loads. Loaded into a training of the same setup, it goes on bit for bit
 * as the saved one did, on any number of threads. After a load that failed it can only be loaded
 * again or destroyed. */
void training_walk(Training *training, State *state);
Replay *training_replay(Training *training);

/* Weights, optimiser, target, replay memory, environments, random streams, counters: equal digests,
 * equal futures. */
uint64_t training_digest(Training *training);

#endif
