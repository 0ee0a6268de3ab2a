/*
 * breakout.c - Breakout: a paddle, a ball, six rows of bricks, five lives. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE = 0xcd, SCORE_HUNDREDS = 0xcc, LIVES = 0xb9 };

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE, ACTION_RIGHT, ACTION_LEFT};

static const uint16_t modes[] = {0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, 100 * (ram_at(ram, SCORE_HUNDREDS) & 15) + bcd(ram_at(ram, SCORE)));
    state->lives = ram_at(ram, LIVES);
    if (state->lives == 5) /* before the first serve the byte means nothing */
        state->started = true;
    state->over = state->started && state->lives == 0;
}

const Game game_breakout = {
    .name = "breakout",
    .title = "Breakout",
    .md5 = "f34f08e5eb96e500e851a80be3277a56",
    .left = GAME_PADDLES,
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .difficulties = 0x3,
    .mode_address = 0xb2,
    .select_frames = 1,
    .lives = 5,
    .look = look,
};
