/*
 * video_pinball.c - Video Pinball: a table with bumpers. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0xb0,
    SCORE_MIDDLE = 0xb2,
    SCORE_HIGH = 0xb4,
    BALL = 0x99,
    EXTRA_BALL = 0xa8,
    STATUS = 0xaf,
    MODE = 0xc1
};

static const uint8_t minimal_actions[] = {ACTION_NOOP,   ACTION_FIRE,      ACTION_UP,
                                          ACTION_RIGHT,  ACTION_LEFT,      ACTION_DOWN,
                                          ACTION_UPFIRE, ACTION_RIGHTFIRE, ACTION_LEFTFIRE};

static const uint16_t modes[] = {0, 2};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = 4 + (ram_at(ram, EXTRA_BALL) & 1) - (ram_at(ram, BALL) & 7);
    game_end_if(state, (ram_at(ram, STATUS) & 1) != 0);
}

const Game game_video_pinball = {
    .name = "video_pinball",
    .title = "Video Pinball",
    .md5 = "107cc025334211e6d29da0b6be46aec7",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .difficulties = 0x3,
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 3,
    .look = look,
};
