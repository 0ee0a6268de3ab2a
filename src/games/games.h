/*
 * games.h - what each game means: where its score is, how many lives are left, when it has ended.
 *
 * A game is a row of data and one small function of the console's 128 bytes of RAM: the rule. The
 * rule looks once after every frame and says what the frame brought; what it must remember from
 * look to look is a small value, GameState, saved by copying it. Names, order of actions, rewards
 * and ends are those of the Arcade Learning Environment for the games it knows [ALE], and our own
 * for the cartridges of this project.
 *
 *     const Game *game = game_by_name("breakout");
 *     GameState state;
 *     game_begin(game, &state);
 *     game_look(game, &state, &(GameRam){.console = ram});          after each frame
 *     score += state.reward;
 *     if (state.over) ...
 */
#ifndef DEEPQ_GAMES_GAMES_H
#define DEEPQ_GAMES_GAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mt19937.h"

enum {
    GAME_RAM_BYTES = 128,
    GAME_USUAL_START = 34, /* first visible line of a frame, counted from the vertical sync's end */
    GAME_USUAL_HEIGHT = 210, /* visible lines */
};

/* What a rule can look at. */
typedef struct {
    const uint8_t *console;   /* GAME_RAM_BYTES: addresses 0x80 .. 0xff */
    const uint8_t *cartridge; /* the RAM on the cartridge; NULL: it has none */
} GameRam;

/* The joystick's 18 positions, by the codes that the field uses everywhere [Bellemare2013]. */
typedef enum {
    ACTION_NOOP,
    ACTION_FIRE,
    ACTION_UP,
    ACTION_RIGHT,
    ACTION_LEFT,
    ACTION_DOWN,
    ACTION_UPRIGHT,
    ACTION_UPLEFT,
    ACTION_DOWNRIGHT,
    ACTION_DOWNLEFT,
    ACTION_UPFIRE,
    ACTION_RIGHTFIRE,
    ACTION_LEFTFIRE,
    ACTION_DOWNFIRE,
    ACTION_UPRIGHTFIRE,
    ACTION_UPLEFTFIRE,
    ACTION_DOWNRIGHTFIRE,
    ACTION_DOWNLEFTFIRE,
    ACTION_COUNT,
    ACTION_RESET = 40,  /* the console's RESET switch; only in presses */
    ACTION_SELECT = 46, /* and its SELECT switch, likewise */
} Action;

/* "UPRIGHTFIRE"; never NULL for 0 .. ACTION_COUNT-1, RESET and SELECT. */
const char *action_name(Action action);

/* What the last look found, and what the rule remembers. */
typedef struct GameState {
    int32_t reward; /* what this frame brought, in points; where two play, the first of them */
    int32_t reward_second; /* and the second, see game_look_two */
    bool over;             /* the game has ended */
    int32_t lives;         /* left, of both where two play; 0 where it has none or has ended */
    int32_t score;         /* as the rule reads it */
    int32_t score_second;
    bool started;
    int32_t memory[6]; /* the rule's own */
} GameState;

typedef enum { GAME_JOYSTICK, GAME_PADDLES } GameController;

/* `count` times `action`, one frame each. SELECT is held for `count` frames, then let go for one.
 */
typedef struct {
    uint8_t action;
    uint16_t count;
} GamePress;

/* A field that a row leaves out is 0 and means the usual. */
typedef struct Game {
    const char *name;  /* "space_invaders": lower case, as in file names and on the command line */
    const char *title; /* "Space Invaders" */
    const char *md5; /* of the cartridge, 32 lower-case digits; NULL: any cartridge of that name */

    /* the television */
    int first_line;          /* 0: GAME_USUAL_START */
    int height;              /* 0: GAME_USUAL_HEIGHT */
    bool without_hmove_comb; /* the black pixels that HMOVE leaves at the left are not shown */

    /* the ports */
    GameController left, right;
    bool swap_ports;     /* the first player's stick is in the right port */
    bool swap_paddles;   /* the first player holds the second paddle */
    uint32_t paddle_max; /* resistance at the left stop, ohms; 0: the usual */

    /* the actions */
    const uint8_t *minimal_actions; /* those that differ in this game, in the field's order */
    int minimal_action_count;
    bool without_fire;          /* the legal actions are the nine without FIRE */
    const GamePress *start;     /* pressed after each reset; ends with count 0; NULL: nothing */
    const GamePress *start_two; /* where two play: by the one, then by the other; NULL: `start` */

    /* the variants */
    const uint16_t *modes; /* those for one player, the default first; NULL: 0 alone */
    int mode_count;
    const uint16_t *modes_for_two; /* those in which two play; NULL: none */
    int mode_for_two_count;
    bool only_for_two;    /* there is no mode for one */
    uint8_t difficulties; /* bit d: difficulty d is one of the game's; 0: 0 alone */

    /* how SELECT comes to a mode: one of these; none: there is but one mode */
    uint8_t mode_address; /* the byte that shows it */
    bool (*shows_mode)(const GameRam *ram, int mode);
    GamePress (*mode_press)(GameState *state, const GameRam *ram, int mode, int step,
                            Mt19937 *random); /* as game_mode_press */
    uint8_t select_frames;                    /* with the first two: held until it shows */

    /* the rule */
    int lives;     /* before its first look */
    int32_t score; /* likewise */
    void (*look)(GameState *state, const GameRam *ram);
    void (*look_two)(GameState *state, const GameRam *ram); /* where two play, if it differs */
} Game;

size_t game_count(void);
const Game *game_at(size_t index);          /* by name, in alphabetical order */
const Game *game_by_name(const char *name); /* NULL: none */
const Game *game_by_md5(const char *md5);   /* NULL: none */

void game_begin(const Game *game, GameState *state);
void game_look(const Game *game, GameState *state, const GameRam *ram);

/* The same in a mode for two: each has a reward. In most games they play against each other, and
 * the second's is the first's, negative; in some each has a score. */
void game_look_two(const Game *game, GameState *state, const GameRam *ram);

/* What to press next on the way to `mode`; step: 0, 1, ... presses were made; count 0: it is
 * reached, and where the action is ACTION_RESET that must be pressed now. Only if game_has_modes.
 * Some games draw from `random` how long to press. May change *state, as some rules depend on the
 * mode. */
GamePress game_mode_press(const Game *game, GameState *state, const GameRam *ram, int mode,
                          int step, Mt19937 *random);

/* Of the eighteen; the others are as NOOP. */
bool game_action_is_legal(const Game *game, Action action);

bool game_has_modes(const Game *game); /* SELECT does something */

/* Whether the mode is one of the game's for so many players. The first of them is the default. */
bool game_has_mode(const Game *game, int players, int mode);
int game_default_mode(const Game *game, int players);
bool game_has_difficulty(const Game *game, int difficulty);
bool game_is_for_two(const Game *game); /* two can play it at once */
int game_players_min(const Game *game); /* 2: nobody can play it alone; else 1 */

#endif
