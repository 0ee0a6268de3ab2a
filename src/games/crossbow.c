/*
 * crossbow.c - Crossbow: companions to protect with a bow. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0x8d, SCORE_MIDDLE = 0x8c, SCORE_HIGH = 0x8b, STATUS = 0xe7, ENDED = 0x82 };

static const uint16_t modes[] = {0, 2, 4, 6};

static bool shows_mode(const GameRam *ram, int mode)
{
    return ram_at(ram, SCORE_LOW) - 1 == mode;
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->over = ram_at(ram, STATUS) == ENDED;
    state->lives = !state->over;
}

const Game game_crossbow = {
    .name = "crossbow",
    .title = "Crossbow",
    .md5 = "8cd26dcf249456fe4aeb8db42d49df74",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .difficulties = 0x3,
    .shows_mode = shows_mode,
    .select_frames = 2,
    .lives = 1,
    .look = look,
};
