#include "report/curves.h"

#include <stdio.h>
#include <stdlib.h>

#include "report/chart.h"

enum { NOTE_BYTES = 200 };

typedef struct {
    Series series;
    const char *title, *name, *note;
} Drawing;

static const Drawing score = {
    {"eval_mean_score", false, false, "eval_ci95"}, "Score", "evaluation", NULL};

static const Drawing others[] = {
    {{"heldout_q", false, false, NULL},
     "Mean maximal Q",
     "held-out Q",
     "Of states set aside before learning: what the agent expects of the best action."},
    {{"mean_loss", false, false, NULL}, "Loss", "loss", "Mean over an epoch's updates."},
    {{"epsilon", false, false, NULL},
     "Epsilon",
     "epsilon",
     "The probability of a random action in training."},
    {{"frames_per_second", true, false, NULL},
     "Frames a second",
     "frames/s",
     "Of the emulator; learning and evaluating included."},
    {{"dead_units", false, false, NULL},
     "Dead units",
     "part of the last hidden layer",
     "ReLUs that none of the states set aside excites: what is 0 everywhere has no gradient."},
};

/* Whether a run's tables have it: those of earlier programs lack a column. */
static bool is_there(const Recipes *recipes, const Drawing *drawing)
{
    for (int i = 0; i < recipes->count; i++)
        for (int k = 0; k < recipes->recipe[i].count; k++) {
            const SubjectRun *run = recipes->recipe[i].run[k];
            if (table_column(&run->metrics, drawing->series.column) != NULL ||
                table_column(&run->timing, drawing->series.column) != NULL)
                return true;
        }
    return false;
}

/* A line for each recipe. `points`: room for all. */
static void add_drawing(Text *page, const Recipes *recipes, const Drawing *drawing, bool wide,
                        SeriesPoint *points)
{
    Chart chart = {.title = drawing->title,
                   .note = drawing->note,
                   .x_name = drawing->series.over_minutes ? "minutes" : "frames",
                   .wide = wide};
    for (int i = 0; i < recipes->count; i++) {
        const Recipe *recipe = &recipes->recipe[i];
        const int count = series_fill(points, recipe, &drawing->series);
        const char *name = recipes->count > 1 ? recipe->name : drawing->name;
        chart.line[i] = (ChartLine){name, points, count, false};
        points += count;
    }
    chart_add(page, &chart);
}

static void add_comparison(Text *page, const Recipes *recipes, SeriesPoint *points)
{
    Drawing drawing = score;
    char note[NOTE_BYTES], protocol[RECIPES_PROTOCOL_BYTES];
    snprintf(note, sizeof note,
             "Evaluations, %s: of each recipe the mean of its runs; the band goes from the lowest "
             "to the highest.",
             recipes_protocol(protocol, recipes));
    drawing.series.ci95 = NULL;
    drawing.note = note;
    add_drawing(page, recipes, &drawing, true, points);
    drawing.series.over_minutes = true;
    drawing.note = "The same by the clock, on the machines and with the threads that the runs had.";
    add_drawing(page, recipes, &drawing, true, points);
}

static void add_score(Text *page, const Recipes *recipes, SeriesPoint *points)
{
    static const Series recent = {"mean_score_100_games", false, false, NULL};
    const Recipe *recipe = &recipes->recipe[0];
    char note[NOTE_BYTES], protocol[RECIPES_PROTOCOL_BYTES];
    snprintf(note, sizeof note, "Evaluations, %s. %s", recipes_protocol(protocol, recipes),
             recipe->count > 1 ? "Mean of the runs; the band goes from the lowest to the highest."
                               : "The band is the 95 % interval of the mean.");
    Chart chart = {
        .title = score.title,
        .note = note,
        .x_name = "frames",
        .wide = true,
    };
    const int count = series_fill(points, recipe, &score.series);
    chart.line[0] = (ChartLine){score.name, points, count, false};
    chart.line[1] = (ChartLine){"last 100 games of training", points + count,
                                series_fill(points + count, recipe, &recent), true};
    chart_add(page, &chart);
}

bool curves_add(Text *page, const Recipes *recipes, Error *error)
{
    size_t epochs = 0;
    for (int i = 0; i < recipes->count; i++)
        epochs += (size_t)series_epochs(&recipes->recipe[i]);
    SeriesPoint *points = malloc((2 * epochs + 1) * sizeof *points);
    if (points == NULL)
        return error_work(error, "no memory for the curves of %zu epochs", epochs);
    text_add_plain(page, "<div class=\"charts\">\n");
    if (recipes->count > 1)
        add_comparison(page, recipes, points);
    else
        add_score(page, recipes, points);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (is_there(recipes, &others[i]))
            add_drawing(page, recipes, &others[i], false, points);
    text_add_plain(page, "</div>\n");
    free(points);
    return true;
}
