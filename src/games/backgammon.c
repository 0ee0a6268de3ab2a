/*
 * backgammon.c - Backgammon: the board game, against the console. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    PLAYER_OUT = 0x80,
    CONSOLE_OUT = 0x8e,
    BOARD_END = 0x9b,
    PIECES = 15,
    VARIANT = 0xdc,
    BACKGAMMON = 3
};

static const uint8_t minimal_actions[] = {ACTION_FIRE, ACTION_RIGHT, ACTION_LEFT};

/* The console's count above 0, the player's below. */
static int pieces_at(const GameRam *ram, int address)
{
    return (int8_t)ram_at(ram, address);
}

static bool shows_mode(const GameRam *ram, int mode)
{
    return mode == 0 && ram_at(ram, VARIANT) == BACKGAMMON;
}

static void look(GameState *state, const GameRam *ram)
{
    const int player_out = -pieces_at(ram, PLAYER_OUT), console_out = pieces_at(ram, CONSOLE_OUT);
    int player_in = 0, console_in = 0;
    for (int address = PLAYER_OUT + 1; address <= BOARD_END; address++) {
        const int pieces = address == CONSOLE_OUT ? 0 : pieces_at(ram, address);
        console_in += pieces > 0 ? pieces : 0;
        player_in -= pieces < 0 ? pieces : 0;
    }
    /* While a piece is carried the sums are wrong. */
    if (player_in + player_out != PIECES || console_in + console_out != PIECES)
        return;
    if (player_out == PIECES || console_out == PIECES) {
        state->over = true;
        state->lives = 0;
        state->reward = player_out == PIECES ? 1 : -1;
    }
}

const Game game_backgammon = {
    .name = "backgammon",
    .title = "Backgammon",
    .md5 = "8556b42aa05f94bc29ff39c39b11bff4",
    .left = GAME_PADDLES,
    .paddle_max = 1000000,
    GAME_ACTIONS(minimal_actions),
    .difficulties = 0x8,
    .shows_mode = shows_mode,
    .select_frames = 1,
    .lives = 1,
    .look = look,
};
