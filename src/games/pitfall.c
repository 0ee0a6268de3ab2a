/*
 * pitfall.c - Pitfall!: a jungle, treasures, twenty minutes. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xd7,
    SCORE_MIDDLE = 0xd6,
    SCORE_HIGH = 0xd5,
    LIVES = 0x80,
    LOGO_TIMER = 0x9e,
    THREE = 10,
    TWO = 8
};

static const GamePress start[] = {{ACTION_UP, 1}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    const int marks = ram_at(ram, LIVES) >> 4; /* a bit pattern of what is drawn */
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = marks == THREE ? 3 : marks == TWO ? 2 : 1;
    game_end_if(state, marks == 0 && ram_at(ram, LOGO_TIMER) != 0);
}

const Game game_pitfall = {
    .name = "pitfall",
    .title = "Pitfall!",
    .md5 = "3e90cf23106f2e08b2781e41299de556",
    GAME_ALL_ACTIONS,
    .start = start,
    .score = 2000,
    .lives = 3,
    .look = look,
};
