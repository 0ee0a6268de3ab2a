/*
 * warlords.c - Warlords: four castles in the corners, and a ball of fire. Two of them are players',
 * the cartridge has the others. Rule as in docs/two-players.md.
 */
#include "games/games_private.h"

enum { FALLEN = 0xee, FIRST = 0x80, SECOND = 0x40, THIRD = 0x20, FOURTH = 0x10, MODE = 0xd9 };
enum { BEFORE }; /* what is remembered: who had fallen at the last look */

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE,      ACTION_RIGHT,
                                          ACTION_LEFT, ACTION_RIGHTFIRE, ACTION_LEFTFIRE};

static const uint16_t modes_for_two[] = {3, 5, 8, 10, 13, 15, 18, 20, 23};

static bool shows_mode(const GameRam *ram, int mode)
{
    return ram_at(ram, MODE) == mode - 1;
}

static int standing(uint8_t fallen)
{
    return !(fallen & FIRST) + !(fallen & SECOND) + !(fallen & THIRD) + !(fallen & FOURTH);
}

static int32_t reward(uint8_t castle, uint8_t fallen, uint8_t before)
{
    if (fallen & castle)
        return before & castle ? 0 : -1;
    return standing(fallen) <= 1 ? 1 : 0;
}

static void look(GameState *state, const GameRam *ram)
{
    const uint8_t fallen = ram_at(ram, FALLEN), before = (uint8_t)state->memory[BEFORE];
    state->reward = reward(FIRST, fallen, before);
    state->reward_second = reward(SECOND, fallen, before);
    state->memory[BEFORE] = fallen;
    state->lives = !(fallen & FIRST) + !(fallen & SECOND);
    game_end_if(state, state->lives == 0 || standing(fallen) <= 1);
}

const Game game_warlords = {
    .name = "warlords",
    .title = "Warlords",
    .md5 = "cbe5a166550a8129a5e6d374901dffad",
    .left = GAME_PADDLES,
    .right = GAME_PADDLES,
    GAME_ACTIONS(minimal_actions),
    GAME_MODES_FOR_TWO(modes_for_two),
    .only_for_two = true,
    .shows_mode = shows_mode,
    .select_frames = 1,
    .lives = 2,
    .look = look,
    .look_two = look,
};
