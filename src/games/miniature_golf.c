/*
 * miniature_golf.c - Miniature Golf: nine holes, as few strokes as possible. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    LEFT_DIGITS = 0x87,
    RIGHT_DIGITS = 0x88,
    HOLE_NOW = 0xaf,
    HOLE = 0,
    PAR,
    STROKES,
    SHOWN,
    SHOWN_AT_START
};

/* What a hole is worth: its par less the strokes it took. */
static void end_hole(GameState *state, int32_t next)
{
    int32_t *memory = state->memory;
    const int32_t strokes = memory[SHOWN] + memory[STROKES] - memory[SHOWN_AT_START];
    if (strokes > 0)
        state->reward = memory[PAR] - strokes;
    if (next == 0)
        state->over = true;
    memory[HOLE] = next;
    memory[STROKES] = 0;
    memory[SHOWN_AT_START] = memory[SHOWN];
}

static void look(GameState *state, const GameRam *ram)
{
    int32_t *memory = state->memory;
    const int32_t left = bcd(ram_at(ram, LEFT_DIGITS)), right = bcd(ram_at(ram, RIGHT_DIGITS));
    state->reward = 0;
    if (bcd(ram_at(ram, HOLE_NOW)) != memory[HOLE])
        end_hole(state, bcd(ram_at(ram, HOLE_NOW)));
    if (right != 0) { /* the digits show the hole's par */
        memory[PAR] = right;
    } else { /* or the strokes so far, which begin again now and then */
        if (left < memory[SHOWN])
            memory[STROKES] += memory[SHOWN];
        memory[SHOWN] = left;
    }
    state->lives = !state->over;
}

const Game game_miniature_golf = {
    .name = "miniature_golf",
    .title = "Miniature Golf",
    .md5 = "df62a658496ac98a3aa4a6ee5719c251",
    GAME_ALL_ACTIONS,
    .difficulties = 0x3,
    .lives = 1,
    .look = look,
};
