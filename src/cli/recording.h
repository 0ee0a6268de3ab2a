/*
 * recording.h - an agent plays, and what a spectator sees of it becomes a file.
 */
#ifndef DEEPQ_CLI_RECORDING_H
#define DEEPQ_CLI_RECORDING_H

#include "cli/player.h"
#include "cli/stage.h"

typedef enum {
    RECORDING_PNG, /* the last picture */
    RECORDING_GIF,
    RECORDING_MP4 /* error where FFmpeg is not built in */
} RecordingKind;

typedef struct {
    const char *path; /* replaced when the recording is whole */
    RecordingKind kind;
    int64_t frames; /* of the emulator, and ... */
    int64_t games;  /* ... whole games: it ends with the first of the two */
    int64_t scale;  /* 1 .. STAGE_SCALE_MAX */
    int64_t seed;   /* of no-ops and random actions, 0 or more */
    double epsilon; /* probability of a random action */
    bool panels;    /* beside the game, what the agent sees and values */
    StageView view;
} RecordingPlan;

typedef struct {
    int64_t frames;
    double score; /* of the last game, so far */
} RecordingResult;

bool recording_make(Player *player, const RecordingPlan *plan, RecordingResult *result,
                    Error *error);

#endif
