/*
 * kung_fu_master.c - Kung-Fu Master: five floors of opponents. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0x9a, SCORE_MIDDLE = 0x99, SCORE_HIGH = 0x98, LIVES = 0x9d, NONE_LEFT = 0xff };

static const uint8_t minimal_actions[] = {
    ACTION_NOOP,          ACTION_UP,          ACTION_RIGHT,       ACTION_LEFT,
    ACTION_DOWN,          ACTION_DOWNRIGHT,   ACTION_DOWNLEFT,    ACTION_RIGHTFIRE,
    ACTION_LEFTFIRE,      ACTION_DOWNFIRE,    ACTION_UPRIGHTFIRE, ACTION_UPLEFTFIRE,
    ACTION_DOWNRIGHTFIRE, ACTION_DOWNLEFTFIRE};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = (ram_at(ram, LIVES) & 7) + 1;
    game_end_if(state, ram_at(ram, LIVES) == NONE_LEFT);
}

const Game game_kung_fu_master = {
    .name = "kung_fu_master",
    .title = "Kung-Fu Master",
    .md5 = "5b92a93b23523ff16e2789b820e2a4c5",
    GAME_ACTIONS(minimal_actions),
    .lives = 4,
    .look = look,
};
