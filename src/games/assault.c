/*
 * assault.c - Assault: a mother ship to shoot down from below. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0x82, SCORE_MIDDLE = 0x81, SCORE_HIGH = 0x80, LIVES = 0xe5 };

static const uint8_t minimal_actions[] = {ACTION_NOOP,    ACTION_FIRE, ACTION_UP,
                                          ACTION_RIGHT,   ACTION_LEFT, ACTION_RIGHTFIRE,
                                          ACTION_LEFTFIRE};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, state->lives == 0);
}

const Game game_assault = {
    .name = "assault",
    .title = "Assault",
    .md5 = "de78b3a064d374390ac0710f95edde92",
    GAME_ACTIONS(minimal_actions),
    .lives = 4,
    .look = look,
};
