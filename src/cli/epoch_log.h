/*
 * epoch_log.h - what is written at each epoch beside metrics.csv, and has a clock in it:
 * TensorBoard's event files, and timing.csv.
 *
 * Columns of timing.csv: epoch (from 1); frames: of the emulator, so far; seconds: of the run so
 * far, on the wall's clock, all its parts together; frames_per_second: since the row before, or
 * since this process began. It is no part of what a run computes: a run that was killed and
 * resumed has some epochs twice, the later row counts.
 *
 * TensorBoard gets, against frames: score/evaluation, score/training (the last hundred games),
 * q/heldout, q/mean, loss, dead_units, epsilon, speed/frames_per_second, and a picture of the first
 * layer that has weights.
 */
#ifndef DEEPQ_CLI_EPOCH_LOG_H
#define DEEPQ_CLI_EPOCH_LOG_H

#include "rl/train.h"
#include "run/csv.h"
#include "run/tensorboard.h"

typedef struct {
    bool begun;
    CsvFile timing;
    TensorBoard board;
    int64_t last_frames;
    double last_seconds;
} EpochLog;

/* Open both in a run's folder. frames, seconds: how far the run is. */
bool epoch_log_begin(EpochLog *log, const char *folder, int64_t frames, double seconds,
                     Error *error);
bool epoch_log_add(EpochLog *log, const TrainEpoch *epoch, const Network *network, double seconds,
                   Error *error);
void epoch_log_end(EpochLog *log); /* one that was not begun is fine */

#endif
