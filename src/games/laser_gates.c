/*
 * laser_gates.c - Laser Gates: gates that close, a ship that must pass. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0x82, SCORE_MIDDLE = 0x81, SCORE_HIGH = 0x80, ENERGY = 0x83 };

static const GamePress start[] = {{ACTION_RESET, 1}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->over = ram_at(ram, ENERGY) == 0;
}

const Game game_laser_gates = {
    .name = "laser_gates",
    .title = "Laser Gates",
    .md5 = "8e4cd60d93fcde8065c1a2b972a26377",
    GAME_ALL_ACTIONS,
    .start = start,
    .look = look,
};
