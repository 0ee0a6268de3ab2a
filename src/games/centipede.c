/*
 * centipede.c - Centipede: a centipede among mushrooms. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xf6,
    SCORE_MIDDLE = 0xf5,
    SCORE_HIGH = 0xf4,
    LIVES = 0xed,
    STATUS = 0xa6,
    ENDED = 0x40,
    MODE = 0xa7
};

static const uint16_t modes[] = {22, 86};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    if (state->reward < 0)
        state->reward = 0;
    state->lives = (ram_at(ram, LIVES) >> 4 & 7) + 1;
    game_end_if(state, (ram_at(ram, STATUS) & ENDED) != 0);
}

const Game game_centipede = {
    .name = "centipede",
    .title = "Centipede",
    .md5 = "91c2098e88a6b13f977af8c003e0bca5",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 3,
    .look = look,
};
