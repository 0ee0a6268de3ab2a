#include "env/eyes.h"

#include <assert.h>

#include "atari/palette.h"

static int greatest_common_divisor(int a, int b)
{
    while (b != 0) {
        const int rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Output `index` of `outputs` that together cover `inputs`. In units in which an input is outputs/g
 * wide and an output inputs/g (g their common divisor) all edges are whole numbers. */
static EyesTaps make_taps(int index, int inputs, int outputs)
{
    const int g = greatest_common_divisor(inputs, outputs);
    const int wide_in = outputs / g, wide_out = inputs / g;
    const int begin = index * wide_out, end = begin + wide_out;
    EyesTaps taps = {.first = (uint16_t)(begin / wide_in)};
    for (int at = begin; at < end;) {
        const int edge = (at / wide_in + 1) * wide_in;
        const int stop = edge < end ? edge : end;
        assert(taps.count < EYES_TAPS_MAX);
        taps.weight[taps.count++] = (uint16_t)(stop - at);
        at = stop;
    }
    return taps;
}

static uint32_t taps_total(const EyesTaps *taps)
{
    uint32_t total = 0;
    for (int i = 0; i < taps->count; i++)
        total += taps->weight[i];
    return total;
}

Eyes eyes_make(EyesKind kind, ConsoleFormat format, int height)
{
    enum { ROWS_2013 = 110, FIRST_ROW_2013 = 18 };
    const int rows = kind == EYES_2013 ? ROWS_2013 : EYES_ROWS;
    const int first = kind == EYES_2013 ? FIRST_ROW_2013 : 0;
    Eyes eyes;
    for (int index = 0; index < 256; index++)
        eyes.luminance[index] = palette_gray(format, (uint8_t)index);
    for (int i = 0; i < EYES_ROWS; i++)
        eyes.row[i] = make_taps(first + i, height, rows);
    for (int i = 0; i < EYES_COLUMNS; i++)
        eyes.column[i] = make_taps(i, SCREEN_COLUMNS, EYES_COLUMNS);
    eyes.total = taps_total(&eyes.row[0]) * taps_total(&eyes.column[0]);
    return eyes;
}

static void see_line(const Eyes *eyes, const uint8_t *picture, const uint8_t *before, uint8_t *line)
{
    for (int x = 0; x < SCREEN_COLUMNS; x++)
        line[x] = eyes->luminance[picture[x]];
    if (before == NULL)
        return;
    for (int x = 0; x < SCREEN_COLUMNS; x++) {
        const uint8_t other = eyes->luminance[before[x]];
        line[x] = line[x] > other ? line[x] : other;
    }
}

static void add_line(uint16_t *sum, const uint8_t *line, uint16_t weight)
{
    for (int x = 0; x < SCREEN_COLUMNS; x++)
        sum[x] = (uint16_t)(sum[x] + weight * line[x]);
}

/* sum / total, rounded: the reciprocal is exact for every sum that 255 * total allows. */
static void narrow_row(const Eyes *eyes, const uint16_t *sum, uint8_t *row)
{
    enum { SHIFT = 44 };
    const uint64_t reciprocal = ((uint64_t)1 << SHIFT) / eyes->total + 1;
    for (int i = 0; i < EYES_COLUMNS; i++) {
        const EyesTaps *taps = &eyes->column[i];
        uint32_t value = eyes->total / 2;
        for (int k = 0; k < taps->count; k++)
            value += (uint32_t)taps->weight[k] * sum[taps->first + k];
        row[i] = (uint8_t)(value * reciprocal >> SHIFT);
    }
}

void eyes_see(const Eyes *eyes, const uint8_t *picture, const uint8_t *before, uint8_t *frame)
{
    uint8_t line[SCREEN_COLUMNS];
    int seen = -1; /* the line that `line` holds: neighbouring output rows share one */
    for (int i = 0; i < EYES_ROWS; i++) {
        const EyesTaps *taps = &eyes->row[i];
        uint16_t sum[SCREEN_COLUMNS] = {0};
        for (int k = 0; k < taps->count; k++) {
            const int y = taps->first + k;
            const int at = y * SCREEN_COLUMNS;
            if (y != seen)
                see_line(eyes, picture + at, before == NULL ? NULL : before + at, line);
            seen = y;
            add_line(sum, line, taps->weight[k]);
        }
        narrow_row(eyes, sum, frame + i * EYES_COLUMNS);
    }
}
