/* experiments_private.h - what the experiments are made of. */
#ifndef DEEPQ_LEARN_EXPERIMENTS_PRIVATE_H
#define DEEPQ_LEARN_EXPERIMENTS_PRIVATE_H

#include "learn/classifier.h"
#include "learn/experiments.h"

enum { TRIAL_SEEDS_MAX = 30, TRIAL_BATCH = 50, TRIAL_TEXT = NN_SPEC_TEXT };

/* One training, or what stands for it: examples drawn by the seed. */
typedef struct {
    const ExperimentSetup *setup;
    uint64_t seed;
    DataPart *train, *test;
    Error *error;
} Trial;

/* Fill y[series * FIGURE_POINTS_MAX + point] for the series of variant `variant`. */
typedef bool TrialRun(const Trial *trial, int variant, double *y);

/* Run every variant with every seed and put mean and interval into the figure, whose series have
 * labels and x already; each variant makes `series` of them. */
bool experiment_collect(const ExperimentSetup *setup, Figure *figure, int variants, int series,
                        TrialRun *run, Error *error);

/* A series of points 1, 2, ... */
Series *figure_add(Figure *figure, const char *label, int points);

/* A network for the trial's data, `layers` without the last, and who trains it. */
typedef struct {
    Recipe recipe;
    Network *network;
    Learner *learner;
} Student;

/* `recipe`: TRIAL_BATCH examples an update, the setup's epochs; the caller changes the rest. */
Recipe trial_recipe(const Trial *trial);
bool student_begin(Student *student, const Trial *trial, const char *layers, const Recipe *recipe);
void student_end(Student *student);

/* The part of the examples that the network gets wrong; -1 with an error. */
double student_error(const Student *student, const Trial *trial, const DataPart *part);

/* "dense UNITS, CURVE" so many times. */
void deep_layers(char text[TRIAL_TEXT], int layers, int units, const char *curve);

static inline double last_of(const Series *series)
{
    return series->mean[series->points - 1];
}

extern const Experiment experiment_vanishing, experiment_initialisation, experiment_descent,
    experiment_dropout, experiment_prior, experiment_depth;

#endif
