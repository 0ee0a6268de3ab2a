/*
 * gravitar.c - Gravitar: planets with bunkers, gravity, little fuel. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0x89,
    SCORE_MIDDLE = 0x88,
    SCORE_HIGH = 0x87,
    SCREEN = 0x81,
    TITLE = 0,
    ENDED = 1,
    LIVES = 0x84,
    MODE = 0x80
};

static const uint16_t modes[] = {0, 1, 2, 3, 4};

static const GamePress start[] = {{ACTION_FIRE, 16}, {0}};

static GamePress mode_press(GameState *state, const GameRam *ram, int mode, int step,
                            Mt19937 *random)
{
    static const int lives[] = {6, 15, 6, 100, 25};
    (void)step;
    (void)random;
    if (ram_at(ram, MODE) != mode)
        return game_select(10);
    state->lives = lives[mode];
    return game_mode_reached;
}

static void look(GameState *state, const GameRam *ram)
{
    const uint8_t screen = ram_at(ram, SCREEN);
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = screen == TITLE ? 6 : ram_at(ram, LIVES) + 1;
    game_end_if(state, screen == ENDED);
}

const Game game_gravitar = {
    .name = "gravitar",
    .title = "Gravitar",
    .md5 = "8ac18076d01a6b63acf6e2cab4968940",
    GAME_ALL_ACTIONS,
    .start = start,
    GAME_MODES(modes),
    .mode_press = mode_press,
    .lives = 6,
    .look = look,
};
