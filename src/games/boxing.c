/*
 * boxing.c - Boxing: two minutes in the ring, or a hundred hits. Rule as in [ALE], for two
 * as in docs/two-players.md.
 */
#include "games/games_private.h"

enum { MINE = 0x92, THEIRS = 0x93, KNOCKED_OUT = 0xc0, MINUTES = 0x90, SECONDS = 0x91 };
enum { MODE = MINE }; /* before the bell */

static const uint16_t modes_for_two[] = {2};

static int32_t hits(uint8_t byte)
{
    return byte == KNOCKED_OUT ? 100 : bcd(byte);
}

static void look(GameState *state, const GameRam *ram)
{
    const int32_t mine = hits(ram_at(ram, MINE)), theirs = hits(ram_at(ram, THEIRS));
    const bool time_over = ram_at(ram, MINUTES) >> 4 == 0 && bcd(ram_at(ram, SECONDS)) == 0;
    game_score(state, mine - theirs);
    state->over = mine == 100 || theirs == 100 || time_over;
}

const Game game_boxing = {
    .name = "boxing",
    .title = "Boxing",
    .md5 = "c3ef5c4653212088eda54dc91d787870",
    GAME_ALL_ACTIONS,
    GAME_MODES_FOR_TWO(modes_for_two),
    .difficulties = 0xf,
    .mode_address = MODE,
    .select_frames = 1,
    .look = look,
};
