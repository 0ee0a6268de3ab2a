/*
 * tic_tac_toe_3d.c - 3-D Tic-Tac-Toe: four in a row in four storeys. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    ROUTINE_LOW = 0xfe,
    ROUTINE_HIGH = 0xff,
    WON_LOW = 0x10,
    WON_HIGH = 0xf3,
    WINNER = 0xe1,
    PLAYER = 8,
    BOARD = 0x9a,
    BOARD_END = 0xd9,
    MODE = 0x88
};

static const uint8_t minimal_actions[] = {
    ACTION_NOOP, ACTION_FIRE,    ACTION_UP,     ACTION_RIGHT,     ACTION_LEFT,
    ACTION_DOWN, ACTION_UPRIGHT, ACTION_UPLEFT, ACTION_DOWNRIGHT, ACTION_DOWNLEFT};

static const uint16_t modes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};

static void look(GameState *state, const GameRam *ram)
{
    state->reward = 0;
    if (ram_at(ram, ROUTINE_HIGH) == WON_HIGH && ram_at(ram, ROUTINE_LOW) == WON_LOW) {
        state->reward = ram_at(ram, WINNER) == PLAYER ? 1 : -1;
        state->over = true;
    }
    bool full = true;
    for (int place = BOARD; place <= BOARD_END; place++)
        full = full && ram_at(ram, place) != 0;
    state->over = state->over || full;
    state->lives = !state->over;
}

const Game game_tic_tac_toe_3d = {
    .name = "tic_tac_toe_3d",
    .title = "3-D Tic-Tac-Toe",
    .md5 = "0db4f4150fecf77e4ce72ca4d04c052f",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .difficulties = 0x5,
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 1,
    .look = look,
};
