/*
 * earthworld.c - Earthworld: rooms of the zodiac, treasures to place. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE = 0xa7, ALL_PLACED = 10 };

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd(ram_at(ram, SCORE)));
    state->over = state->score == ALL_PLACED;
    state->lives = !state->over;
}

const Game game_earthworld = {
    .name = "earthworld",
    .title = "Earthworld",
    .md5 = "5aea9974b975a6a844e6df10d2b861c4",
    GAME_ALL_ACTIONS,
    .lives = 1,
    .look = look,
};
