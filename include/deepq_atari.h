/*
 * deepq_atari.h - Atari 2600 games as the Arcade Learning Environment plays them, bit for bit.
 *
 * The library's only header. Link with -ldeepq-atari, or `pkg-config --cflags --libs deepq-atari`.
 *
 *     DeepqAtariError error;
 *     DeepqAtari *game = deepq_atari_open("breakout.bin", NULL, &error);
 *     if (game == NULL)
 *         fprintf(stderr, "%s\n", error.text), exit(1);
 *     double score = 0;
 *     while (!deepq_atari_over(game))
 *         score += deepq_atari_act(game, DEEPQ_ATARI_FIRE);
 *     deepq_atari_close(game);
 *
 * A cartridge is known by the md5 of its bytes, under whatever name; there are 104 games, four more
 * that only two can play, and two of this project. Every function may be called for different games
 * from different threads at once; for one game from one thread at a time. Nothing is printed,
 * nothing is allocated but by open and batch_create. Where a function can fail it says so in its
 * return value and one sentence in error.
 *
 * Screens are rows from top to bottom, deepq_atari_width() = 160 bytes each; height rows: 210 for
 * most games.
 */
#ifndef DEEPQ_ATARI_H
#define DEEPQ_ATARI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct DeepqAtari DeepqAtari;

typedef struct {
    char text[512]; /* one sentence, without a full stop */
} DeepqAtariError;

/* The eighteen actions, as in ALE. What a game does not know is as NOOP. */
typedef enum {
    DEEPQ_ATARI_NOOP,
    DEEPQ_ATARI_FIRE,
    DEEPQ_ATARI_UP,
    DEEPQ_ATARI_RIGHT,
    DEEPQ_ATARI_LEFT,
    DEEPQ_ATARI_DOWN,
    DEEPQ_ATARI_UPRIGHT,
    DEEPQ_ATARI_UPLEFT,
    DEEPQ_ATARI_DOWNRIGHT,
    DEEPQ_ATARI_DOWNLEFT,
    DEEPQ_ATARI_UPFIRE,
    DEEPQ_ATARI_RIGHTFIRE,
    DEEPQ_ATARI_LEFTFIRE,
    DEEPQ_ATARI_DOWNFIRE,
    DEEPQ_ATARI_UPRIGHTFIRE,
    DEEPQ_ATARI_UPLEFTFIRE,
    DEEPQ_ATARI_DOWNRIGHTFIRE,
    DEEPQ_ATARI_DOWNLEFTFIRE,
    DEEPQ_ATARI_ACTIONS
} DeepqAtariAction;

/* All zeros is the usual: begin with DeepqAtariOptions options = {0}. */
typedef struct {
    uint32_t seed;      /* of sticky actions */
    double sticky;      /* probability that a frame repeats the action before: 0 .. 1 */
    int frame_skip;     /* frames that an act holds its action: 1 .. 60; 0: 1 */
    bool draw_all;      /* draw each frame of a skip, not only the last two, which are all that can
                            be seen after it; nothing else depends on it */
    int64_t max_frames; /* of an episode; 0: no limit */
    int mode;           /* the game's variant, as its cartridge counts them; 0: its first */
    int difficulty;     /* bit 0: left switch at A, bit 1: right */
    int players;        /* 2: two play, and modes are those for two; 0: 1 */
    const char *game;   /* whose rules hold, as "pong"; NULL: the cartridge's own */
    const char *cartridge_type; /* "F8", "E0", ...; NULL: found out from the bytes */
} DeepqAtariOptions;

/* Load a cartridge (plain or gzip'ed) from a file, or from `count` bytes, and begin an episode.
 * `options` NULL: the usual. NULL with a sentence in *error (which may be NULL, too). */
DeepqAtari *deepq_atari_open(const char *path, const DeepqAtariOptions *options,
                             DeepqAtariError *error);
DeepqAtari *deepq_atari_open_bytes(const void *bytes, size_t count,
                                   const DeepqAtariOptions *options, DeepqAtariError *error);
void deepq_atari_close(DeepqAtari *game); /* NULL is fine */

const char *deepq_atari_name(const DeepqAtari *game); /* "breakout" */

/* The game's minimal set of actions, in ALE's order; returns how many. */
int deepq_atari_minimal_actions(const DeepqAtari *game, const uint8_t **actions);
const char *deepq_atari_action_name(int action); /* "UPFIRE"; NULL: there is none */

/* ---- playing ---- */

/* Begin an episode. */
void deepq_atari_reset(DeepqAtari *game);

/* Hold an action for the frame skip, or until the episode is over. Returns the reward, in points of
 * the game's score; 0 once it is over. An action that is none of the eighteen is as NOOP. With two
 * players the reward is the first's, and *second_reward (which may be NULL) the second's: the
 * negative where they play against each other, points of its own where each has a score. */
double deepq_atari_act(DeepqAtari *game, int action);
double deepq_atari_act_two(DeepqAtari *game, int first, int second, double *second_reward);

bool deepq_atari_over(const DeepqAtari *game);      /* the game has ended, or its time has */
bool deepq_atari_time_over(const DeepqAtari *game); /* its time has: max_frames were played */
int deepq_atari_lives(const DeepqAtari *game);      /* left; 0 where the game has none */
int64_t deepq_atari_frames(const DeepqAtari *game); /* since the reset */

/* ---- looking ---- */

int deepq_atari_width(const DeepqAtari *game);
int deepq_atari_height(const DeepqAtari *game);

/* The screen as colour indices, in place: valid until the next act, reset, load or close. The one
 * before it, too: many games draw their objects in every other frame. */
const uint8_t *deepq_atari_screen(const DeepqAtari *game);
const uint8_t *deepq_atari_screen_before(const DeepqAtari *game);

/* As luminance (width x height bytes) and as red, green, blue (3 x width x height), into the
 * caller's memory. `averaged`: with the screen before, as a television's phosphor does it and ALE's
 * color_averaging. */
void deepq_atari_gray(const DeepqAtari *game, bool averaged, uint8_t *gray);
void deepq_atari_rgb(const DeepqAtari *game, bool averaged, uint8_t *rgb);

/* As agents see it since Mnih et al. 2015: the brighter of the last two screens, pixel by pixel,
 * luminance, scaled by area to 84 x 84 bytes. */
void deepq_atari_84x84(const DeepqAtari *game, uint8_t *gray);

/* The console's 128 bytes of RAM, in place. */
const uint8_t *deepq_atari_ram(const DeepqAtari *game);

/* ---- saving ---- */

/* All that the future depends on, next screens included, in deepq_atari_state_bytes plain bytes:
 * below 1 KiB and the cartridge's own RAM, and 2.5 KiB for the random numbers of sticky actions
 * unless they are left out, which then go on as if nothing had been loaded. The present screens
 * are no part of it: after a load they stay what they were until the next act, and where a game's
 * frame ends early, the lines that it does not reach go on showing what stood there. A state may be
 * loaded into any game opened from the same cartridge with the same options, also in another
 * process on a machine of the same kind. */
size_t deepq_atari_state_bytes(const DeepqAtari *game, bool with_random);
void deepq_atari_save(const DeepqAtari *game, bool with_random, void *state);
void deepq_atari_load(DeepqAtari *game, bool with_random, const void *state);

/* ---- many at once ---- */

typedef struct DeepqAtariBatch DeepqAtariBatch;

/* `count` games of one cartridge, their seeds options->seed, +1, +2, ..., stepped by `threads`
 * threads. What happens does not depend on the number of threads. */
DeepqAtariBatch *deepq_atari_batch_open(const char *path, const DeepqAtariOptions *options,
                                        int count, int threads, DeepqAtariError *error);
void deepq_atari_batch_close(DeepqAtariBatch *batch); /* NULL is fine */

/* Game `index`, to look at. */
DeepqAtari *deepq_atari_batch_game(const DeepqAtariBatch *batch, int index);

/* One act in each, with actions[count]; rewards[count], over[count] and frames[count][84][84] are
 * the caller's, each NULL if it is not wanted. A game that was over begins anew instead of acting:
 * its reward is 0, its frame the first of the new episode. */
void deepq_atari_batch_act(DeepqAtariBatch *batch, const int *actions, double *rewards, bool *over,
                           uint8_t *frames);

#ifdef __cplusplus
}
#endif

#endif
