/*
 * pong.c - Pong: two bats, first to twenty-one. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { THEIRS = 0x8d, MINE = 0x8e, POINTS_TO_WIN = 21, MODE = 0x96 };

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE,      ACTION_RIGHT,
                                          ACTION_LEFT, ACTION_RIGHTFIRE, ACTION_LEFTFIRE};

static const uint16_t modes[] = {0, 1};

/* Pong and its relatives for two: as in PettingZoo. */
static const uint16_t modes_for_two[] = {4, 10, 14, 19, 27, 35, 39, 45};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, ram_at(ram, MINE) - ram_at(ram, THEIRS));
    state->over = ram_at(ram, MINE) == POINTS_TO_WIN || ram_at(ram, THEIRS) == POINTS_TO_WIN;
}

const Game game_pong = {
    .name = "pong",
    .title = "Pong",
    .md5 = "60e0ea3cbe0913d39803477945e9e5ec",
    .left = GAME_PADDLES,
    .right = GAME_PADDLES,
    .swap_paddles = true,
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    GAME_MODES_FOR_TWO(modes_for_two),
    .difficulties = 0xf,
    .mode_address = MODE,
    .select_frames = 2,
    .look = look,
};
