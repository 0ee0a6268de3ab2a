/*
 * eyes.h - from the console's colours to the small grey pictures that agents learn from.
 *
 * Scaling is by area, in integers: an output pixel is the exact mean of the rectangle of input that
 * it covers, rounded to nearest. Rows first, then columns:
 *
 *     160 columns to 84: an output column covers 40/21 of an input column; weights in 1/21, sum 40
 *     210 rows to 84: 5/2, weights in 1/2, sum 5
 *     210 rows to 110: 21/11, weights in 1/11, sum 21
 */
#ifndef DEEPQ_ENV_EYES_H
#define DEEPQ_ENV_EYES_H

#include <stdbool.h>
#include <stdint.h>

#include "atari/console.h"

enum { EYES_ROWS = 84, EYES_COLUMNS = 84, EYES_TAPS_MAX = 5 };

typedef enum {
    EYES_2013, /* scale to 110 x 84 (rows x columns), keep rows 18 .. 101 [Mnih2013] */
    EYES_2015, /* scale all of it to 84 x 84 [Mnih2015] */
} EyesKind;

/* One output row or column: the weighted inputs first, first + 1, ... */
typedef struct {
    uint16_t first;
    uint16_t count;
    uint16_t weight[EYES_TAPS_MAX];
} EyesTaps;

/* 32 output columns side by side, for vectors: output `lane` is the sum over k of weight[k][lane]
 * times input first + from[k][lane]. */
enum { EYES_LANES = 32, EYES_LANE_TAPS = 3 };

typedef struct {
    uint16_t first;
    uint16_t from[EYES_LANE_TAPS][EYES_LANES];
    uint16_t weight[EYES_LANE_TAPS][EYES_LANES]; /* 0: there is no such output, or no such tap */
} EyesGroup;

typedef struct {
    uint8_t luminance[256]; /* of each colour index */
    EyesTaps row[EYES_ROWS];
    EyesTaps column[EYES_COLUMNS];
    EyesGroup group[(EYES_COLUMNS + EYES_LANES - 1) / EYES_LANES];
    uint32_t total; /* weight of all the input that an output pixel covers */
} Eyes;

/* For a console's picture of `height` rows: 168 .. SCREEN_ROWS_MAX. */
Eyes eyes_make(EyesKind kind, ConsoleFormat format, int height);

/* From one picture of colour indices, or pixel by pixel the brighter of two (`before` NULL: one),
 * to EYES_ROWS * EYES_COLUMNS bytes. */
void eyes_see(const Eyes *eyes, const uint8_t *picture, const uint8_t *before, uint8_t *frame);

#endif
