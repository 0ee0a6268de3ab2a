/*
 * human_cannonball.c - Human Cannonball: a man, a cannon, a water tower. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { HITS = 0xb6, MISSES = 0xb7, SHOTS = 7 };

static const uint16_t modes[] = {0, 1, 2, 3, 4, 5, 6, 7};

/* Between games the digits show the mode and the number of players. */
static bool shows_mode(const GameRam *ram, int mode)
{
    return ram_at(ram, HITS) - 1 == mode && ram_at(ram, MISSES) == 1;
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd(ram_at(ram, HITS)));
    state->over = state->score == SHOTS || bcd(ram_at(ram, MISSES)) == SHOTS;
    state->lives = !state->over;
}

const Game game_human_cannonball = {
    .name = "human_cannonball",
    .title = "Human Cannonball",
    .md5 = "7972e5101fa548b952d852db24ad6060",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .difficulties = 0x3,
    .shows_mode = shows_mode,
    .select_frames = 2,
    .lives = 1,
    .look = look,
};
