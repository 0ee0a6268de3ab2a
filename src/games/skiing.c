/*
 * skiing.c - Skiing: a slalom against the clock. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { HUNDREDTHS = 0xea, SECONDS = 0xe9, MINUTES = 0xe8, STATUS = 0x91, ENDED = 0xff };

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_RIGHT, ACTION_LEFT};

static const GamePress start[] = {{ACTION_DOWN, 16}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    /* the reward is the time that has passed, as a loss */
    game_score(state, -(ram_at(ram, MINUTES) * 6000 + bcd_of_2(ram, HUNDREDTHS, SECONDS)));
    state->over = ram_at(ram, STATUS) == ENDED;
}

const Game game_skiing = {
    .name = "skiing",
    .title = "Skiing",
    .md5 = "b76fbadc8ffb1f83e2ca08b6fb4d6c9f",
    GAME_ACTIONS(minimal_actions),
    .without_fire = true,
    .start = start,
    .look = look,
};
