/*
 * atlantis.c - Atlantis: a city under water to defend. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xa2,
    SCORE_MIDDLE = 0xa3,
    SCORE_HIGH = 0xa1,
    LIVES = 0xf1,
    NONE_LEFT = 0xff,
    MODE = 0x8d
};

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE, ACTION_RIGHTFIRE,
                                          ACTION_LEFTFIRE};

static const uint16_t modes[] = {0, 1, 2, 3};

static void look(GameState *state, const GameRam *ram)
{
    const int32_t score = 100 * bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH);
    state->lives = ram_at(ram, LIVES);
    game_end_if(state, state->lives == NONE_LEFT);
    if (state->over)
        state->reward = 0; /* at the end the digits show something else */
    else
        game_score(state, score);
}

const Game game_atlantis = {
    .name = "atlantis",
    .title = "Atlantis",
    .md5 = "9ad36e699ef6f45d9eb6c4cf90475c9f",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 6,
    .look = look,
};
