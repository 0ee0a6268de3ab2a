/*
 * crazy_climber.c - Crazy Climber: skyscrapers to climb by hand. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE = 0x82, LIVES = 0xaa, MODE = 0x80 };

static const uint8_t minimal_actions[] = {ACTION_NOOP,   ACTION_UP,        ACTION_RIGHT,
                                          ACTION_LEFT,   ACTION_DOWN,      ACTION_UPRIGHT,
                                          ACTION_UPLEFT, ACTION_DOWNRIGHT, ACTION_DOWNLEFT};

static const uint16_t modes[] = {0, 1, 2, 3};

static void look(GameState *state, const GameRam *ram)
{
    int32_t score = 0;
    for (int i = 3; i >= 0; i--) /* a digit a byte, the lowest first */
        score = 10 * score + ram_at(ram, SCORE + i);
    game_score(state, 100 * score);
    if (state->reward < 0)
        state->reward = 0;
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, state->lives == 0);
}

const Game game_crazy_climber = {
    .name = "crazy_climber",
    .title = "Crazy Climber",
    .md5 = "55ef7b65066428367844342ed59f956c",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .difficulties = 0x3,
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 5,
    .look = look,
};
