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

double statistic_mean(double *values, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += values[i];
    return sum / count;
}

double statistic_median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare);
    return 0.5 * (values[(count - 1) / 2] + values[count / 2]);
}

double statistic_iqm(double *values, int count)
{
    const int out = count / 4;
    qsort(values, (size_t)count, sizeof *values, compare);
    return statistic_mean(values + out, count - 2 * out);
}

double standard_error(const double *values, int count)
{
    double sum = 0, squares = 0;
    if (count < 2)
        return 0;
    for (int i = 0; i < count; i++)
        sum += values[i];
    for (int i = 0; i < count; i++)
        squares += (values[i] - sum / count) * (values[i] - sum / count);
    return sqrt(squares / (count - 1) / count);
}

/* One draw of all strata; returns how many values. */
static int draw(const StrataScores *scores, double *drawn, Random *random)
{
    int count = 0;
    for (int game = 0; game < scores->games; game++) {
        const double *of_game = scores->values + count;
        const int runs = scores->runs[game];
        for (int i = 0; i < runs; i++)
            drawn[count + i] = of_game[random_below(random, (uint32_t)runs)];
        count += runs;
    }
    return count;
}

/* The value at part `part` of the sorted ones, between two of them in proportion. */
static double percentile(const double *sorted, int count, double part)
{
    const double place = part * (count - 1);
    const int below = (int)place, above = below + 1 < count ? below + 1 : below;
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

StatisticInterval bootstrap(const StrataScores *scores, Statistic *statistic, Random *random)
{
    double values[BOOTSTRAP_VALUES_MAX], draws[BOOTSTRAP_DRAWS];
    int count = 0;
    for (int game = 0; game < scores->games; game++)
        count += scores->runs[game];
    assert(count >= 1 && count <= BOOTSTRAP_VALUES_MAX);
    for (int i = 0; i < BOOTSTRAP_DRAWS; i++) {
        draw(scores, values, random);
        draws[i] = statistic(values, count);
    }
    qsort(draws, BOOTSTRAP_DRAWS, sizeof draws[0], compare);
    memcpy(values, scores->values, (size_t)count * sizeof *values);
    return (StatisticInterval){statistic(values, count), percentile(draws, BOOTSTRAP_DRAWS, 0.025),
                               percentile(draws, BOOTSTRAP_DRAWS, 0.975)};
}
