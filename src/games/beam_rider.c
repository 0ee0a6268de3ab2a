/*
 * beam_rider.c - Beam Rider: a grid in space, saucers in sectors. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0x89,
    SCORE_MIDDLE = 0x8a,
    SCORE_HIGH = 0x8b,
    RESERVE = 0x85,
    EXPLODED = 0x8c,
    NONE_LEFT = 0xff,
    LIVES = 0
};

static const uint8_t minimal_actions[] = {ACTION_NOOP,   ACTION_FIRE,      ACTION_UP,
                                          ACTION_RIGHT,  ACTION_LEFT,      ACTION_UPRIGHT,
                                          ACTION_UPLEFT, ACTION_RIGHTFIRE, ACTION_LEFTFIRE};

static const GamePress start[] = {{ACTION_RIGHT, 1}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    /* A life that is gone counts when its explosion is over. */
    const int32_t before = state->started ? state->memory[LIVES] : 3;
    const int32_t now = ram_at(ram, RESERVE) + 1;
    state->started = true;
    state->memory[LIVES] = now == before - 1 && ram_at(ram, EXPLODED) != 1 ? before : now;
    state->lives = state->memory[LIVES];
    game_end_if(state, ram_at(ram, RESERVE) == NONE_LEFT);
}

const Game game_beam_rider = {
    .name = "beam_rider",
    .title = "Beam Rider",
    .md5 = "79ab4123a83dc11d468fb2108ea09e2e",
    GAME_ACTIONS(minimal_actions),
    .start = start,
    .difficulties = 0x3,
    .lives = 3,
    .look = look,
};
