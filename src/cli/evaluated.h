/*
 * evaluated.h - runs that were evaluated: the numbers of each, and what they say together.
 */
#ifndef DEEPQ_CLI_EVALUATED_H
#define DEEPQ_CLI_EVALUATED_H

#include <cjson/cJSON.h>

#include "rl/evaluate.h"
#include "rl/statistics.h"
#include "run/config.h"

/* What one player came to in one run's game. */
typedef struct {
    Evaluation games;
    double standard_error, iqm; /* over its games */
    double normalised;          /* per cent of the human's; NaN: nobody has published one */
} Counted;

/* `scores`: those of `games`, sorted. `scratch`: as many doubles. */
Counted counted_of(const char *game, const Evaluation *games, const double *scores,
                   double *scratch);

typedef struct {
    const char *path; /* not owned */
    RunConfig config; /* eval_epsilon is what was played with */
    Counted random;   /* games 0: did not play */
    Counted agent;
} Evaluated;

/* How it was counted. */
typedef struct {
    const char *protocol; /* "2015"; NULL: as the runs say */
    const char *text;     /* in a line */
    int64_t seed;
} EvaluatedHow;

/* A table: a row for each, and, of several runs, a row for each game over its runs, with 95 %
 * intervals by the bootstrap; of several games that people have played, what they come to in
 * per cent of the human's. */
void evaluated_print(const Evaluated *runs, int count, const EvaluatedHow *how);

/* The same as an object. Of one run its own keys stand in it; of several, in a list "runs". */
cJSON *evaluated_object(const Evaluated *runs, int count, const EvaluatedHow *how);

#endif
