/*
 * riverraid.c - River Raid: a jet above a river, fuel on the way. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LAST = 0xd7,
    DIGITS = 6,
    LIVES = 0xc0,
    ALL_LEFT = 0x58,
    LAST_LEFT = 0x59,
    LIVES_BEFORE = 0
};

/* A digit is kept as eight times itself, the offset of its picture; other values are blanks. */
static int32_t digit(uint8_t byte)
{
    return byte % 8 == 0 && byte <= 9 * 8 ? byte / 8 : 0;
}

static void look(GameState *state, const GameRam *ram)
{
    int32_t score = 0;
    for (int i = DIGITS - 1; i >= 0; i--)
        score = 10 * score + digit(ram_at(ram, SCORE_LAST - 2 * i));
    const uint8_t now = ram_at(ram, LIVES);
    const bool over = now == ALL_LEFT && state->memory[LIVES_BEFORE] == LAST_LEFT;
    game_score(state, score);
    state->memory[LIVES_BEFORE] = now;
    state->lives = now == ALL_LEFT ? 4 : now == LAST_LEFT ? 1 : now / 8 + 1;
    game_end_if(state, over);
}

const Game game_riverraid = {
    .name = "riverraid",
    .title = "River Raid",
    .md5 = "393948436d1f4cc3192410bb918f9724",
    GAME_ALL_ACTIONS,
    .difficulties = 0x3,
    .lives = 4,
    .look = look,
};
