/*
 * galaxian.c - Galaxian: attackers that leave their formation. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xae,
    SCORE_MIDDLE = 0xad,
    SCORE_HIGH = 0xac,
    LIVES = 0xb9,
    STATUS = 0xbf,
    MODE = 0xb3
};

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE,      ACTION_RIGHT,
                                          ACTION_LEFT, ACTION_RIGHTFIRE, ACTION_LEFTFIRE};

static const uint16_t modes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    if (state->reward < 0) /* the counter went round */
        state->reward += 1000000;
    state->lives = ram_at(ram, LIVES) + 1;
    game_end_if(state, (ram_at(ram, STATUS) & 0x80) != 0);
}

const Game game_galaxian = {
    .name = "galaxian",
    .title = "Galaxian",
    .md5 = "211774f4c5739042618be8ff67351177",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .difficulties = 0x3,
    .mode_address = MODE,
    .select_frames = 1,
    .lives = 3,
    .look = look,
};
