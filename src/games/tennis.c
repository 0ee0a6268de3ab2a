/*
 * tennis.c - Tennis: a set, points as rewards. Rule as in [ALE], for two as in
 * docs/two-players.md.
 */
#include "games/games_private.h"

enum {
    MY_POINTS = 0xc5,
    THEIR_POINTS = 0xc6,
    MY_GAMES = 0xc7,
    THEIR_GAMES = 0xc8,
    LEAD_POINTS = 0,
    LEAD_GAMES,
    GAMES_SEEN,
    WAITED,
    WAITING = 0xcc,
    WAIT_LOOKS = 180,
    MODE = 0x80
};

static const uint16_t modes[] = {0, 2};

/* The cartridge's even games; the odd ones are for one [ALE]. */
static const uint16_t modes_for_two[] = {1, 3};

static void look(GameState *state, const GameRam *ram)
{
    const int mine = ram_at(ram, MY_GAMES), theirs = ram_at(ram, THEIR_GAMES);
    const int lead = ram_at(ram, MY_POINTS) - ram_at(ram, THEIR_POINTS);
    int32_t *memory = state->memory;
    /* When a game is won its points begin again: then only the game counts. */
    if (memory[LEAD_GAMES] != mine - theirs)
        state->reward = mine - theirs - memory[LEAD_GAMES];
    else
        state->reward = lead - memory[LEAD_POINTS];
    memory[LEAD_GAMES] = mine - theirs;
    memory[LEAD_POINTS] = lead;
    state->over = (mine >= 6 && mine - theirs >= 2) || (theirs >= 6 && theirs - mine >= 2) ||
                  mine == 7 || theirs == 7;
}

/* They serve in turn, a game each, and who does not serve loses by it. */
static void look_two(GameState *state, const GameRam *ram)
{
    int32_t *memory = state->memory;
    const int32_t lead_before = memory[LEAD_GAMES];
    look(state, ram);
    state->reward_second = -state->reward;
    memory[GAMES_SEEN] += memory[LEAD_GAMES] != lead_before;
    if (!game_waited(&memory[WAITED], ram_at(ram, WAITING) != 0, WAIT_LOOKS))
        return;
    const bool first_serves = memory[GAMES_SEEN] % 2 == 0;
    state->reward = first_serves ? -1 : 0;
    state->reward_second = first_serves ? 0 : -1;
}

const Game game_tennis = {
    .name = "tennis",
    .title = "Tennis",
    .md5 = "42cdd6a9e42a3639e190722b8ea3fc51",
    GAME_ALL_ACTIONS,
    GAME_MODES(modes),
    GAME_MODES_FOR_TWO(modes_for_two),
    .difficulties = 0xf,
    .mode_address = MODE,
    .select_frames = 2,
    .look = look,
    .look_two = look_two,
};
