#include "cli/learn.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/options.h"
#include "learn/experiments.h"
#include "run/json.h"
#include "viewer/chart.h"
#include "viewer/png.h"

enum { SEEDS = 5, TEST_EXAMPLES = 2000, CHART_WIDTH = 900, CHART_HEIGHT = 640 };

static bool go_on(void *context)
{
    const LearnPlan *plan = context;
    if (!plan->json && !plan->quiet)
        fputc('.', stderr);
    return !learn_stop_asked;
}

/* ---- the figure ---- */

typedef struct {
    double low[FIGURE_POINTS_MAX], high[FIGURE_POINTS_MAX];
} Band;

static void fill_band(Band *band, const Series *series)
{
    for (int i = 0; i < series->points; i++) {
        band->low[i] = series->mean[i] - series->ci95[i];
        band->high[i] = series->mean[i] + series->ci95[i];
    }
}

/* Lines of loss over x, or over the seconds that come behind each series, with their intervals. */
static Chart chart_of(const Figure *figure, bool over_seconds, Band bands[FIGURE_SERIES_MAX])
{
    Chart chart = {.title = figure->title,
                   .x_label = over_seconds ? "seconds" : figure->x_label,
                   .y_label = figure->y_label};
    const int step = figure->timed ? 2 : 1;
    for (int s = 0; s < figure->series_count; s += step) {
        const Series *series = &figure->series[s];
        fill_band(&bands[s], series);
        chart.line[chart.line_count++] =
            (ChartLine){series->label, series->points, over_seconds ? series[1].mean : series->x,
                        series->mean,  bands[s].low,   bands[s].high};
    }
    return chart;
}

static bool draw_figure(const Figure *figure, const char *path, Error *error)
{
    const int panels = figure->timed ? 2 : 1;
    Picture *picture = picture_create(panels * CHART_WIDTH, CHART_HEIGHT, error);
    if (picture == NULL)
        return false;
    for (int p = 0; p < panels; p++) {
        static Band bands[FIGURE_SERIES_MAX]; /* 16 KB: too much for the stack */
        const Chart chart = chart_of(figure, p == 1, bands);
        chart_draw(picture, (Box){p * CHART_WIDTH, 0, CHART_WIDTH, CHART_HEIGHT}, &chart);
    }
    const bool done = png_save(path, picture, error);
    picture_destroy(picture);
    return done;
}

/* ---- words ---- */

static void print_figure(const Figure *figure)
{
    printf("\n%s\n%s\n\n%-26s", figure->title, figure->y_label, figure->x_label);
    const Series *first = &figure->series[0];
    const int step = first->points > 8 ? (first->points + 7) / 8 : 1;
    const int begin = (first->points - 1) % step;
    for (int i = begin; i < first->points; i += step)
        printf(" %13g", first->x[i]);
    for (int s = 0; s < figure->series_count; s += figure->timed ? 2 : 1) {
        const Series *series = &figure->series[s];
        printf("\n%-26.26s", series->label);
        for (int i = begin; i < series->points; i += step)
            printf(" %6.2f +-%5.2f", series->mean[i], series->ci95[i]);
        if (figure->timed)
            printf("  in %.2f s", series[1].mean[series->points - 1]);
    }
    printf("\n\n");
}

static cJSON *numbers(const double *values, int count)
{
    return cJSON_CreateDoubleArray(values, count);
}

static bool print_json(const Experiment *experiment, const Figure *figure, Error *error)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "experiment", experiment->name);
    cJSON_AddBoolToObject(object, "seen", experiment->holds(figure));
    cJSON *list = cJSON_AddArrayToObject(object, "series");
    for (int s = 0; s < figure->series_count; s++) {
        const Series *series = &figure->series[s];
        cJSON *row = cJSON_CreateObject();
        cJSON_AddStringToObject(row, "label", series->label);
        cJSON_AddItemToObject(row, "x", numbers(series->x, series->points));
        cJSON_AddItemToObject(row, "mean", numbers(series->mean, series->points));
        cJSON_AddItemToObject(row, "ci95", numbers(series->ci95, series->points));
        cJSON_AddItemToArray(list, row);
    }
    char *text = json_text(object, false, error);
    if (text == NULL)
        return false;
    fputs(text, stdout);
    free(text);
    return true;
}

static bool tell(const Experiment *experiment, const Figure *figure, const LearnPlan *plan,
                 const char *output, Error *error)
{
    if (!plan->json) {
        print_figure(figure);
        printf("should be seen: %s\n%s\n", experiment->should,
               experiment->holds(figure) ? "it is seen" : "it is NOT seen");
    } else if (!print_json(experiment, figure, error)) {
        return false;
    }
    return output == NULL || draw_figure(figure, output, error);
}

/* ---- work ---- */

static bool check_request(const Experiment *experiment, const char *name, const LearnPlan *plan,
                          const char *output, Error *error)
{
    if (experiment == NULL)
        return error_input(error,
                           "there is no experiment '%.60s': there are vanishing, initialisation, "
                           "descent, dropout, prior, depth",
                           name);
    if (output != NULL && !file_ends_in(output, ".png"))
        return error_input(error, "'%s' should end with .png: a figure is a picture", output);
    if (plan->epochs_asked == 0)
        return error_input(error, "'--epochs' is 0: an experiment has at least 1");
    if (plan->folder != NULL || plan->weights != NULL)
        return error_input(error, "an experiment has neither '--run' nor '--init'");
    return true;
}

static bool run(const Experiment *experiment, const LearnPlan *plan, ExperimentSetup *setup,
                Figure *figure, Error *error)
{
    Data train = {0}, test = {0};
    const char *name = plan->data_name != NULL ? plan->data_name : "fashion-mnist";
    if (!data_load_named(&train, &test, name, error))
        return false;
    setup->train = &train;
    setup->test = &test;
    setup->test_examples = TEST_EXAMPLES < test.count ? TEST_EXAMPLES : test.count;
    bool done = setup->examples <= train.count ||
                error_input(error, "'%s' has %d examples to train with, fewer than %d", name,
                            train.count, setup->examples);
    setup->team = done ? parallel_create((int)plan->threads, error) : NULL;
    done = setup->team != NULL && experiment_run(experiment, setup, figure, error);
    parallel_destroy(setup->team);
    data_free(&train);
    data_free(&test);
    return done;
}

int learn_experiment(const char *name, const LearnPlan *plan, const char *output)
{
    static Figure figure; /* 25 KB: too much for the stack */
    const Experiment *experiment = experiment_find(name);
    Error error = {0};
    if (!check_request(experiment, name, plan, output, &error))
        return options_fail(&error);
    ExperimentSetup setup = {
        .seeds = SEEDS,
        .examples = plan->examples > 0 ? (int)plan->examples : experiment->examples,
        .epochs = plan->epochs_asked >= 0 ? plan->epochs_asked : experiment->epochs,
        .first_seed = (uint64_t)plan->seed,
        .clock = clock_seconds,
        .go_on = go_on,
        .context = (void *)plan,
    };
    if (setup.epochs > FIGURE_POINTS_MAX) {
        error_input(&error, "an experiment has at most %d epochs", (int)FIGURE_POINTS_MAX);
        return options_fail(&error);
    }
    if (run(experiment, plan, &setup, &figure, &error) &&
        tell(experiment, &figure, plan, output, &error))
        return STATUS_DONE;
    return learn_stop_asked ? STATUS_INTERRUPTED : options_fail(&error);
}
