/*
 * bricks.c - Bricks, a cartridge of this project: a wall, a ball, a paddle. Addresses as in
 * cartridges/README.md.
 */
#include "games/games_private.h"

enum { SCORE_HIGH = 0x80, SCORE_LOW = 0x81, LIVES = 0x82, GAME_OVER = 0x83 };

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE, ACTION_RIGHT, ACTION_LEFT};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, 100 * bcd(ram_at(ram, SCORE_HIGH)) + bcd(ram_at(ram, SCORE_LOW)));
    state->lives = ram_at(ram, LIVES);
    state->over = ram_at(ram, GAME_OVER) != 0;
}

const Game game_bricks = {
    .name = "bricks",
    .title = "Bricks",
    .md5 = "057a5d8152a97e089addb5666576a384",
    GAME_ACTIONS(minimal_actions),
    .difficulties = 0x3, /* the left switch at A: a paddle half as wide */
    .lives = 5,
    .look = look,
};
