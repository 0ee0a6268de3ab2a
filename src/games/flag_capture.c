/*
 * flag_capture.c - Flag Capture: a flag hidden under numbers. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE = 0xea, SECONDS = 0xeb, MODE = 0xd6 };

static const uint16_t modes[] = {8, 9, 10};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd(ram_at(ram, SCORE)));
    state->over = bcd(ram_at(ram, SECONDS)) == 0;
    state->lives = !state->over;
}

const Game game_flag_capture = {
    .name = "flag_capture",
    .title = "Flag Capture",
    .md5 = "30512e0e83903fc05541d2f6a6a62654",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 1,
    .look = look,
};
