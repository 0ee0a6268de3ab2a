/*
 * kangaroo.c - Kangaroo: a mother, her joey, monkeys with apples. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xa8, SCORE_HIGH = 0xa7, LIVES = 0xad, NONE_LEFT = 0xff, MODE = 0xba };

static const uint16_t modes[] = {0, 1};

static bool shows_mode(const GameRam *ram, int mode)
{
    return ram_at(ram, MODE) == mode || ram_at(ram, MODE) == mode + 0x80;
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, 100 * bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    state->lives = (ram_at(ram, LIVES) & 7) + 1;
    game_end_if(state, ram_at(ram, LIVES) == NONE_LEFT);
}

const Game game_kangaroo = {
    .name = "kangaroo",
    .title = "Kangaroo",
    .md5 = "4326edb70ff20d0ee5ba58fa5cb09d60",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .shows_mode = shows_mode,
    .select_frames = 2,
    .lives = 3,
    .look = look,
};
