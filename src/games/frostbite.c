/*
 * frostbite.c - Frostbite: an igloo to build from drifting ice. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xca,
    SCORE_MIDDLE = 0xc9,
    SCORE_HIGH = 0xc8,
    LIVES = 0xcc,
    STATUS = 0xf1,
    MODE = 0x80
};

static const uint16_t modes[] = {0, 2};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = (ram_at(ram, LIVES) & 15) + 1;
    game_end_if(state, state->lives == 1 && (ram_at(ram, STATUS) & 0x80) != 0);
}

const Game game_frostbite = {
    .name = "frostbite",
    .title = "Frostbite",
    .md5 = "4ca73eb959299471788f0b685c3ba0b5",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .mode_address = MODE,
    .select_frames = 1,
    .lives = 4,
    .look = look,
};
