/*
 * pooyan.c - Pooyan: wolves on balloons, piglets to save. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0x8a,
    SCORE_MIDDLE = 0x89,
    SCORE_HIGH = 0x88,
    LIVES = 0x96,
    STATUS = 0x98,
    ENDED = 5,
    MODE = 0xbd
};

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE,   ACTION_UP,
                                          ACTION_DOWN, ACTION_UPFIRE, ACTION_DOWNFIRE};

static const uint16_t modes[] = {10, 30, 50, 70};

static GamePress mode_press(GameState *state, const GameRam *ram, int mode, int step,
                            Mt19937 *random)
{
    (void)state;
    (void)random;
    if (step > 0 && ram_at(ram, MODE) == mode)
        return game_mode_reached;
    return game_select(2); /* the first leaves the title */
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = (ram_at(ram, LIVES) & 7) + 1;
    game_end_if(state, ram_at(ram, LIVES) == 0 && ram_at(ram, STATUS) == ENDED);
}

const Game game_pooyan = {
    .name = "pooyan",
    .title = "Pooyan",
    .md5 = "4799a40b6e889370b7ee55c17ba65141",
    .first_line = 26,
    .height = 220,
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .mode_press = mode_press,
    .lives = 3,
    .look = look,
};
