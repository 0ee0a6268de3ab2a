/*
 * surround.c - Surround: trails to cut each other off with. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { THEIRS = 0xf6, MINE = 0xf7, POINTS_TO_WIN = 10, MODE = 0xf9 };

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_UP, ACTION_RIGHT, ACTION_LEFT,
                                          ACTION_DOWN};

static const uint16_t modes[] = {0, 2};

/* Games 3 and 5 to 12 of the cartridge; 1 has no number here, 2 and 4 are for one. */
static const uint16_t modes_for_two[] = {1, 3, 4, 5, 6, 7, 8, 9, 10};

static bool shows_mode(const GameRam *ram, int mode)
{
    return ram_at(ram, MODE) == mode + 1;
}

static void look(GameState *state, const GameRam *ram)
{
    const int32_t mine = bcd(ram_at(ram, MINE)), theirs = bcd(ram_at(ram, THEIRS));
    game_score(state, mine - theirs);
    state->over = mine == POINTS_TO_WIN || theirs == POINTS_TO_WIN;
    state->lives = !state->over;
}

const Game game_surround = {
    .name = "surround",
    .title = "Surround",
    .md5 = "4d7517ae69f95cfbc053be01312b7dba",
    .swap_ports = true,
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    GAME_MODES_FOR_TWO(modes_for_two),
    .difficulties = 0xf,
    .shows_mode = shows_mode,
    .select_frames = 2,
    .lives = 1,
    .look = look,
};
