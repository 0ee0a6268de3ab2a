#include "rl/statistics.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void sort(double *values, int count)
{
    qsort(values, (size_t)count, sizeof values[0], compare);
}

static double mean_of(const double *values, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += values[i];
    return sum / count;
}

static double median_of_sorted(const double *values, int count)
{
    return 0.5 * (values[(count - 1) / 2] + values[count / 2]);
}

static int total_of(const StatisticsSample *sample)
{
    int total = 0;
    for (int i = 0; i < sample->strata; i++)
        total += sample->counts[i];
    return total;
}

StatisticsPoint statistics_point(const StatisticsSample *sample, double *scratch)
{
    const int total = total_of(sample), cut = total / 4;
    const int strata = sample->strata;
    double means[STATISTICS_STRATA_MAX];
    assert(strata >= 1 && strata <= STATISTICS_STRATA_MAX);
    const double *values = sample->values;
    for (int i = 0; i < strata; values += sample->counts[i++])
        means[i] = mean_of(values, sample->counts[i]);
    StatisticsPoint point = {.mean = mean_of(means, strata)};
    memcpy(scratch, sample->values, (size_t)total * sizeof scratch[0]);
    sort(scratch, total);
    sort(means, strata);
    point.iqm = mean_of(scratch + cut, total - 2 * cut);
    point.median = strata == 1 ? median_of_sorted(scratch, total) : median_of_sorted(means, strata);
    return point;
}

/* Of the mean of means: sqrt(sum of squared standard errors) / strata. */
static double standard_error(const StatisticsSample *sample)
{
    const double *values = sample->values;
    double sum = 0;
    for (int i = 0; i < sample->strata; values += sample->counts[i++]) {
        const int count = sample->counts[i];
        const double mean = mean_of(values, count);
        double squares = 0;
        for (int j = 0; j < count; j++)
            squares += (values[j] - mean) * (values[j] - mean);
        if (count > 1)
            sum += squares / (count - 1) / count;
    }
    return sqrt(sum) / sample->strata;
}

static void resample(const StatisticsSample *sample, Random *random, double *drawn)
{
    const double *values = sample->values;
    for (int i = 0; i < sample->strata; values += sample->counts[i++])
        for (int j = 0; j < sample->counts[i]; j++)
            *drawn++ = values[random_below(random, (uint32_t)sample->counts[i])];
}

/* Between the two nearest of the sorted values, linearly. */
static double quantile(const double *sorted, double part)
{
    const double place = part * (STATISTICS_RESAMPLES - 1);
    const int below = (int)place;
    return sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
}

static void interval(double *values, double *low, double *high)
{
    sort(values, STATISTICS_RESAMPLES);
    *low = quantile(values, 0.025);
    *high = quantile(values, 0.975);
}

Statistics statistics_of(const StatisticsSample *sample, Random *random, double *scratch)
{
    double mean[STATISTICS_RESAMPLES], median[STATISTICS_RESAMPLES], iqm[STATISTICS_RESAMPLES];
    double *drawn = scratch + total_of(sample);
    const StatisticsSample again = {drawn, sample->counts, sample->strata};
    Statistics statistics = {.point = statistics_point(sample, scratch),
                             .standard_error = standard_error(sample)};
    for (int i = 0; i < STATISTICS_RESAMPLES; i++) {
        resample(sample, random, drawn);
        const StatisticsPoint point = statistics_point(&again, scratch);
        mean[i] = point.mean;
        median[i] = point.median;
        iqm[i] = point.iqm;
    }
    interval(mean, &statistics.low.mean, &statistics.high.mean);
    interval(median, &statistics.low.median, &statistics.high.median);
    interval(iqm, &statistics.low.iqm, &statistics.high.iqm);
    return statistics;
}
