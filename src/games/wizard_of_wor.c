/*
 * wizard_of_wor.c - Wizard Of Wor: dungeons, a radar, a wizard. Rule as in [ALE], for two as in
 * docs/two-players.md.
 */
#include "games/games_private.h"

enum {
    SCORE_LOW = 0x86,
    SCORE_HIGH = 0x88,
    FLAG = 8000,
    RESERVE = 0x8d,
    SOUND = 0xf4,
    LAST_SOUND = 0xf8,
    STATUS = 0xd7,
    MODE = 0x81,
};

/* The second's. */
enum { SECOND_LOW = 0x85, SECOND_HIGH = 0x87, SECOND_RESERVE = 0x8c, SECOND_STATUS = 0xd6 };

enum { LIVES, SECOND_LIVES, LIVES_AT_FIRST = 3 };

static const uint16_t modes_for_two[] = {1};

static const uint8_t minimal_actions[] = {
    ACTION_NOOP, ACTION_FIRE,   ACTION_UP,        ACTION_RIGHT,    ACTION_LEFT,
    ACTION_DOWN, ACTION_UPFIRE, ACTION_RIGHTFIRE, ACTION_LEFTFIRE, ACTION_DOWNFIRE};

static int32_t points(const GameRam *ram, int low, int high)
{
    const int32_t score = bcd_of_2(ram, low, high);
    return 100 * (score >= FLAG ? score - FLAG : score);
}

static void look(GameState *state, const GameRam *ram)
{
    if (!state->started)
        state->memory[LIVES] = state->memory[SECOND_LIVES] = LIVES_AT_FIRST;
    state->started = true;
    const int32_t reserve = ram_at(ram, RESERVE) & 15;
    game_score(state, points(ram, SCORE_LOW, SCORE_HIGH));
    if ((ram_at(ram, STATUS) & 1) == 0) /* nobody is in the maze: the count is right */
        state->memory[LIVES] = reserve;
    state->lives = state->memory[LIVES];
    game_end_if(state, reserve == 0 && ram_at(ram, SOUND) == LAST_SOUND);
}

/* Who has no life left looks on until the other has none. */
static void look_two(GameState *state, const GameRam *ram)
{
    look(state, ram);
    const int32_t reserve = ram_at(ram, SECOND_RESERVE) & 15;
    game_score_second(state, points(ram, SECOND_LOW, SECOND_HIGH));
    if ((ram_at(ram, SECOND_STATUS) & 1) == 0)
        state->memory[SECOND_LIVES] = reserve;
    state->lives = state->memory[LIVES] + state->memory[SECOND_LIVES];
    game_end_if(state, state->over && reserve == 0);
}

const Game game_wizard_of_wor = {
    .name = "wizard_of_wor",
    .title = "Wizard Of Wor",
    .md5 = "7e8aa18bc9502eb57daaf5e7c1e94da7",
    .swap_ports = true,
    GAME_ACTIONS(minimal_actions),
    GAME_MODES_FOR_TWO(modes_for_two),
    .difficulties = 0x3,
    .mode_address = MODE,
    .select_frames = 1,
    .lives = LIVES_AT_FIRST,
    .look = look,
    .look_two = look_two,
};
