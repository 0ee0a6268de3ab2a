/*
 * phoenix.c - Phoenix: birds in waves, a shield, a mother ship. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xc7,
    SCORE_MIDDLE = 0xc8,
    SCORE_HIGH = 0xc9,
    LIVES = 0xcb,
    STATUS = 0xcc,
    ENDED = 0x80
};

static const uint8_t minimal_actions[] = {ACTION_NOOP,     ACTION_FIRE,    ACTION_RIGHT,
                                          ACTION_LEFT,     ACTION_DOWN,    ACTION_RIGHTFIRE,
                                          ACTION_LEFTFIRE, ACTION_DOWNFIRE};

static void look(GameState *state, const GameRam *ram)
{
    const int32_t upper = bcd_of_2(ram, SCORE_MIDDLE, SCORE_HIGH);
    game_score(state, 10 * (10 * upper + (ram_at(ram, SCORE_LOW) >> 4)));
    state->lives = ram_at(ram, LIVES) & 7;
    game_end_if(state, ram_at(ram, STATUS) == ENDED);
}

const Game game_phoenix = {
    .name = "phoenix",
    .title = "Phoenix",
    .md5 = "7e52a95074a66640fcfde124fffd491a",
    GAME_ACTIONS(minimal_actions),
    .lives = 5,
    .look = look,
};
