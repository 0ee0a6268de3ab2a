/*
 * maze_craze.c - Maze Craze: a race out of a maze, for two. Rule as in docs/two-players.md.
 */
#include "games/games_private.h"

enum { FIRST_OUT = 0xec, SECOND_OUT = 0xed, OUT = 0xff };
enum { FIRST_STATUS = 0xea, SECOND_STATUS = 0xeb, CAUGHT = 0x40 };
enum { FIRST_CAUGHT, SECOND_CAUGHT }; /* what is remembered */
enum { MODE = 0xbd };

/* The kind of game, 0 .. 15, times 4, and how little of the maze is seen, 0 .. 3. */
static const uint16_t modes_for_two[] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
    44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63,
};

/* -1 at the look that finds the player caught for the first time. */
static int32_t catch_reward(int32_t *caught, uint8_t status)
{
    const bool now = !*caught && status & CAUGHT;
    *caught |= now;
    return now ? -1 : 0;
}

/* Who is caught can win nothing any more, and loses nothing more when the other leaves. */
static void look(GameState *state, const GameRam *ram)
{
    int32_t *caught = state->memory;
    const int lead = (ram_at(ram, FIRST_OUT) == OUT) - (ram_at(ram, SECOND_OUT) == OUT);
    state->reward = catch_reward(&caught[FIRST_CAUGHT], ram_at(ram, FIRST_STATUS));
    state->reward_second = catch_reward(&caught[SECOND_CAUGHT], ram_at(ram, SECOND_STATUS));
    if (lead != 0 && !caught[SECOND_CAUGHT])
        state->reward_second = caught[FIRST_CAUGHT] ? 1 : -lead;
    if (lead != 0 && !caught[FIRST_CAUGHT])
        state->reward = caught[SECOND_CAUGHT] ? 1 : lead;
    state->lives = !caught[FIRST_CAUGHT] + !caught[SECOND_CAUGHT];
    game_end_if(state, lead != 0 || state->lives == 0);
}

const Game game_maze_craze = {
    .name = "maze_craze",
    .title = "Maze Craze",
    .md5 = "ed2218b3075d15eaa34e3356025ccca3",
    GAME_ALL_ACTIONS,
    GAME_MODES_FOR_TWO(modes_for_two),
    .only_for_two = true,
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 2,
    .look = look,
    .look_two = look,
};
