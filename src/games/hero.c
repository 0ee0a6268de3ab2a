/*
 * hero.c - H.E.R.O.: miners to rescue with a propeller on your back. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xb9, SCORE_MIDDLE = 0xb8, SCORE_HIGH = 0xb7, LIVES = 0xb3, MODE = 0x80 };

static const uint16_t modes[] = {0, 1, 2, 3, 4};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, state->lives == 0);
}

const Game game_hero = {
    .name = "hero",
    .title = "H.E.R.O.",
    .md5 = "fca4a5be1251927027f2c24774a02160",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .mode_address = MODE,
    .select_frames = 1,
    .lives = 4,
    .look = look,
};
