/*
 * space_invaders.c - Space Invaders: rows of invaders, shields, three lives. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SCORE_HIGH = 0xe6,
    SCORE_LOW = 0xe8,
    SECOND_HIGH = 0xe7,
    SECOND_LOW = 0xe9,
    LIVES = 0xc9,
    STATUS = 0x98
};

static const uint8_t minimal_actions[] = {
    ACTION_NOOP, ACTION_FIRE, ACTION_RIGHT, ACTION_LEFT, ACTION_RIGHTFIRE, ACTION_LEFTFIRE,
};

static const uint16_t modes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

/* The cartridge's games 33 to 64, as in [PettingZoo]: at once, from game 49 on firing in turn. */
static const uint16_t modes_for_two[] = {
    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
    48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63,
};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, 100 * bcd(ram_at(ram, SCORE_HIGH)) + bcd(ram_at(ram, SCORE_LOW)));
    if (state->reward < 0) /* the counter went round */
        state->reward += 10000;
    state->lives = ram_at(ram, LIVES);
    state->over = (ram_at(ram, STATUS) & 0x80) != 0 || state->lives == 0;
    if (state->over)
        state->lives = 0;
}

/* Each has a score; hits of the invaders are points of the other one; they share the lives. */
static void look_two(GameState *state, const GameRam *ram)
{
    const int32_t before = state->score_second;
    look(state, ram);
    state->score_second = 100 * bcd(ram_at(ram, SECOND_HIGH)) + bcd(ram_at(ram, SECOND_LOW));
    state->reward_second = state->score_second - before;
    if (state->reward_second < 0)
        state->reward_second += 10000;
}

const Game game_space_invaders = {
    .name = "space_invaders",
    .title = "Space Invaders",
    .md5 = "72ffbef6504b75e69ee1045af9075f66",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    GAME_MODES_FOR_TWO(modes_for_two),
    .difficulties = 0x3,
    .mode_address = 0xdc,
    .select_frames = 2,
    .lives = 3,
    .look = look,
    .look_two = look_two,
};
