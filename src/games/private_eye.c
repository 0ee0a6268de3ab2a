/*
 * private_eye.c - Private Eye: a detective, a city, stolen goods. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xca, SCORE_MIDDLE = 0xc9, SCORE_HIGH = 0xc8, LOGO_TIMER = 0xc2, MODE = 0x80 };

static const uint16_t modes[] = {0, 1, 2, 3, 4};

static const GamePress start[] = {{ACTION_UP, 1}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->over = ram_at(ram, LOGO_TIMER) > 1;
}

const Game game_private_eye = {
    .name = "private_eye",
    .title = "Private Eye",
    .md5 = "ef3a4f64b6494ba770862768caf04b86",
    GAME_ALL_ACTIONS,
    .start = start,
    GAME_MODES(modes),
    .difficulties = 0xf,
    .score = 1000,
    .mode_address = MODE,
    .select_frames = 2,
    .look = look,
};
