#include "viewer/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    LETTERS = 2, /* size of text */
    LINE_HEIGHT = LETTERS * (PICTURE_LETTER_HEIGHT + 2),
    MARGIN_LEFT = 90,
    MARGIN_RIGHT = 40, /* half of the last number stands there */
    MARGIN_TOP = 2 * LINE_HEIGHT + 24,
    TICKS = 5,
    TEXT_CHARS = 32,
    LABEL_LEFT = 16,
    LABEL_INDENT = 32, /* the line's colour stands there */
    LABEL_CHARS = 256,
};

static const Colour white = {255, 255, 255}, black = {20, 20, 20}, grey = {222, 222, 222};

/* Told apart by those who see no red or green, too. */
static const Colour colours[CHART_LINES_MAX] = {
    {0, 114, 178}, {213, 94, 0},   {0, 158, 115}, {204, 121, 167},
    {230, 159, 0}, {86, 180, 233}, {90, 90, 90},  {140, 80, 20},
};

typedef struct {
    double low, high, step;
} Axis;

/* Labels below the plot, row by row. */
typedef struct {
    int columns, rows;
    int width; /* of a column, pixels */
} Legend;

typedef struct {
    Picture *picture;
    Box plot;
    Axis x, y;
    Legend legend;
} Sheet;

static Axis axis_of(double low, double high)
{
    if (!(high > low)) {
        low -= 0.5;
        high = low + 1;
    }
    const double raw = (high - low) / TICKS, power = pow(10, floor(log10(raw)));
    const double lead = raw / power;
    const double step = power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    return (Axis){low, high, step};
}

static void widen(double *low, double *high, double value)
{
    if (!isfinite(value))
        return;
    *low = fmin(*low, value);
    *high = fmax(*high, value);
}

static bool has_band(const ChartLine *line, int i)
{
    return line->low != NULL && isfinite(line->low[i]) && isfinite(line->high[i]);
}

static Legend legend_of(const Chart *chart, int width)
{
    int columns = 2;
    for (int l = 0; l < chart->line_count; l++)
        if (picture_text_width(chart->line[l].label, LETTERS) > width / 2 - LABEL_INDENT)
            columns = 1;
    return (Legend){columns, (chart->line_count + columns - 1) / columns, width / columns};
}

static Sheet sheet_of(Picture *picture, Box box, const Chart *chart)
{
    double x_low = INFINITY, x_high = -INFINITY, y_low = INFINITY, y_high = -INFINITY;
    for (int l = 0; l < chart->line_count; l++) {
        const ChartLine *line = &chart->line[l];
        for (int i = 0; i < line->points; i++) {
            widen(&x_low, &x_high, line->x[i]);
            widen(&y_low, &y_high, line->y[i]);
            if (has_band(line, i)) {
                widen(&y_low, &y_high, line->low[i]);
                widen(&y_low, &y_high, line->high[i]);
            }
        }
    }
    Sheet sheet = {.picture = picture,
                   .x = axis_of(x_low, x_high),
                   .legend = legend_of(chart, box.width - MARGIN_RIGHT)};
    const double room = 0.04 * (y_high > y_low ? y_high - y_low : 1);
    sheet.y = axis_of(y_low - room, y_high + room);
    sheet.plot =
        (Box){box.x + MARGIN_LEFT, box.y + MARGIN_TOP, box.width - MARGIN_LEFT - MARGIN_RIGHT,
              box.height - MARGIN_TOP - (3 + sheet.legend.rows) * LINE_HEIGHT};
    return sheet;
}

static int column_of(const Sheet *s, double x)
{
    return s->plot.x + (int)lround((x - s->x.low) / (s->x.high - s->x.low) * (s->plot.width - 1));
}

static int row_of(const Sheet *s, double y)
{
    return s->plot.y + s->plot.height - 1 -
           (int)lround((y - s->y.low) / (s->y.high - s->y.low) * (s->plot.height - 1));
}

static void write_number(const Sheet *s, Point at, bool centred, double value)
{
    char text[TEXT_CHARS];
    snprintf(text, sizeof text, "%.4g", fabs(value) < 1e-12 ? 0 : value);
    const int width = picture_text_width(text, LETTERS);
    at.x -= centred ? width / 2 : width;
    picture_write(s->picture, at, LETTERS, black, text);
}

static void draw_ticks(const Sheet *s)
{
    const Box p = s->plot;
    for (double y = ceil(s->y.low / s->y.step) * s->y.step; y <= s->y.high; y += s->y.step) {
        const int row = row_of(s, y);
        picture_line(s->picture, (Point){p.x, row}, (Point){p.x + p.width - 1, row}, grey);
        write_number(s, (Point){p.x - 8, row - PICTURE_LETTER_HEIGHT}, false, y);
    }
    for (double x = ceil(s->x.low / s->x.step) * s->x.step; x <= s->x.high * (1 + 1e-9);
         x += s->x.step) {
        const int column = column_of(s, x);
        picture_line(s->picture, (Point){column, p.y}, (Point){column, p.y + p.height - 1}, grey);
        write_number(s, (Point){column, p.y + p.height + 8}, true, x);
    }
    picture_outline(s->picture, p, black);
}

static Colour paler(Colour c)
{
    return (Colour){(uint8_t)(190 + c.red / 4), (uint8_t)(190 + c.green / 4),
                    (uint8_t)(190 + c.blue / 4)};
}

/* The band between two neighbouring points, column by column. */
static void draw_band(const Sheet *s, const ChartLine *line, int i, Colour colour)
{
    const int from = column_of(s, line->x[i]), to = column_of(s, line->x[i + 1]);
    for (int c = from; c <= to && from < to; c++) {
        const double part = (double)(c - from) / (to - from);
        const double low = line->low[i] + part * (line->low[i + 1] - line->low[i]);
        const double high = line->high[i] + part * (line->high[i + 1] - line->high[i]);
        picture_line(s->picture, (Point){c, row_of(s, high)}, (Point){c, row_of(s, low)}, colour);
    }
}

static bool is_drawn(const ChartLine *line, int i)
{
    return isfinite(line->x[i]) && isfinite(line->y[i]);
}

static void draw_bands(const Sheet *s, const ChartLine *line, Colour colour)
{
    for (int i = 0; i + 1 < line->points; i++)
        if (is_drawn(line, i) && is_drawn(line, i + 1) && has_band(line, i) &&
            has_band(line, i + 1))
            draw_band(s, line, i, colour);
}

static void draw_line(const Sheet *s, const ChartLine *line, Colour colour)
{
    for (int i = 0; i < line->points; i++) {
        if (!is_drawn(line, i))
            continue;
        const Point at = {column_of(s, line->x[i]), row_of(s, line->y[i])};
        picture_fill(s->picture, (Box){at.x - 3, at.y - 3, 7, 7}, colour);
        if (has_band(line, i))
            picture_line(s->picture, (Point){at.x, row_of(s, line->high[i])},
                         (Point){at.x, row_of(s, line->low[i])}, colour);
        if (i + 1 >= line->points || !is_drawn(line, i + 1))
            continue;
        const Point next = {column_of(s, line->x[i + 1]), row_of(s, line->y[i + 1])};
        for (int thick = 0; thick < 2; thick++)
            picture_line(s->picture, (Point){at.x, at.y + thick}, (Point){next.x, next.y + thick},
                         colour);
    }
}

/* What is wider than a column ends with dots. */
static void write_label(const Sheet *s, Point at, const char *label)
{
    char text[LABEL_CHARS];
    const int room = (s->legend.width - LABEL_INDENT) / (LETTERS * PICTURE_LETTER_WIDTH);
    const bool fits = strlen(label) <= (size_t)room;
    snprintf(text, sizeof text, "%.*s%s", fits ? room : room - 3, label, fits ? "" : "...");
    picture_write(s->picture, at, LETTERS, black, text);
}

static void draw_legend(const Sheet *s, const Chart *chart)
{
    const Point corner = {s->plot.x - MARGIN_LEFT + LABEL_LEFT,
                          s->plot.y + s->plot.height + 2 * LINE_HEIGHT + 12};
    for (int l = 0; l < chart->line_count; l++) {
        const int x = corner.x + l % s->legend.columns * s->legend.width;
        const int y = corner.y + l / s->legend.columns * LINE_HEIGHT;
        picture_fill(s->picture, (Box){x, y + 5, 24, 5}, colours[l]);
        write_label(s, (Point){x + LABEL_INDENT, y}, chart->line[l].label);
    }
}

void chart_draw(Picture *picture, Box box, const Chart *chart)
{
    picture_fill(picture, box, white);
    const Sheet sheet = sheet_of(picture, box, chart);
    picture_write(picture, (Point){box.x + 16, box.y + 12}, LETTERS, black, chart->title);
    picture_write(picture, (Point){box.x + 16, box.y + 12 + LINE_HEIGHT}, LETTERS, black,
                  chart->y_label);
    draw_ticks(&sheet);
    for (int l = 0; l < chart->line_count; l++)
        draw_bands(&sheet, &chart->line[l], paler(colours[l]));
    for (int l = 0; l < chart->line_count; l++)
        draw_line(&sheet, &chart->line[l], colours[l]);
    const int width = picture_text_width(chart->x_label, LETTERS);
    picture_write(picture,
                  (Point){sheet.plot.x + (sheet.plot.width - width) / 2,
                          sheet.plot.y + sheet.plot.height + LINE_HEIGHT + 8},
                  LETTERS, black, chart->x_label);
    draw_legend(&sheet, chart);
}
