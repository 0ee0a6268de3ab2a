/*
 * gopher.c - Gopher: three carrots, a gopher, a shovel. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xb2, SCORE_MIDDLE = 0xb1, SCORE_HIGH = 0xb0, CARROTS = 0xb4, MODE = 0xd3 };

static const uint8_t minimal_actions[] = {ACTION_NOOP,      ACTION_FIRE,    ACTION_UP,
                                          ACTION_RIGHT,     ACTION_LEFT,    ACTION_UPFIRE,
                                          ACTION_RIGHTFIRE, ACTION_LEFTFIRE};

static const uint16_t modes[] = {0, 2};

static const GamePress start[] = {{ACTION_FIRE, 1}, {0}};

static GamePress mode_press(GameState *state, const GameRam *ram, int mode, int step,
                            Mt19937 *random)
{
    (void)state;
    (void)random;
    if (step == 0)
        return (GamePress){ACTION_RESET, 1};
    return ram_at(ram, MODE) == mode ? game_mode_reached : game_select(5);
}

static void look(GameState *state, const GameRam *ram)
{
    const int carrots = ram_at(ram, CARROTS) & 7; /* a bit each */
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = (carrots & 1) + (carrots >> 1 & 1) + (carrots >> 2);
    game_end_if(state, carrots == 0);
}

const Game game_gopher = {
    .name = "gopher",
    .title = "Gopher",
    .md5 = "c16c79aad6272baffb8aae9a7fff0864",
    GAME_ACTIONS(minimal_actions),
    .start = start,
    GAME_MODES(modes),
    .difficulties = 0x3,
    .mode_press = mode_press,
    .lives = 3,
    .look = look,
};
