/*
 * name_this_game.c - Name This Game: an octopus, a shark, a treasure under water. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xc6, SCORE_MIDDLE = 0xc5, SCORE_HIGH = 0xc4, LIVES = 0xc7, MODE = 0xde };

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE,      ACTION_RIGHT,
                                          ACTION_LEFT, ACTION_RIGHTFIRE, ACTION_LEFTFIRE};

static const uint16_t modes[] = {8, 24, 40};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, SCORE_LOW, SCORE_MIDDLE, SCORE_HIGH));
    state->lives = ram_at(ram, LIVES) & 7;
    game_end_if(state, state->lives == 0);
}

const Game game_name_this_game = {
    .name = "name_this_game",
    .title = "Name This Game",
    .md5 = "36306070f0c90a72461551a7a4f3a209",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    .difficulties = 0x3,
    .mode_address = MODE,
    .select_frames = 2,
    .lives = 3,
    .look = look,
};
