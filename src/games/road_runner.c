/*
 * road_runner.c - Road Runner: a bird, seeds, a coyote. Rule as in [ALE].
 */
#include "games/games_private.h"

enum { SCORE = 0xc9, DIGITS = 4, BLANK = 10, LIVES = 0xc4, FALLING = 0xb9, RUN_OVER = 0xbd };

static void look(GameState *state, const GameRam *ram)
{
    int32_t score = 0;
    for (int i = DIGITS - 1; i >= 0; i--) { /* a digit a byte, the lowest first */
        const int digit = ram_at(ram, SCORE + i) & 15;
        score = 10 * score + (digit == BLANK ? 0 : digit);
    }
    const int reserve = ram_at(ram, LIVES) & 7;
    game_score(state, 100 * score);
    state->lives = reserve + 1;
    game_end_if(state, reserve == 0 && (ram_at(ram, FALLING) != 0 || ram_at(ram, RUN_OVER) != 0));
}

const Game game_road_runner = {
    .name = "road_runner",
    .title = "Road Runner",
    .md5 = "ce5cc62608be2cd3ed8abd844efb8919",
    GAME_ALL_ACTIONS,
    .lives = 3,
    .look = look,
};
