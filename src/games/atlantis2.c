/*
 * atlantis2.c - Atlantis II: the same city, faster enemies. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xa1, SCORE_MIDDLE = 0xa2, SCORE_HIGH = 0xa3, LIVES = 0xf1, NONE_LEFT = 0xff };

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE, ACTION_RIGHTFIRE,
                                          ACTION_LEFTFIRE};

static void look(GameState *state, const GameRam *ram)
{
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, state->lives == NONE_LEFT);
    if (state->over)
        state->reward = 0; /* at the end the digits show something else */
    else
        game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
}

const Game game_atlantis2 = {
    .name = "atlantis2",
    .title = "Atlantis II",
    .md5 = "826481f6fc53ea47c9f272f7050eedf7",
    GAME_ACTIONS(minimal_actions),
    .look = look,
};
