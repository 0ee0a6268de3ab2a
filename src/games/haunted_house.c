/*
 * haunted_house.c - Haunted House: an urn in a dark house, matches to see by. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { MATCHES_LIT = 0x82, LIVES = 0x96, STATUS = 0x99, ESCAPED = 0x44, MATCHES = 0, MODE = 0xcc };

static const uint16_t modes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};

static void look(GameState *state, const GameRam *ram)
{
    const int32_t matches = bcd(ram_at(ram, MATCHES_LIT));
    const bool escaped = ram_at(ram, STATUS) == ESCAPED;
    state->reward = (escaped ? 100 : 0) - (matches != state->memory[MATCHES]);
    state->memory[MATCHES] = matches;
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, state->lives == 0 || escaped);
}

const Game game_haunted_house = {
    .name = "haunted_house",
    .title = "Haunted House",
    .md5 = "f0a6e99f5875891246c3dbecbf2d2cea",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .difficulties = 0x3,
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 9,
    .look = look,
};
