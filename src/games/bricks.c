/*
 * bricks.c - Bricks, a cartridge of this project: a wall, a ball, a paddle. Addresses as in
 * cartridges/README.md.
 */
#include "games/games_private.h"

enum { SCORE_HIGH = 0x80, SCORE_LOW = 0x81, LIVES = 0x82, GAME_OVER = 0x83 };

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE, ACTION_RIGHT, ACTION_LEFT};

static void look(GameState *state, const uint8_t ram[GAME_RAM_BYTES])
{
    game_score(state, 100 * bcd(ram_at(ram, SCORE_HIGH)) + bcd(ram_at(ram, SCORE_LOW)));
    state->lives = ram_at(ram, LIVES);
    state->over = ram_at(ram, GAME_OVER) != 0;
}

const Game game_bricks = {
    .name = "bricks",
    .title = "Bricks",
    .left = GAME_JOYSTICK,
    .right = GAME_JOYSTICK,
    .display_start = 34,
    .display_height = 210,
    .hmove_blanks = true,
    .minimal_actions = minimal_actions,
    .minimal_action_count = sizeof minimal_actions,
    .players = 1,
    .lives = 5,
    .look = look,
};
