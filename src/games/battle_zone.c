/*
 * battle_zone.c - Battle Zone: tanks on a plain. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0x9d, SCORE_HIGH = 0x9e, LIVES = 0xba, MODE = 0xa1 };

static const uint16_t modes[] = {1, 2, 3};

/* 10 is a blank. */
static int32_t digit(int half)
{
    return half == 10 ? 0 : half;
}

static void look(GameState *state, const GameRam *ram)
{
    const uint8_t low = ram_at(ram, SCORE_LOW), high = ram_at(ram, SCORE_HIGH);
    game_score(state, 1000 * (digit(low >> 4) + 10 * digit(high & 15) + 100 * digit(high >> 4)));
    state->lives = ram_at(ram, LIVES) & 15;
    game_end_if(state, state->lives == 0);
}

const Game game_battle_zone = {
    .name = "battle_zone",
    .title = "Battle Zone",
    .md5 = "41f252a66c6301f1e8ab3612c19bc5d4",
    .without_hmove_comb = true,
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 5,
    .look = look,
};
