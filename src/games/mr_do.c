/*
 * mr_do.c - Mr. Do!: cherries, apples to drop, a ball to throw. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0x82,
    SCORE_HIGH = 0x83,
    LIVES = 0xdb,
    STATUS = 0xda,
    ENDED = 0x40,
    MODE = 0x80
};

static const uint8_t minimal_actions[] = {
    ACTION_NOOP, ACTION_FIRE,   ACTION_UP,        ACTION_RIGHT,    ACTION_LEFT,
    ACTION_DOWN, ACTION_UPFIRE, ACTION_RIGHTFIRE, ACTION_LEFTFIRE, ACTION_DOWNFIRE};

static const uint16_t modes[] = {0, 1, 2, 3};

static const GamePress start[] = {{ACTION_FIRE, 1}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, 10 * bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, ram_at(ram, STATUS) == ENDED);
}

const Game game_mr_do = {
    .name = "mr_do",
    .title = "Mr. Do!",
    .md5 = "aa7bb54d2c189a31bb1fa20099e42859",
    GAME_ACTIONS(minimal_actions),
    .start = start,
    GAME_MODES(modes),
    .mode_address = MODE,
    .select_frames = 5,
    .lives = 4,
    .look = look,
};
