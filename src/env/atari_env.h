/*
 * atari_env.h - an Atari 2600 game as the learner meets it: skipped frames, small grey pictures.
 *
 * One agent step holds an action for frame_skip emulator frames:
 *
 *     emulator frame   1   2   3   4 | 5   6   7   8 | 9 ...
 *     action          a_0 a_0 a_0 a_0|a_1 a_1 a_1 a_1|a_2           each held for the skip
 *     reward          +   +   +   +  |                              summed over the skip: r_0
 *     seen                   max(3,4)|      max(7,8)|      with pool_frames, each pixel is the
 *                               x_1  |         x_2  |      brighter of the last two: flicker
 *     state       s_0 = (0, 0, 0, x_0), s_1 = (0, 0, x_0, x_1), s_2 = (0, x_0, x_1, x_2), ...
 *                                                          stacked by the learner
 *
 * x_0 is what is seen after the reset's own frames (60 of power-on, RESET, starting actions,
 * no-ops); nothing of the episode before is in it: after a reset x_0 is the last frame alone, not a
 * maximum. When the game ends within a skip the rest is not played and the last frames before the
 * end are seen.
 *
 * What is seen goes through the eyes of 2013 or of 2015 (eyes.h) to 84 x 84 bytes of luminance.
 */
#ifndef DEEPQ_ENV_ATARI_ENV_H
#define DEEPQ_ENV_ATARI_ENV_H

#include "atari/cartridge.h"
#include "base/error.h"
#include "env/env.h"
#include "env/eyes.h"
#include "games/games.h"

enum { ATARI_FRAME_SKIP_MAX = 60 };

typedef struct {
    EyesKind eyes;
    int frame_skip;        /* emulator frames an action is held: 1 .. ATARI_FRAME_SKIP_MAX */
    bool pool_frames;      /* see the brighter of the last two frames, pixel by pixel */
    int noop_max;          /* begin each episode with 1 .. noop_max frames of NOOP; 0: none */
    bool noops_after_life; /* also after each lost life, as Mnih2015's program does */
    bool fire_at_reset;    /* press FIRE once after the reset, for games that wait for it */
    double sticky; /* probability that a frame repeats the action before instead [Machado2018]: 0 ..
                      1 */
    int64_t max_episode_frames; /* time limit; 0: none */
    bool all_actions;           /* all 18 instead of the game's minimal set */
    int players;                /* 1, or 2 where the game has two: both act in each step */
    int mode;                   /* game mode, as the cartridge counts them; -1: the game's first */
    int difficulty;             /* bit 0: left switch at A, bit 1: right */
} AtariEnvConfig;

/* `cartridge` must outlive the environment. `seed` feeds the no-ops and the sticky actions. NULL:
 * ERROR_INPUT for a mode or difficulty that the game does not have (for so many players) or its
 * cartridge never reaches, ERROR_WORK without memory. */
Env *atari_env_create(const Game *game, const Cartridge *cartridge, const AtariEnvConfig *config,
                      uint64_t seed, Error *error);

#endif
