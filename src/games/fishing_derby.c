/*
 * fishing_derby.c - Fishing Derby: two lines, six fish, a shark. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { MINE = 0xbd, THEIRS = 0xbe, ALL = 0x99 };

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd(ram_at(ram, MINE)) - bcd(ram_at(ram, THEIRS)));
    state->over = ram_at(ram, MINE) == ALL || ram_at(ram, THEIRS) == ALL;
}

const Game game_fishing_derby = {
    .name = "fishing_derby",
    .title = "Fishing Derby",
    .md5 = "b8865f05676e64f3bec72b9defdacfa7",
    GAME_ALL_ACTIONS,
    .difficulties = 0xf,
    .look = look,
};
