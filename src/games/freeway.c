/*
 * freeway.c - Freeway: a chicken crosses ten lanes. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE = 0xe7, STATUS = 0x96, MODE = 0x80 };

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_UP, ACTION_DOWN};

static const uint16_t modes[] = {0, 1, 2, 3, 4, 5, 6, 7};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd(ram_at(ram, SCORE)));
    if (state->reward < 0)
        state->reward = 0;
    if (state->reward > 1)
        state->reward = 1;
    state->over = ram_at(ram, STATUS) == 1;
}

const Game game_freeway = {
    .name = "freeway",
    .title = "Freeway",
    .md5 = "8e0ab801b1705a740b476b7f588c6d16",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .difficulties = 0x3,
    .mode_address = MODE,
    .select_frames = 1,
    .look = look,
};
