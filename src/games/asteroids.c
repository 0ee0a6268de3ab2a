/*
 * asteroids.c - Asteroids: rocks to shoot to pieces. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xbe, SCORE_HIGH = 0xbd, LIVES = 0xbc, MODE = 0x80 };

static const uint8_t minimal_actions[] = {
    ACTION_NOOP,     ACTION_FIRE,     ACTION_UP,          ACTION_RIGHT,     ACTION_LEFT,
    ACTION_DOWN,     ACTION_UPRIGHT,  ACTION_UPLEFT,      ACTION_UPFIRE,    ACTION_RIGHTFIRE,
    ACTION_LEFTFIRE, ACTION_DOWNFIRE, ACTION_UPRIGHTFIRE, ACTION_UPLEFTFIRE};

static const uint16_t modes[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16,
                                 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 128};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, 10 * bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    if (state->reward < 0) /* the counter went round */
        state->reward += 100000;
    state->lives = ram_at(ram, LIVES) >> 4;
    game_end_if(state, state->lives == 0);
}

const Game game_asteroids = {
    .name = "asteroids",
    .title = "Asteroids",
    .md5 = "ccbd36746ed4525821a8083b0d6d2c2c",
    .without_hmove_comb = true,
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .difficulties = 0x9,
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 4,
    .look = look,
};
