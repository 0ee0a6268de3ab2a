/*
 * combat.c - Combat: tanks and planes that shoot at each other, for two. Rule as in
 * docs/two-players.md.
 */
#include "games/games_private.h"

enum { FIRST = 0xa1, SECOND = 0xa2, TIME = 0x88, MOST = 99, MODE = 0x80 };

static const uint16_t modes_for_two[] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14,
                                         15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27};

static bool shows_mode(const GameRam *ram, int mode)
{
    return ram_at(ram, MODE) == mode - 1;
}

static void look(GameState *state, const GameRam *ram)
{
    const int32_t first = bcd(ram_at(ram, FIRST)), second = bcd(ram_at(ram, SECOND));
    game_score(state, first - second);
    state->over = first == MOST || second == MOST || ram_at(ram, TIME) == 0;
}

const Game game_combat = {
    .name = "combat",
    .title = "Combat",
    .md5 = "0ef64cdbecccb7049752a3de0b7ade14",
    .first_line = 39,
    .height = 250,
    GAME_ALL_ACTIONS,
    GAME_MODES_FOR_TWO(modes_for_two),
    .only_for_two = true,
    .difficulties = 0xf,
    .shows_mode = shows_mode,
    .select_frames = 1,
    .look = look,
};
