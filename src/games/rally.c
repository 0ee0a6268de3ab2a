/*
 * rally.c - Rally, a cartridge of this project: two bats, a ball, first to 21. Addresses as in
 * cartridges/README.md.
 */
#include "games/games_private.h"

enum { SCORE_LEFT = 0x80, SCORE_RIGHT = 0x81, GAME_OVER = 0x82, MODE = 0x83 };

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE, ACTION_UP, ACTION_DOWN};

static void look(GameState *state, const uint8_t ram[GAME_RAM_BYTES])
{
    game_score(state, bcd(ram_at(ram, SCORE_LEFT)) - bcd(ram_at(ram, SCORE_RIGHT)));
    state->over = ram_at(ram, GAME_OVER) != 0;
}

const Game game_rally = {
    .name = "rally",
    .title = "Rally",
    .left = GAME_JOYSTICK,
    .right = GAME_JOYSTICK,
    .display_start = 34,
    .display_height = 210,
    .hmove_blanks = true,
    .minimal_actions = minimal_actions,
    .minimal_action_count = sizeof minimal_actions,
    .mode_address = MODE,
    .select_frames = 2,
    .players = 2,
    .look = look,
};
