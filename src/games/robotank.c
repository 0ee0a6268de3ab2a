/*
 * robotank.c - Robotank: a tank, day and night, in any weather. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SQUADRONS = 0xb6,
    TANKS = 0xb5,
    LIVES = 0xa8,
    STATUS = 0xb4,
    ENDED = 0xff,
    SQUADRON_TANKS = 12
};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, SQUADRON_TANKS * ram_at(ram, SQUADRONS) + ram_at(ram, TANKS));
    state->lives = (ram_at(ram, LIVES) & 15) + 1;
    game_end_if(state, ram_at(ram, LIVES) == 0 && ram_at(ram, STATUS) == ENDED);
}

const Game game_robotank = {
    .name = "robotank",
    .title = "Robotank",
    .md5 = "4f618c2429138e0280969193ed6c107e",
    GAME_ALL_ACTIONS,
    .lives = 4,
    .look = look,
};
