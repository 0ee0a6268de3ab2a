#include "report/curves.h"

#include <math.h>
#include <stdlib.h>

#include "report/chart.h"

/* A column as a curve. */
typedef struct {
    const char *column;
    bool of_timing;    /* else of metrics */
    bool over_minutes; /* else over frames */
    const char *ci95;  /* the column of an only run's band; NULL: none */
} Curve;

/* A run that was killed and resumed has timed some epochs twice: the later row counts. NaN: none.
 */
static double timed(const SubjectRun *run, const char *column, int epoch)
{
    for (int row = run->timing.rows - 1; row >= 0; row--)
        if (subject_value(&run->timing, "epoch", row) == epoch + 1)
            return subject_value(&run->timing, column, row);
    return NAN;
}

static double value_at(const SubjectRun *run, const Curve *curve, const char *column, int epoch)
{
    return curve->of_timing ? timed(run, column, epoch)
                            : subject_value(&run->metrics, column, epoch);
}

static double place_of(const SubjectRun *run, const Curve *curve, int epoch)
{
    return curve->over_minutes ? timed(run, "seconds", epoch) / 60
                               : value_at(run, curve, "frames", epoch);
}

static ChartPoint point_at(const Recipe *recipe, const Curve *curve, int epoch)
{
    double place = 0, sum = 0, low = INFINITY, high = -INFINITY;
    int runs = 0, values = 0;
    for (int i = 0; i < recipe->count; i++) {
        const double x = place_of(recipe->run[i], curve, epoch);
        const double y = value_at(recipe->run[i], curve, curve->column, epoch);
        place += isfinite(x) ? x : 0;
        runs += isfinite(x);
        if (isfinite(y)) {
            sum += y;
            values++;
            low = fmin(low, y);
            high = fmax(high, y);
        }
    }
    ChartPoint point = {place / runs, sum / values, NAN, NAN};
    if (values > 1) {
        point.low = low;
        point.high = high;
    } else if (recipe->count == 1 && curve->ci95 != NULL) {
        const double ci95 = value_at(recipe->run[0], curve, curve->ci95, epoch);
        point.low = point.y - ci95;
        point.high = point.y + ci95;
    }
    return point;
}

static int epochs_of(const Recipe *recipe)
{
    int most = 0;
    for (int i = 0; i < recipe->count; i++)
        most = recipe->run[i]->metrics.rows > most ? recipe->run[i]->metrics.rows : most;
    return most;
}

/* Epochs without a place (nobody timed them) are left out, and so are those that lie before the one
 * before: of runs that ended early the slowest may be. */
static int fill(ChartPoint *points, const Recipe *recipe, const Curve *curve)
{
    int count = 0;
    for (int epoch = 0; epoch < epochs_of(recipe); epoch++) {
        points[count] = point_at(recipe, curve, epoch);
        count +=
            isfinite(points[count].x) && (count == 0 || points[count].x >= points[count - 1].x);
    }
    return count;
}

/* ---- the charts ---- */

typedef struct {
    Curve curve;
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
};

/* A line for each recipe. `points`: room for all. */
static void add_drawing(Text *page, const Recipes *recipes, const Drawing *drawing, bool wide,
                        ChartPoint *points)
{
    Chart chart = {.title = drawing->title,
                   .note = drawing->note,
                   .x_name = drawing->curve.over_minutes ? "minutes" : "frames",
                   .wide = wide};
    for (int i = 0; i < recipes->count; i++) {
        const Recipe *recipe = &recipes->recipe[i];
        const int count = fill(points, recipe, &drawing->curve);
        const char *name = recipes->count > 1 ? recipe->name : drawing->name;
        chart.line[i] = (ChartLine){name, points, count, false};
        points += count;
    }
    chart_add(page, &chart);
}

static void add_comparison(Text *page, const Recipes *recipes, ChartPoint *points)
{
    Drawing drawing = score;
    drawing.curve.ci95 = NULL;
    drawing.note =
        "Evaluations: of each recipe the mean of its runs; the band goes from the lowest "
        "to the highest.";
    add_drawing(page, recipes, &drawing, true, points);
    drawing.curve.over_minutes = true;
    drawing.note = "The same by the clock, on the machines and with the threads that the runs had.";
    add_drawing(page, recipes, &drawing, true, points);
}

static void add_score(Text *page, const Recipe *recipe, ChartPoint *points)
{
    static const Curve recent = {"mean_score_100_games", false, false, NULL};
    Chart chart = {
        .title = score.title,
        .note = recipe->count > 1
                    ? "Mean of the runs; the band goes from the lowest to the highest."
                    : "The band is the 95 % interval of the mean.",
        .x_name = "frames",
        .wide = true,
    };
    const int count = fill(points, recipe, &score.curve);
    chart.line[0] = (ChartLine){score.name, points, count, false};
    chart.line[1] = (ChartLine){"last 100 games of training", points + count,
                                fill(points + count, recipe, &recent), true};
    chart_add(page, &chart);
}

bool curves_add(Text *page, const Recipes *recipes, Error *error)
{
    size_t epochs = 0;
    for (int i = 0; i < recipes->count; i++)
        epochs += (size_t)epochs_of(&recipes->recipe[i]);
    ChartPoint *points = malloc((2 * epochs + 1) * sizeof *points);
    if (points == NULL)
        return error_work(error, "no memory for the curves of %zu epochs", epochs);
    text_add_plain(page, "<div class=\"charts\">\n");
    if (recipes->count > 1)
        add_comparison(page, recipes, points);
    else
        add_score(page, &recipes->recipe[0], points);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        add_drawing(page, recipes, &others[i], false, points);
    text_add_plain(page, "</div>\n");
    free(points);
    return true;
}
