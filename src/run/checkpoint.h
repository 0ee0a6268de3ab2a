/*
 * checkpoint.h - a run as it stands, on disk, so that it can go on from there bit for bit.
 *
 *     runs/mine/checkpoints/
 *         checkpoint-000000040000.bin     all but the replay memory, after agent step 40,000
 *         checkpoint-000000050000.bin     the two newest are kept
 *         replay-000000000000.bin ...     the replay memory (replay_log.h), each slot written once
 *
 * A checkpoint is whole or not there: the memory's new slots and the tables' rows are flushed
 * first, then the file is written beside its place, flushed, renamed, and the folder flushed. The
 * file is a state (base/state.h) and, as its last 8 bytes, the XXH64 of all before. Only when it is
 * there do the third newest and the memory's files that nobody needs any more go.
 *
 * When checkpoints are made may depend on the clock; nothing that is computed depends on whether
 * and when they are made.
 *
 *     const CheckpointRun parts = {&run, &config, training};
 *     Checkpoints *checkpoints = checkpoints_create(&parts, &error);
 *     checkpoints_resume(checkpoints, &resumed, &error);      or checkpoints_save: the first one
 *     checkpoints_follow(checkpoints, &error);                after each step
 *     checkpoints_save(checkpoints, seconds, &error);         now and then, and at the end
 *
 * docs/run-format.md has the format byte by byte.
 */
#ifndef DEEPQ_RUN_CHECKPOINT_H
#define DEEPQ_RUN_CHECKPOINT_H

#include "rl/train.h"
#include "run/config.h"
#include "run/run.h"

enum { CHECKPOINT_VERSION = 1, CHECKPOINTS_KEPT = 2 };

typedef struct Checkpoints Checkpoints;

/* What a checkpoint is of; none of it is owned. */
typedef struct {
    Run *run; /* begun or opened */
    const RunConfig *config;
    Training *training;
} CheckpointRun;

/* Where a run goes on. */
typedef struct {
    double seconds; /* that it took until then, on the wall's clock */
    char note[600]; /* sentences about what was damaged and passed over, one a line; "": nothing */
} Resumed;

/* Makes the folder if it is not there. */
Checkpoints *checkpoints_create(const CheckpointRun *parts, Error *error);
void checkpoints_destroy(Checkpoints *checkpoints); /* NULL is fine */

/* Write what is new of the replay memory, a chunk at a time, so that a checkpoint has little left
 * to do. Cheap: to be called after every step. */
bool checkpoints_follow(Checkpoints *checkpoints, Error *error);

/* Make a checkpoint of now, `seconds` after the run's beginning. ERROR_WORK if the disk does not
 * take it, or if the weights are not finite numbers any more; the checkpoints of before stay. */
bool checkpoints_save(Checkpoints *checkpoints, double seconds, Error *error);

/* Load the newest whole checkpoint into the training, cut the run's tables back to it, and remove
 * what is newer. ERROR_INPUT, and no file changed, if there is none: the sentence says what is
 * wrong with the newest. ERROR_INPUT also if the configuration is not the checkpoint's: the
 * sentence names the key. */
bool checkpoints_resume(Checkpoints *checkpoints, Resumed *resumed, Error *error);

/* Whether the run at `path` has a checkpoint, whole or not. */
bool checkpoints_are_there(const char *path);

/* Remove the checkpoints of the run at `path`, with their memory: nothing goes on from a run that
 * is done, and they are most of its bytes. What else lies in that folder stays, and the folder
 * then, too. ERROR_WORK if something cannot be removed; that there is nothing is fine. */
bool checkpoints_remove(const char *path, Error *error);

#endif
