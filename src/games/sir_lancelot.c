/*
 * sir_lancelot.c - Sir Lancelot: a flying horse, a castle of beasts. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xa0,
    SCORE_MIDDLE = 0x9f,
    SCORE_HIGH = 0x9e,
    LIVES = 0xa9,
    STATUS = 0xa7,
    ENDED = 0xa0
};

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE,      ACTION_RIGHT,
                                          ACTION_LEFT, ACTION_RIGHTFIRE, ACTION_LEFTFIRE};

static const GamePress start[] = {{ACTION_RESET, 1}, {ACTION_LEFT, 1}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, state->lives == 0 && ram_at(ram, STATUS) == ENDED);
}

const Game game_sir_lancelot = {
    .name = "sir_lancelot",
    .title = "Sir Lancelot",
    .md5 = "dd0cbe5351551a538414fb9e37fc56e8",
    GAME_ACTIONS(minimal_actions),
    .start = start,
    .lives = 3,
    .look = look,
};
