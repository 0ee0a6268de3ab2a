/*
 * keystone_kapers.c - Keystone Kapers: a thief in a department store. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0x9c, SCORE_HIGH = 0x9b, LIVES = 0x96, STATUS = 0x88 };

static const uint8_t minimal_actions[] = {
    ACTION_NOOP,   ACTION_FIRE,      ACTION_UP,       ACTION_RIGHT,     ACTION_LEFT,
    ACTION_DOWN,   ACTION_UPRIGHT,   ACTION_UPLEFT,   ACTION_DOWNRIGHT, ACTION_DOWNLEFT,
    ACTION_UPFIRE, ACTION_RIGHTFIRE, ACTION_LEFTFIRE, ACTION_DOWNFIRE};

static const GamePress start[] = {{ACTION_RESET, 1}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, state->lives == 0 && ram_at(ram, STATUS) == 0);
}

const Game game_keystone_kapers = {
    .name = "keystone_kapers",
    .title = "Keystone Kapers",
    .md5 = "6c1f3f2e359dbf55df462ccbcdd2f6bf",
    GAME_ACTIONS(minimal_actions),
    .start = start,
    .lives = 3,
    .look = look,
};
