/*
 * superman.c - Superman: a bridge to rebuild, criminals to catch. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    SECONDS = 0xe2,
    MINUTES = 0xe3,
    ROOM_LOW = 0x80,
    ROOM_HIGH = 0x81,
    DRESS = 0x9f,
    CIVILIAN = 0x40,
    OFFICE = 0xf2ac,
    MOST_SECONDS = 99 * 60 + 59
};

static void look(GameState *state, const GameRam *ram)
{
    const int32_t seconds = 60 * bcd(ram_at(ram, MINUTES)) + bcd(ram_at(ram, SECONDS));
    const int room = ram_at(ram, ROOM_LOW) | ram_at(ram, ROOM_HIGH) << 8;
    state->over = (ram_at(ram, DRESS) & CIVILIAN) != 0 && room == OFFICE;
    state->reward = state->over ? MOST_SECONDS - seconds : 0; /* the quicker the better */
    state->lives = !state->over;
}

const Game game_superman = {
    .name = "superman",
    .title = "Superman",
    .md5 = "a9531c763077464307086ec9a1fd057d",
    GAME_ALL_ACTIONS,
    .difficulties = 0xf,
    .lives = 1,
    .look = look,
};
