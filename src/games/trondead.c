/*
 * trondead.c - Tron: Deadly Discs: discs to throw, five hits to bear. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xbf, SCORE_MIDDLE = 0xbe, SCORE_HIGH = 0xbd, HITS = 0xc8 };

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = 5 - ram_at(ram, HITS);
    game_end_if(state, state->lives == 0);
}

const Game game_trondead = {
    .name = "trondead",
    .title = "Tron: Deadly Discs",
    .md5 = "fb27afe896e7c928089307b32e5642ee",
    GAME_ALL_ACTIONS,
    .difficulties = 0x3,
    .lives = 5,
    .look = look,
};
