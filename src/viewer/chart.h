/*
 * chart.h - lines with their intervals over common axes, as a picture.
 *
 *     +------------------------------------+
 *     | title                              |
 *     | y label                            |
 *     | 2.3 |\____   bands from low to high|   one colour a line, its label behind it below
 *     |     |     \___                     |
 *     | 0.1 +----------------              |
 *     |     1   x label    20              |
 *     | -- one  -- two                     |
 *     +------------------------------------+
 *
 * Ticks are at 1, 2 or 5 times powers of ten. Points that are no finite numbers are left out.
 * Labels stand side by side where all of them fit, else one below the other; one that is wider than
 * the box ends with dots.
 */
#ifndef DEEPQ_VIEWER_CHART_H
#define DEEPQ_VIEWER_CHART_H

#include "viewer/picture.h"

enum { CHART_LINES_MAX = 8 };

typedef struct {
    const char *label;
    int points;
    const double *x, *y;
    const double *low, *high; /* of the band; NULL, or a NaN at a point: none */
} ChartLine;

typedef struct {
    const char *title, *x_label, *y_label;
    int line_count;
    ChartLine line[CHART_LINES_MAX];
} Chart;

/* Draw into a box of the picture, on white. */
void chart_draw(Picture *picture, Box box, const Chart *chart);

#endif
