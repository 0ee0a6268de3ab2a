/*
 * experiments_depth.c - what goes wrong in deep networks, and the first remedies: the gradient
 * fades beneath sigmoids (`vanishing`), so that more layers are worse (`depth`), unless the weights
 * begin well (`initialisation`).
 */
#include "learn/experiments_private.h"

#include <math.h>
#include <stdlib.h>

#include "learn/pretrain.h"

/* ---- vanishing ---- */

enum { DEEP = 10, DEEP_UNITS = 64 };

/* The root of the mean square of the gradients by the weights of each hidden layer. */
static void measure_gradients(const Network *network, const float *gradients, double *y)
{
    for (int l = 0; l < DEEP; l++) {
        const NnSlice slice = nn_spec_slice(network_spec(network), 2 * l);
        double squares = 0;
        for (size_t i = 0; i < slice.weights; i++)
            squares += (double)gradients[slice.offset + i] * gradients[slice.offset + i];
        y[l] = log10(sqrt(squares / (double)slice.weights));
    }
}

/* Of the first batch, before anything is learnt: with a rate of 0 a step changes nothing. */
static bool vanishing_trial(const Trial *trial, int variant, double *y)
{
    char layers[TRIAL_TEXT];
    Student student;
    Recipe recipe = trial_recipe(trial);
    recipe.optimiser = (NnOptimiser){.kind = NN_SGD};
    recipe.init = variant == 0 ? NN_INIT_GLOROT : NN_INIT_HE;
    deep_layers(layers, DEEP, DEEP_UNITS, variant == 0 ? "sigmoid" : "relu");
    if (!student_begin(&student, trial, layers, &recipe))
        return false;
    float *gradients =
        malloc(nn_spec_parameters(network_spec(student.network)) * sizeof *gradients);
    if (gradients == NULL) {
        student_end(&student);
        return error_work(trial->error, "no memory for the gradients");
    }
    learner_step(student.learner);
    network_get_gradients(student.network, gradients);
    measure_gradients(student.network, gradients, y);
    free(gradients);
    student_end(&student);
    return true;
}

static bool vanishing_run(const Experiment *experiment, const ExperimentSetup *setup,
                          Figure *figure, Error *error)
{
    (void)experiment;
    figure->title = "Gradients in a network of ten hidden layers";
    figure->x_label = "hidden layer, from the pixels up";
    figure->y_label = "log10 of the gradient's size (root mean square)";
    figure_add(figure, "sigmoid", DEEP);
    figure_add(figure, "ReLU", DEEP);
    return experiment_collect(setup, figure, 2, 1, vanishing_trial, error);
}

/* From the last hidden layer to the first: by more than a thousand, and by less than a hundred. */
static bool vanishing_holds(const Figure *figure)
{
    const Series *sigmoid = &figure->series[0], *relu = &figure->series[1];
    return last_of(sigmoid) - sigmoid->mean[0] - sigmoid->ci95[0] > 3 &&
           last_of(relu) - relu->mean[0] + relu->ci95[0] < 2;
}

const Experiment experiment_vanishing = {
    .name = "vanishing",
    .should = "beneath ten layers of sigmoids the gradient is a thousand times smaller or less; "
              "beneath ReLUs it is not",
    .examples = 1000,
    .epochs = 1,
    .run = vanishing_run,
    .holds = vanishing_holds,
};

/* ---- depth ---- */

enum { DEPTHS = 8 };

static bool depth_trial(const Trial *trial, int variant, double *y)
{
    for (int depth = 1; depth <= DEPTHS; depth++) {
        char layers[TRIAL_TEXT];
        Student student;
        Recipe recipe = trial_recipe(trial);
        recipe.init = variant == 0 ? NN_INIT_GLOROT : NN_INIT_HE;
        deep_layers(layers, depth, DEEP_UNITS, variant == 0 ? "sigmoid" : "relu");
        if (!student_begin(&student, trial, layers, &recipe))
            return false;
        for (int epoch = 0; epoch < recipe.epochs; epoch++)
            learner_epoch(student.learner);
        const double wrong = student_error(&student, trial, trial->test);
        student_end(&student);
        if (wrong < 0)
            return false;
        y[depth - 1] = 100 * (1 - wrong);
    }
    return true;
}

static bool depth_run(const Experiment *experiment, const ExperimentSetup *setup, Figure *figure,
                      Error *error)
{
    (void)experiment;
    figure->title = "One to eight hidden layers";
    figure->x_label = "hidden layers of 64 units";
    figure->y_label = "test accuracy, %";
    figure_add(figure, "sigmoid", DEPTHS);
    figure_add(figure, "ReLU", DEPTHS);
    return experiment_collect(setup, figure, 2, 1, depth_trial, error);
}

static bool depth_holds(const Figure *figure)
{
    const Series *sigmoid = &figure->series[0], *relu = &figure->series[1];
    return sigmoid->mean[0] - last_of(sigmoid) > 20 && relu->mean[0] - last_of(relu) < 10;
}

const Experiment experiment_depth = {
    .name = "depth",
    .should =
        "with sigmoids eight layers learn far less than one in the same time; with ReLUs they "
        "keep up",
    .examples = 2000,
    .epochs = 10,
    .run = depth_run,
    .holds = depth_holds,
};

/* ---- initialisation ---- */

enum { STACK = 4, STACK_UNITS = 100 };

static bool initialisation_trial(const Trial *trial, int variant, double *y)
{
    static const NnInit inits[] = {NN_INIT_SMALL, NN_INIT_GLOROT, NN_INIT_HE, NN_INIT_GLOROT};
    char layers[TRIAL_TEXT];
    Student student;
    Recipe recipe = trial_recipe(trial);
    recipe.init = inits[variant];
    recipe.optimiser = (NnOptimiser){.kind = NN_SGD, .learning_rate = 0.05, .momentum = 0.9};
    deep_layers(layers, STACK, STACK_UNITS, "sigmoid");
    if (!student_begin(&student, trial, layers, &recipe))
        return false;
    const PretrainRule rule = pretrain_default(PRETRAIN_RBM);
    const bool begun = variant < 3 || pretrain(student.network, trial->train, &rule, trial->seed,
                                               NULL, trial->error);
    for (int epoch = 0; begun && epoch < recipe.epochs; epoch++)
        y[epoch] = learner_epoch(student.learner);
    student_end(&student);
    return begun;
}

static bool initialisation_run(const Experiment *experiment, const ExperimentSetup *setup,
                               Figure *figure, Error *error)
{
    (void)experiment;
    figure->title = "Where four layers of sigmoids begin";
    figure->x_label = "epoch";
    figure->y_label = "training loss (cross-entropy)";
    figure_add(figure, "random, 0.01", setup->epochs);
    figure_add(figure, "Glorot", setup->epochs);
    figure_add(figure, "He", setup->epochs);
    figure_add(figure, "pre-trained (RBM)", setup->epochs);
    return experiment_collect(setup, figure, 4, 1, initialisation_trial, error);
}

/* log 10 = 2.303 is the loss of who knows nothing. */
static bool initialisation_holds(const Figure *figure)
{
    const Series *s = figure->series;
    const double best = fmin(s[1].mean[0], s[2].mean[0]);
    return last_of(&s[0]) > 2.25 && s[3].mean[0] + s[3].ci95[0] < best &&
           last_of(&s[3]) < last_of(&s[0]) - 1;
}

const Experiment experiment_initialisation = {
    .name = "initialisation",
    .should = "from small random weights a deep network of sigmoids does not learn at all; "
              "pre-trained it learns from the first epoch, before Glorot's and He's weights do",
    .examples = 2000,
    .epochs = 20,
    .run = initialisation_run,
    .holds = initialisation_holds,
};
