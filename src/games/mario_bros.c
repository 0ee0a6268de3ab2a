/*
 * mario_bros.c - Mario Bros.: pests in the pipes of a cellar. Rule as in [ALE], for two as
 * in docs/two-players.md.
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0x8a, SCORE_HIGH = 0x89, LIVES = 0x87, MODE = 0x80 };
enum { SECOND_LOW = 0x8c, SECOND_HIGH = 0x8b, SECOND_LIVES = 0x88 };

static const uint16_t modes[] = {0, 2, 4, 6}, modes_for_two[] = {1, 3, 5, 7};

static const GamePress start[] = {{ACTION_NOOP, 10}, {ACTION_FIRE, 7}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, 100 * bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, state->lives == 0);
}

/* Who has no life left looks on until the other has none. */
static void look_two(GameState *state, const GameRam *ram)
{
    look(state, ram);
    game_score_second(state, 100 * bcd_of_2(ram, SECOND_LOW, SECOND_HIGH));
    state->lives = ram_at(ram, LIVES) + ram_at(ram, SECOND_LIVES);
    game_end_if(state, state->lives == 0);
}

const Game game_mario_bros = {
    .name = "mario_bros",
    .title = "Mario Bros.",
    .md5 = "e908611d99890733be31733a979c62d8",
    GAME_ALL_ACTIONS,
    .start = start,
    GAME_MODES(modes),
    GAME_MODES_FOR_TWO(modes_for_two),
    .mode_address = MODE,
    .select_frames = 5,
    .look = look,
    .look_two = look_two,
};
