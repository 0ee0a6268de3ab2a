#include "viewer/curve.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { NUMBER_BYTES = 24, DOTS_MAX = 8 };

/* How a style cuts a character into dots, each a bit of a cell. */
typedef struct {
    int across, down;
    uint8_t bit[DOTS_MAX]; /* row by row */
} Dots;

static const Dots dots_of[] = {
    [CURVE_BRAILLE] = {2, 4, {0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80}},
    [CURVE_ASCII] = {1, 2, {1, 2}},
};

typedef struct {
    double low, high;
} Range;

typedef struct {
    CurveStyle style;
    int columns, rows; /* of characters that hold dots */
    Range x, y;
    uint8_t cell[CURVE_HEIGHT_MAX][CURVE_WIDTH_MAX];
} Plot;

/* ---- ranges ---- */

static void widen(Range *range, double value)
{
    if (value < range->low)
        range->low = value;
    if (value > range->high)
        range->high = value;
}

/* False: there is no value to draw. */
static bool find_ranges(Plot *plot, const CurvePoint points[], int count)
{
    plot->x = plot->y = (Range){INFINITY, -INFINITY};
    for (int i = 0; i < count; i++) {
        if (!isfinite(points[i].y))
            continue;
        widen(&plot->x, points[i].x);
        widen(&plot->y, points[i].y);
    }
    if (plot->y.low > plot->y.high)
        return false;
    if (plot->y.low == plot->y.high)
        plot->y = (Range){plot->y.low - 1, plot->y.high + 1};
    return true;
}

/* ---- dots ---- */

static void set_dot(Plot *plot, int x, int y)
{
    const Dots *dots = &dots_of[plot->style];
    plot->cell[y / dots->down][x / dots->across] |=
        dots->bit[y % dots->down * dots->across + x % dots->across];
}

static int place(Range range, double value, int dots)
{
    if (range.low == range.high)
        return dots / 2;
    return (int)lround((value - range.low) / (range.high - range.low) * (dots - 1));
}

/* A straight line, dot by dot along its longer side. */
static void draw_line(Plot *plot, int x0, int y0, int x1, int y1)
{
    const int dx = x1 - x0, dy = y1 - y0;
    const int wide = dx < 0 ? -dx : dx, high = dy < 0 ? -dy : dy;
    const int steps = wide > high ? wide : high;
    for (int i = 0; i <= steps; i++) {
        const double part = steps == 0 ? 0 : (double)i / steps;
        set_dot(plot, x0 + (int)lround(part * dx), y0 + (int)lround(part * dy));
    }
}

static void draw_points(Plot *plot, const CurvePoint points[], int count)
{
    const Dots *dots = &dots_of[plot->style];
    const int across = plot->columns * dots->across, down = plot->rows * dots->down;
    bool joined = false; /* the point before has a value */
    int x_before = 0, y_before = 0;
    for (int i = 0; i < count; i++) {
        const bool here = isfinite(points[i].y);
        if (here) {
            const int x = place(plot->x, points[i].x, across);
            const int y = down - 1 - place(plot->y, points[i].y, down);
            draw_line(plot, joined ? x_before : x, joined ? y_before : y, x, y);
            x_before = x;
            y_before = y;
        }
        joined = here;
    }
}

/* ---- text ---- */

/* Whole lines go out, or none of a line. */
typedef struct {
    char *text;
    size_t used, capacity;
    char line[CURVE_WIDTH_MAX * 3 + 64]; /* a character of braille has three bytes */
    size_t length;
} Writer;

static void put(Writer *writer, const char *text)
{
    const size_t length = strlen(text);
    assert(writer->length + length < sizeof writer->line);
    memcpy(writer->line + writer->length, text, length + 1);
    writer->length += length;
}

static void put_spaces(Writer *writer, int count)
{
    for (int i = 0; i < count; i++)
        put(writer, " ");
}

static void end_line(Writer *writer)
{
    while (writer->length > 0 && writer->line[writer->length - 1] == ' ')
        writer->length--;
    if (writer->used + writer->length + 2 <= writer->capacity) {
        memcpy(writer->text + writer->used, writer->line, writer->length);
        writer->used += writer->length;
        writer->text[writer->used++] = '\n';
        writer->text[writer->used] = 0;
    } else {
        writer->capacity = 0; /* what follows is left out, too */
    }
    writer->length = 0;
}

static void put_cell(Writer *writer, CurveStyle style, uint8_t cell)
{
    static const char ascii[4][2] = {" ", "'", ".", ":"};
    if (style == CURVE_ASCII || cell == 0) {
        put(writer, ascii[cell & 3]);
        return;
    }
    const char braille[] = {(char)0xe2, (char)(0xa0 | cell >> 6), (char)(0x80 | (cell & 0x3f)), 0};
    put(writer, braille);
}

/* Four digits, thousands as k, millions as M, thousands of millions as G. */
static const char *short_number(char text[NUMBER_BYTES], double value)
{
    static const struct {
        double unit;
        const char *sign;
    } units[] = {{1e9, "G"}, {1e6, "M"}, {1e4, "k"}, {1, ""}};
    double unit = 1;
    const char *sign = "";
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (fabs(value) >= units[i].unit) {
            unit = units[i].sign[0] == 'k' ? 1e3 : units[i].unit;
            sign = units[i].sign;
            break;
        }
    snprintf(text, NUMBER_BYTES, "%.4g%s", value / unit, sign);
    return text;
}

/* A text that ends at a column. */
static void put_right(Writer *writer, int column, const char *text)
{
    put_spaces(writer, column - (int)writer->length - (int)strlen(text));
    put(writer, text);
}

static void write_label(Writer *writer, const char *label, int width)
{
    char cut[CURVE_WIDTH_MAX + 1];
    snprintf(cut, sizeof cut, "%.*s", width, label);
    put(writer, cut);
}

static void write_plot(Writer *writer, const Plot *plot, int margin)
{
    char number[NUMBER_BYTES];
    for (int row = 0; row < plot->rows; row++) {
        if (row == 0)
            put_right(writer, margin, short_number(number, plot->y.high));
        else if (row == plot->rows - 1)
            put_right(writer, margin, short_number(number, plot->y.low));
        else
            put_spaces(writer, margin);
        put(writer, " |");
        for (int column = 0; column < plot->columns; column++)
            put_cell(writer, plot->style, plot->cell[row][column]);
        end_line(writer);
    }
}

static void write_axis(Writer *writer, const Plot *plot, int margin, const char *label)
{
    char number[NUMBER_BYTES];
    const int width = margin + 2 + plot->columns;
    put_spaces(writer, margin + 1);
    put(writer, "+");
    for (int column = 0; column < plot->columns; column++)
        put(writer, "-");
    end_line(writer);
    put_spaces(writer, margin + 1);
    put(writer, short_number(number, plot->x.low));
    if (plot->x.high > plot->x.low)
        put_right(writer, width, short_number(number, plot->x.high));
    end_line(writer);
    if (label != NULL) {
        char cut[CURVE_WIDTH_MAX + 1];
        snprintf(cut, sizeof cut, "%.*s", width, label);
        put_right(writer, width, cut);
        end_line(writer);
    }
}

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

size_t curve_draw(char *text, size_t capacity, const CurvePoint points[], int count,
                  const CurveShape *shape)
{
    const int width = clamp(shape->width, CURVE_WIDTH_MIN, CURVE_WIDTH_MAX);
    const int height = clamp(shape->height, CURVE_HEIGHT_MIN, CURVE_HEIGHT_MAX);
    const int label_lines = (shape->x_label != NULL) + (shape->y_label != NULL);
    Writer writer = {.text = text, .capacity = capacity};
    Plot plot = {.style = shape->style};
    char high[NUMBER_BYTES], low[NUMBER_BYTES];
    if (capacity > 0)
        text[0] = 0;
    if (!find_ranges(&plot, points, count)) {
        put(&writer, "no values yet");
        end_line(&writer);
        return writer.used;
    }
    const size_t high_length = strlen(short_number(high, plot.y.high));
    const size_t low_length = strlen(short_number(low, plot.y.low));
    const int margin = (int)(high_length > low_length ? high_length : low_length);
    plot.columns = width - margin - 2;
    plot.rows = height - 2 - label_lines;
    draw_points(&plot, points, count);
    if (shape->y_label != NULL) {
        write_label(&writer, shape->y_label, width);
        end_line(&writer);
    }
    write_plot(&writer, &plot, margin);
    write_axis(&writer, &plot, margin, shape->x_label);
    return writer.used;
}
