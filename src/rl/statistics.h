/*
 * statistics.h - what may be said of few scores: of games, or of runs that differ by their seed.
 *
 * Scores come in strata, one for each game, of a score for each run:
 *
 *     values   a a a | b b b b | c c c        counts 3, 4, 3
 *
 *     mean     of the strata's means
 *     median   of one stratum its median; of several the median of their means, as the papers have
 *              it
 *     iqm      interquartile mean: without the floor(n / 4) lowest and as many highest of all n
 *              values, whatever their stratum [Agarwal2021]
 *
 * The mean of many games hangs on one or two of them, the median on none but the middle; the
 * interquartile mean has less of either fault. Intervals are of 95 %, by the percentile bootstrap:
 * the runs are drawn again, with replacement, within each stratum [Efron1979], [Agarwal2021].
 */
#ifndef DEEPQ_RL_STATISTICS_H
#define DEEPQ_RL_STATISTICS_H

#include "base/random.h"

enum { STATISTICS_RESAMPLES = 2000, STATISTICS_STRATA_MAX = 256 };

typedef struct {
    const double *values; /* not owned */
    const int *counts;    /* of each stratum, at least 1 */
    int strata;           /* 1 .. STATISTICS_STRATA_MAX */
} StatisticsSample;

typedef struct {
    double mean, median, iqm;
} StatisticsPoint;

typedef struct {
    StatisticsPoint point;
    StatisticsPoint low, high; /* of the intervals; those of the point where no stratum has two */
    double standard_error;     /* of the mean, by the variances within the strata; 0 for one value
                                */
} Statistics;

/* Each stratum is sorted into `scratch`: as many doubles as there are values. */
StatisticsPoint statistics_point(const StatisticsSample *sample, double *scratch);

/* All of it. `scratch`: twice as many doubles as there are values. */
Statistics statistics_of(const StatisticsSample *sample, Random *random, double *scratch);

#endif
