/*
 * et.c - E.T.: a visitor who wants to phone home. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xe1,
    SCORE_MIDDLE = 0xe0,
    SCORE_HIGH = 0xdf,
    LIVES = 0xe5,
    SCREEN = 0x80,
    ENDED = 8,
    MODE = 0xea
};

static const uint16_t modes[] = {0, 1, 2};

static bool shows_mode(const GameRam *ram, int mode)
{
    return ram_at(ram, MODE) - 1 == mode;
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = (int8_t)(ram_at(ram, LIVES) + 1);
    game_end_if(state, state->lives == 0 && ram_at(ram, SCREEN) == ENDED);
}

const Game game_et = {
    .name = "et",
    .title = "E.T.",
    .md5 = "615a3bf251a38eb6638cdc7ffbde5480",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .difficulties = 0xf,
    .shows_mode = shows_mode,
    .select_frames = 25,
    .look = look,
};
