/*
 * asterix.c - Asterix: cauldrons to collect, lyres to avoid. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xe0,
    SCORE_MIDDLE = 0xdf,
    SCORE_HIGH = 0xde,
    LIVES = 0xd3,
    DEATH = 0xc7,
    DYING_ENDS = 1
};

static const uint8_t minimal_actions[] = {ACTION_NOOP,   ACTION_UP,        ACTION_RIGHT,
                                          ACTION_LEFT,   ACTION_DOWN,      ACTION_UPRIGHT,
                                          ACTION_UPLEFT, ACTION_DOWNRIGHT, ACTION_DOWNLEFT};

static const GamePress start[] = {{ACTION_FIRE, 1}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES) & 15;
    game_end_if(state, state->lives == 1 && ram_at(ram, DEATH) == DYING_ENDS);
}

const Game game_asterix = {
    .name = "asterix",
    .title = "Asterix",
    .md5 = "89a68746eff7f266bbf08de2483abe55",
    GAME_ACTIONS(minimal_actions),
    .start = start,
    .lives = 3,
    .look = look,
};
