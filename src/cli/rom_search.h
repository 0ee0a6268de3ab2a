/*
 * rom_search.h - where the user's cartridges are.
 *
 * A cartridge is known by the md5 of its bytes, never by the name of a file. A file that has a
 * game's name but not its bytes is a near miss: something to tell, nothing to play.
 *
 * The places, in this order:
 *
 *     DEEPQ_ROMS, ALE_ROMS_DIR, ALE_ROM_DIR, ALE_PY_ROM_DIR     folders that variables name
 *     PREFIX/lib/python3.N/site-packages/PACKAGE/roms           where pip puts them: ale-py,
 * AutoROM, EnvPool and their like, of the active environment, the user's own, the system's
 *
 * or, where --roms names a folder, that one alone. Folders in them are looked through, too, to a
 * depth of three.
 */
#ifndef DEEPQ_CLI_ROM_SEARCH_H
#define DEEPQ_CLI_ROM_SEARCH_H

#include <stdbool.h>

#include "atari/cartridge.h"
#include "base/error.h"
#include "games/games.h"

enum { ROM_PATH_BYTES = 1024 }; /* files with longer paths are passed over */

/* A file that a search has come by. */
typedef struct {
    const Game *game; /* whose cartridge it is, or, of a near miss, seems to be */
    const char *path; /* until the visit ends */
    char md5[CARTRIDGE_MD5_BYTES];
    bool near_miss; /* only the name is the game's; the bytes are another's or nobody's */
} RomFound;

typedef bool RomVisit(void *context, const RomFound *rom); /* false: enough */

/* Call visit(context, ...) for each file in the places (`roms` NULL) or in the folder `roms` alone
 * that is a game's cartridge or a near miss; a cartridge under another game's name is both, the
 * cartridge first. False with ERROR_INPUT if a folder that --roms or a variable names cannot be
 * read; it is no error that pip has put nothing somewhere. */
bool rom_search(const char *roms, RomVisit *visit, void *context, Error *error);

/* The same for one file. False: the visitor said so. */
bool rom_look_at_file(const char *path, RomVisit *visit, void *context);

/* Whose cartridge has that md5, ours included; NULL: nobody's that is known. */
const Game *rom_game_by_md5(const char *md5);

/* Whose name a file has, apart from its folder, its extensions, upper and lower case, and '-', '_'
 * and ' '; NULL: nobody's. */
const Game *rom_game_by_file_name(const char *path);

#endif
