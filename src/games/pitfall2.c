/*
 * pitfall2.c - Pitfall II: caverns, a rat, a niece, a ring. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xc9, SCORE_MIDDLE = 0xc8, SCORE_HIGH = 0xc7, MOST = 199000 };

static const GamePress start[] = {{ACTION_UP, 1}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = 1;
    game_end_if(state, state->score == MOST);
}

const Game game_pitfall2 = {
    .name = "pitfall2",
    .title = "Pitfall II",
    .md5 = "6d842c96d5a01967be9680080dd5be54",
    GAME_ALL_ACTIONS,
    .start = start,
    .score = 4000,
    .lives = 1,
    .look = look,
};
