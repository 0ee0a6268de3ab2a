#include "report/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* In units of the viewBox; the sheet gives letters about 15 of them. */
enum { WIDTH = 640, LEFT = 74, RIGHT = 18, TOP = 14, BOTTOM = 44, HEIGHT = 280, HEIGHT_WIDE = 300 };
enum { TICKS = 4, TITLES_MAX = 150, POINTS_MAX = 500 };

typedef struct {
    double low, high;
} Range;

typedef struct {
    Range x, y;
    int height;
} Frame;

const char *chart_number(char text[CHART_NUMBER_BYTES], double value)
{
    const double size = fabs(value);
    if (!isfinite(value))
        snprintf(text, CHART_NUMBER_BYTES, "-");
    else if (size >= 1e6)
        snprintf(text, CHART_NUMBER_BYTES, "%.4gM", value / 1e6);
    else if (size >= 1e4)
        snprintf(text, CHART_NUMBER_BYTES, "%.4gk", value / 1e3);
    else
        snprintf(text, CHART_NUMBER_BYTES, "%.4g", size < 1e-12 ? 0 : value);
    return text;
}

/* ---- ranges and ticks ---- */

static void widen(Range *range, double value)
{
    if (!isfinite(value))
        return;
    range->low = fmin(range->low, value);
    range->high = fmax(range->high, value);
}

/* 1, 2 or 5 times a power of ten that cuts the range into about TICKS pieces. */
static double step_of(Range range)
{
    const double rough = (range.high - range.low) / TICKS;
    const double power = pow(10, floor(log10(rough)));
    const double part = rough / power;
    return power * (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10);
}

/* As far as the next ticks at both ends. */
static Range snapped(Range range)
{
    const double step = step_of(range);
    return (Range){floor(range.low / step + 1e-9) * step, ceil(range.high / step - 1e-9) * step};
}

static Range padded(Range range)
{
    if (range.high - range.low <= 1e-9 * fmax(fabs(range.high), 1e-6)) {
        const double margin = range.high == 0 ? 1 : 0.1 * fabs(range.high);
        return (Range){range.low - margin, range.high + margin};
    }
    return snapped(snapped(range)); /* the first may change the step */
}

/* Bands are seen as far as a quarter of the lines' height beyond them: an interval of two games,
 * with t = 12.7, would leave nothing of the lines. */
static Range with_bands(Range y, const Chart *chart)
{
    const double margin = y.high > y.low ? (y.high - y.low) / 4 : fabs(y.high);
    const double low = y.low - margin, high = y.high + margin;
    for (int l = 0; l < CHART_LINES_MAX; l++)
        for (int i = 0; i < chart->line[l].count; i++) {
            const SeriesPoint *point = &chart->line[l].points[i];
            if (isfinite(point->low) && isfinite(point->high)) {
                widen(&y, fmax(point->low, low));
                widen(&y, fmin(point->high, high));
            }
        }
    return y;
}

/* False: there is no value. */
static bool frame_of(Frame *frame, const Chart *chart)
{
    Range x = {INFINITY, -INFINITY}, y = x;
    for (int l = 0; l < CHART_LINES_MAX; l++)
        for (int i = 0; i < chart->line[l].count; i++) {
            widen(&x, chart->line[l].points[i].x);
            widen(&y, chart->line[l].points[i].y);
        }
    if (!isfinite(x.low) || !isfinite(y.low))
        return false;
    y = with_bands(y, chart);
    widen(&x, 0);
    if (y.low > 0 && (y.low < 0.5 * y.high || y.low == y.high))
        y.low = 0; /* a curve that begins near zero, or stays where it is, is seen from zero */
    *frame = (Frame){padded(x), padded(y), chart->wide ? HEIGHT_WIDE : HEIGHT};
    frame->x.high = x.high > x.low ? x.high : frame->x.high;
    return true;
}

static double across(const Frame *frame, double x)
{
    return LEFT + (x - frame->x.low) / (frame->x.high - frame->x.low) * (WIDTH - LEFT - RIGHT);
}

static double down(const Frame *frame, double y)
{
    const double part = (y - frame->y.low) / (frame->y.high - frame->y.low);
    return frame->height - BOTTOM - part * (frame->height - BOTTOM - TOP);
}

static void add_axes(Text *page, const Frame *frame, const char *x_name)
{
    char number[CHART_NUMBER_BYTES];
    const double y_step = step_of(frame->y), x_step = step_of(frame->x);
    for (int i = 0; i <= 2 * TICKS; i++) {
        const double y = frame->y.low + i * y_step;
        if (y > frame->y.high + y_step / 1e6)
            break;
        text_add(page,
                 "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                 "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                 LEFT, WIDTH - RIGHT, down(frame, y), down(frame, y), LEFT - 8, down(frame, y) + 5,
                 chart_number(number, y));
    }
    const double first = ceil(frame->x.low / x_step - 1e-9) * x_step;
    for (int i = 0; i <= 2 * TICKS; i++) {
        const double x = first + i * x_step;
        if (x > frame->x.high + x_step / 1e6)
            break;
        text_add(page, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s%s%s</text>\n",
                 across(frame, x), frame->height - BOTTOM + 24, chart_number(number, x),
                 i == 0 ? " " : "", i == 0 ? x_name : "");
    }
}

/* ---- curves ---- */

/* Every how many points one is drawn: more than a page is wide would only cost bytes. */
static int stride_of(int count, int most)
{
    return count <= most ? 1 : (count + most - 1) / most;
}

static void add_band(Text *page, const Frame *frame, const ChartLine *line, int index)
{
    const int stride = stride_of(line->count, POINTS_MAX);
    bool any = false;
    for (int back = 0; back < 2; back++)
        for (int n = 0; n < line->count; n += stride) {
            const SeriesPoint *point =
                &line->points[back ? (line->count - 1) / stride * stride - n : n];
            if (!isfinite(point->low) || !isfinite(point->high))
                continue;
            if (!any)
                text_add(page, "<path class=\"band colour%d\" d=\"", index % CHART_COLOURS);
            const double edge = back ? point->low : point->high;
            text_add(page, "%s%.1f %.1f", any ? "L" : "M", across(frame, point->x),
                     down(frame, fmin(fmax(edge, frame->y.low), frame->y.high)));
            any = true;
        }
    if (any)
        text_add_plain(page, "Z\"/>\n");
}

static void add_line(Text *page, const Frame *frame, const ChartLine *line, int index)
{
    const int stride = stride_of(line->count, POINTS_MAX);
    bool pen_down = false;
    text_add(page, "<path class=\"line%s colour%d\" d=\"", line->dashed ? " dashed" : "",
             index % CHART_COLOURS);
    for (int i = 0; i < line->count; i += stride) {
        const SeriesPoint *point = &line->points[i];
        if (isfinite(point->y))
            text_add(page, "%s%.1f %.1f", pen_down ? "L" : "M", across(frame, point->x),
                     down(frame, point->y));
        pen_down = isfinite(point->y);
    }
    text_add_plain(page, "\"/>\n");
}

static void add_points(Text *page, const Frame *frame, const Chart *chart, int index)
{
    const ChartLine *line = &chart->line[index];
    char x[CHART_NUMBER_BYTES], y[CHART_NUMBER_BYTES], low[CHART_NUMBER_BYTES],
        high[CHART_NUMBER_BYTES];
    for (int i = 0; i < line->count; i += stride_of(line->count, TITLES_MAX)) {
        const SeriesPoint *point = &line->points[i];
        if (!isfinite(point->y))
            continue;
        text_add(page, "<circle class=\"point colour%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"><title>",
                 index % CHART_COLOURS, across(frame, point->x), down(frame, point->y),
                 line->count <= 60 ? "4" : "2.5");
        text_add_escaped(page, line->name);
        text_add(page, ": %s at %s %s", chart_number(y, point->y), chart_number(x, point->x),
                 chart->x_name);
        if (isfinite(point->low))
            text_add(page, " (%s to %s)", chart_number(low, point->low),
                     chart_number(high, point->high));
        text_add_plain(page, "</title></circle>\n");
    }
}

/* ---- the figure ---- */

static const SeriesPoint *last_value(const ChartLine *line)
{
    for (int i = line->count - 1; i >= 0; i--)
        if (isfinite(line->points[i].y))
            return &line->points[i];
    return NULL;
}

/* What the eye takes in at a glance, for those who do not see it. */
static void add_alternative(Text *page, const Chart *chart)
{
    char y[CHART_NUMBER_BYTES], x[CHART_NUMBER_BYTES];
    text_add(page, "%s over %s:", chart->title, chart->x_name);
    for (int l = 0; l < CHART_LINES_MAX; l++) {
        const SeriesPoint *last = last_value(&chart->line[l]);
        if (last == NULL)
            continue;
        text_add_plain(page, " ");
        text_add_escaped(page, chart->line[l].name);
        text_add(page, " is %s at %s in the end.", chart_number(y, last->y),
                 chart_number(x, last->x));
    }
}

static void add_legend(Text *page, const Chart *chart)
{
    text_add_plain(page, "<p class=\"legend\">");
    for (int l = 0; l < CHART_LINES_MAX; l++) {
        if (chart->line[l].count == 0)
            continue;
        text_add(page, "<span><span class=\"key%s colour%d\"></span>",
                 chart->line[l].dashed ? " dashed" : "", l % CHART_COLOURS);
        text_add_escaped(page, chart->line[l].name);
        text_add_plain(page, "</span> ");
    }
    text_add_plain(page, "</p>\n");
}

void chart_add(Text *page, const Chart *chart)
{
    Frame frame;
    text_add(page, "<figure class=\"chart%s\"><h3>%s</h3>\n", chart->wide ? " wide" : "",
             chart->title);
    if (frame_of(&frame, chart)) {
        text_add(page, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH,
                 frame.height);
        add_alternative(page, chart);
        text_add_plain(page, "\">\n");
        add_axes(page, &frame, chart->x_name);
        for (int l = CHART_LINES_MAX - 1; l >= 0; l--)
            add_band(page, &frame, &chart->line[l], l);
        for (int l = CHART_LINES_MAX - 1; l >= 0; l--)
            if (chart->line[l].count > 0)
                add_line(page, &frame, &chart->line[l], l);
        for (int l = 0; l < CHART_LINES_MAX; l++)
            add_points(page, &frame, chart, l);
        text_add_plain(page, "</svg>\n");
        if (chart->line[1].count > 0)
            add_legend(page, chart);
    } else {
        text_add_plain(page, "<p class=\"none\">no values yet</p>\n");
    }
    if (chart->note != NULL)
        text_add(page, "<figcaption>%s</figcaption>\n", chart->note);
    text_add_plain(page, "</figure>\n");
}
