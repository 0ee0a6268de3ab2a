/*
 * The claims of docs/deep-learning.md, small: fewer examples, seeds and epochs. Each fails where
 * its effect is not there. Skipped where Debian's fashion-mnist is not installed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "learn/experiments.h"

static Data train_data, test_data;
static Parallel *team;

static int load(void **unused)
{
    (void)unused;
    Error error = {0};
    team = parallel_create(2, &error);
    if (!data_load_named(&train_data, &test_data, "fashion-mnist", &error))
        print_message("skipped: %s\n", error.text);
    return team != NULL ? 0 : -1;
}

static int unload(void **unused)
{
    (void)unused;
    parallel_destroy(team);
    data_free(&train_data);
    data_free(&test_data);
    return 0;
}

static void hold(const char *name, int seeds, int examples, int epochs)
{
    static Figure figure;
    const Experiment *experiment = experiment_find(name);
    Error error = {0};
    assert_non_null(experiment);
    if (train_data.count == 0)
        skip();
    const ExperimentSetup setup = {.train = &train_data,
                                   .test = &test_data,
                                   .seeds = seeds,
                                   .examples = examples,
                                   .test_examples = 1000,
                                   .epochs = epochs,
                                   .first_seed = 1,
                                   .team = team};
    if (!experiment_run(experiment, &setup, &figure, &error))
        fail_msg("%s", error.text);
    if (experiment->holds(&figure))
        return;
    for (int s = 0; s < figure.series_count; s++) {
        const Series *series = &figure.series[s];
        print_message("%s: begins at %g +- %g, ends at %g +- %g\n", series->label, series->mean[0],
                      series->ci95[0], series->mean[series->points - 1],
                      series->ci95[series->points - 1]);
    }
    fail_msg("not seen: %s", experiment->should);
}

static void gradients_fade_beneath_sigmoids_and_not_beneath_relus(void **unused)
{
    (void)unused;
    hold("vanishing", 3, 100, 1);
}

static void pretrained_layers_learn_where_small_random_weights_do_not(void **unused)
{
    (void)unused;
    hold("initialisation", 3, 500, 6);
}

static void momentum_and_adam_are_faster_than_plain_descent(void **unused)
{
    (void)unused;
    hold("descent", 2, 1000, 4);
}

static void dropout_narrows_the_gap_between_training_and_test(void **unused)
{
    (void)unused;
    hold("dropout", 2, 1000, 30);
}

static void convolutions_know_that_neighbours_belong_together(void **unused)
{
    (void)unused;
    hold("prior", 2, 2000, 5);
}

static void more_layers_of_sigmoids_are_worse_and_of_relus_are_not(void **unused)
{
    (void)unused;
    hold("depth", 2, 600, 8);
}

/* Values 1 to 5: mean 3, deviation sqrt(5/2), t(4) = 2.776. */
static void intervals_are_students(void **unused)
{
    (void)unused;
    const double values[] = {4, 1, 5, 2, 3};
    assert_true(fabs(interval95(values, 5) - 2.776 * sqrt(2.5 / 5)) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_fade_beneath_sigmoids_and_not_beneath_relus),
        cmocka_unit_test(pretrained_layers_learn_where_small_random_weights_do_not),
        cmocka_unit_test(momentum_and_adam_are_faster_than_plain_descent),
        cmocka_unit_test(dropout_narrows_the_gap_between_training_and_test),
        cmocka_unit_test(convolutions_know_that_neighbours_belong_together),
        cmocka_unit_test(more_layers_of_sigmoids_are_worse_and_of_relus_are_not),
        cmocka_unit_test(intervals_are_students),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
