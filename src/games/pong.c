/*
 * pong.c - Pong: two bats, first to twenty-one. Rule as in [ALE], for two as in
 * docs/two-players.md.
 */
#include "games/games_private.h"

enum { THEIRS = 0x8d, MINE = 0x8e, POINTS_TO_WIN = 21, MODE = 0x96 };
enum { BALL = 0x8c, BALL_MOVES = 0xf0, FIRST_SERVES = 0x92, WAIT_LOOKS = 120, WAITED = 0 };

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE,      ACTION_RIGHT,
                                          ACTION_LEFT, ACTION_RIGHTFIRE, ACTION_LEFTFIRE};

static const uint16_t modes[] = {0, 1};

/* Pong and its relatives for two; most others are for four. */
static const uint16_t modes_for_two[] = {2,  3,  8,  9,  12, 13, 18, 19, 22, 23, 24,
                                         25, 26, 27, 34, 35, 38, 39, 42, 43, 44, 45};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, ram_at(ram, MINE) - ram_at(ram, THEIRS));
    state->over = ram_at(ram, MINE) == POINTS_TO_WIN || ram_at(ram, THEIRS) == POINTS_TO_WIN;
}

/* Who keeps the ball to himself loses by it. */
static void look_two(GameState *state, const GameRam *ram)
{
    look(state, ram);
    state->reward_second = -state->reward;
    const bool moves = ram_at(ram, BALL) & BALL_MOVES;
    state->memory[WAITED] = moves ? 0 : state->memory[WAITED] + 1;
    if (state->memory[WAITED] < WAIT_LOOKS)
        return;
    state->memory[WAITED] = 0;
    if (ram_at(ram, FIRST_SERVES))
        state->reward--;
    else
        state->reward_second--;
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
    .look_two = look_two,
};
