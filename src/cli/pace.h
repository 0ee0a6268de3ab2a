/*
 * pace.h - how a game in a window goes on: its speed, pauses, single steps, and the end of it.
 *
 *     pace_catch_signals();
 *     Pace pace = {0};
 *     while (!pace_stopped() && !pace.input.quit)
 *         if (pace_go_on(&pace, window, 60))
 *             ... step the game by pace.input, show it ...
 */
#ifndef DEEPQ_CLI_PACE_H
#define DEEPQ_CLI_PACE_H

#include "viewer/window.h"

enum { PACE_SPEED_MIN = -3, PACE_SPEED_MAX = 4 };

/* What the keys of everybody have done so far. */
typedef struct {
    WindowInput input; /* since the last step */
    bool stepped;      /* ... which was at the last look */
    bool paused;
    int speed;     /* steps come 2^speed times as fast */
    double part;   /* of the time until the next step that has passed: 0 .. 1 */
    bool changed;  /* what a title says of the above */
    bool saliency; /* a spectator wants to see these: each press of the key turns it over */
    bool layers;
    bool turned; /* ... one of which was pressed at the last look */
} Pace;

/* Wait for a moment and take in the keys; true: the game goes on by a step now. */
bool pace_go_on(Pace *pace, Window *window, double steps_per_second);

/* From now on SIGINT and SIGTERM only make pace_stopped true. */
void pace_catch_signals(void);
bool pace_stopped(void);

#endif
