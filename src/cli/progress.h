/*
 * progress.h - how a run is going: one line that is written over on a terminal, a line now and then
 * elsewhere.
 */
#ifndef DEEPQ_CLI_PROGRESS_H
#define DEEPQ_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "rl/train.h"

typedef enum { PROGRESS_QUIET, PROGRESS_NORMAL, PROGRESS_VERBOSE } ProgressLoudness;

typedef struct {
    ProgressLoudness loudness;
    bool terminal;
    bool line_open; /* the line's end is still to be written */
    int64_t train_frames;
    int64_t begin_frames;
    double begin_seconds;
    double next_seconds; /* when to say something again */
    double last_seconds; /* what the rate is measured from */
    int64_t last_frames;
    double frames_per_second; /* lately */
} Progress;

/* For a run that has `frames` behind it, 0 at first, of `train_frames`. */
Progress progress_begin(ProgressLoudness loudness, int64_t frames, int64_t train_frames);

/* Say something if it is time to. Cheap: to be called at every step. */
void progress_show(Progress *progress, const TrainProgress *now);

/* What an epoch brought, as a line that stays; PROGRESS_QUIET: nothing. */
void progress_epoch(Progress *progress, const TrainEpoch *epoch);

/* A finished game, as a line that stays; only for PROGRESS_VERBOSE. */
void progress_episode(Progress *progress, const TrainEpisode *episode);

/* End the line that is written over. */
void progress_end(Progress *progress);

#endif
