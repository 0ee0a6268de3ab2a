/*
 * journey_escape.c - Journey Escape: a band, its money, its fans. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0x92,
    SCORE_MIDDLE = 0x91,
    SCORE_HIGH = 0x90,
    MINUTES = 0x95,
    SECONDS = 0x96,
    START_MONEY = 50000
};

static const uint8_t minimal_actions[] = {
    ACTION_NOOP,        ACTION_UP,         ACTION_RIGHT,         ACTION_LEFT,
    ACTION_DOWN,        ACTION_UPRIGHT,    ACTION_UPLEFT,        ACTION_DOWNRIGHT,
    ACTION_DOWNLEFT,    ACTION_RIGHTFIRE,  ACTION_LEFTFIRE,      ACTION_DOWNFIRE,
    ACTION_UPRIGHTFIRE, ACTION_UPLEFTFIRE, ACTION_DOWNRIGHTFIRE, ACTION_DOWNLEFTFIRE};

static const GamePress start[] = {{ACTION_FIRE, 1}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    if (state->reward == START_MONEY) /* what the game begins with is not earned */
        state->reward = 0;
    state->over = ram_at(ram, MINUTES) == 0 && ram_at(ram, SECONDS) == 0;
}

const Game game_journey_escape = {
    .name = "journey_escape",
    .title = "Journey Escape",
    .md5 = "718ae62c70af4e5fd8e932fee216948a",
    .height = 230,
    GAME_ACTIONS(minimal_actions),
    .start = start,
    .difficulties = 0x3,
    .look = look,
};
