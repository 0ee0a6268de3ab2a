/*
 * donkey_kong.c - Donkey Kong: barrels, ladders, an ape. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0x88, SCORE_HIGH = 0x87, LIVES = 0xa3, STATUS_A = 0x8f, STATUS_B = 0x8b };

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, 100 * bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES);
    game_end_if(state,
                state->lives == 0 && ram_at(ram, STATUS_A) == 3 && ram_at(ram, STATUS_B) == 0x1f);
}

const Game game_donkey_kong = {
    .name = "donkey_kong",
    .title = "Donkey Kong",
    .md5 = "36b20c427975760cb9cf4a47e41369e4",
    GAME_ALL_ACTIONS,
    .lives = 2,
    .look = look,
};
