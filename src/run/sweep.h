/*
 * sweep.h - a plan of many runs, as a text file: every game with every preset and every seed.
 *
 *     [sweep]
 *     games = bricks, rally         ; names, or cartridges' files
 *     presets = quick, nips2013     ; or files ending in .ini; quick where it is missing
 *     seeds = 1, 2, 3               ; 1
 *     frames = 3000000              ; of each run; the preset's
 *     protocol = 2015               ; how the runs are counted in the end (protocol.h), or `own`:
 *                                   ; 30 games as each run was evaluated; 2015
 *     set = learning_rate=0.0001    ; a change to all presets; may be repeated
 *
 * All runs of a recipe are to differ in nothing but their seeds. So seeds are no setting, and the
 * precision is f32 or bf16: what `auto` measures may come out differently from run to run.
 *
 *     SweepPlan plan;
 *     if (sweep_read(&plan, "sweep.ini", &error))
 *         for (int i = 0; i < sweep_count(&plan); i++) {
 *             SweepRun run = sweep_run(&plan, i);
 *             ... run.game, run.preset, run.seed ...
 *         }
 */
#ifndef DEEPQ_RUN_SWEEP_H
#define DEEPQ_RUN_SWEEP_H

#include "run/config.h"
#include "run/protocol.h"

enum { SWEEP_LIST_MAX = 64, SWEEP_RUNS_MAX = 4096 };

/* Words of a line, one after the other in `text`. */
typedef struct {
    char text[200];
    const char *word[SWEEP_LIST_MAX];
    int line; /* where the file says so; 0: nowhere */
    int count;
} SweepList;

typedef struct {
    SweepList games, presets, seeds;
    SweepList sets;  /* key=value */
    char frames[24]; /* as typed; "": the preset's */
    int frames_line;
    const Protocol *protocol; /* NULL: own */
} SweepPlan;

typedef struct {
    const char *game, *preset, *seed;
} SweepRun;

/* ERROR_INPUT names the file and the line of whatever is wrong: an unknown key, a preset, seed or
 * protocol that there is not, a setting that does not fit a preset. Games are not looked for. A
 * plan points into itself: it must not be copied. */
bool sweep_read(SweepPlan *plan, const char *path, Error *error);

/* The configuration of a run whose game has that name: ERROR_INPUT names file and line if its
 * preset does not go with the plan's settings. */
bool sweep_config(RunConfig *config, const SweepPlan *plan, const SweepRun *run, const char *path,
                  const char *name, Error *error);

int sweep_count(const SweepPlan *plan);
SweepRun sweep_run(const SweepPlan *plan, int index); /* games outermost, seeds innermost */

#endif
