/*
 * lost_luggage.c - Lost Luggage: suitcases to catch at an airport. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0x96,
    SCORE_MIDDLE = 0x95,
    SCORE_HIGH = 0x94,
    LIVES = 0xca,
    STATUS_A = 0xc8,
    STATUS_B = 0xa5,
    STATUS_C = 0xa9
};

static const uint8_t minimal_actions[] = {ACTION_NOOP,   ACTION_UP,        ACTION_RIGHT,
                                          ACTION_LEFT,   ACTION_DOWN,      ACTION_UPRIGHT,
                                          ACTION_UPLEFT, ACTION_DOWNRIGHT, ACTION_DOWNLEFT};

static const uint16_t modes[] = {0, 1};

static const GamePress start[] = {{ACTION_FIRE, 1}, {0}};

static bool shows_mode(const GameRam *ram, int mode)
{
    return ram_at(ram, SCORE_HIGH) == 1 + 3 * mode;
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, state->lives == 0 && ram_at(ram, STATUS_A) == 10 &&
                           ram_at(ram, STATUS_B) == 0 && ram_at(ram, STATUS_C) == 0);
}

const Game game_lost_luggage = {
    .name = "lost_luggage",
    .title = "Lost Luggage",
    .md5 = "2d76c5d1aad506442b9e9fb67765e051",
    GAME_ACTIONS(minimal_actions),
    .without_fire = true,
    .start = start,
    GAME_MODES(modes),
    .difficulties = 0x3,
    .shows_mode = shows_mode,
    .select_frames = 2,
    .lives = 3,
    .look = look,
};
