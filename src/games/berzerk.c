/*
 * berzerk.c - Berzerk: robots in a maze with deadly walls. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xdf,
    SCORE_MIDDLE = 0xde,
    SCORE_HIGH = 0xdd,
    LIVES = 0xda,
    NONE_LEFT = 0xff,
    MODE = 0x80
};

static const uint16_t modes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 18};

static GamePress mode_press(GameState *state, const GameRam *ram, int mode, int step,
                            Mt19937 *random)
{
    enum { WAIT_FRAMES = 20 };
    (void)state;
    (void)random;
    if (step < WAIT_FRAMES)
        return (GamePress){ACTION_NOOP, 1};
    return ram_at(ram, MODE) == mode ? game_mode_reached : game_select(2);
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES) + 1;
    game_end_if(state, ram_at(ram, LIVES) == NONE_LEFT);
}

const Game game_berzerk = {
    .name = "berzerk",
    .title = "Berzerk",
    .md5 = "136f75c4dd02c29283752b7e5799f978",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .mode_press = mode_press,
    .lives = 3,
    .look = look,
};
