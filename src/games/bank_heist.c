/*
 * bank_heist.c - Bank Heist: banks to rob, a car to keep fuelled. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xda,
    SCORE_MIDDLE = 0xd9,
    SCORE_HIGH = 0xd8,
    LIVES = 0xd5,
    DEATH = 0xce,
    DYING_ENDS = 1,
    MODE = 0x80
};

static const uint16_t modes[] = {0, 4, 8, 12, 16, 20, 24, 28};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, state->lives == 0 && ram_at(ram, DEATH) == DYING_ENDS);
}

const Game game_bank_heist = {
    .name = "bank_heist",
    .title = "Bank Heist",
    .md5 = "00ce0bdd43aed84a983bef38fe7f5ee3",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .difficulties = 0xf,
    .mode_address = MODE,
    .select_frames = 1,
    .lives = 5,
    .look = look,
};
