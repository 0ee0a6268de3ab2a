/*
 * jamesbond.c - James Bond 007: a vehicle for land, sea and air. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xdc,
    SCORE_MIDDLE = 0xdd,
    SCORE_HIGH = 0xde,
    LIVES = 0x86,
    SCREEN = 0x8c,
    ENDED = 0x68
};

static const uint16_t modes[] = {0, 1};

static bool shows_mode(const GameRam *ram, int mode)
{
    return ram_at(ram, SCREEN) == mode || ram_at(ram, SCREEN) == mode + 0x48;
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = (ram_at(ram, LIVES) & 15) + 1;
    game_end_if(state, state->lives == 1 && ram_at(ram, SCREEN) == ENDED);
}

const Game game_jamesbond = {
    .name = "jamesbond",
    .title = "James Bond 007",
    .md5 = "e51030251e440cffaab1ac63438b44ae",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .shows_mode = shows_mode,
    .select_frames = 20,
    .lives = 6,
    .look = look,
};
