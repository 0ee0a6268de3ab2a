/*
 * time_pilot.c - Time Pilot: a plane through the ages. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0x8d,
    SCORE_HIGH = 0x8f,
    RESERVE = 0x8b,
    SCREEN = 0x80,
    PLAYING = 2,
    ENDED = 0xa0,
    LIVES = 0
};

static const uint8_t minimal_actions[] = {
    ACTION_NOOP, ACTION_FIRE,   ACTION_UP,        ACTION_RIGHT,    ACTION_LEFT,
    ACTION_DOWN, ACTION_UPFIRE, ACTION_RIGHTFIRE, ACTION_LEFTFIRE, ACTION_DOWNFIRE};

static void look(GameState *state, const GameRam *ram)
{
    if (!state->started)
        state->memory[LIVES] = 5;
    state->started = true;
    game_score(state, 100 * bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    if ((ram_at(ram, SCREEN) & 15) == PLAYING)
        state->memory[LIVES] = (ram_at(ram, RESERVE) & 7) + 1;
    state->lives = state->memory[LIVES];
    game_end_if(state, ram_at(ram, ENDED) != 0);
}

const Game game_time_pilot = {
    .name = "time_pilot",
    .title = "Time Pilot",
    .md5 = "fc2104dd2dadf9a6176c1c1c8f87ced9",
    GAME_ACTIONS(minimal_actions),
    .difficulties = 0x7,
    .lives = 5,
    .look = look,
};
