/*
 * sweep.h - what the files of `deepq sweep` do for each other.
 *
 *     sweep.c          options, the list of runs, children that train and count them
 *     sweep_results.c  the table, a page for each game, the figures
 */
#ifndef DEEPQ_CLI_SWEEP_H
#define DEEPQ_CLI_SWEEP_H

#include <sys/types.h>

#include "run/csv.h"
#include "run/sweep.h"

enum { SWEEP_PATH_BYTES = CSV_PATH_BYTES, SWEEP_NAME_BYTES = 128, SWEEP_ARGUMENTS_MAX = 160 };

typedef enum {
    RUN_WAITS,
    RUN_TRAINS,
    RUN_IS_COUNTED,
    RUN_DONE,
    RUN_STOPPED,
    RUN_FAILED
} SweepStage;

/* A run of the sweep. */
typedef struct {
    SweepRun what;
    char game[SWEEP_NAME_BYTES];   /* its name, where `what` has a file */
    char preset[SWEEP_NAME_BYTES]; /* likewise */
    char path[SWEEP_PATH_BYTES];
    SweepStage stage;
    pid_t child;
    double seconds;    /* of training, by the clock */
    double mean, ci95; /* of the games that were counted */
    int games;
} SweepEntry;

typedef struct {
    SweepPlan plan;
    const char *file;
    char folder[SWEEP_PATH_BYTES / 2];
    const char *roms;
    int64_t jobs, threads;
    bool drops_checkpoints;
    int count, done, failed;
    SweepEntry *entry; /* games outermost, seeds innermost */
} Sweep;

/* The words of a command. */
typedef struct {
    const char *word[SWEEP_ARGUMENTS_MAX];
    int count;
} SweepArguments;

/* Add option and value; nothing if the value is NULL, the value alone if the option is. */
void sweep_add(SweepArguments *arguments, const char *option, const char *value);

const char *sweep_protocol_name(const Sweep *sweep);

/* Print what all runs that are done come to, write it to sweep.csv, and make the pages and figures
 * of them. */
bool sweep_tell(const Sweep *sweep, Error *error);

#endif
