/*
 * carnival.c - Carnival: a shooting gallery. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0xae, SCORE_HIGH = 0xad, BULLETS = 0x83 };

static const uint8_t minimal_actions[] = {ACTION_NOOP, ACTION_FIRE,      ACTION_RIGHT,
                                          ACTION_LEFT, ACTION_RIGHTFIRE, ACTION_LEFTFIRE};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, 10 * bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    state->over = ram_at(ram, BULLETS) == 0;
}

const Game game_carnival = {
    .name = "carnival",
    .title = "Carnival",
    .md5 = "028024fb8e5e5f18ea586652f9799c96",
    .first_line = 26,
    .height = 214,
    GAME_ACTIONS(minimal_actions),
    .look = look,
};
