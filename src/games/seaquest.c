/*
 * seaquest.c - Seaquest: a submarine, divers to save, air that runs out. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_HIGH = 0xb8, SCORE_MIDDLE = 0xb9, SCORE_LOW = 0xba, RESERVE = 0xbb, GAME_OVER = 0xa3 };

static const uint8_t minimal_actions[] = {
    ACTION_NOOP,          ACTION_FIRE,         ACTION_UP,          ACTION_RIGHT,
    ACTION_LEFT,          ACTION_DOWN,         ACTION_UPRIGHT,     ACTION_UPLEFT,
    ACTION_DOWNRIGHT,     ACTION_DOWNLEFT,     ACTION_UPFIRE,      ACTION_RIGHTFIRE,
    ACTION_LEFTFIRE,      ACTION_DOWNFIRE,     ACTION_UPRIGHTFIRE, ACTION_UPLEFTFIRE,
    ACTION_DOWNRIGHTFIRE, ACTION_DOWNLEFTFIRE,
};

static void look(GameState *state, const uint8_t ram[GAME_RAM_BYTES])
{
    game_score(state, 10000 * bcd(ram_at(ram, SCORE_HIGH)) + 100 * bcd(ram_at(ram, SCORE_MIDDLE)) +
                          bcd(ram_at(ram, SCORE_LOW)));
    state->over = ram_at(ram, GAME_OVER) != 0;
    state->lives = state->over ? 0 : ram_at(ram, RESERVE) + 1;
}

const Game game_seaquest = {
    .name = "seaquest",
    .title = "Seaquest",
    .md5 = "240bfbac5163af4df5ae713985386f92",
    .display_start = 34,
    .display_height = 210,
    .hmove_blanks = true,
    .left = GAME_JOYSTICK,
    .right = GAME_JOYSTICK,
    .minimal_actions = minimal_actions,
    .minimal_action_count = sizeof minimal_actions,
    .players = 1,
    .lives = 4,
    .look = look,
};
