/*
 * figure.h - how runs learnt, as one picture for a document: a panel for each game, in it a line
 * for each recipe.
 *
 *     +--------------------------+--------------------------+
 *     | bricks: 6 runs; bands .. | rally: 6 runs; bands ..  |     two panels side by side, then
 *     | score of evaluations ..  | score of evaluations ..  |     below each other
 *     |  /~~~~                   |    ___/~~                |
 *     | /   ____                 |  _/                      |
 *     |    minutes, 1 thread     |    minutes, 1 thread     |
 *     | -- quick  -- nips2013    | -- quick  -- nips2013    |
 *     +--------------------------+--------------------------+
 *
 * Points are the evaluations after each epoch: of each recipe the mean of its runs, as in series.h.
 * A panel says how they were played and, over minutes, with how many threads its runs learnt.
 */
#ifndef DEEPQ_REPORT_FIGURE_H
#define DEEPQ_REPORT_FIGURE_H

#include <stdbool.h>

#include "base/error.h"

enum { FIGURE_GAMES_MAX = 16 };

/* Replace the PNG file at `path` by a picture of `count` runs, whose folders are `runs`; panels and
 * lines stand in the order of the first run of each. ERROR_INPUT for what is no run, and where
 * there are more games than panels or more recipes of a game than colours. */
bool figure_write(const char *const *runs, int count, bool over_minutes, const char *path,
                  Error *error);

#endif
