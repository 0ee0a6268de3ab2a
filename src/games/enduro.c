/*
 * enduro.c - Enduro: a race that lasts for days. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    CARS_LOW = 0xab,
    CARS_HIGH = 0xac,
    DAY = 0xad,
    STATUS = 0xaf,
    ENDED = 0xff,
    FIRST_DAY_CARS = 200,
    DAY_CARS = 300
};

static const uint8_t minimal_actions[] = {ACTION_NOOP,     ACTION_FIRE,      ACTION_RIGHT,
                                          ACTION_LEFT,     ACTION_DOWN,      ACTION_DOWNRIGHT,
                                          ACTION_DOWNLEFT, ACTION_RIGHTFIRE, ACTION_LEFTFIRE};

static const GamePress start[] = {{ACTION_FIRE, 1}, {0}};

static void look(GameState *state, const GameRam *ram)
{
    const int32_t day = ram_at(ram, DAY), left = bcd_of_2(ram, CARS_LOW, CARS_HIGH);
    int32_t passed = 0; /* cars; the screen shows how many are left to pass today */
    if (day == 1)
        passed = FIRST_DAY_CARS - left;
    else if (day >= 2)
        passed = FIRST_DAY_CARS + (day - 2) * DAY_CARS + DAY_CARS - left;
    game_score(state, passed);
    state->over = ram_at(ram, STATUS) == ENDED;
}

const Game game_enduro = {
    .name = "enduro",
    .title = "Enduro",
    .md5 = "94b92a882f6dbaa6993a46e2dcc58402",
    GAME_ACTIONS(minimal_actions),
    .start = start,
    .look = look,
};
