/*
 * wiring.h - from options to a configuration: what the commands that make a recipe share.
 */
#ifndef DEEPQ_CLI_WIRING_H
#define DEEPQ_CLI_WIRING_H

#include "cli/options.h"
#include "cli/problem.h"
#include "run/config.h"

/* What was asked for, as typed; NULL where it was not. */
typedef struct {
    const char *preset;
    const char *threads;
    const char *envs;
    const char *precision;
    const char *seed;
    const char *frames;
    CartridgeRequest cartridge;
    char **set; /* key=value, ends with NULL */
} RunRequest;

/* Rows for an options table. */
#define WIRING_OPTION_PRESET(request)                                                              \
    {                                                                                              \
        "preset", 0, POPT_ARG_STRING, &(request).preset, 0,                                        \
            "quick (the default), nips2013, nature2015, rainbow, dopamine, pqn or a "              \
            "FILE.ini",                                                                            \
            "NAME"                                                                                 \
    }
#define WIRING_OPTION_THREADS(request)                                                             \
    {                                                                                              \
        "threads", 0, POPT_ARG_STRING, &(request).threads, 0,                                      \
            "that compute; results do not depend on them", "N"                                     \
    }
#define WIRING_OPTION_ENVS(request)                                                                \
    {                                                                                              \
        "envs", 0, POPT_ARG_STRING, &(request).envs, 0,                                            \
            "environments to play in at the same time (default: the preset's, 1)", "N"             \
    }
#define WIRING_OPTION_PRECISION(request)                                                           \
    {                                                                                              \
        "precision", 0, POPT_ARG_STRING, &(request).precision, 0,                                  \
            "of what the network multiplies: f32, bf16 or auto, what is faster here (default: "    \
            "the preset's, f32)",                                                                  \
            "NAME"                                                                                 \
    }
#define WIRING_OPTION_SEED(request)                                                                \
    {                                                                                              \
        "seed", 0, POPT_ARG_STRING, &(request).seed, 0, "of every random stream (default 1)", "N"  \
    }
#define WIRING_OPTION_FRAMES(request)                                                              \
    {                                                                                              \
        "frames", 0, POPT_ARG_STRING, &(request).frames, 0, "to train for, of the emulator", "N"   \
    }
#define WIRING_OPTION_SET(request)                                                                 \
    {                                                                                              \
        "set", 0, POPT_ARG_ARGV, &(request).set, 0,                                                \
            "change a number of the recipe; may be repeated", "KEY=VALUE"                          \
    }

/* The preset, with what was asked for in its place. Without --threads: as many as there are
 * processors, two at most. */
bool wiring_config(RunConfig *config, const RunRequest *request, const char *game, Error *error);

/* The configuration of the run in `folder`, to go on with it. What was asked for must be what it
 * was made with, but for --threads, and for a precision of auto: else ERROR_INPUT names the first
 * key that differs. */
bool wiring_resume(RunConfig *config, const RunRequest *request, const char *folder, Error *error);

#endif
