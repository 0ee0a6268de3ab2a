/*
 * demon_attack.c - Demon Attack: demons that split and dive. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0x85,
    SCORE_MIDDLE = 0x83,
    SCORE_HIGH = 0x81,
    RESERVE = 0xf2,
    SHOWN = 0xf1,
    SHOWN_LAST = 0xbd,
    MODE = 0xea,
    MODE_CHANGED = 0
};

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE,      ACTION_RIGHT,
                                          ACTION_LEFT, ACTION_RIGHTFIRE, ACTION_LEFTFIRE};

static const uint16_t modes[] = {1, 3, 5, 7};

/* Choosing a mode looks like an end for one frame. */
static GamePress mode_press(GameState *state, const GameRam *ram, int mode, int step,
                            Mt19937 *random)
{
    (void)step;
    (void)random;
    if (ram_at(ram, MODE) != mode)
        return game_select(1);
    state->memory[MODE_CHANGED] = true;
    return game_mode_reached;
}

static void look(GameState *state, const GameRam *ram)
{
    /* before the first game the digits show a pattern */
    const bool pattern = ram_at(ram, SCORE_HIGH) == 0xab && ram_at(ram, SCORE_MIDDLE) == 0xcd &&
                         ram_at(ram, SCORE_LOW) == 0xea;
    game_score(state, pattern ? 0 : bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = ram_at(ram, RESERVE) + 1;
    game_end_if(state, ram_at(ram, RESERVE) == 0 && ram_at(ram, SHOWN) == SHOWN_LAST &&
                           !state->memory[MODE_CHANGED]);
    state->memory[MODE_CHANGED] = false;
}

const Game game_demon_attack = {
    .name = "demon_attack",
    .title = "Demon Attack",
    .md5 = "f0e0addc07971561ab80d9abe1b8d333",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .difficulties = 0x3,
    .mode_press = mode_press,
    .lives = 4,
    .look = look,
};
