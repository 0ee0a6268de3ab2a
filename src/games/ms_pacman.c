/*
 * ms_pacman.c - Ms. Pac-Man: pellets in four mazes. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xf8,
    SCORE_MIDDLE = 0xf9,
    SCORE_HIGH = 0xfa,
    LIVES = 0xfb,
    DEATH = 0xa7,
    DYING_ENDS = 0x53,
    FRUIT = 0x99,
    TEDDY = 0xa1
};

static const uint8_t minimal_actions[] = {ACTION_NOOP,   ACTION_UP,        ACTION_RIGHT,
                                          ACTION_LEFT,   ACTION_DOWN,      ACTION_UPRIGHT,
                                          ACTION_UPLEFT, ACTION_DOWNRIGHT, ACTION_DOWNLEFT};

static const uint16_t modes[] = {0, 1, 2, 3};

static bool shows_mode(const GameRam *ram, int mode)
{
    return mode == 0 ? ram_at(ram, FRUIT) == 1 && ram_at(ram, TEDDY) == 1
                     : ram_at(ram, FRUIT) == mode && ram_at(ram, TEDDY) == 0;
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = (ram_at(ram, LIVES) & 7) + 1;
    game_end_if(state, (ram_at(ram, LIVES) & 15) == 0 && ram_at(ram, DEATH) == DYING_ENDS);
}

const Game game_ms_pacman = {
    .name = "ms_pacman",
    .title = "Ms. Pac-Man",
    .md5 = "87e79cd41ce136fd4f72cc6e2c161bee",
    .without_hmove_comb = true,
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .shows_mode = shows_mode,
    .select_frames = 10,
    .lives = 3,
    .look = look,
};
