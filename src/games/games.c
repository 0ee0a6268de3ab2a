#include "games/games.h"

#include <assert.h>
#include <string.h>

#include "games/games_private.h"

static const Game *const games[] = {
    &game_breakout, &game_bricks, &game_rally, &game_seaquest, &game_space_invaders, &game_tetris,
};

const char *action_name(Action action)
{
    static const char *const names[ACTION_COUNT] = {
        "NOOP",     "FIRE",     "UP",          "RIGHT",      "LEFT",          "DOWN",
        "UPRIGHT",  "UPLEFT",   "DOWNRIGHT",   "DOWNLEFT",   "UPFIRE",        "RIGHTFIRE",
        "LEFTFIRE", "DOWNFIRE", "UPRIGHTFIRE", "UPLEFTFIRE", "DOWNRIGHTFIRE", "DOWNLEFTFIRE",
    };
    return action == ACTION_RESET ? "RESET" : names[action];
}

size_t game_count(void)
{
    return sizeof games / sizeof games[0];
}

const Game *game_at(size_t index)
{
    assert(index < game_count());
    return games[index];
}

const Game *game_by_name(const char *name)
{
    for (size_t i = 0; i < game_count(); i++)
        if (strcmp(games[i]->name, name) == 0)
            return games[i];
    return NULL;
}

const Game *game_by_md5(const char *md5)
{
    for (size_t i = 0; i < game_count(); i++)
        if (games[i]->md5 != NULL && strcmp(games[i]->md5, md5) == 0)
            return games[i];
    return NULL;
}

void game_begin(const Game *game, GameState *state)
{
    *state = (GameState){.lives = game->lives};
}

void game_look(const Game *game, GameState *state, const uint8_t ram[GAME_RAM_BYTES])
{
    game->look(state, ram);
}
