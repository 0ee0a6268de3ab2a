/*
 * entombed.c - Entombed: a maze that closes from below. Rule as in [ALE], for two as in
 * docs/two-players.md.
 */
#include "games/games_private.h"

enum { DEPTH = 0xe3, LIVES = 0xc7, SECTION = 0xef, ONE_PLAYS = 0xf4 };
enum { TOGETHER, LAST_SECTION }; /* what is remembered */

/* To the cartridge they are one game. */
enum { MODE_AGAINST = 2, MODE_TOGETHER = 3 };
static const uint16_t modes_for_two[] = {MODE_AGAINST, MODE_TOGETHER};

static const GamePress start[] = {{ACTION_FIRE, 1}, {ACTION_NOOP, 5}, {0}};

static GamePress mode_press(GameState *state, const GameRam *ram, int mode, int step,
                            Mt19937 *random)
{
    (void)step;
    (void)random;
    state->memory[TOGETHER] = mode == MODE_TOGETHER;
    return ram_at(ram, ONE_PLAYS) == 0 ? game_mode_reached : game_select(1);
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, ram_at(ram, DEPTH));
    state->over = (ram_at(ram, LIVES) & 3) == 0;
    state->lives = !state->over;
}

/* Against each other a life lost is a point of the other; together each section of the maze that
 * they come to is a point of both. */
static void look_two(GameState *state, const GameRam *ram)
{
    const int first = ram_at(ram, LIVES) & 3, second = ram_at(ram, LIVES) >> 4 & 3;
    const int section = ram_at(ram, SECTION);
    game_score(state, first - second);
    state->reward_second = -state->reward;
    if (state->memory[TOGETHER])
        state->reward = state->reward_second = section > state->memory[LAST_SECTION];
    state->memory[LAST_SECTION] = section;
    state->over = first == 0 || second == 0;
    state->lives = !state->over;
}

const Game game_entombed = {
    .name = "entombed",
    .title = "Entombed",
    .md5 = "6b683be69f92958abe0e2a9945157ad5",
    GAME_ALL_ACTIONS,
    .start = start,
    GAME_MODES_FOR_TWO(modes_for_two),
    .difficulties = 0x5,
    .mode_press = mode_press,
    .lives = 1,
    .look = look,
    .look_two = look_two,
};
