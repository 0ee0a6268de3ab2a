/*
 * blackjack.c - Blackjack: twenty-one, against the dealer. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0x89,
    SCORE_HIGH = 0x86,
    BROKE_LOW = 0xbb,
    BROKE_HIGH = 0x0b,
    BANK_BROKEN = 1000
};

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE, ACTION_UP, ACTION_DOWN};

static void look(GameState *state, const GameRam *ram)
{
    const bool broke = ram_at(ram, SCORE_HIGH) == BROKE_HIGH && ram_at(ram, SCORE_LOW) == BROKE_LOW;
    game_score(state, broke ? 0 : bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    state->over = broke || state->score >= BANK_BROKEN;
    state->lives = !state->over;
}

const Game game_blackjack = {
    .name = "blackjack",
    .title = "Blackjack",
    .md5 = "0a981c03204ac2b278ba392674682560",
    .left = GAME_PADDLES,
    .paddle_max = 795000,
    GAME_ACTIONS(minimal_actions),
    .difficulties = 0xf,
    .lives = 1,
    .look = look,
};
