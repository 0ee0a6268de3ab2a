/*
 * turmoil.c - Turmoil: corridors full of enemies. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xd3,
    SCORE_MIDDLE = 0x89,
    SCORE_HIGH = 0x8a,
    LIVES = 0xb9,
    STATUS = 0xc5,
    MODE = 0xea
};

static const uint8_t minimal_actions[] = {ACTION_NOOP,     ACTION_FIRE,      ACTION_UP,
                                          ACTION_RIGHT,    ACTION_LEFT,      ACTION_DOWN,
                                          ACTION_UPRIGHT,  ACTION_UPLEFT,    ACTION_DOWNRIGHT,
                                          ACTION_DOWNLEFT, ACTION_RIGHTFIRE, ACTION_LEFTFIRE};

static const uint16_t modes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};

static const GamePress start[] = {{ACTION_FIRE, 1}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    const int32_t upper = bcd_of_2(ram, SCORE_MIDDLE, SCORE_HIGH);
    game_score(state, 10 * (upper + ram_at(ram, SCORE_LOW)));
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, state->lives == 0 && ram_at(ram, STATUS) == 1);
}

const Game game_turmoil = {
    .name = "turmoil",
    .title = "Turmoil",
    .md5 = "7a5463545dfb2dcfdafa6074b2f2c15e",
    GAME_ACTIONS(minimal_actions),
    .start = start,
    GAME_MODES(modes),
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 4,
    .look = look,
};
