/*
 * wizard_of_wor.c - Wizard Of Wor: dungeons, a radar, a wizard. Rule as in [ALE].
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
    LIVES = 0
};

static const uint8_t minimal_actions[] = {
    ACTION_NOOP, ACTION_FIRE,   ACTION_UP,        ACTION_RIGHT,    ACTION_LEFT,
    ACTION_DOWN, ACTION_UPFIRE, ACTION_RIGHTFIRE, ACTION_LEFTFIRE, ACTION_DOWNFIRE};

static void look(GameState *state, const GameRam *ram)
{
    if (!state->started)
        state->memory[LIVES] = 3;
    state->started = true;
    const int32_t score = bcd_of_2(ram, SCORE_LOW, SCORE_HIGH);
    const int32_t reserve = ram_at(ram, RESERVE) & 15;
    game_score(state, 100 * (score >= FLAG ? score - FLAG : score));
    if ((ram_at(ram, STATUS) & 1) == 0) /* nobody is in the maze: the count is right */
        state->memory[LIVES] = reserve;
    state->lives = state->memory[LIVES];
    game_end_if(state, reserve == 0 && ram_at(ram, SOUND) == LAST_SOUND);
}

const Game game_wizard_of_wor = {
    .name = "wizard_of_wor",
    .title = "Wizard Of Wor",
    .md5 = "7e8aa18bc9502eb57daaf5e7c1e94da7",
    .swap_ports = true,
    GAME_ACTIONS(minimal_actions),
    .difficulties = 0x3,
    .lives = 3,
    .look = look,
};
