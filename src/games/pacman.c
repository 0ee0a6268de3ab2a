/*
 * pacman.c - Pac-Man: pellets, ghosts, a maze. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xcc,
    SCORE_MIDDLE = 0xce,
    SCORE_HIGH = 0xd0,
    LIVES = 0x98,
    DEATH = 0xe4,
    DYING_ENDS = 0x3f,
    SECOND_PLAYER = 0xe6
};

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_UP, ACTION_RIGHT, ACTION_LEFT,
                                          ACTION_DOWN};

static const uint16_t modes[] = {0, 1, 2, 3, 4, 5, 6, 7};

static bool shows_mode(const GameRam *ram, int mode)
{
    return ram_at(ram, SCORE_LOW) - 1 == mode && ram_at(ram, SECOND_PLAYER) == 0;
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES) + 1;
    game_end_if(state, state->lives == 1 && ram_at(ram, DEATH) == DYING_ENDS);
}

const Game game_pacman = {
    .name = "pacman",
    .title = "Pac-Man",
    .md5 = "fc2233fc116faef0d3c31541717ca2db",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .difficulties = 0x3,
    .shows_mode = shows_mode,
    .select_frames = 2,
    .lives = 4,
    .look = look,
};
