/*
 * space_war.c - Space War: two ships around a sun. Rule as in [ALE], for two as in
 * docs/two-players.md.
 */
#include "games/games_private.h"

enum { SCORE = 0xa7, SCORE_SECOND = 0xa8, MODE = 0xa7, TIMER = 0x80, POINTS_TO_WIN = 10 };

static const uint16_t modes[] = {6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};

static const uint16_t modes_for_two[] = {1, 2, 3, 4, 5};

static bool shows_mode(const GameRam *ram, int mode)
{
    return bcd(ram_at(ram, MODE)) == mode;
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd(ram_at(ram, SCORE)));
    state->over = state->score == POINTS_TO_WIN || ram_at(ram, TIMER) == 0;
    state->lives = !state->over;
}

static void look_two(GameState *state, const GameRam *ram)
{
    const int32_t first = bcd(ram_at(ram, SCORE)), second = bcd(ram_at(ram, SCORE_SECOND));
    game_score(state, first - second);
    state->reward_second = -state->reward;
    state->over = first == POINTS_TO_WIN || second == POINTS_TO_WIN || ram_at(ram, TIMER) == 0;
    state->lives = !state->over;
}

const Game game_space_war = {
    .name = "space_war",
    .title = "Space War",
    .md5 = "b702641d698c60bcdc922dbd8c9dd49c",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    GAME_MODES_FOR_TWO(modes_for_two),
    .shows_mode = shows_mode,
    .select_frames = 2,
    .lives = 1,
    .look = look,
    .look_two = look_two,
};
