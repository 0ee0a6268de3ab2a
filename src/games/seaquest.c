/*
 * seaquest.c - Seaquest: a submarine, divers to save, air that runs out. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_HIGH = 0xb8, SCORE_MIDDLE = 0xb9, SCORE_LOW = 0xba, RESERVE = 0xbb, GAME_OVER = 0xa3 };

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, 10000 * bcd(ram_at(ram, SCORE_HIGH)) + 100 * bcd(ram_at(ram, SCORE_MIDDLE)) +
                          bcd(ram_at(ram, SCORE_LOW)));
    state->over = ram_at(ram, GAME_OVER) != 0;
    state->lives = state->over ? 0 : ram_at(ram, RESERVE) + 1;
}

const Game game_seaquest = {
    .name = "seaquest",
    .title = "Seaquest",
    .md5 = "240bfbac5163af4df5ae713985386f92",
    GAME_ALL_ACTIONS,
    .difficulties = 0x3,
    .lives = 4,
    .look = look,
};
