/*
 * krull.c - Krull: a glaive, a fortress, a bride to free. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0x9e,
    SCORE_MIDDLE = 0x9d,
    SCORE_HIGH = 0x9c,
    LIVES = 0x9f,
    STATUS_A = 0xa2,
    STATUS_B = 0x80
};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = (ram_at(ram, LIVES) & 7) + 1;
    game_end_if(state, ram_at(ram, LIVES) == 0 && ram_at(ram, STATUS_A) == 3 &&
                           ram_at(ram, STATUS_B) == 0x80);
}

const Game game_krull = {
    .name = "krull",
    .title = "Krull",
    .md5 = "4baada22435320d185c95b7dd2bcdb24",
    GAME_ALL_ACTIONS,
    .lives = 3,
    .look = look,
};
