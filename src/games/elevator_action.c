/*
 * elevator_action.c - Elevator Action: documents behind red doors. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0x89,
    SCORE_MIDDLE = 0x88,
    SCORE_HIGH = 0x87,
    LIVES = 0x83,
    SCREEN = 0x81,
    TITLE = 0
};

static const GamePress start[] = {{ACTION_FIRE, 16}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, state->lives == 0 && ram_at(ram, SCREEN) != TITLE);
}

const Game game_elevator_action = {
    .name = "elevator_action",
    .title = "Elevator Action",
    .md5 = "71f8bacfbdca019113f3f0801849057e",
    GAME_ALL_ACTIONS,
    .start = start,
    .lives = 4,
    .look = look,
};
