/*
 * venture.c - Venture: rooms with treasures and their guards. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xc8,
    SCORE_HIGH = 0xc7,
    LIVES = 0xc6,
    SOUND = 0xcd,
    SILENCE = 0xff,
    DEATH = 0xbf
};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, 100 * bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    state->lives = (ram_at(ram, LIVES) & 7) + 1;
    game_end_if(state, ram_at(ram, LIVES) == 0 && ram_at(ram, SOUND) == SILENCE &&
                           (ram_at(ram, DEATH) & 0x80) != 0);
}

const Game game_venture = {
    .name = "venture",
    .title = "Venture",
    .md5 = "3e899eba0ca8cd2972da1ae5479b4f0d",
    GAME_ALL_ACTIONS,
    .difficulties = 0xf,
    .lives = 4,
    .look = look,
};
