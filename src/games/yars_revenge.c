/*
 * yars_revenge.c - Yars' Revenge: a fly, a shield, a cannon. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xe2, SCORE_MIDDLE = 0xe1, SCORE_HIGH = 0xe0, LIVES = 0x9e, MODE = 0xe3 };

static const uint16_t modes[] = {0, 32, 64, 96};

static const GamePress start[] = {{ACTION_FIRE, 1}, {0}};

static GamePress mode_press(GameState *state, const GameRam *ram, int mode, int step,
                            Mt19937 *random)
{
    (void)state;
    (void)random;
    if (step == 0)
        return game_select(2); /* leaves the title */
    return ram_at(ram, MODE) == mode ? game_mode_reached : game_select(1);
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES) >> 4;
    game_end_if(state, state->lives == 0);
}

const Game game_yars_revenge = {
    .name = "yars_revenge",
    .title = "Yars' Revenge",
    .md5 = "c5930d0e8cdae3e037349bfa08e871be",
    GAME_ALL_ACTIONS,
    .start = start,
    GAME_MODES(modes),
    .difficulties = 0x3,
    .mode_press = mode_press,
    .lives = 4,
    .look = look,
};
