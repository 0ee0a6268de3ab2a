/*
 * koolaid.c - Kool-Aid Man: a thirsty crowd at a pool. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE_LOW = 0x81, SCORE_HIGH = 0x80, STATUS = 0xd1, ENDED = 0x80 };

static const uint8_t minimal_actions[] = {ACTION_NOOP,   ACTION_UP,        ACTION_RIGHT,
                                          ACTION_LEFT,   ACTION_DOWN,      ACTION_UPRIGHT,
                                          ACTION_UPLEFT, ACTION_DOWNRIGHT, ACTION_DOWNLEFT};

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, 100 * bcd_of_2(ram, SCORE_LOW, SCORE_HIGH));
    state->over = ram_at(ram, STATUS) == ENDED;
}

const Game game_koolaid = {
    .name = "koolaid",
    .title = "Kool-Aid Man",
    .md5 = "534e23210dd1993c828d944c6ac4d9fb",
    GAME_ACTIONS(minimal_actions),
    .look = look,
};
