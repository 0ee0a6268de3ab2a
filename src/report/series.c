#include "report/series.h"

#include <math.h>

/* A run that was killed and resumed has timed some epochs twice: the later row counts. NaN: none.
 */
static double timed(const SubjectRun *run, const char *column, int epoch)
{
    for (int row = run->timing.rows - 1; row >= 0; row--)
        if (subject_value(&run->timing, "epoch", row) == epoch + 1)
            return subject_value(&run->timing, column, row);
    return NAN;
}

static double value_at(const SubjectRun *run, const Series *series, const char *column, int epoch)
{
    return series->of_timing ? timed(run, column, epoch)
                             : subject_value(&run->metrics, column, epoch);
}

static double place_of(const SubjectRun *run, const Series *series, int epoch)
{
    return series->over_minutes ? timed(run, "seconds", epoch) / 60
                                : value_at(run, series, "frames", epoch);
}

static SeriesPoint point_at(const Recipe *recipe, const Series *series, int epoch)
{
    double place = 0, sum = 0, low = INFINITY, high = -INFINITY;
    int runs = 0, values = 0;
    for (int i = 0; i < recipe->count; i++) {
        const double x = place_of(recipe->run[i], series, epoch);
        const double y = value_at(recipe->run[i], series, series->column, epoch);
        place += isfinite(x) ? x : 0;
        runs += isfinite(x);
        if (isfinite(y)) {
            sum += y;
            values++;
            low = fmin(low, y);
            high = fmax(high, y);
        }
    }
    SeriesPoint point = {place / runs, sum / values, NAN, NAN};
    if (values > 1) {
        point.low = low;
        point.high = high;
    } else if (recipe->count == 1 && series->ci95 != NULL) {
        const double ci95 = value_at(recipe->run[0], series, series->ci95, epoch);
        point.low = point.y - ci95;
        point.high = point.y + ci95;
    }
    return point;
}

int series_epochs(const Recipe *recipe)
{
    int most = 0;
    for (int i = 0; i < recipe->count; i++)
        most = recipe->run[i]->metrics.rows > most ? recipe->run[i]->metrics.rows : most;
    return most;
}

int series_fill(SeriesPoint *points, const Recipe *recipe, const Series *series)
{
    int count = 0;
    for (int epoch = 0; epoch < series_epochs(recipe); epoch++) {
        points[count] = point_at(recipe, series, epoch);
        count +=
            isfinite(points[count].x) && (count == 0 || points[count].x >= points[count - 1].x);
    }
    return count;
}
