/*
 * montezuma_revenge.c - Montezuma's Revenge: a temple of keys, ladders and skulls. Rule as in
 * [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0x95,
    SCORE_MIDDLE = 0x94,
    SCORE_HIGH = 0x93,
    LIVES = 0xba,
    STATUS = 0xfe,
    ENDED = 0x60
};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = (ram_at(ram, LIVES) & 7) + 1;
    game_end_if(state, ram_at(ram, LIVES) == 0 && ram_at(ram, STATUS) == ENDED);
}

const Game game_montezuma_revenge = {
    .name = "montezuma_revenge",
    .title = "Montezuma's Revenge",
    .md5 = "3347a6dd59049b15a38394aa2dafa585",
    GAME_ALL_ACTIONS,
    .lives = 6,
    .look = look,
};
