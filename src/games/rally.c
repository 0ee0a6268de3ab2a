/*
 * rally.c - Rally, a cartridge of this project: two bats, a ball, first to 21. Addresses as in
 * cartridges/README.md.
 */
#include "games/games_private.h"

enum { SCORE_LEFT = 0x80, SCORE_RIGHT = 0x81, GAME_OVER = 0x82, MODE = 0x83 };

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE, ACTION_UP, ACTION_DOWN};

static const uint16_t modes[] = {0, 2}, modes_for_two[] = {1};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd(ram_at(ram, SCORE_LEFT)) - bcd(ram_at(ram, SCORE_RIGHT)));
    state->over = ram_at(ram, GAME_OVER) != 0;
}

const Game game_rally = {
    .name = "rally",
    .title = "Rally",
    .md5 = "38d5439aaa29b9066d9449b6691e19b0",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    GAME_MODES_FOR_TWO(modes_for_two),
    .difficulties = 0xf,
    .mode_address = MODE,
    .select_frames = 2,
    .look = look,
};
