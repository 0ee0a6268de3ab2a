/*
 * env.h - the problem that the learner sees: frames in, actions out, rewards, ends.
 *
 * The learner knows nothing of consoles. Whatever implements EnvType (the Atari 2600 in
 * atari_env.c, the toy of catch.c, a world of your own) can be learnt from.
 *
 *     s_0 --a_0--> r_0, s_1 --a_1--> r_1, s_2 ...         one env_step is one agent step
 *
 *     EnvStep step;
 *     env_reset(env);
 *     do {
 *         const int action = choose(env_frame(env));
 *         env_step(env, &action, &step);
 *         score += step.reward[0];
 *     } while (!step.game_over && !step.time_over);
 *
 * One frame is what the agent sees after a step: frame_height x frame_width bytes, row by row,
 * luminance 0..255. Stacking frames into states is the learner's business. Rewards are true: never
 * clipped here.
 *
 * Time is counted in frames (of the emulator; 4 to an agent step where frames are skipped) and in
 * steps (of the agent). Names say which.
 */
#ifndef DEEPQ_ENV_ENV_H
#define DEEPQ_ENV_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/state.h"

enum { ENV_PLAYERS_MAX = 2 };

typedef struct Env Env;

/* What is fixed for the life of an environment. */
typedef struct {
    const char *name;                /* "breakout" */
    int players;                     /* how many act in each step: 1 .. ENV_PLAYERS_MAX */
    int actions;                     /* actions are 0 .. actions-1, for each player the same */
    const char *const *action_names; /* "NOOP", "FIRE", ... */
    int frame_height;                /* what the agent sees, pixels */
    int frame_width;
    int picture_height; /* what a person sees, pixels */
    int picture_width;
    double picture_aspect;    /* width of a picture's pixel divided by its height */
    int frames_per_step;      /* emulator frames in a full step (the frame skip) */
    double frames_per_second; /* at which a person would play: 60 */
} EnvSpec;

/* What a step brought. */
typedef struct {
    double reward[ENV_PLAYERS_MAX]; /* true score difference, for each player */
    int frames; /* emulator frames this step took; fewer than frames_per_step when the game ended in
                   it */
    int lives;  /* left after the step; 0 where the game has none */
    bool life_lost; /* fewer lives than before; the game may go on */
    bool game_over; /* the game has ended: the value of what follows is 0 */
    bool time_over; /* cut short by the time limit: what follows would have had a value */
} EnvStep;

/* An implementation. State is saved and loaded as state_bytes plain bytes, everything that the
 * future depends on included: after env_load the environment goes on exactly as the saved one did.
 */
typedef struct {
    void (*reset)(Env *env);
    void (*step)(Env *env, const int actions[], EnvStep *step);
    const uint8_t *(*frame)(const Env *env);
    void (*draw)(const Env *env, uint8_t *rgb);
    size_t (*state_bytes)(const Env *env);
    void (*save)(const Env *env, void *state);
    void (*load)(Env *env, const void *state);
    void (*destroy)(Env *env);
} EnvType;

/* The part every implementation begins with. */
struct Env {
    const EnvType *type;
    EnvSpec spec;
};

/* Begin a new episode. Also the way on after game_over or time_over. Always before the first step.
 */
void env_reset(Env *env);

/* One agent step: actions[player] in 0 .. spec.actions-1. Not after game_over or time_over. */
void env_step(Env *env, const int actions[], EnvStep *step);

/* What the agent sees now: spec.frame_height * spec.frame_width bytes, the environment's own, valid
 * until the next reset, step or load. */
const uint8_t *env_frame(const Env *env);

/* What a person sees now: spec.picture_height * spec.picture_width * 3 bytes, red green blue, into
 * the caller's `rgb`. */
void env_draw(const Env *env, uint8_t *rgb);

size_t env_state_bytes(const Env *env);
void env_save(const Env *env, void *state); /* into state_bytes of the caller's memory */
void env_load(Env *env, const void *state); /* from a save of an environment made the same way */

/* The same by a walk (base/state.h); `room`: env_state_bytes of the caller's memory. */
void env_walk(Env *env, const char *name, void *room, State *state);

void env_destroy(Env *env); /* NULL is fine */

#endif
