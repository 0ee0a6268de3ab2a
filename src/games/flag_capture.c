/*
 * flag_capture.c - Flag Capture: a flag hidden under numbers. Rule as in [ALE], for two as in
 * docs/two-players.md.
 */
#include "games/games_private.h"

enum { SCORE = 0xea, SECONDS = 0xeb, MODE = 0xd6 };
enum { SCORE_FIRST = 0xab, SCORE_SECOND = 0xeb, MOST = 99 }; /* where two play */

static const uint16_t modes[] = {8, 9, 10}, modes_for_two[] = {1, 2, 3, 4};

static const GamePress start_two[] = {{ACTION_FIRE, 10}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd(ram_at(ram, SCORE)));
    state->over = bcd(ram_at(ram, SECONDS)) == 0;
    state->lives = !state->over;
}

static void look_two(GameState *state, const GameRam *ram)
{
    game_score(state, bcd(ram_at(ram, SCORE_FIRST)));
    game_score_second(state, bcd(ram_at(ram, SCORE_SECOND)));
    state->over = state->score == MOST || state->score_second == MOST;
    state->lives = !state->over;
}

const Game game_flag_capture = {
    .name = "flag_capture",
    .title = "Flag Capture",
    .md5 = "30512e0e83903fc05541d2f6a6a62654",
    GAME_ALL_ACTIONS,
    .start_two = start_two,
    GAME_MODES(modes),
    GAME_MODES_FOR_TWO(modes_for_two),
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 1,
    .look = look,
    .look_two = look_two,
};
