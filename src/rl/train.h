/*
 * train.h - deep Q-learning: an agent plays, remembers and learns [Mnih2013] [Mnih2015].
 *
 * One step of the loop, in this order:
 *
 *     choose a_t epsilon-greedily in s_t       no forward pass where the draw says to explore
 *     environment: r_t, frame t+1
 *     remember                                 frame t, a_t, r_t, whether it was an end
 *     see frame t+1                            after a game's end: reset, a first frame
 *     learn        each update_every_steps steps, from step learn_start_steps on
 *     copy target  each target_every_steps steps
 *     report       each epoch_steps steps, and once more at the end if steps are left over
 *
 * A use:
 *
 *     const TrainSetup setup = {.config = config, .seed = 1, .env = env, .eval_env = eval_env,
 *                               .backend = NN_BACKEND_AUTO, .team = team};
 *     Training *training = training_create(&setup, &error);
 *     const TrainObserver observer = {.epoch = print_row};
 *     training_run(training, &observer, &error);
 *     weights_save(training_network(training), "last.safetensors", NULL, 0, &error);
 *     training_destroy(training);
 *
 * What a training computes is a function of configuration, environment and seed. The clock, the
 * number of threads, observers, and stopping and going on have no part in it; training_digest holds
 * it to that. Every random draw comes from one of six streams made from the seed: "initialise",
 * "heldout", "explore", "replay", "dropout", "evaluate".
 *
 * Units: a step is an agent step, a frame an emulator frame, an update a descent step of the
 * network. An episode, here, is a whole game: from a reset to game_over or time_over. Lives do not
 * divide it, and scores are the true ones.
 *
 * A frame after which a life was lost (where life_loss_ends is set) begins a new stack, as a
 * game's first frame does; the action in s_t is chosen from the same stack that will be learnt
 * from. A game cut by its time limit is no end of value: its last frame is remembered as the
 * s_t+1 of the last transition.
 *
 * Where more would go: several environments would be so many (environment, memory's writer) pairs
 * with one forward pass for all their stacks; two players two (memory, learner) pairs at one
 * environment. An update reads the memory and the network, a step of play reads the network and
 * writes the memory: for the two to overlap on two threads with the same results on any machine,
 * play would use weights that lag the learner by a fixed number of updates. To be resumed exactly,
 * a training would save what training_digest reads, in that order.
 */
#ifndef DEEPQ_RL_TRAIN_H
#define DEEPQ_RL_TRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/parallel.h"
#include "env/env.h"
#include "nn/network.h"
#include "rl/dqn.h"
#include "rl/evaluate.h"

typedef struct {
    DqnConfig config;
    uint64_t seed;
    Env *env;      /* where it learns; not owned; players 1; reset by training_create */
    Env *eval_env; /* where it is evaluated, another one of the same kind; not owned; NULL only
                      where config.eval_steps is 0 */
    NnBackend backend;
    Parallel *team; /* whose threads the network uses; not owned; NULL: the calling thread alone */
} TrainSetup;

/* Where a training stands. Means over nothing are NAN. */
typedef struct {
    int64_t frames;
    int64_t steps;
    int64_t updates;
    int64_t episodes; /* finished games */
    int64_t epochs;   /* rows reported */
    double score_100; /* mean score of the last 100 games, or as many as there were */
    double epsilon;   /* with which the next action is chosen */
    double loss;      /* mean loss of a sample, over the updates since the last row */
    double q;         /* mean Q(s_t, a_t) of the samples, likewise */
} TrainProgress;

/* A finished game. */
typedef struct {
    int64_t number;       /* 1 for the first */
    int64_t frames;       /* of this game */
    int64_t steps;        /* of this game */
    double score;         /* true, unclipped */
    int64_t total_frames; /* of the training, up to and with this game */
    int64_t total_steps;
} TrainEpisode;

/* A row of metrics: the epoch that has just ended. */
typedef struct {
    TrainProgress progress; /* at its end; progress.epochs is its number, 1 for the first; loss and
                               q are over its updates */
    double heldout_q; /* mean over the held-out states of max_a Q(s, a); NAN where there are none */
    EvalResult evaluation; /* games 0 and NAN where there was none */
    bool best; /* the evaluation's mean is the highest so far: training_best_network has just
                  changed */
} TrainEpoch;

/* Who is told what, in the calling thread. Any of the functions may be NULL. Returning false means
 * stop before the next step; the training can go on later. */
typedef struct {
    void *context;
    int64_t progress_every_steps; /* 0: never */
    bool (*progress)(void *context, const TrainProgress *progress);
    void (*episode)(void *context, const TrainEpisode *episode);
    bool (*epoch)(void *context, const TrainEpoch *epoch);
} TrainObserver;

typedef enum {
    TRAIN_DONE,    /* config.train_frames are played */
    TRAIN_STOPPED, /* an observer said so; training_run again goes on as if it had not */
    TRAIN_FAILED,  /* ERROR_WORK; the network holds its last good weights */
} TrainEnd;

typedef struct Training Training;

/* Everything that will be needed is allocated here. The environment is reset; held-out states are
 * collected by random play, and the environment put back to that reset. NULL with ERROR_INPUT for a
 * configuration that cannot be (dqn_check, or more memory than there is). */
Training *training_create(const TrainSetup *setup, Error *error);
void training_destroy(Training *training); /* NULL is fine */

/* Play and learn to the end, or until an observer or a failure stops it. `observer`: NULL is fine.
 * A loss that is infinite or not a number is a failure: the network is put back to weights that it
 * had at most 1000 updates before, when the loss was still finite. */
TrainEnd training_run(Training *training, const TrainObserver *observer, Error *error);

TrainProgress training_progress(const Training *training);

/* The network as it is now; owned by the training, read only. Its spec is dqn_network_spec's. */
Network *training_network(Training *training);

/* The network as it was at the best evaluation, NULL before the first that finished a game. Made
 * for batches of one. */
Network *training_best_network(Training *training);

/* A fingerprint of everything that the future of the training depends on: weights, optimiser,
 * target network, replay memory, both environments, random streams, counters. Not cheap. */
uint64_t training_digest(Training *training);

/* Of the weights alone. They do not depend on whether there are evaluations. */
uint64_t training_weights_digest(Training *training);

#endif
