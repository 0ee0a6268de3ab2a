/*
 * series.h - what is drawn of a recipe: a column of its runs' tables, epoch by epoch.
 *
 * A point is the mean of the recipe's runs, at the mean of their places, and its band goes from the
 * lowest to the highest; of an epoch that not all have reached it is the mean of those that have.
 */
#ifndef DEEPQ_REPORT_SERIES_H
#define DEEPQ_REPORT_SERIES_H

#include "report/recipes.h"

typedef struct {
    double x;         /* frames or minutes, not less than the one before */
    double y;         /* NaN: a gap */
    double low, high; /* of the band; NaN: none here */
} SeriesPoint;

typedef struct {
    const char *column;
    bool of_timing;    /* else of metrics */
    bool over_minutes; /* else over frames */
    const char *ci95;  /* the column of an only run's band; NULL: none */
} Series;

/* As many as the longest of its runs has: the points that series_fill needs room for. */
int series_epochs(const Recipe *recipe);

/* Returns how many points there are. Epochs without a place (nobody timed them) are left out, and
 * so are those that lie before the one before: of runs that ended early the slowest may be. */
int series_fill(SeriesPoint *points, const Recipe *recipe, const Series *series);

#endif
