/*
 * sweep.h - many runs by one file: what deepq sweep reads, does and shows.
 *
 *     [sweep]
 *     games = catch, bricks       ; names or cartridges
 *     presets = quick, rainbow    ; or FILE.ini; default quick
 *     seeds = 1, 2, 3             ; default 1
 *     frames = 3000000            ; default: the preset's
 *     protocol = 2013             ; evaluate so when a run is done; default: not again
 *     folder = runs/first         ; default runs/ and the file's name
 *     jobs = 2                    ; side by side, at most as many as there are processors
 *     threads = 1                 ; of each run
 *     [set]
 *     gamma = 0.99                ; as --set gamma=0.99, for every run
 *
 *     folder/GAME-PRESET-SEED       a run (docs/run-format.md)
 *     folder/GAME-PRESET-SEED.log   what it said
 *     folder/sweep.csv              a row for each
 *     folder/GAME.html              a report for each game, without a film
 */
#ifndef DEEPQ_CLI_SWEEP_H
#define DEEPQ_CLI_SWEEP_H

#include <sys/types.h>

#include "cli/wiring.h"
#include "report/subject.h"
#include "run/protocol.h"

enum {
    SWEEP_LIST_MAX = 64,
    SWEEP_SETS_MAX = 32,
    SWEEP_RUNS_MAX = 512,
    SWEEP_GAME_RUNS_MAX = SUBJECT_RUNS_MAX,
    SWEEP_WORD_BYTES = 160,
    SWEEP_FOLDER_BYTES = 256,
};

typedef struct {
    int count;
    int line; /* where it stands; 0: nowhere */
    char word[SWEEP_LIST_MAX][SWEEP_WORD_BYTES];
} SweepList;

typedef enum {
    SWEEP_WAITS,
    SWEEP_PLAYS,
    SWEEP_DONE,
    SWEEP_FAILED, /* it ended with another status than 0; its log says why */
} SweepState;

typedef struct {
    const char *game, *preset, *seed; /* words of the sweep's lists */
    char name[CONFIG_NAME_BYTES];     /* of the game, where it was named by its cartridge */
    char folder[SWEEP_FOLDER_BYTES];
    SweepState state;
    pid_t process; /* while it plays */
} SweepRun;

typedef struct {
    const char *file;
    const char *roms; /* NULL: the places of rom_search.h */
    SweepList games, presets, seeds;
    int set_count;
    char set[SWEEP_SETS_MAX][SWEEP_WORD_BYTES + CONFIG_NAME_BYTES]; /* key=value */
    char frames[SWEEP_WORD_BYTES];                                  /* "": the preset's */
    char threads[SWEEP_WORD_BYTES];
    char folder[SWEEP_WORD_BYTES];
    int64_t jobs;             /* 0: as many as processors allow */
    const Protocol *protocol; /* NULL: none */
    int run_count;
    SweepRun run[SWEEP_RUNS_MAX];
} Sweep;

/* Read the file and check all that can be checked before anything is trained: names, values,
 * cartridges, whether they go together, whether folders that are there are of these runs.
 * ERROR_INPUT names the line. */
bool sweep_read(Sweep *sweep, const char *file, const char *roms, Error *error);

/* What `deepq train` is asked for, as far as a configuration goes. `set`: SWEEP_SETS_MAX + 1 of the
 * caller's. */
RunRequest sweep_request(const Sweep *sweep, const SweepRun *run, char *set[]);

/* Whether the run's folder says that nothing is left to do. */
bool sweep_is_complete(const Sweep *sweep, const SweepRun *run);

/* Do what is left, each run in a process of its own, `jobs` at a time. SIGINT and SIGTERM are
 * handed on to all of them, which save; false then. A run that fails leaves the others. */
bool sweep_play(Sweep *sweep, int jobs, bool quiet);

/* The table, printed and as folder/sweep.csv, and a report for each game. */
bool sweep_show(const Sweep *sweep, Error *error);

#endif
