/*
 * qbert.c - Q*bert: a pyramid of cubes to colour. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xdb,
    SCORE_MIDDLE = 0xda,
    SCORE_HIGH = 0xd9,
    RESERVE = 0x88,
    ENDED = 0xfe,
    RESTARTED = 2,
    RESERVE_BEFORE = 0,
    LIVES
};

static const uint8_t minimal_actions[] = {ACTION_NOOP,  ACTION_FIRE, ACTION_UP,
                                          ACTION_RIGHT, ACTION_LEFT, ACTION_DOWN};

static void look(GameState *state, const GameRam *ram)
{
    int32_t *memory = state->memory;
    const uint8_t byte = ram_at(ram, RESERVE);
    const int8_t reserve = (int8_t)byte; /* -1 with the last life */
    if (!state->started) {
        memory[RESERVE_BEFORE] = 2;
        memory[LIVES] = 4;
        state->started = true;
    }
    const bool over = byte == ENDED || (byte == RESTARTED && memory[RESERVE_BEFORE] == -1);
    memory[LIVES] -= memory[RESERVE_BEFORE] - 1 == reserve;
    memory[RESERVE_BEFORE] = reserve;
    if (over)
        state->reward = 0;
    else
        game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = memory[LIVES];
    game_end_if(state, over);
}

const Game game_qbert = {
    .name = "qbert",
    .title = "Q*bert",
    .md5 = "484b0076816a104875e00467d431c2d2",
    .first_line = 40,
    GAME_ACTIONS(minimal_actions),
    .difficulties = 0x3,
    .lives = 4,
    .look = look,
};
