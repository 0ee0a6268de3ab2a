/*
 * ale.h - somebody plays a game on the console: inserting, resetting and acting as the Arcade
 * Learning Environment does, frame for frame and random draw for random draw [ALE].
 *
 *     Ale ale;
 *     static Screen screen;
 *     ale_load(&ale, game, cartridge, &(AleOptions){.seed = 123, .sticky = 0.25}, &screen);
 *     ale_reset(&ale, &screen);
 *     while (!ale.over)
 *         score += ale_act(&ale, ACTION_FIRE, ACTION_NOOP, &screen);      one emulated frame
 *
 * Ale is a plain struct whose pointers (game, cartridge, memory) point outside: copy it to save it.
 *
 * A reset: 60 frames without input; RESET held for 4; the rule begins; the game mode is chosen with
 * SELECT; RESET again where that was done; the game's starting presses, a frame each, and where two
 * play the second player's, too. The rule looks after every one of these frames but those with
 * SELECT.
 */
#ifndef DEEPQ_ENV_ALE_H
#define DEEPQ_ENV_ALE_H

#include "atari/cartridge.h"
#include "atari/console.h"
#include "base/mt19937.h"
#include "games/games.h"

enum {
    ALE_PADDLE_MIDDLE = 408823, /* ohms */
    ALE_PADDLE_STEP = 23000,    /* a frame of LEFT or RIGHT */
    ALE_PRESSES_MAX = 1024,
};

typedef struct {
    uint32_t seed;      /* of sticky actions */
    double sticky;      /* probability that a frame repeats the action before */
    int64_t max_frames; /* of an episode; 0: no limit */
    uint8_t difficulty; /* bit 0: left switch at A, bit 1: right */
    uint16_t mode;      /* as the cartridge counts them */
    int players;        /* 2: the mode is one for two, and both have a reward; 0: 1 */
    int frame_skip;     /* ALE: where choosing a mode takes actions, each is held so long; 0: 1 */
    TiaMemory *memory;  /* makes playing faster and changes nothing; NULL: none */
} AleOptions;

typedef struct {
    const Game *game;
    const Cartridge *cartridge;
    AleOptions options;
    Console console;
    GameState rule;
    Mt19937 noise;     /* power-on RAM and timers */
    Mt19937 random;    /* sticky actions */
    uint8_t action[2]; /* what the players last did */
    uint32_t paddle[2];
    int64_t episode_frames;
    bool over;         /* the game has ended, or its time has: acting does nothing more */
    bool time_over;    /* its time */
    bool short_frames; /* ale_hold has lately met frames that do not fill the picture */
} Ale;

/* Insert the cartridge and do the first reset of an episode, as loading a ROM does there. `screen`
 * may be NULL. False as ale_reset. */
bool ale_load(Ale *ale, const Game *game, const Cartridge *cartridge, const AleOptions *options,
              Screen *screen);

/* Begin an episode. A cartridge that does not reach the wanted mode within ALE_PRESSES_MAX presses
 * is left in the one it is in, and false is returned (ALE hangs). */
bool ale_reset(Ale *ale, Screen *screen);

/* One frame. Returns the frame's reward, 0 once over; rule.reward_second is the second player's.
 * `screen` NULL: the frame is played but not drawn. */
int ale_act(Ale *ale, Action left, Action right, Screen *screen);

/* Hold actions for `frames` frames, or until it is over. Returns how many were played and adds
 * their rewards to reward[2], the players'. The screen then is as if every frame had been drawn,
 * both its pictures; of four frames and more only the last two really are, wherever that comes to
 * the same. */
int ale_hold(Ale *ale, Action left, Action right, int frames, Screen *screen, int reward[2]);

/* One frame of people at the console: nothing is random, nothing ends, and they hold what they like
 * of SWCHB_RESET and SWCHB_SELECT. RESET begins the rule anew. Returns the frame's reward. */
int ale_sit(Ale *ale, Action left, Action right, uint8_t switches_held, Screen *screen);

/* The rule's count of lives. */
int ale_lives(const Ale *ale);

#endif
