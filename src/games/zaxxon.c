/*
 * zaxxon.c - Zaxxon: a fortress seen from aslant. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xe9, SCORE_HIGH = 0xe8, LIVES = 0xea };

static const uint16_t modes[] = {0, 8, 16, 24};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, 100 * bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES) & 7;
    game_end_if(state, state->lives == 0);
}

const Game game_zaxxon = {
    .name = "zaxxon",
    .title = "Zaxxon",
    .md5 = "eea0da9b987d661264cce69a7c13c3bd",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .mode_address = 0x82,
    .select_frames = 10,
    .lives = 5,
    .look = look,
};
