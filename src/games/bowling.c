/*
 * bowling.c - Bowling: ten frames, ten pins. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xa1, SCORE_HIGH = 0xa6, FRAME = 0xa4, FRAME_LAST = 0x10, MODE = 0x82 };

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE,   ACTION_UP,
                                          ACTION_DOWN, ACTION_UPFIRE, ACTION_DOWNFIRE};

static const uint16_t modes[] = {0, 2, 4};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    state->over = ram_at(ram, FRAME) > FRAME_LAST;
}

const Game game_bowling = {
    .name = "bowling",
    .title = "Bowling",
    .md5 = "c9b7afad3bfd922e006a6bfc1d4f3fe7",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .difficulties = 0x3,
    .mode_address = MODE,
    .select_frames = 2,
    .look = look,
};
