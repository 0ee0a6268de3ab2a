/*
 * tutankham.c - Tutankham: a tomb, keys, treasures. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0x9c,
    SCORE_HIGH = 0x9a,
    LIVES = 0x9e,
    STATUS = 0x81,
    PLAYING = 0x84,
    MODE = 0xab
};

static const uint8_t minimal_actions[] = {ACTION_NOOP,      ACTION_UP,      ACTION_RIGHT,
                                          ACTION_LEFT,      ACTION_DOWN,    ACTION_UPFIRE,
                                          ACTION_RIGHTFIRE, ACTION_LEFTFIRE};

static const uint16_t modes[] = {0, 4, 8, 12};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES) & 3;
    game_end_if(state, ram_at(ram, LIVES) == 0 && ram_at(ram, STATUS) != PLAYING);
}

const Game game_tutankham = {
    .name = "tutankham",
    .title = "Tutankham",
    .md5 = "085322bae40d904f53bdcc56df0593fc",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 3,
    .look = look,
};
