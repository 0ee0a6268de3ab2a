/*
 * star_gunner.c - Star Gunner: waves of robots above a planet. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE = 0x83, DIGITS = 4, BLANK = 10, LIVES = 0x87, MODE = 0xf4 };

static const uint16_t modes[] = {0, 1, 2, 3};

static void look(GameState *state, const GameRam *ram)
{
    int32_t score = 0;
    for (int i = DIGITS - 1; i >= 0; i--) { /* a digit a byte, the lowest first */
        const int digit = ram_at(ram, SCORE + i) & 15;
        score = 10 * score + (digit == BLANK ? 0 : digit);
    }
    const uint8_t lives = ram_at(ram, LIVES);
    game_score(state, 100 * score);
    if (lives == 5) /* before it begins the byte means nothing */
        state->started = true;
    state->lives = state->started ? lives & 15 : 5;
    game_end_if(state, lives == 0);
}

const Game game_star_gunner = {
    .name = "star_gunner",
    .title = "Star Gunner",
    .md5 = "a3c1c70024d7aabb41381adbfb6d3b25",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .mode_address = MODE,
    .select_frames = 15,
    .lives = 5,
    .look = look,
};
