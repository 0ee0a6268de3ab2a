#include "report/curves.h"

#include <math.h>
#include <stdlib.h>

#include "report/chart.h"

/* A column as a curve over frames. */
typedef struct {
    const char *column;
    bool of_timing;   /* else of metrics */
    const char *ci95; /* the column of a single run's band; NULL: none */
} Curve;

static const Table *table_of(const SubjectRun *run, const Curve *curve)
{
    return curve->of_timing ? &run->timing : &run->metrics;
}

/* A run that was killed and resumed has timed some epochs twice: the later row counts. NaN: none.
 */
static double value_at_epoch(const SubjectRun *run, const Curve *curve, const char *column,
                             int epoch)
{
    const Table *table = table_of(run, curve);
    if (!curve->of_timing)
        return subject_value(table, column, epoch);
    for (int row = table->rows - 1; row >= 0; row--)
        if (subject_value(table, "epoch", row) == epoch + 1)
            return subject_value(table, column, row);
    return NAN;
}

static ChartPoint point_at(const Subject *subject, const Curve *curve, int epoch)
{
    double frames = 0, sum = 0, low = INFINITY, high = -INFINITY;
    int runs = 0, values = 0;
    for (int i = 0; i < subject->count; i++) {
        const SubjectRun *run = &subject->run[i];
        const double x = value_at_epoch(run, curve, "frames", epoch);
        const double y = value_at_epoch(run, curve, curve->column, epoch);
        frames += isfinite(x) ? x : 0;
        runs += isfinite(x);
        if (isfinite(y)) {
            sum += y;
            values++;
            low = fmin(low, y);
            high = fmax(high, y);
        }
    }
    ChartPoint point = {frames / runs, sum / values, NAN, NAN};
    if (values > 1) {
        point.low = low;
        point.high = high;
    } else if (subject->count == 1 && curve->ci95 != NULL) {
        const double ci95 = value_at_epoch(&subject->run[0], curve, curve->ci95, epoch);
        point.low = point.y - ci95;
        point.high = point.y + ci95;
    }
    return point;
}

static int epochs_of(const Subject *subject)
{
    int most = 0;
    for (int i = 0; i < subject->count; i++)
        most = subject->run[i].metrics.rows > most ? subject->run[i].metrics.rows : most;
    return most;
}

/* Epochs without frames (nobody timed them) are left out. */
static int fill(ChartPoint *points, const Subject *subject, const Curve *curve, int epochs)
{
    int count = 0;
    for (int epoch = 0; epoch < epochs; epoch++) {
        points[count] = point_at(subject, curve, epoch);
        count += isfinite(points[count].x);
    }
    return count;
}

bool curves_add(Text *page, const Subject *subject, Error *error)
{
    static const Curve recent = {"mean_score_100_games", false, NULL};
    static const struct {
        Curve curve;
        const char *title, *name, *note;
    } charts[] = {
        {{"eval_mean_score", false, "eval_ci95"}, "Score", "evaluation", NULL},
        {{"heldout_q", false, NULL},
         "Mean maximal Q",
         "held-out Q",
         "Of states set aside before learning: what the agent expects of the best action."},
        {{"mean_loss", false, NULL}, "Loss", "loss", "Mean over an epoch's updates."},
        {{"epsilon", false, NULL},
         "Epsilon",
         "epsilon",
         "The probability of a random action in training."},
        {{"frames_per_second", true, NULL},
         "Frames a second",
         "frames/s",
         "Of the emulator; learning and evaluating included."},
    };
    const char *band = subject->count > 1
                           ? "Mean of the runs; the band goes from the lowest to the "
                             "highest."
                           : "The band is the 95 % interval of the mean.";
    const int epochs = epochs_of(subject);
    ChartPoint *points = malloc(2 * (size_t)epochs * sizeof *points + 1);
    if (points == NULL)
        return error_work(error, "no memory for the curves of %d epochs", epochs);
    text_add_plain(page, "<div class=\"charts\">\n");
    for (size_t i = 0; i < sizeof charts / sizeof charts[0]; i++) {
        const bool score = i == 0;
        Chart chart = {.title = charts[i].title,
                       .note = score ? band : charts[i].note,
                       .x_name = "frames",
                       .wide = score};
        chart.line[0] =
            (ChartLine){charts[i].name, points, fill(points, subject, &charts[i].curve, epochs)};
        if (score)
            chart.line[1] = (ChartLine){"last 100 games of training", points + epochs,
                                        fill(points + epochs, subject, &recent, epochs)};
        chart_add(page, &chart);
    }
    text_add_plain(page, "</div>\n");
    free(points);
    return true;
}
