/*
 * batch.h - many environments stepped at once, into the caller's memory.
 *
 *     Batch *batch = batch_create(envs, 16, team, &error);
 *     batch_reset(batch, frames);                            frames: [16][height][width] bytes
 *     for (;;) {
 *         choose(frames, actions);                           actions: [16][players]
 *         batch_step(batch, actions, steps, frames);         steps: [16]
 *     }
 *
 * An environment whose episode has ended (steps[i].game_over or time_over) begins a new one with
 * the next step: its action is then ignored, its step all zeros, and its frame the
 * first of the new episode. So no last frame is lost. Each environment is stepped by one thread at
 * a time and has random streams of its own: what happens does not depend on the number of threads.
 */
#ifndef DEEPQ_ENV_BATCH_H
#define DEEPQ_ENV_BATCH_H

#include "base/parallel.h"
#include "env/env.h"

typedef struct Batch Batch;

/* `count` environments, 1 .. PARALLEL_PIECES_MAX, of one frame size and number of players. They
 * belong to the batch from now on, also where it fails. `team`: whose threads step them; not owned;
 * NULL: the calling thread. NULL with ERROR_WORK without memory. */
Batch *batch_create(Env *const envs[], int count, Parallel *team, Error *error);
void batch_destroy(Batch *batch); /* and its environments; NULL is fine */

int batch_count(const Batch *batch);
Env *batch_env(const Batch *batch, int index);

/* Begin an episode in each. */
void batch_reset(Batch *batch, uint8_t *frames);

/* One agent step in each. */
void batch_step(Batch *batch, const int *actions, EnvStep *steps, uint8_t *frames);

#endif
