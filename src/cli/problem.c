#define _XOPEN_SOURCE 700 /* realpath */
#include "cli/problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/rom_search.h"
#include "env/atari_env.h"
#include "env/catch.h"
#include "games/cartridges.h"
#include "run/suggest.h"

static const char toy[] = "catch";

bool problem_is_built_in(const Game *game)
{
    return embedded_find(game_cartridges, game->name) != NULL;
}

bool problem_cartridge_type(CartridgeType *type, const CartridgeRequest *request, Error *error)
{
    *type = CARTRIDGE_DETECT;
    const char *name = request->cartridge_type;
    return name == NULL || name[0] == 0 || cartridge_type_parse(type, name, error);
}

/* A path is noted for later runs only if a configuration file can hold it. */
static void note_path(Problem *problem, const char *path)
{
    char *absolute = realpath(path, NULL);
    if (absolute != NULL && strlen(absolute) < sizeof problem->rom &&
        strpbrk(absolute, ";\r\n") == NULL)
        strcpy(problem->rom, absolute);
    free(absolute);
}

static Problem problem_of(const Game *game, Cartridge *cartridge, CartridgeType requested)
{
    return (Problem){
        .name = game->name,
        .game = game,
        .cartridge = cartridge,
        .cartridge_type = requested == CARTRIDGE_DETECT ? "" : cartridge_type_name(requested),
    };
}

static bool error_unknown(Error *error, const char *path, const char *md5)
{
    const Game *namesake = rom_game_by_file_name(path);
    if (namesake != NULL && namesake->md5 != NULL)
        return error_input(error,
                           "'%.240s' (md5 %s) is the cartridge of no game that is known: that of "
                           "'%s' has md5 %s",
                           path, md5, namesake->name, namesake->md5);
    return error_input(error,
                       "'%.240s' (md5 %s) is the cartridge of no game that is known: `deepq games` "
                       "lists those that are",
                       path, md5);
}

static bool take_file(Problem *problem, const char *path, CartridgeType type, Error *error)
{
    Cartridge *cartridge = cartridge_load(path, type, error);
    if (cartridge == NULL)
        return false;
    const Game *game = rom_game_by_md5(cartridge->md5);
    if (game == NULL) {
        error_unknown(error, path, cartridge->md5);
        cartridge_destroy(cartridge);
        return false;
    }
    *problem = problem_of(game, cartridge, type);
    note_path(problem, path);
    return true;
}

static bool take_built_in(Problem *problem, const Game *game, CartridgeType type, Error *error)
{
    const EmbeddedFile *file = embedded_find(game_cartridges, game->name);
    Cartridge *cartridge = cartridge_create(file->bytes, file->count, type, file->name, error);
    if (cartridge == NULL)
        return false;
    *problem = problem_of(game, cartridge, type);
    return true;
}

/* What a search is after, and what it has come by. */
typedef struct {
    const Game *game;
    char path[ROM_PATH_BYTES];                                     /* "": not found */
    char near_path[ROM_PATH_BYTES], near_md5[CARTRIDGE_MD5_BYTES]; /* the first near miss */
} Wanted;

static bool note_if_wanted(void *context, const RomFound *rom)
{
    Wanted *wanted = context;
    if (rom->game != wanted->game)
        return true;
    if (!rom->near_miss) {
        snprintf(wanted->path, sizeof wanted->path, "%s", rom->path);
    } else if (wanted->near_path[0] == 0) {
        snprintf(wanted->near_path, sizeof wanted->near_path, "%s", rom->path);
        strcpy(wanted->near_md5, rom->md5);
    }
    return rom->near_miss;
}

static bool error_not_found(Error *error, const Wanted *wanted)
{
    const Game *game = wanted->game;
    const char *md5 = game->md5 != NULL ? game->md5 : "any";
    if (wanted->near_path[0] != 0)
        return error_input(error,
                           "no cartridge of '%s' was found: '%.240s' has its name but md5 %s, not "
                           "%s; name the right file, or its folder with --roms or DEEPQ_ROMS",
                           game->name, wanted->near_path, wanted->near_md5, md5);
    return error_input(error,
                       "no cartridge of '%s' (md5 %s) was found: name its file, or its folder with "
                       "--roms or DEEPQ_ROMS",
                       game->name, md5);
}

static bool take_game(Problem *problem, const Game *game, const CartridgeRequest *request,
                      CartridgeType type, Error *error)
{
    if (problem_is_built_in(game))
        return take_built_in(problem, game, type, error);
    Wanted wanted = {.game = game};
    const bool hinted = request->hint != NULL && request->hint[0] != 0;
    const bool search = !hinted || rom_look_at_file(request->hint, note_if_wanted, &wanted);
    if (search && !rom_search(request->roms, note_if_wanted, &wanted, error))
        return false;
    if (wanted.path[0] == 0)
        return error_not_found(error, &wanted);
    return take_file(problem, wanted.path, type, error);
}

static bool take_toy(Problem *problem, CartridgeType type, Error *error)
{
    if (type != CARTRIDGE_DETECT)
        return error_input(error, "'%s' is a toy without a cartridge: leave out '--cartridge-type'",
                           toy);
    *problem = (Problem){.name = toy, .cartridge_type = ""};
    return true;
}

static const char *name_to_suggest(size_t index)
{
    if (index == game_count())
        return toy;
    return index < game_count() ? game_at(index)->name : NULL;
}

bool problem_find(Problem *problem, const char *what, const CartridgeRequest *request, Error *error)
{
    CartridgeType type;
    if (!problem_cartridge_type(&type, request, error))
        return false;
    if (strcmp(what, toy) == 0)
        return take_toy(problem, type, error);
    const Game *game = game_by_name(what);
    if (game != NULL)
        return take_game(problem, game, request, type, error);
    if (strpbrk(what, "/.") != NULL || file_exists(what))
        return take_file(problem, what, type, error);
    return error_input(error,
                       "there is no game '%.60s': the nearest is '%s'; a cartridge's file has a "
                       "'/' or '.' in its path",
                       what, suggest_nearest(what, name_to_suggest));
}

void problem_free(Problem *problem)
{
    cartridge_destroy(problem->cartridge);
    problem->cartridge = NULL;
}

Env *problem_env(const Problem *problem, const AtariEnvConfig *config, uint64_t seed, Error *error)
{
    if (problem->game == NULL)
        return catch_create(seed, error);
    return atari_env_create(problem->game, problem->cartridge, config, seed, error);
}
