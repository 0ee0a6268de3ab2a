/*
 * joust.c - Joust: riders on ostriches, the higher one wins, for two. Rule as in
 * docs/two-players.md.
 */
#include "games/games_private.h"

enum { FIRST_HIGH = 0x83, FIRST_MIDDLE = 0x85, FIRST_LOW = 0x87, FIRST_LIVES = 0x81 };
enum { SECOND_HIGH = 0x84, SECOND_MIDDLE = 0x86, SECOND_LOW = 0x88, SECOND_LIVES = 0x82 };
enum { MODE = 0xf8, MODES = 4, MOST = 990000 };

static const uint16_t modes_for_two[] = {1, 3};

static bool shows_mode(const GameRam *ram, int mode)
{
    return ram_at(ram, MODE) % MODES == mode;
}

/* The cartridge counts those in reserve: 0xff, one less than none, is the end of a rider. */
static int32_t lives(const GameRam *ram, int address)
{
    return (ram_at(ram, address) + 1) & 0xff;
}

/* Each has a score. */
static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd_of_3(ram, FIRST_LOW, FIRST_MIDDLE, FIRST_HIGH));
    game_score_second(state, bcd_of_3(ram, SECOND_LOW, SECOND_MIDDLE, SECOND_HIGH));
    state->lives = lives(ram, FIRST_LIVES) + lives(ram, SECOND_LIVES);
    game_end_if(state, state->lives == 0 || state->score >= MOST || state->score_second >= MOST);
}

const Game game_joust = {
    .name = "joust",
    .title = "Joust",
    .md5 = "3276c777cbe97cdd2b4a63ffc16b7151",
    GAME_ALL_ACTIONS,
    GAME_MODES_FOR_TWO(modes_for_two),
    .only_for_two = true,
    .shows_mode = shows_mode,
    .select_frames = 1,
    .look = look,
    .look_two = look,
};
