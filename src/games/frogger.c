/*
 * frogger.c - Frogger: a road, a river, five homes. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xce, SCORE_HIGH = 0xcc, LIVES = 0xd0, NONE_LEFT = 0xff, MODE = 0xdd };

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_UP, ACTION_RIGHT, ACTION_LEFT,
                                          ACTION_DOWN};

static const uint16_t modes[] = {0, 1, 2};

static bool shows_mode(const GameRam *ram, int mode)
{
    return ram_at(ram, MODE) == 1 + 2 * mode;
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, state->lives == NONE_LEFT);
}

const Game game_frogger = {
    .name = "frogger",
    .title = "Frogger",
    .md5 = "081e2c114c9c20b61acf25fc95c71bf4",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .difficulties = 0x3,
    .shows_mode = shows_mode,
    .select_frames = 2,
    .lives = 4,
    .look = look,
};
