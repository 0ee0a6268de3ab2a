/*
 * hangman.c - Hangman: a word to guess. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { MINE = 0xeb, THEIRS = 0xec, TIMER = 0xf1, TIME_BEFORE = 0, MODE = 0xee };

static const uint16_t modes[] = {0, 1, 2, 3};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd(ram_at(ram, MINE)) - bcd(ram_at(ram, THEIRS)));
    /* The timer runs from 255 to 0; one more than it is kept, 0 before the first look. */
    const int32_t before = state->memory[TIME_BEFORE] - 1, now = ram_at(ram, TIMER);
    state->memory[TIME_BEFORE] = now + 1;
    state->over = state->reward != 0 || (now == 0 && before == 255);
    state->lives = !state->over;
}

const Game game_hangman = {
    .name = "hangman",
    .title = "Hangman",
    .md5 = "f16c709df0a6c52f47ff52b9d95b7d8d",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .difficulties = 0x3,
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 1,
    .look = look,
};
