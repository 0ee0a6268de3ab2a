/*
 * problem.h - from what was typed to what can be played: GAME or ROM, its cartridge, its
 * environment.
 *
 * Our own cartridges are built in; everybody else's are searched as rom_search.h says.
 *
 *     static CartridgeRequest request;
 *     struct poptOption table[] = {PROBLEM_OPTION_ROMS(request),
 *                                  PROBLEM_OPTION_TYPE(request), POPT_TABLEEND};
 *     ...
 *     Problem problem;
 *     if (problem_find(&problem, "breakout", &request, &error))
 *         ... problem_env(&problem, ...) ... problem_free(&problem);
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
    const char *cartridge_type;  /* its name if one was requested; "": detected, or the toy */
} Problem;

/* How to find a cartridge, and as what to play it; all 0: by itself. */
typedef struct {
    const char *roms;           /* the folder to look in; NULL: the places of rom_search.h */
    const char *cartridge_type; /* as cartridge_type_parse reads it; NULL or "": detected */
    const char *hint;           /* a file to look at first; NULL or "": none */
} CartridgeRequest;

/* Rows for an options table. */
#define PROBLEM_OPTION_ROMS(request)                                                               \
    {                                                                                              \
        "roms", 0, POPT_ARG_STRING, &(request).roms, 0,                                            \
            "where cartridges are (default: see `deepq games --help`)", "DIR"                      \
    }
#define PROBLEM_OPTION_TYPE(request)                                                               \
    {                                                                                              \
        "cartridge-type", 0, POPT_ARG_STRING, &(request).cartridge_type, 0,                        \
            "how it switches its banks: 4K, F8, E0 ... (default: detect, by its bytes)", "TYPE"    \
    }

/* `what`: the name of a game, or the path of a cartridge. False with ERROR_INPUT if there is none,
 * none of that type, or a request for a type where no cartridge is played. */
bool problem_find(Problem *problem, const char *what, const CartridgeRequest *request,
                  Error *error);
void problem_free(Problem *problem);

/* A new environment of it; `seed` feeds what is random in it. The problem must outlive it. */
Env *problem_env(const Problem *problem, const AtariEnvConfig *config, uint64_t seed, Error *error);

/* The type that is requested; ERROR_INPUT says which there are. */
bool problem_cartridge_type(CartridgeType *type, const CartridgeRequest *request, Error *error);

/* The built-in cartridge of a game; false: there is none. */
bool problem_is_built_in(const Game *game);

#endif
