/*
 * experiments.h - why deep networks were hard to train, and what helped: each claim as an
 * experiment over several seeds, with what should be seen and a test of whether it was
 * (docs/deep-learning.md).
 *
 *     const Experiment *experiment = experiment_find("vanishing");
 *     Figure figure;
 *     ExperimentSetup setup = {.train = &train, .test = &test, .seeds = 5, .examples = 2000, ...};
 *     if (experiment_run(experiment, &setup, &figure, &error))
 *         seen = experiment->holds(&figure);
 *
 * What comes out is a function of the setup, but for the seconds of `descent`, which the caller's
 * clock tells.
 */
#ifndef DEEPQ_LEARN_EXPERIMENTS_H
#define DEEPQ_LEARN_EXPERIMENTS_H

#include "learn/data.h"

enum { FIGURE_SERIES_MAX = 16, FIGURE_POINTS_MAX = 64 };

typedef struct {
    const char *label;
    int points;
    double x[FIGURE_POINTS_MAX];
    double mean[FIGURE_POINTS_MAX]; /* over the seeds */
    double ci95[FIGURE_POINTS_MAX]; /* half the width of its 95 % interval, by Student's t */
} Series;

typedef struct {
    const char *title, *x_label, *y_label;
    bool timed; /* behind each series comes one with the seconds that its points took */
    int series_count;
    Series series[FIGURE_SERIES_MAX];
} Figure;

typedef struct {
    const Data *train, *test;
    int seeds;    /* 2 .. 30 */
    int examples; /* to train with */
    int test_examples;
    int epochs; /* where the experiment trains; it says itself how many are usual */
    uint64_t first_seed;
    Parallel *team;
    double (*clock)(void);        /* for `descent` alone */
    bool (*go_on)(void *context); /* asked between trainings; NULL: always */
    void *context;
} ExperimentSetup;

typedef struct Experiment {
    const char *name;
    const char *should;   /* what should be seen, a sentence */
    int examples, epochs; /* the usual ones */
    bool (*run)(const struct Experiment *experiment, const ExperimentSetup *setup, Figure *figure,
                Error *error);
    bool (*holds)(const Figure *figure); /* is it seen? */
} Experiment;

const Experiment *experiment_find(const char *name); /* NULL: there is none */
const Experiment *experiment_at(int index);          /* NULL behind the last */

/* False with ERROR_WORK where it failed or was not to go on. */
bool experiment_run(const Experiment *experiment, const ExperimentSetup *setup, Figure *figure,
                    Error *error);

/* Half the width of the 95 % interval of the mean of n >= 2 values. */
double interval95(const double *values, int n);

#endif
