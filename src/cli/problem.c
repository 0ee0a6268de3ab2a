#define _XOPEN_SOURCE 700 /* realpath */
#include "cli/problem.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "env/atari_env.h"
#include "env/catch.h"
#include "games/cartridges.h"
#include "run/suggest.h"

enum { PATH_BYTES = 1024, FOLDER_DEPTH_MAX = 3 };

static const char toy[] = "catch";

/* What a search is after, and what it has found. */
typedef struct {
    ProblemFound *found;
    void *context;
} Search;

static const Game *built_in_with_md5(const char *md5)
{
    for (size_t i = 0; i < game_count(); i++) {
        const EmbeddedFile *file = embedded_find(game_cartridges, game_at(i)->name);
        Error error = {0};
        Cartridge *cartridge =
            file == NULL
                ? NULL
                : cartridge_create(file->bytes, file->count, CARTRIDGE_DETECT, file->name, &error);
        const bool same = cartridge != NULL && strcmp(cartridge->md5, md5) == 0;
        cartridge_destroy(cartridge);
        if (same)
            return game_at(i);
    }
    return NULL;
}

static const Game *game_of(const Cartridge *cartridge)
{
    const Game *game = game_by_md5(cartridge->md5);
    return game != NULL ? game : built_in_with_md5(cartridge->md5);
}

bool problem_is_built_in(const Game *game)
{
    return embedded_find(game_cartridges, game->name) != NULL;
}

/* False: enough. What is no cartridge is passed over: a folder may hold anything. */
static bool look_at_file(const Search *search, const char *path)
{
    Error ignored = {0};
    Cartridge *cartridge = cartridge_load(path, CARTRIDGE_DETECT, &ignored);
    if (cartridge == NULL)
        return true;
    const Game *game = game_of(cartridge);
    cartridge_destroy(cartridge);
    return game == NULL || search->found(search->context, game, path);
}

static bool search_folder(const Search *search, const char *path, int depth, bool *go_on)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return false;
    for (struct dirent *entry; *go_on && (entry = readdir(folder)) != NULL;) {
        char inside[PATH_BYTES];
        struct stat status;
        if (entry->d_name[0] == '.' ||
            snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name) >= (int)sizeof inside ||
            stat(inside, &status) != 0)
            continue;
        if (S_ISDIR(status.st_mode) && depth < FOLDER_DEPTH_MAX)
            search_folder(search, inside, depth + 1, go_on);
        else if (S_ISREG(status.st_mode))
            *go_on = look_at_file(search, inside);
    }
    closedir(folder);
    return true;
}

bool problem_search(const char *roms, ProblemFound *found, void *context, Error *error)
{
    const char *const folders[] = {roms, getenv("DEEPQ_ROMS"), getenv("ALE_ROMS_DIR")};
    const int count = roms != NULL ? 1 : 3;
    const Search search = {found, context};
    bool go_on = true;
    for (int i = 0; i < count && go_on; i++)
        if (folders[i] != NULL && folders[i][0] != 0 &&
            !search_folder(&search, folders[i], 0, &go_on))
            return error_input(error, "cannot read the folder of cartridges '%s': %s", folders[i],
                               strerror(errno));
    return true;
}

typedef struct {
    const Game *wanted;
    char path[PATH_BYTES]; /* "": not found */
} Wanted;

static bool is_wanted(void *context, const Game *game, const char *path)
{
    Wanted *wanted = context;
    if (game != wanted->wanted)
        return true;
    snprintf(wanted->path, sizeof wanted->path, "%s", path);
    return false;
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

static bool take_file(Problem *problem, const char *path, Error *error)
{
    Cartridge *cartridge = cartridge_load(path, CARTRIDGE_DETECT, error);
    if (cartridge == NULL)
        return false;
    const Game *game = game_of(cartridge);
    if (game == NULL) {
        error_input(error,
                    "'%s' (md5 %s) is the cartridge of no game that is known: `deepq games` lists "
                    "those that are",
                    path, cartridge->md5);
        cartridge_destroy(cartridge);
        return false;
    }
    *problem = (Problem){.name = game->name, .game = game, .cartridge = cartridge};
    note_path(problem, path);
    return true;
}

static bool take_built_in(Problem *problem, const Game *game, Error *error)
{
    const EmbeddedFile *file = embedded_find(game_cartridges, game->name);
    Cartridge *cartridge =
        cartridge_create(file->bytes, file->count, CARTRIDGE_DETECT, file->name, error);
    if (cartridge == NULL)
        return false;
    *problem = (Problem){.name = game->name, .game = game, .cartridge = cartridge};
    return true;
}

static bool take_game(Problem *problem, const Game *game, const char *roms, const char *hint,
                      Error *error)
{
    if (problem_is_built_in(game))
        return take_built_in(problem, game, error);
    Wanted wanted = {.wanted = game};
    const Search search = {is_wanted, &wanted};
    if (hint != NULL && hint[0] != 0)
        look_at_file(&search, hint);
    if (wanted.path[0] == 0 && !problem_search(roms, is_wanted, &wanted, error))
        return false;
    if (wanted.path[0] == 0)
        return error_input(error,
                           "no cartridge of '%s' (md5 %s) was found: name its file, or its folder "
                           "with --roms or DEEPQ_ROMS",
                           game->name, game->md5 != NULL ? game->md5 : "any");
    return take_file(problem, wanted.path, error);
}

static const char *name_to_suggest(size_t index)
{
    if (index == game_count())
        return toy;
    return index < game_count() ? game_at(index)->name : NULL;
}

bool problem_find(Problem *problem, const char *what, const char *roms, const char *hint,
                  Error *error)
{
    if (strcmp(what, toy) == 0) {
        *problem = (Problem){.name = toy};
        return true;
    }
    const Game *game = game_by_name(what);
    if (game != NULL)
        return take_game(problem, game, roms, hint, error);
    if (strpbrk(what, "/.") != NULL || file_exists(what))
        return take_file(problem, what, error);
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
