/*
 * klax.c - Klax: tiles to catch and to pile up in threes. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    STATUS = 0xa8,
    PLAYING = 4,
    BIN = 0xb3,
    BIN_PLACES = 25,
    ON_CARTRIDGE = 0x80,
    LEVEL = 0x9d,
    SCORE = 0xb4,
    MISSES_MAX = 0xe9,
    MODE = 0xea,
    MISSES = 0xee,
    LEVEL_LAST = 0x99
};

static const uint16_t modes[] = {0, 1, 2};

static const GamePress start[] = {{ACTION_FIRE, 1}, {ACTION_NOOP, 1}, {0}};

/* The RAM on the cartridge is read at its addresses 0x80 .. 0xff. */
static uint8_t extra(const GameRam *ram, int address)
{
    return ram->cartridge == NULL ? 0 : ram->cartridge[address - ON_CARTRIDGE];
}

static int tiles_in_bin(const GameRam *ram)
{
    int tiles = 0;
    for (int place = 0; place < BIN_PLACES; place++) {
        const uint8_t tile = ram_at(ram, BIN + place);
        tiles += tile != 0 && tile != 2 && tile != 6 && tile != 10 && tile != 14;
    }
    return tiles;
}

static bool shows_mode(const GameRam *ram, int mode)
{
    return extra(ram, MODE) == mode;
}

static void look(GameState *state, const GameRam *ram)
{
    const uint8_t misses_max = extra(ram, MISSES_MAX);
    game_score(state, bcd(extra(ram, SCORE)) + 100 * bcd(extra(ram, SCORE + 1)) +
                          10000 * bcd(extra(ram, SCORE + 2)));
    const bool missed = misses_max > 0 && extra(ram, MISSES) == misses_max;
    const bool filled = ram_at(ram, STATUS) == PLAYING && tiles_in_bin(ram) == BIN_PLACES;
    state->over = missed || filled || extra(ram, LEVEL) == LEVEL_LAST;
    state->lives = !state->over;
}

const Game game_klax = {
    .name = "klax",
    .title = "Klax",
    .md5 = "eed9eaf1a0b6a2b9bc4c8032cb43e3fb",
    GAME_ALL_ACTIONS,
    .start = start,
    GAME_MODES(modes),
    .shows_mode = shows_mode,
    .select_frames = 2,
    .lives = 1,
    .look = look,
};
