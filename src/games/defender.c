/*
 * defender.c - Defender: humans to protect above a planet. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE = 0x9c, DIGITS = 6, BLANK = 10, LIVES = 0xc2, MODE = 0x9b };

static const uint16_t modes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 16};

static void look(GameState *state, const GameRam *ram)
{
    int32_t score = 0;
    for (int i = DIGITS - 1; i >= 0; i--) { /* a digit a byte, the lowest first */
        const int digit = ram_at(ram, SCORE + i) & 15;
        score = 10 * score + (digit == BLANK ? 0 : digit);
    }
    game_score(state, score);
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, state->lives == 0);
}

const Game game_defender = {
    .name = "defender",
    .title = "Defender",
    .md5 = "0f643c34e40e3f1daafd9c524d3ffe64",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .difficulties = 0x3,
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 3,
    .look = look,
};
