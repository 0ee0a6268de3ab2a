/*
 * alien.c - Alien: eggs to crush in a maze, aliens behind you. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE = 0x83, DIGITS = 5, LIVES = 0xc0, MODE = 0x81 };

static const uint16_t modes[] = {0, 1, 2, 3};

/* A digit is kept as eight times itself, the offset of its picture; 0x80 is a blank. */
static int32_t digit(uint8_t byte)
{
    return byte == 0x80 ? 0 : byte >> 3;
}

static GamePress mode_press(GameState *state, const GameRam *ram, int mode, int step,
                            Mt19937 *random)
{
    (void)step;
    (void)random;
    if (ram_at(ram, MODE) != mode)
        return game_select(1);
    state->lives = ram_at(ram, LIVES) & 15; /* depends on the mode */
    return game_mode_reached;
}

static void look(GameState *state, const GameRam *ram)
{
    int32_t score = 0;
    for (int i = 0; i < DIGITS; i++) /* the highest first, every other byte */
        score = 10 * score + digit(ram_at(ram, SCORE + 2 * i));
    game_score(state, 10 * score);
    state->lives = ram_at(ram, LIVES) & 15;
    state->over = state->lives == 0;
}

const Game game_alien = {
    .name = "alien",
    .title = "Alien",
    .md5 = "f1a0a23e6464d954e3a9579c4ccd01c8",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    .difficulties = 0xf,
    .mode_press = mode_press,
    .lives = 3,
    .look = look,
};
