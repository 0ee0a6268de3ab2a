/*
 * up_n_down.c - Up'n Down: a buggy that jumps, flags to collect. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0x82,
    SCORE_MIDDLE = 0x81,
    SCORE_HIGH = 0x80,
    LIVES = 0x86,
    DEATH = 0x94,
    DYING_ENDS = 0x40
};

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE,   ACTION_UP,
                                          ACTION_DOWN, ACTION_UPFIRE, ACTION_DOWNFIRE};

static const GamePress start[] = {{ACTION_FIRE, 1}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = (ram_at(ram, LIVES) & 15) + 1;
    game_end_if(state, state->lives == 1 && ram_at(ram, DEATH) > DYING_ENDS);
}

const Game game_up_n_down = {
    .name = "up_n_down",
    .title = "Up'n Down",
    .md5 = "a499d720e7ee35c62424de882a3351b6",
    .first_line = 30,
    GAME_ACTIONS(minimal_actions),
    .start = start,
    .difficulties = 0xf,
    .lives = 5,
    .look = look,
};
