/*
 * solaris.c - Solaris: a galaxy to search for a planet. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xdc, SCORE_MIDDLE = 0xdd, SCORE_HIGH = 0xde, LIVES = 0xd9 };

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, 10 * bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES) & 15;
    game_end_if(state, ram_at(ram, LIVES) == 0);
}

const Game game_solaris = {
    .name = "solaris",
    .title = "Solaris",
    .md5 = "e72eb8d4410152bdcb69e7fba327b420",
    GAME_ALL_ACTIONS,
    .lives = 3,
    .look = look,
};
