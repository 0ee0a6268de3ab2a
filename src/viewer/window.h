/*
 * window.h - a window that shows pictures and hears players, through SDL2.
 *
 *     Window *window = window_create(&(WindowShape){"breakout", 160, 210, 12.0 / 7, 0}, &error);
 *     WindowInput input = {0};
 *     while (!input.quit) {
 *         window_poll(window, &input);
 *         ... step the game by input.joystick[0], unless the caller has paused ...
 *         window_show(window, &picture, &error);
 *         window_wait_frame(window, 60);
 *     }
 *     window_destroy(window);
 *
 *                   player 1                player 2              everybody
 *     joystick      arrow keys              W A S D               F1  select    P   pause
 *     fire          space, right control    left control, shift   F2  reset     N   one step
 *     controllers   the first               the second            + - speed     Esc, Q   quit
 *                                                                 V   saliency  L   layers
 *
 * A controller's cross and left stick steer, A and B fire, Back is select, Start is reset. Letters
 * count by what is printed on the key. The window can be resized: the picture fills it as far as
 * its shape allows, with black at two sides, and its pixels stay sharp.
 *
 * A program has one window at a time, and all calls come from the thread that made it. SDL's own
 * handling of signals is off: Ctrl-C stays the caller's. Without SDL2 at build time window_create
 * says so and the rest is never reached.
 */
#ifndef DEEPQ_VIEWER_WINDOW_H
#define DEEPQ_VIEWER_WINDOW_H

#include "viewer/picture.h"

enum { WINDOW_PLAYERS_MAX = 2 };

typedef struct Window Window;

typedef struct {
    const char *title;
    int picture_width; /* of what will be shown, pixels */
    int picture_height;
    double picture_aspect; /* width of a pixel divided by its height: 1 is square */
    int scale; /* rows of the window for one of the picture; 0: as many as fit well on the screen */
} WindowShape;

typedef struct {
    bool up;
    bool down;
    bool left;
    bool right;
    bool fire;
} WindowJoystick;

typedef struct {
    /* Held now, or touched for a moment since the last poll, so that no short tap is lost. */
    WindowJoystick joystick[WINDOW_PLAYERS_MAX];
    bool select; /* the console's switches */
    bool reset;
    /* Pressed since the last poll; a key held down counts once (but for `step`, which repeats). */
    bool pause;
    bool step;
    int speed;     /* presses of + less presses of - */
    bool saliency; /* of an agent's: what a spectator wants to see or no longer to see */
    bool layers;
    bool quit; /* Esc, Q or the window's close button */
} WindowInput;

/* Open it. NULL: ERROR_WORK, without a screen or without SDL2. */
Window *window_create(const WindowShape *shape, Error *error);
void window_destroy(Window *window); /* NULL is fine */

/* Show a picture of the shape's size until the next one. False: ERROR_WORK, the screen is lost. */
bool window_show(Window *window, const Picture *picture, Error *error);

/* Take in what happened since the last poll. Also redraws what other windows had covered: call it
 * some ten times a second even when nothing moves. Replaces all of *input. */
void window_poll(Window *window, WindowInput *input);

/* Sleep until the next frame is due, `frames_per_second` (> 0) after the one before. A caller that
 * is late by more than a tenth of a second is not made to hurry: the clock starts again. */
void window_wait_frame(Window *window, double frames_per_second);

void window_set_title(Window *window, const char *title); /* "breakout - score 21" */

#endif
