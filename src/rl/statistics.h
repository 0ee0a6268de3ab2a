/*
 * statistics.h - what a handful of scores say, with intervals [Agarwal2021].
 *
 * The interquartile mean is the mean of the middle half: of n sorted values without the lowest and
 * the highest floor(n/4). It is harder to upset than the mean and says more than the median.
 *
 * An interval by bootstrap: draw as many runs as there are, with replacement, within each game by
 * itself (the games are the strata), and take the statistic of all of them; of many such draws the
 * middle 95 %.
 */
#ifndef DEEPQ_RL_STATISTICS_H
#define DEEPQ_RL_STATISTICS_H

#include "base/random.h"

typedef double Statistic(double *values, int count); /* may sort the values; count >= 1 */

double statistic_mean(double *values, int count);
double statistic_median(double *values, int count);
double statistic_iqm(double *values, int count);

/* Deviation of the mean: the values' own, divided by the root of their number; 0 for one value. */
double standard_error(const double *values, int count);

/* Values of runs, those of a game beside each other. */
typedef struct {
    const double *values;
    const int *runs; /* of each game */
    int games;
} StrataScores;

typedef struct {
    double value;     /* of all the values */
    double low, high; /* the 2.5 % and 97.5 % points */
} StatisticInterval;

enum { BOOTSTRAP_DRAWS = 2000, BOOTSTRAP_VALUES_MAX = 4096 };

/* At most BOOTSTRAP_VALUES_MAX values; at least one of each game. */
StatisticInterval bootstrap(const StrataScores *scores, Statistic *statistic, Random *random);

#endif
