/*
 * ice_hockey.c - Ice Hockey: two against two on the ice, three minutes. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { MINE = 0x8a, THEIRS = 0x8b, MINUTES = 0x87, SECONDS = 0x86, MODE = 0x80 };

static const uint16_t modes[] = {0, 2};

/* The cartridge's even games, as printed with it. */
static const uint16_t modes_for_two[] = {1, 3};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd(ram_at(ram, MINE)) - bcd(ram_at(ram, THEIRS)));
    if (state->reward > 1)
        state->reward = 1;
    state->over = ram_at(ram, MINUTES) == 0 && ram_at(ram, SECONDS) == 0;
}

const Game game_ice_hockey = {
    .name = "ice_hockey",
    .title = "Ice Hockey",
    .md5 = "a4c08c4994eb9d24fb78be1793e82e26",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    GAME_MODES_FOR_TWO(modes_for_two),
    .difficulties = 0xf,
    .mode_address = MODE,
    .select_frames = 2,
    .look = look,
};
