/*
 * chopper_command.c - Chopper Command: a helicopter, trucks to guard. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xee, SCORE_HIGH = 0xec, LIVES = 0xe4, STATUS = 0xc2, MODE = 0xe0 };

static const uint16_t modes[] = {0, 2};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, 100 * bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES) & 15;
    if (ram_at(ram, STATUS) & 1) /* before it begins the lives mean nothing */
        state->started = true;
    state->over = state->started && state->lives == 0;
}

const Game game_chopper_command = {
    .name = "chopper_command",
    .title = "Chopper Command",
    .md5 = "c1cb228470a87beb5f36e90ac745da26",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .difficulties = 0x3,
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 3,
    .look = look,
};
