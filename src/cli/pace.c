#include "cli/pace.h"

#include <math.h>
#include <signal.h>
#include <stddef.h>

enum { LOOKS_PER_SECOND = 60 }; /* at the keys, at least */

/* Set by SIGINT and SIGTERM. */
static volatile sig_atomic_t stop_asked;

static void ask_to_stop(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
}

void pace_catch_signals(void)
{
    const struct sigaction action = {.sa_handler = ask_to_stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool pace_stopped(void)
{
    return stop_asked != 0;
}

static void add_joystick(WindowJoystick *sum, const WindowJoystick *more)
{
    sum->up = sum->up || more->up;
    sum->down = sum->down || more->down;
    sum->left = sum->left || more->left;
    sum->right = sum->right || more->right;
    sum->fire = sum->fire || more->fire;
}

/* Keys that were touched between steps count for the next one. */
static void add_input(WindowInput *sum, const WindowInput *more)
{
    for (int player = 0; player < WINDOW_PLAYERS_MAX; player++)
        add_joystick(&sum->joystick[player], &more->joystick[player]);
    sum->select = sum->select || more->select;
    sum->reset = sum->reset || more->reset;
    sum->quit = sum->quit || more->quit;
}

static int clamp_speed(int speed)
{
    return speed < PACE_SPEED_MIN   ? PACE_SPEED_MIN
           : speed > PACE_SPEED_MAX ? PACE_SPEED_MAX
                                    : speed;
}

bool pace_go_on(Pace *pace, Window *window, double steps_per_second)
{
    WindowInput now;
    const double rate = ldexp(steps_per_second, pace->speed);
    const double looks = rate > LOOKS_PER_SECOND ? rate : LOOKS_PER_SECOND;
    window_wait_frame(window, looks);
    window_poll(window, &now);
    if (pace->stepped)
        pace->input = (WindowInput){0};
    add_input(&pace->input, &now);
    pace->changed = now.pause || now.speed != 0;
    pace->paused = pace->paused != now.pause;
    pace->saliency = pace->saliency != now.saliency;
    pace->layers = pace->layers != now.layers;
    pace->turned = now.saliency || now.layers;
    pace->speed = clamp_speed(pace->speed + now.speed);
    pace->part += pace->paused ? 0 : rate / looks;
    pace->stepped = pace->part >= 1 || (pace->paused && now.step);
    if (pace->part >= 1)
        pace->part -= 1;
    return pace->stepped;
}
