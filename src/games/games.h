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
 *     game_look(game, &state, ram);          after each frame
 *     score += state.reward;
 *     if (state.over) ...
 */
#ifndef DEEPQ_GAMES_GAMES_H
#define DEEPQ_GAMES_GAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GAME_RAM_BYTES = 128 };

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
    ACTION_RESET = 40, /* the console's RESET switch; only in starting actions */
} Action;

const char *action_name(
    Action action); /* "UPRIGHTFIRE"; never NULL for 0 .. ACTION_COUNT-1 and RESET */

/* What the last look found, and what the rule remembers. */
typedef struct GameState {
    int32_t reward; /* what this frame brought, in points */
    bool over;      /* the game has ended */
    int32_t lives;  /* left; 0 where the game has none or has ended */
    int32_t score;  /* as the rule reads it */
    bool started;
    int32_t memory[4]; /* the rule's own */
} GameState;

typedef enum { GAME_JOYSTICK, GAME_PADDLES } GameController;

/* `count` times `action`, one frame each. */
typedef struct {
    uint8_t action;
    uint16_t count;
} GamePress;

typedef struct Game {
    const char *name;  /* "space_invaders": lower case, as in file names and on the command line */
    const char *title; /* "Space Invaders" */
    const char *md5; /* of the cartridge, 32 lower-case digits; NULL: any cartridge of that name */
    int display_start;  /* first visible line of a frame, counted from the end of the vertical sync
                         */
    int display_height; /* visible lines */
    bool hmove_blanks;  /* false: the TIA's comb of black pixels is not drawn */
    GameController left, right;
    bool swap_ports;
    const uint8_t *minimal_actions; /* the actions that differ in this game, in the field's order */
    int minimal_action_count;
    uint8_t mode_address;  /* where the cartridge keeps the mode that SELECT chooses; 0: it has but
                              one */
    uint8_t select_frames; /* how long SELECT is to be pressed */
    const GamePress *starting_presses; /* after each reset; ends with count 0; NULL: none */
    int players;                       /* 2 where the right port can play against the left */
    int lives;                         /* that a rule begins with, before its first look */
    void (*look)(GameState *state, const uint8_t ram[GAME_RAM_BYTES]);
} Game;

size_t game_count(void);
const Game *game_at(size_t index);          /* by name, in alphabetical order */
const Game *game_by_name(const char *name); /* NULL: none */
const Game *game_by_md5(const char *md5);   /* NULL: none */

void game_begin(const Game *game, GameState *state);
void game_look(const Game *game, GameState *state, const uint8_t ram[GAME_RAM_BYTES]);

#endif
