/*
 * video_chess.c - Video Chess: the board game, against the console. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { TURN = 0xe1, WHITE = 0x82, MATE = 0xee, BLACK_MATED = 0, WHITE_MATED = 1, MODE = 0xea };

static const uint8_t minimal_actions[] = {
    ACTION_NOOP, ACTION_FIRE,    ACTION_UP,     ACTION_RIGHT,     ACTION_LEFT,
    ACTION_DOWN, ACTION_UPRIGHT, ACTION_UPLEFT, ACTION_DOWNRIGHT, ACTION_DOWNLEFT};

static const uint16_t modes[] = {0, 1, 2, 3, 4};

static void look(GameState *state, const GameRam *ram)
{
    state->reward = 0;
    state->lives = 1;
    if (ram_at(ram, TURN) == WHITE) {
        const uint8_t mate = ram_at(ram, MATE);
        state->reward = mate == BLACK_MATED ? 1 : mate == WHITE_MATED ? -1 : 0;
        state->over = state->over || state->reward != 0;
    }
    game_end_if(state, state->over);
}

const Game game_video_chess = {
    .name = "video_chess",
    .title = "Video Chess",
    .md5 = "f0b7db930ca0e548c41a97160b9f6275",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .mode_address = MODE,
    .select_frames = 1,
    .lives = 1,
    .look = look,
};
