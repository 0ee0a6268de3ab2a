/*
 * air_raid.c - Air Raid: buildings to defend against raiders from above. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xaa,
    SCORE_MIDDLE = 0xa9,
    SCORE_HIGH = 0xa8,
    LIVES = 0xa7,
    NONE_LEFT = 0xff,
    MODE = 0xaa
};

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE,      ACTION_RIGHT,
                                          ACTION_LEFT, ACTION_RIGHTFIRE, ACTION_LEFTFIRE};

static const uint16_t modes[] = {1, 2, 3, 4, 5, 6, 7, 8};

static const GamePress start[] = {{ACTION_FIRE, 1}, {0}};

static GamePress mode_press(GameState *state, const GameRam *ram, int mode, int step,
                            Mt19937 *random)
{
    (void)state;
    (void)random;
    if (step == 0)
        return game_select(20); /* leaves the title */
    return ram_at(ram, MODE) == mode ? game_mode_reached : game_select(10);
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->over = ram_at(ram, LIVES) == NONE_LEFT;
    state->lives = !state->over;
}

const Game game_air_raid = {
    .name = "air_raid",
    .title = "Air Raid",
    .md5 = "35be55426c1fec32dfb503b4f0651572",
    GAME_ACTIONS(minimal_actions),
    .start = start,
    GAME_MODES(modes),
    .mode_press = mode_press,
    .lives = 1,
    .look = look,
};
