/*
 * games_private.h - what the rows of the table share.
 */
#ifndef DEEPQ_GAMES_GAMES_PRIVATE_H
#define DEEPQ_GAMES_GAMES_PRIVATE_H

#include "games/games.h"

extern const Game game_breakout, game_bricks, game_rally, game_seaquest, game_space_invaders,
    game_tetris;

/* For rows: a static array and its length. */
#define GAME_LENGTH(array)        ((int)(sizeof(array) / sizeof *(array)))
#define GAME_ACTIONS(array)       .minimal_actions = array, .minimal_action_count = GAME_LENGTH(array)
#define GAME_MODES(array)         .modes = array, .mode_count = GAME_LENGTH(array)
#define GAME_MODES_FOR_TWO(array) .modes_for_two = array, .mode_for_two_count = GAME_LENGTH(array)

/* All eighteen, in order: the minimal actions of many games. */
extern const uint8_t game_all_actions[ACTION_COUNT];
#define GAME_ALL_ACTIONS .minimal_actions = game_all_actions, .minimal_action_count = ACTION_COUNT

/* The byte at console address `address`, 0x80 .. 0xff. */
static inline uint8_t ram_at(const GameRam *ram, int address)
{
    return ram->console[address & 0x7f];
}

static const GamePress game_mode_reached = {0};

/* SELECT, held for so many frames. */
static inline GamePress game_select(int frames)
{
    return (GamePress){ACTION_SELECT, (uint16_t)frames};
}

/* Two decimal digits in a byte. Digits above 9 count what they are. */
static inline int32_t bcd(uint8_t byte)
{
    return 10 * (byte >> 4) + (byte & 15);
}

/* Take `score` as the new score; the reward is what it is more than the old one. */
static inline void game_score(GameState *state, int32_t score)
{
    state->reward = score - state->score;
    state->score = score;
}

#endif
