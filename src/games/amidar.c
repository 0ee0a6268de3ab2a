/*
 * amidar.c - Amidar: a grid to paint, warriors to avoid. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xd9, SCORE_MIDDLE = 0xda, SCORE_HIGH = 0xdb, LIVES = 0xd6, NONE_LEFT = 0x80 };

static const uint8_t minimal_actions[] = {
    ACTION_NOOP, ACTION_FIRE,   ACTION_UP,        ACTION_RIGHT,    ACTION_LEFT,
    ACTION_DOWN, ACTION_UPFIRE, ACTION_RIGHTFIRE, ACTION_LEFTFIRE, ACTION_DOWNFIRE};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES) & 15;
    game_end_if(state, ram_at(ram, LIVES) == NONE_LEFT);
}

const Game game_amidar = {
    .name = "amidar",
    .title = "Amidar",
    .md5 = "acb7750b4d0c4bd34969802a7deb2990",
    GAME_ACTIONS(minimal_actions),
    .difficulties = 0x9,
    .lives = 3,
    .look = look,
};
