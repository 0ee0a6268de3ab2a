/*
 * chart.h - curves as inline SVG: lines over frames or minutes, each with a band where it has one.
 *
 * Colours and sizes of letters come from the page's style sheet (style.css), so that a chart
 * follows the page's theme and width. Points can be pointed at: each says its values in a <title>.
 */
#ifndef DEEPQ_REPORT_CHART_H
#define DEEPQ_REPORT_CHART_H

#include "report/series.h"
#include "report/text.h"

typedef struct {
    const char *name; /* for the legend and the titles */
    const SeriesPoint *points;
    int count;
    bool dashed;
} ChartLine;

enum { CHART_LINES_MAX = 32, CHART_COLOURS = 6 }; /* more lines than colours: they begin anew */

typedef struct {
    const char *title;               /* "Score": a heading, and in the alternative text */
    const char *note;                /* a sentence beneath; NULL: none */
    const char *x_name;              /* "frames" */
    bool wide;                       /* over the page's whole width */
    ChartLine line[CHART_LINES_MAX]; /* those with a count of 0 are left out */
} Chart;

/* Add a <figure>. A chart without any value says so. */
void chart_add(Text *page, const Chart *chart);

enum { CHART_NUMBER_BYTES = 32 };

/* "0", "0.025", "42.6", "12.5k", "1.2M": four digits at most. Returns `text`. */
const char *chart_number(char text[CHART_NUMBER_BYTES], double value);

#endif
