/*
 * basic_math.c - Basic Math: sums to solve. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE = 0x84, PROBLEMS_DONE = 0x86, MODE = 0xc5 };

static const uint8_t minimal_actions[] = {ACTION_NOOP,  ACTION_FIRE, ACTION_UP,
                                          ACTION_RIGHT, ACTION_LEFT, ACTION_DOWN};

static const uint16_t modes[] = {5, 6, 7, 8};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd(ram_at(ram, SCORE)));
    state->over = bcd(ram_at(ram, PROBLEMS_DONE)) != 0;
    state->lives = !state->over;
}

const Game game_basic_math = {
    .name = "basic_math",
    .title = "Basic Math",
    .md5 = "819aeeb9a2e11deb54e6de334f843894",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .difficulties = 0xd,
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 1,
    .look = look,
};
