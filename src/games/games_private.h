/*
 * games_private.h - what the rows of the table share.
 */
#ifndef DEEPQ_GAMES_GAMES_PRIVATE_H
#define DEEPQ_GAMES_GAMES_PRIVATE_H

#include "games/games.h"

#define GAME(name) extern const Game game_##name;
#include "games/list_private.h"
#undef GAME

/* For rows: a static array and its length. */
#define GAME_LENGTH(list)        ((int)(sizeof(list) / sizeof *(list)))
#define GAME_MODES(list)         .modes = list, .mode_count = GAME_LENGTH(list)
#define GAME_MODES_FOR_TWO(list) .modes_for_two = list, .mode_for_two_count = GAME_LENGTH(list)
#define GAME_ACTIONS(list)       .minimal_actions = list, .minimal_action_count = GAME_LENGTH(list)

/* All eighteen, in order: the minimal actions of many games. */
extern const uint8_t game_all_actions[ACTION_COUNT];
#define GAME_ALL_ACTIONS .minimal_actions = game_all_actions, .minimal_action_count = ACTION_COUNT

/* The byte at console address `address`, 0x80 .. 0xff. */
static inline uint8_t ram_at(const GameRam *ram, int address)
{
    return ram->console[address & 0x7f];
}

/* The end of a way to a mode: with a RESET, as most games need, or without. */
static const GamePress game_mode_reached = {ACTION_RESET, 0}, game_mode_done = {ACTION_NOOP, 0};

/* SELECT, held for so many frames. */
static inline GamePress game_select(int frames)
{
    return (GamePress){ACTION_SELECT, (uint16_t)frames};
}

/* Two decimal digits in a byte. Digits above 9 count what they are. */
static inline int32_t bcd(uint8_t byte)
{
    return 10 * (byte >> 4) + (byte & 15);
}

/* The digits in two or three bytes, the lowest first. */
static inline int32_t bcd_of_2(const GameRam *ram, int low, int high)
{
    return bcd(ram_at(ram, low)) + 100 * bcd(ram_at(ram, high));
}

static inline int32_t bcd_of_3(const GameRam *ram, int low, int middle, int high)
{
    return bcd_of_2(ram, low, middle) + 10000 * bcd(ram_at(ram, high));
}

/* Take `score` as the new score; the reward is what it is more than the old one. */
static inline void game_score(GameState *state, int32_t score)
{
    state->reward = score - state->score;
    state->score = score;
}

/* Where two play and each has a score: the second's, likewise. */
static inline void game_score_second(GameState *state, int32_t score)
{
    state->reward_second = score - state->score_second;
    state->score_second = score;
}

/* Counts the looks since nobody was waited for, that one included. True at the `looks`-th: then the
 * count begins anew. */
static inline bool game_waited(int32_t *count, bool waiting, int32_t looks)
{
    *count = (waiting ? *count : 0) + 1;
    if (*count < looks)
        return false;
    *count = 0;
    return true;
}

/* For games that count lives: none are left when it is over. */
static inline void game_end_if(GameState *state, bool over)
{
    state->over = over;
    if (over)
        state->lives = 0;
}

#endif
