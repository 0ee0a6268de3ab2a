/*
 * replay_log.h - the replay memory on disk: each slot is written once, while the run goes on.
 *
 * The slots of each environment (rl/replay.h) are appended to segment files, S to a file, named by
 * the environment and their first slot:
 *
 *     replay-000-000000000000.bin   slots 0 .. S-1       S is a sixteenth of the memory, so that
 *     replay-000-000000062500.bin   slots S .. 2S-1      little more is on disk than in memory
 *
 * A segment is a row of chunks of up to 64 slots. A chunk never changes once it is written; what
 * stands behind the last chunk that a checkpoint knows of is cut off when a run goes on from there.
 *
 *     offset  bytes  of a chunk; numbers are little-endian
 *          0      8  "deepqlog"
 *          8      8  number of its first slot
 *         16      4  n, its slots
 *         20      4  f, bytes of a frame
 *         24      8  p, bytes of what follows
 *         32      8  XXH64 of the 32 bytes before and the p bytes after
 *         40      p  an LZ4 block of n frames (the first as it is, each other XORed with the one
 *                    before it), n rewards (float), n actions and n flags (a byte each)
 *
 *     replay_log_follow(log, &error);     after every step: a chunk, when there is one
 *     replay_log_flush(log, &error);      at a checkpoint: all of it, down to the disk
 */
#ifndef DEEPQ_RUN_REPLAY_LOG_H
#define DEEPQ_RUN_REPLAY_LOG_H

#include "rl/replay.h"

typedef struct ReplayLog ReplayLog;

/* Of `replay`, which outlives it; `folder` is there. Nothing is written yet. */
ReplayLog *replay_log_create(const char *folder, Replay *replay, Error *error);
void replay_log_destroy(ReplayLog *log); /* NULL is fine */

/* Write the slots that are new, where they make a whole chunk, or half of what the memory holds of
 * an environment. To be called before the memory drops any that are not written. ERROR_WORK if the
 * disk does not take them. */
bool replay_log_follow(ReplayLog *log, Error *error);

/* Write all that is not open and see it on the disk. */
bool replay_log_flush(ReplayLog *log, Error *error);

/* Put slots oldest .. newest-1 of an environment back into the memory, whatever it held before; the
 * log goes on behind them. The files change only when something is written. False, and the memory
 * as it comes, if they are missing, cut short or damaged: ERROR_INPUT names the file. */
bool replay_log_load(ReplayLog *log, int env, int64_t oldest, int64_t newest, Error *error);

/* Which slots of an environment are on the disk, whatever a checkpoint says of them: oldest ..
 * newest-1, as many as the memory can hold. ERROR_INPUT if there are none. */
bool replay_log_span(const ReplayLog *log, int env, int64_t *oldest, int64_t *newest, Error *error);

/* Remove the files that hold no slot of that environment from `oldest` on. */
void replay_log_forget(const ReplayLog *log, int env, int64_t oldest);

#endif
