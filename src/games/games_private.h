/*
 * games_private.h - what the rows of the table share.
 */
#ifndef DEEPQ_GAMES_GAMES_PRIVATE_H
#define DEEPQ_GAMES_GAMES_PRIVATE_H

#include "games/games.h"

extern const Game game_breakout, game_bricks, game_rally, game_seaquest, game_space_invaders,
    game_tetris;

/* The byte at console address `address`, 0x80 .. 0xff. */
static inline uint8_t ram_at(const uint8_t ram[GAME_RAM_BYTES], int address)
{
    return ram[address & 0x7f];
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
