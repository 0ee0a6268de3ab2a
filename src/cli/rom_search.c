#include "cli/rom_search.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "games/cartridges.h"

enum { FOLDER_DEPTH_MAX = 3 };

typedef struct {
    RomVisit *visit;
    void *context;
} Search;

/* ---- whose it is ---- */

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

const Game *rom_game_by_md5(const char *md5)
{
    const Game *game = game_by_md5(md5);
    return game != NULL ? game : built_in_with_md5(md5);
}

/* The next letter or digit that counts, in lower case; 0 at the end: the first '.', so that
 * "pong.bin.gz" is "pong", too. */
static int next_letter(const char **name)
{
    while (**name != 0 && strchr("-_ ", **name) != NULL)
        ++*name;
    return **name == 0 || **name == '.' ? 0 : tolower((unsigned char)*(*name)++);
}

static bool same_name(const char *a, const char *b)
{
    for (int letter; (letter = next_letter(&a)) == next_letter(&b);)
        if (letter == 0)
            return true;
    return false;
}

const Game *rom_game_by_file_name(const char *path)
{
    for (size_t i = 0; i < game_count(); i++)
        if (same_name(file_name(path), game_at(i)->name))
            return game_at(i);
    return NULL;
}

/* ---- files and folders ---- */

/* What cannot be read or is too large for a cartridge is passed over: a folder may hold anything.
 */
bool rom_look_at_file(const char *path, RomVisit *visit, void *context)
{
    Error ignored = {0};
    RomFound rom = {.path = path};
    if (!cartridge_file_md5(rom.md5, path, &ignored))
        return true;
    rom.game = rom_game_by_md5(rom.md5);
    if (rom.game != NULL && !visit(context, &rom))
        return false;
    const Game *namesake = rom_game_by_file_name(path);
    rom.near_miss = namesake != NULL && namesake != rom.game;
    rom.game = namesake;
    return !rom.near_miss || visit(context, &rom);
}

static bool search_folder(const Search *search, const char *path, int depth, bool *go_on)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return false;
    for (struct dirent *entry; *go_on && (entry = readdir(folder)) != NULL;) {
        char inside[ROM_PATH_BYTES];
        struct stat status;
        if (entry->d_name[0] == '.' ||
            snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name) >= (int)sizeof inside ||
            stat(inside, &status) != 0)
            continue;
        if (S_ISDIR(status.st_mode) && depth < FOLDER_DEPTH_MAX)
            search_folder(search, inside, depth + 1, go_on);
        else if (S_ISREG(status.st_mode))
            *go_on = rom_look_at_file(inside, search->visit, search->context);
    }
    closedir(folder);
    return true;
}

static bool search_named(const Search *search, const char *path, const char *who, bool *go_on,
                         Error *error)
{
    if (search_folder(search, path, 0, go_on))
        return true;
    return error_input(error, "cannot read the folder of cartridges '%.300s', which %s names: %s",
                       path, who, strerror(errno));
}

/* ---- what pip has installed ---- */

/* So that glob takes each byte of `path` as it stands. False: it is too long. */
static bool escape(char *pattern, size_t bytes, const char *path)
{
    size_t used = 0;
    for (; *path != 0 && used + 2 < bytes; path++) {
        if (strchr("*?[\\", *path) != NULL)
            pattern[used++] = '\\';
        pattern[used++] = *path;
    }
    pattern[used] = 0;
    return *path == 0;
}

static void search_prefix(const Search *search, const char *prefix, bool *go_on)
{
    static const char *const packages[] = {
        "ale_py/roms",        "AutoROM/roms",        "multi_agent_ale_py/roms",
        "envpool/atari/roms", "atari_py/atari_roms",
    };
    char escaped[ROM_PATH_BYTES], pattern[ROM_PATH_BYTES + 64];
    if (!escape(escaped, sizeof escaped, prefix))
        return;
    for (size_t i = 0; i < sizeof packages / sizeof packages[0]; i++) {
        glob_t folders = {0};
        /* lib or lib64; site-packages or, on Debian, dist-packages */
        snprintf(pattern, sizeof pattern, "%s/lib*/python3*/*-packages/%s", escaped, packages[i]);
        if (glob(pattern, 0, NULL, &folders) == 0)
            for (size_t f = 0; f < folders.gl_pathc && *go_on; f++)
                search_folder(search, folders.gl_pathv[f], 0, go_on);
        globfree(&folders);
    }
}

static void search_installed(const Search *search, bool *go_on)
{
    char own[ROM_PATH_BYTES] = "";
    const char *home = getenv("HOME");
    if (home != NULL && strlen(home) + sizeof "/.local" <= sizeof own)
        snprintf(own, sizeof own, "%s/.local", home);
    const char *const prefixes[] = {getenv("VIRTUAL_ENV"), getenv("CONDA_PREFIX"), own,
                                    "/usr/local", "/usr"};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0] && *go_on; i++)
        if (prefixes[i] != NULL && prefixes[i][0] != 0)
            search_prefix(search, prefixes[i], go_on);
}

bool rom_search(const char *roms, RomVisit *visit, void *context, Error *error)
{
    static const char *const variables[] = {"DEEPQ_ROMS", "ALE_ROMS_DIR", "ALE_ROM_DIR",
                                            "ALE_PY_ROM_DIR"};
    const Search search = {visit, context};
    bool go_on = true;
    if (roms != NULL)
        return search_named(&search, roms, "--roms", &go_on, error);
    for (size_t i = 0; i < sizeof variables / sizeof variables[0] && go_on; i++) {
        const char *folder = getenv(variables[i]);
        if (folder != NULL && folder[0] != 0 &&
            !search_named(&search, folder, variables[i], &go_on, error))
            return false;
    }
    search_installed(&search, &go_on);
    return true;
}
