/*
 * king_kong.c - King Kong: a building to climb, an ape on top. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0x83, SCORE_HIGH = 0x82, LIVES = 0xee, MODE = 0xec };

static const uint8_t minimal_actions[] = {ACTION_NOOP,  ACTION_FIRE, ACTION_UP,
                                          ACTION_RIGHT, ACTION_LEFT, ACTION_DOWN};

static const uint16_t modes[] = {0, 1, 2, 3};

static bool shows_mode(const GameRam *ram, int mode)
{
    return ram_at(ram, MODE) == 2 * mode;
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, state->lives == 0);
}

const Game game_king_kong = {
    .name = "king_kong",
    .title = "King Kong",
    .md5 = "0dd4c69b5f9a7ae96a7a08329496779a",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .shows_mode = shows_mode,
    .select_frames = 2,
    .lives = 3,
    .look = look,
};
