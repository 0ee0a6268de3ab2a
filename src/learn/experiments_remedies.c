/*
 * experiments_remedies.c - what helps once gradients come through: rules of descent (`descent`),
 * dropout against learning by heart (`dropout`), and knowledge built into the network (`prior`).
 */
#include "learn/experiments_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/descents.h"

/* ---- descent ---- */

/* Two series: the loss of each epoch, and the seconds that have passed then. */
static bool descent_trial(const Trial *trial, int variant, double *y)
{
    Student student;
    Recipe recipe = trial_recipe(trial);
    recipe.optimiser = descents[variant].rule;
    if (!student_begin(&student, trial, "dense 128, relu, dense 64, relu", &recipe))
        return false;
    double (*const clock)(void) = trial->setup->clock;
    const double begin = clock != NULL ? clock() : 0;
    for (int epoch = 0; epoch < recipe.epochs; epoch++) {
        y[epoch] = learner_epoch(student.learner);
        y[FIGURE_POINTS_MAX + epoch] = clock != NULL ? clock() - begin : 0;
    }
    student_end(&student);
    return true;
}

static bool descent_run(const Experiment *experiment, const ExperimentSetup *setup, Figure *figure,
                        Error *error)
{
    (void)experiment;
    const int updates = (setup->examples + TRIAL_BATCH - 1) / TRIAL_BATCH;
    figure->title = "Seven rules of descent";
    figure->x_label = "updates";
    figure->y_label = "training loss (cross-entropy)";
    figure->timed = true;
    for (int r = 0; r < DESCENTS; r++) {
        Series *series = figure_add(figure, descents[r].label, setup->epochs);
        for (int i = 0; i < series->points; i++)
            series->x[i] = (double)updates * (i + 1);
        figure_add(figure, "seconds", setup->epochs);
    }
    return experiment_collect(setup, figure, DESCENTS, 2, descent_trial, error);
}

static bool descent_holds(const Figure *figure)
{
    const Series *s = figure->series;
    const double plain = last_of(&s[0]); /* every other series is one of seconds */
    return last_of(&s[2]) < plain && last_of(&s[4]) < plain && last_of(&s[10]) < plain;
}

const Experiment experiment_descent = {
    .name = "descent",
    .should = "momentum, Nesterov's and Adam are further down than plain descent after as many "
              "updates",
    .examples = 5000,
    .epochs = 10,
    .run = descent_run,
    .holds = descent_holds,
};

/* ---- dropout ---- */

static bool dropout_trial(const Trial *trial, int variant, double *y)
{
    Student student;
    Recipe recipe = trial_recipe(trial);
    recipe.rate = NN_RATE_COSINE; /* so that the end is no accident */
    const char *layers = variant == 0
                             ? "dense 512, relu, dense 512, relu"
                             : "dense 512, relu, dropout 0.5, dense 512, relu, dropout 0.5";
    if (!student_begin(&student, trial, layers, &recipe))
        return false;
    bool done = true;
    for (int epoch = 0; done && epoch < recipe.epochs; epoch++) {
        learner_epoch(student.learner);
        y[epoch] = 100 * student_error(&student, trial, trial->train);
        y[FIGURE_POINTS_MAX + epoch] = 100 * student_error(&student, trial, trial->test);
        done = y[epoch] >= 0 && y[FIGURE_POINTS_MAX + epoch] >= 0;
    }
    student_end(&student);
    return done;
}

static bool dropout_run(const Experiment *experiment, const ExperimentSetup *setup, Figure *figure,
                        Error *error)
{
    (void)experiment;
    figure->title = "Dropout";
    figure->x_label = "epoch";
    figure->y_label = "error, %";
    figure_add(figure, "training, without", setup->epochs);
    figure_add(figure, "test, without", setup->epochs);
    figure_add(figure, "training, dropout 1/2", setup->epochs);
    figure_add(figure, "test, dropout 1/2", setup->epochs);
    return experiment_collect(setup, figure, 2, 2, dropout_trial, error);
}

/* The gap between test and training is what dropout is against. */
static bool dropout_holds(const Figure *figure)
{
    const Series *s = figure->series;
    const double without = last_of(&s[1]) - last_of(&s[0]), with = last_of(&s[3]) - last_of(&s[2]);
    return with < 0.8 * without && last_of(&s[3]) < last_of(&s[1]) + 1 &&
           last_of(&s[2]) > last_of(&s[0]) + 1;
}

const Experiment experiment_dropout = {
    .name = "dropout",
    .should = "with dropout less is learnt by heart: the error on the training examples is larger, "
              "that on test examples is not, so that the gap between them narrows",
    .examples = 2000,
    .epochs = 40,
    .run = dropout_run,
    .holds = dropout_holds,
};

/* ---- prior ---- */

/* 10,330 and 10,345 parameters for 28 x 28 pixels and ten classes. */
static const char *const minds[] = {
    "conv 16 3 1 1, relu, maxpool 2 2, conv 16 3 1 1, relu, maxpool 2 2",
    "dense 13, leaky 0.1", /* with so few units none should die */
};

static double prior_accuracy(const Trial *trial, const char *layers)
{
    Student student;
    Recipe recipe = trial_recipe(trial);
    recipe.optimiser.learning_rate = 3e-3;
    recipe.rate = NN_RATE_COSINE;
    if (!student_begin(&student, trial, layers, &recipe))
        return -1;
    for (int epoch = 0; epoch < recipe.epochs; epoch++)
        learner_epoch(student.learner);
    const double wrong = student_error(&student, trial, trial->test);
    student_end(&student);
    return wrong < 0 ? -1 : 100 * (1 - wrong);
}

/* A copy of the part's examples, their pixels in the order of `place`. */
static bool copy_permuted(const DataPart *part, const int *place, Data *data, DataPart **all,
                          Error *error)
{
    if (!data_copy(part, data, error) || !data_permute(data, place, error))
        return false;
    *all = data_all(data, error);
    return *all != NULL;
}

static double shuffled_accuracy(const Trial *trial, const char *layers)
{
    const NnShape shape = trial->train->data->shape;
    const int size = shape.channels * shape.height * shape.width;
    Random random = random_stream(trial->seed, "pixels");
    Data train = {0}, test = {0};
    Trial shuffled = *trial;
    shuffled.train = shuffled.test = NULL;
    double accuracy = -1;
    int *place = data_draw_order(size, &random, trial->error);
    if (place != NULL &&
        copy_permuted(trial->train, place, &train, &shuffled.train, trial->error) &&
        copy_permuted(trial->test, place, &test, &shuffled.test, trial->error))
        accuracy = prior_accuracy(&shuffled, layers);
    free(place), free(shuffled.train), free(shuffled.test);
    data_free(&train);
    data_free(&test);
    return accuracy;
}

static bool prior_trial(const Trial *trial, int variant, double *y)
{
    y[0] = prior_accuracy(trial, minds[variant]);
    y[1] = y[0] < 0 ? -1 : shuffled_accuracy(trial, minds[variant]);
    return y[1] >= 0;
}

static bool prior_run(const Experiment *experiment, const ExperimentSetup *setup, Figure *figure,
                      Error *error)
{
    (void)experiment;
    figure->title = "Knowledge built in: neighbours belong together";
    figure->x_label = "1: as they are, 2: shuffled";
    figure->y_label = "test accuracy, %";
    figure_add(figure, "conv, 10,330 weights", 2);
    figure_add(figure, "dense, 10,345 weights", 2);
    return experiment_collect(setup, figure, 2, 1, prior_trial, error);
}

static bool prior_holds(const Figure *figure)
{
    const Series *conv = &figure->series[0], *dense = &figure->series[1];
    const double lost = conv->mean[0] - conv->mean[1], dense_lost = dense->mean[0] - dense->mean[1];
    return conv->mean[0] - dense->mean[0] > 2 && lost > 1.5 && lost > 2 * dense_lost;
}

const Experiment experiment_prior = {
    .name = "prior",
    .should =
        "with as many weights convolutions do better than dense layers; they lose where "
        "neighbouring pixels are no neighbours any more, which is all the same to dense layers",
    .examples = 5000,
    .epochs = 10,
    .run = prior_run,
    .holds = prior_holds,
};
