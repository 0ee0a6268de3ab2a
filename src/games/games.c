#include "games/games.h"

#include <assert.h>
#include <string.h>

#include "games/games_private.h"

#define GAME(name) &game_##name,
static const Game *const games[] = {
#include "games/list_private.h"
};
#undef GAME

const char *action_name(Action action)
{
    static const char *const names[ACTION_COUNT] = {
        "NOOP",     "FIRE",     "UP",          "RIGHT",      "LEFT",          "DOWN",
        "UPRIGHT",  "UPLEFT",   "DOWNRIGHT",   "DOWNLEFT",   "UPFIRE",        "RIGHTFIRE",
        "LEFTFIRE", "DOWNFIRE", "UPRIGHTFIRE", "UPLEFTFIRE", "DOWNRIGHTFIRE", "DOWNLEFTFIRE",
    };
    return action == ACTION_RESET ? "RESET" : action == ACTION_SELECT ? "SELECT" : names[action];
}

const uint8_t game_all_actions[ACTION_COUNT] = {0, 1,  2,  3,  4,  5,  6,  7,  8,
                                                9, 10, 11, 12, 13, 14, 15, 16, 17};

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
    *state = (GameState){.lives = game->lives, .score = game->score};
}

void game_look(const Game *game, GameState *state, const GameRam *ram)
{
    game->look(state, ram);
}

void game_look_two(const Game *game, GameState *state, const GameRam *ram)
{
    if (game->look_two != NULL) {
        game->look_two(state, ram);
        return;
    }
    game->look(state, ram);
    state->reward_second = -state->reward;
}

bool game_action_is_legal(const Game *game, Action action)
{
    return !game->without_fire ||
           (action != ACTION_FIRE && !(action >= ACTION_UPFIRE && action < ACTION_COUNT));
}

/* ---- modes ---- */

bool game_has_modes(const Game *game)
{
    return game->mode_address != 0 || game->shows_mode != NULL || game->mode_press != NULL;
}

GamePress game_mode_press(const Game *game, GameState *state, const GameRam *ram, int mode,
                          int step, Mt19937 *random)
{
    if (game->modes == NULL && game_is_for_two(game) && game_has_mode(game, 1, mode))
        return game_mode_done; /* SELECT leads to modes for two alone */
    if (game->mode_press != NULL)
        return game->mode_press(state, ram, mode, step, random);
    const bool reached = game->shows_mode != NULL ? game->shows_mode(ram, mode)
                                                  : ram_at(ram, game->mode_address) == mode;
    return reached ? game_mode_reached : game_select(game->select_frames);
}

static bool is_among(const uint16_t *modes, int count, int mode)
{
    for (int i = 0; i < count; i++)
        if (modes[i] == mode)
            return true;
    return false;
}

bool game_has_mode(const Game *game, int players, int mode)
{
    if (players == 2)
        return is_among(game->modes_for_two, game->mode_for_two_count, mode);
    if (game->only_for_two)
        return false;
    return game->modes == NULL ? mode == 0 : is_among(game->modes, game->mode_count, mode);
}

int game_default_mode(const Game *game, int players)
{
    const uint16_t *modes = players == 2 ? game->modes_for_two : game->modes;
    return modes == NULL ? 0 : modes[0];
}

bool game_has_difficulty(const Game *game, int difficulty)
{
    /* ALE: 0 is the default even of the one game that does not list it. */
    return difficulty == 0 || (difficulty < 8 && (game->difficulties >> difficulty & 1));
}

bool game_is_for_two(const Game *game)
{
    return game->modes_for_two != NULL;
}

int game_players_min(const Game *game)
{
    return game->only_for_two ? 2 : 1;
}
