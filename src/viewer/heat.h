/*
 * heat.h - numbers as colours: signed ones (weights) and amounts (activations, saliency).
 *
 *     signed    blue below zero, near black at zero, orange above it
 *     amount    near black at zero, through red and yellow, to nearly white at one
 *
 * The amount's luminance grows all the way, so that a print in grey still tells more from less.
 */
#ifndef DEEPQ_VIEWER_HEAT_H
#define DEEPQ_VIEWER_HEAT_H

#include <stddef.h>

#include "viewer/picture.h"

Colour heat_signed(double value); /* -1 .. 1, clamped; a NaN as 0 */
Colour heat_amount(double value); /* 0 .. 1, clamped; a NaN as 0 */

/* A map of height x width amounts at `at`, each a box of `side` x `side` pixels. Amounts are
 * divided by `most` (> 0) first. */
typedef struct {
    int width;
    int height;
    const float *values; /* row by row */
    double most;
} HeatMap;

void heat_draw(Picture *picture, Point at, const HeatMap *map, int side);

/* The largest of them, or the smallest positive number where none is positive: a divisor. */
double heat_most(const float *values, size_t count);

#endif
