/*
 * casino.c - Casino: blackjack, stud and poker solitaire. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0x95,
    SCORE_HIGH = 0x8c,
    MODE = 0xd4,
    POKER_SOLITAIRE = 3,
    BET = 0x9e,
    ALL_AWARDED = 0xaa,
    KEYS = 0xd3,
    KEYS_OFF = 0x80
};

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE, ACTION_UP, ACTION_DOWN};

static const uint16_t modes[] = {0, 2, 3};

static const GamePress start[] = {{ACTION_NOOP, 60}, {ACTION_FIRE, 2}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    const int32_t score = bcd_of_2(ram, SCORE_LOW, SCORE_HIGH), gained = score - state->score;
    const uint8_t bet = ram_at(ram, BET);
    if (ram_at(ram, MODE) == POKER_SOLITAIRE) {
        state->reward = gained;
        state->over = score > 0 && bet == ALL_AWARDED;
    } else {
        const bool off = (ram_at(ram, KEYS) & KEYS_OFF) != 0;
        if (!off) /* ALE: else the reward of before stands */
            state->reward = gained;
        state->over = score == 0 || (bcd(bet) > 0 && off);
    }
    state->score = score;
    state->lives = !state->over;
}

const Game game_casino = {
    .name = "casino",
    .title = "Casino",
    .md5 = "b816296311019ab69a21cb9e9e235d12",
    .left = GAME_PADDLES,
    GAME_ACTIONS(minimal_actions),
    .start = start,
    GAME_MODES(modes),
    .difficulties = 0xf,
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 1,
    .look = look,
};
