/*
 * word_zapper.c - Word Zapper: three words to spell by shooting letters. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { CLOCK = 0xcf, WORDS_LEFT = 0xdc, TIME = 0xde, WORDS = 3, MODE = 0xdb };

static const uint16_t modes[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,
                                 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23};

static const GamePress start[] = {{ACTION_NOOP, 486}, {ACTION_FIRE, 1}, {ACTION_NOOP, 2}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    if (bcd(ram_at(ram, CLOCK)) > 0) { /* it runs: else all stays as it is */
        game_score(state, WORDS - 1 - (int8_t)ram_at(ram, WORDS_LEFT));
        state->over = state->score == WORDS || bcd(ram_at(ram, TIME)) == 0;
    }
    state->lives = !state->over;
}

const Game game_word_zapper = {
    .name = "word_zapper",
    .title = "Word Zapper",
    .md5 = "ec3beb6d8b5689e867bafb5d5f507491",
    GAME_ALL_ACTIONS,
    .start = start,
    GAME_MODES(modes),
    .difficulties = 0xf,
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 1,
    .look = look,
};
