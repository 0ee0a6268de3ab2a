/*
 * problem.h - from what was typed to what can be played: GAME or ROM, its cartridge, its
 * environment.
 *
 * Cartridges are known by the md5 of their bytes, never by the name of a file. Our own are built
 * in; everybody else's lie in folders that --roms, DEEPQ_ROMS or ALE_ROMS_DIR name, under whatever
 * names.
 */
#ifndef DEEPQ_CLI_PROBLEM_H
#define DEEPQ_CLI_PROBLEM_H

#include <stdbool.h>
#include <stdint.h>

#include "atari/cartridge.h"
#include "base/error.h"
#include "env/env.h"
#include "games/games.h"
#include "run/config.h"

typedef struct {
    const char *name;            /* of the game: "catch", "bricks", "breakout" */
    char rom[CONFIG_TEXT_BYTES]; /* the cartridge's file, absolute; "": built in, none, or not to be
                                    written down */
    const Game *game;            /* NULL: the toy */
    Cartridge *cartridge;        /* NULL: the toy */
} Problem;

/* `what`: the name of a game, or the path of a cartridge. `roms`: the folder to look in; NULL:
 * those of the environment variables. `hint`: a file to look at first; NULL or "": none. */
bool problem_find(Problem *problem, const char *what, const char *roms, const char *hint,
                  Error *error);
void problem_free(Problem *problem);

/* A new environment of it; `seed` feeds what is random in it. The problem must outlive it. */
Env *problem_env(const Problem *problem, const AtariEnvConfig *config, uint64_t seed, Error *error);

/* Look at every file in the folders (or in `roms` alone) and call found(context, game, path) for
 * each cartridge that belongs to a known game. False with an error if a folder that was named
 * cannot be read. */
typedef bool ProblemFound(void *context, const Game *game, const char *path); /* false: enough */
bool problem_search(const char *roms, ProblemFound *found, void *context, Error *error);

/* The built-in cartridge of a game; false: there is none. */
bool problem_is_built_in(const Game *game);

#endif
