/*
 * video_checkers.c - Video Checkers: the board game, against the console. Rule as in
 * [ALE], for two as in docs/two-players.md.
 */
#include "games/games_private.h"

enum {
    BOARD = 0x80,
    ROWS = 4,
    ROW_STEP = 9,
    ROW_BYTES = 8,
    BLACK = 0x10,
    BLACK_KING = 0x20,
    WHITE = 0x90,
    WHITE_KING = 0xa0,
    MODE = 0xf6,
    FIRST_REVERSED = 11,
    REVERSED = 0,
    WAITED,
    SECOND_MOVED,
    MOVER = 0xc0,
    SECOND_MOVES = 0xf0,
    WAIT_LOOKS = 601,
};

static const uint8_t minimal_actions[] = {ACTION_FIRE, ACTION_UPRIGHT, ACTION_UPLEFT,
                                          ACTION_DOWNRIGHT, ACTION_DOWNLEFT};

static const uint16_t modes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19};

/* The one between those against the console. */
static const uint16_t modes_for_two[] = {10};

static int pieces(const GameRam *ram, uint8_t man, uint8_t king)
{
    int count = 0;
    for (int row = 0; row < ROWS; row++)
        for (int i = 0; i < ROW_BYTES; i++) {
            const uint8_t place = ram_at(ram, BOARD + row * ROW_STEP + i);
            count += place == man || place == king;
        }
    return count;
}

/* From mode 11 on who loses all pieces wins. The cartridge counts modes in decimal digits. */
static GamePress mode_press(GameState *state, const GameRam *ram, int mode, int step,
                            Mt19937 *random)
{
    (void)step;
    (void)random;
    state->memory[REVERSED] = mode >= FIRST_REVERSED;
    const int shown = mode / 10 * 16 + mode % 10;
    return ram_at(ram, MODE) == shown ? game_mode_reached : game_select(1);
}

static void look(GameState *state, const GameRam *ram)
{
    const int black = pieces(ram, BLACK, BLACK_KING), white = pieces(ram, WHITE, WHITE_KING);
    const int win = state->memory[REVERSED] ? -1 : 1;
    if (black == 0 || white == 0) {
        state->reward = black == 0 ? -win : win;
        state->over = true;
    }
    state->lives = !state->over;
}

/* Who does not move loses by it. */
static void look_two(GameState *state, const GameRam *ram)
{
    int32_t *memory = state->memory;
    const bool second = ram_at(ram, MOVER) & SECOND_MOVES, waiting = second == memory[SECOND_MOVED];
    memory[SECOND_MOVED] = second;
    const bool waited = game_waited(&memory[WAITED], waiting, WAIT_LOOKS);
    state->reward = waited && !second ? -1 : 0;
    state->reward_second = waited && second ? -1 : 0;
    look(state, ram);
    if (state->over)
        state->reward_second = -state->reward;
}

const Game game_video_checkers = {
    .name = "video_checkers",
    .title = "Video Checkers",
    .md5 = "539d26b6e9df0da8e7465f0f5ad863b7",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    GAME_MODES_FOR_TWO(modes_for_two),
    .mode_press = mode_press,
    .lives = 1,
    .look = look,
    .look_two = look_two,
};
