/*
 * tetris.c - Tetris, by Colin Hughes: falling pieces, full rows, no lives. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_HIGH = 0xf2, SCORE_LOW = 0xf1, STATUS = 0xf3 };

static const uint8_t minimal_actions[] = {
    ACTION_NOOP, ACTION_FIRE, ACTION_RIGHT, ACTION_LEFT, ACTION_DOWN,
};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, 100 * bcd(ram_at(ram, SCORE_HIGH)) + bcd(ram_at(ram, SCORE_LOW)));
    if (state->reward < 0)
        state->reward = 0;
    state->over = (ram_at(ram, STATUS) & 0x80) != 0;
    if (state->over) /* the reference forgets the score here, so a look after the end brings it
                        again */
        state->score = 0;
}

const Game game_tetris = {
    .name = "tetris",
    .title = "Tetris",
    .md5 = "b0e1ee07fbc73493eac5651a52f90f00",
    GAME_ACTIONS(minimal_actions),
    .look = look,
};
