/*
 * adventure.c - Adventure: a chalice to bring home, dragons on the way. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { CHALICE_ROOM = 0xb9, IN_YELLOW_CASTLE = 0x12, PLAYER = 0xe0, EATEN = 2, MODE = 0xdd };

static const uint16_t modes[] = {0, 1, 2};

/* ALE: SELECT is held for a random time, so where a reset leads depends on the seed. */
static GamePress mode_press(GameState *state, const GameRam *ram, int mode, int step,
                            Mt19937 *random)
{
    (void)state;
    if ((ram_at(ram, MODE) >> 1 & 3) == mode && step % 2 == 0)
        return game_mode_reached;
    if (step % 2 == 1)
        return (GamePress){ACTION_NOOP, 1};
    return game_select(2 + (int)(mt19937_draw(random) % 256));
}

static void look(GameState *state, const GameRam *ram)
{
    const bool home = ram_at(ram, CHALICE_ROOM) == IN_YELLOW_CASTLE;
    if (home)
        state->reward = 1; /* stays: the game is over */
    state->over = home || ram_at(ram, PLAYER) == EATEN;
}

const Game game_adventure = {
    .name = "adventure",
    .title = "Adventure",
    .md5 = "4b27f5397c442d25f0c418ccdacf1926",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .difficulties = 0xf,
    .mode_press = mode_press,
    .lives = 1,
    .look = look,
};
