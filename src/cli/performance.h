/*
 * performance.h - a game of an environment in a window, step by step: an agent's, or a person's at
 * the toy. What `play` and `watch` share.
 */
#ifndef DEEPQ_CLI_PERFORMANCE_H
#define DEEPQ_CLI_PERFORMANCE_H

#include "cli/pace.h"
#include "cli/player.h"
#include "cli/stage.h"

typedef struct {
    Player player; /* without an agent where a person plays */
    Random random;
    double epsilon;
    int64_t frames_max; /* of the emulator, after which the window closes; 0: no end */
    StageView view;     /* at first */
    int speed;          /* at first, as Pace has it */
    /* Called some times a second between steps, to renew the agent's weights; NULL: never. Returns
     * a word for the title ("epoch 7", ""), valid until the next call. */
    const char *(*renew)(void *context);
    void *context;
    /* What happens; all 0 at the start. */
    double score; /* of this game; a person's of all games, as a game of the toy is but one ball */
    int64_t games;
    int64_t frames;
    EnvStep step;
} Performance;

/* Open the window and play until it is closed. `scale`: rows for one of the game's, whatever the
 * screen; 0 or less: as fits. False: ERROR_WORK. */
bool performance_show(Performance *performance, int scale, Error *error);

#endif
