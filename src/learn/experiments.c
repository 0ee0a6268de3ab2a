#include "learn/experiments_private.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const Experiment *const experiments[] = {
    &experiment_vanishing, &experiment_initialisation, &experiment_descent,
    &experiment_dropout,   &experiment_prior,          &experiment_depth,
};

enum { EXPERIMENTS = sizeof experiments / sizeof experiments[0] };

const Experiment *experiment_at(int index)
{
    return index >= 0 && index < EXPERIMENTS ? experiments[index] : NULL;
}

const Experiment *experiment_find(const char *name)
{
    for (int i = 0; i < EXPERIMENTS; i++)
        if (strcmp(experiments[i]->name, name) == 0)
            return experiments[i];
    return NULL;
}

bool experiment_run(const Experiment *experiment, const ExperimentSetup *setup, Figure *figure,
                    Error *error)
{
    assert(setup->seeds >= 2 && setup->seeds <= TRIAL_SEEDS_MAX);
    *figure = (Figure){0};
    return experiment->run(experiment, setup, figure, error);
}

/* Student's t that 97.5 % lie below, for 1 to 29 degrees of freedom. */
double interval95(const double *values, int n)
{
    static const double t[TRIAL_SEEDS_MAX] = {
        0,     12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262,
        2.228, 2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093,
        2.086, 2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045,
    };
    assert(n >= 2 && n <= TRIAL_SEEDS_MAX);
    double mean = 0, squares = 0;
    for (int i = 0; i < n; i++)
        mean += values[i] / n;
    for (int i = 0; i < n; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    return t[n - 1] * sqrt(squares / (n - 1) / n);
}

Series *figure_add(Figure *figure, const char *label, int points)
{
    assert(figure->series_count < FIGURE_SERIES_MAX && points <= FIGURE_POINTS_MAX);
    Series *series = &figure->series[figure->series_count++];
    series->label = label;
    series->points = points;
    for (int i = 0; i < points; i++)
        series->x[i] = i + 1;
    return series;
}

/* ---- many trials ---- */

typedef double Values[TRIAL_SEEDS_MAX];

static void sum_up(Values *values, int seeds, Series *series)
{
    for (int p = 0; p < series->points; p++) {
        series->mean[p] = 0;
        for (int i = 0; i < seeds; i++)
            series->mean[p] += values[p][i] / seeds;
        series->ci95[p] = interval95(values[p], seeds);
    }
}

static bool run_trial(const ExperimentSetup *setup, uint64_t seed, TrialRun *run, int variant,
                      double *y, Error *error)
{
    Trial trial = {.setup = setup, .seed = seed, .error = error};
    Random random = random_stream(seed, "trial");
    bool done = setup->go_on == NULL || setup->go_on(setup->context) ||
                error_work(error, "stopped before all trainings were done");
    done = done && data_split(setup->train, setup->examples, &random, &trial.train, NULL, error) &&
           data_split(setup->test, setup->test_examples, &random, &trial.test, NULL, error) &&
           run(&trial, variant, y);
    free(trial.train);
    free(trial.test);
    return done;
}

/* One variant's series, from `first` on. */
static bool collect_variant(const ExperimentSetup *setup, Figure *figure, int variant, int series,
                            TrialRun *run, Values *values, Error *error)
{
    double y[FIGURE_SERIES_MAX * FIGURE_POINTS_MAX];
    for (int i = 0; i < setup->seeds; i++) {
        if (!run_trial(setup, setup->first_seed + (uint64_t)i, run, variant, y, error))
            return false;
        for (int k = 0; k < series * FIGURE_POINTS_MAX; k++)
            values[k][i] = y[k];
    }
    for (int s = 0; s < series; s++)
        sum_up(values + s * FIGURE_POINTS_MAX, setup->seeds, &figure->series[variant * series + s]);
    return true;
}

bool experiment_collect(const ExperimentSetup *setup, Figure *figure, int variants, int series,
                        TrialRun *run, Error *error)
{
    assert(variants * series == figure->series_count);
    Values *values = calloc((size_t)(series * FIGURE_POINTS_MAX), sizeof *values);
    bool done = values != NULL || error_work(error, "no memory for the experiment's values");
    for (int v = 0; done && v < variants; v++)
        done = collect_variant(setup, figure, v, series, run, values, error);
    free(values);
    return done;
}

/* ---- one training ---- */

Recipe trial_recipe(const Trial *trial)
{
    Recipe recipe = recipe_default();
    recipe.batch = TRIAL_BATCH;
    recipe.epochs = trial->setup->epochs;
    recipe.rate = NN_RATE_CONSTANT;
    recipe.optimiser.weight_decay = 0;
    return recipe;
}

bool student_begin(Student *student, const Trial *trial, const char *layers, const Recipe *recipe)
{
    const Data *data = trial->train->data;
    char text[TRIAL_TEXT + 32];
    NnSpec spec;
    *student = (Student){.recipe = *recipe};
    snprintf(text, sizeof text, "%s, dense %d", layers, data->classes);
    if (!nn_spec_parse(&spec, text, data->shape, trial->error))
        return false;
    student->network =
        network_create(&spec, TRIAL_BATCH, NN_BACKEND_AUTO, trial->setup->team, trial->error);
    if (student->network == NULL)
        return false;
    Random random = random_stream(trial->seed, "init");
    network_initialise(student->network, recipe->init, &random);
    student->learner =
        learner_begin(student->network, trial->train, &student->recipe, trial->seed, trial->error);
    if (student->learner == NULL)
        network_destroy(student->network);
    return student->learner != NULL;
}

void student_end(Student *student)
{
    learner_end(student->learner);
    network_destroy(student->network);
}

double student_error(const Student *student, const Trial *trial, const DataPart *part)
{
    Score score;
    if (!classifier_score(student->network, part, TRIAL_BATCH, NULL, NULL, &score, trial->error))
        return -1;
    return 1 - (double)score.right / score.count;
}

void deep_layers(char text[TRIAL_TEXT], int layers, int units, const char *curve)
{
    size_t used = 0;
    for (int i = 0; i < layers; i++)
        used += (size_t)snprintf(text + used, TRIAL_TEXT - used, "%sdense %d, %s",
                                 i > 0 ? ", " : "", units, curve);
}
