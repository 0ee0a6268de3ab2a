/*
 * entombed.c - Entombed: a maze that closes from below. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { DEPTH = 0xe3, LIVES = 0xc7 };

static const GamePress start[] = {{ACTION_FIRE, 1}, {ACTION_NOOP, 5}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, ram_at(ram, DEPTH));
    state->over = (ram_at(ram, LIVES) & 3) == 0;
    state->lives = !state->over;
}

const Game game_entombed = {
    .name = "entombed",
    .title = "Entombed",
    .md5 = "6b683be69f92958abe0e2a9945157ad5",
    GAME_ALL_ACTIONS,
    .start = start,
    .difficulties = 0x5,
    .lives = 1,
    .look = look,
};
