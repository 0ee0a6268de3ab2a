/*
 * darkchambers.c - Dark Chambers: a dungeon, monsters, treasures. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { LEVEL_NOW = 0xd5, SCORE_LOW = 0xcc, SCORE_HIGH = 0xcf, HEALTH = 0xca, LEVEL = 0 };

static const GamePress start[] = {{ACTION_NOOP, 486}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    const int32_t level = ram_at(ram, LEVEL_NOW);
    const int32_t score = 10 * bcd_of_2(ram, SCORE_LOW, SCORE_HIGH);
    state->reward = 0;
    if (level < state->memory[LEVEL]) { /* it has begun anew by itself */
        state->over = true;
    } else {
        state->memory[LEVEL] = level;
        if (score < state->score)
            state->over = true;
        else
            game_score(state, score);
        if ((ram_at(ram, HEALTH) & 0x1f) == 0)
            state->over = true;
    }
    state->lives = !state->over;
}

const Game game_darkchambers = {
    .name = "darkchambers",
    .title = "Dark Chambers",
    .md5 = "106855474c69d08c8ffa308d47337269",
    .without_hmove_comb = true,
    GAME_ALL_ACTIONS,
    .start = start,
    .lives = 1,
    .look = look,
};
