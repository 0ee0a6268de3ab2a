/*
 * kaboom.c - Kaboom!: bombs to catch in buckets. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xa5, SCORE_MIDDLE = 0xa4, SCORE_HIGH = 0xa3, BUCKETS = 0xa1, MOST = 999999 };

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE, ACTION_RIGHT, ACTION_LEFT};

static const GamePress start[] = {{ACTION_FIRE, 1}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->over = ram_at(ram, BUCKETS) == 0 || state->score == MOST;
    state->lives = !state->over;
}

const Game game_kaboom = {
    .name = "kaboom",
    .title = "Kaboom!",
    .md5 = "5428cdfada281c569c74c7308c7f2c26",
    .left = GAME_PADDLES,
    GAME_ACTIONS(minimal_actions),
    .start = start,
    .lives = 1,
    .look = look,
};
