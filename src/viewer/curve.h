/*
 * curve.h - a learning curve as text, for a terminal.
 *
 *     score
 *     412 |                  ..':''
 *         |             .:''
 *         |       ..'''
 *       3 |....:''
 *         +------------------------
 *         0                     10M
 *                            frames
 *
 * Points are joined by straight lines, except across gaps. With CURVE_BRAILLE each character is 2 x
 * 4 dots (UTF-8, for terminals that have it), with CURVE_ASCII 1 x 2: ' for the upper, . for the
 * lower, : for both. Nothing is printed, nothing is allocated.
 */
#ifndef DEEPQ_VIEWER_CURVE_H
#define DEEPQ_VIEWER_CURVE_H

#include <stddef.h>

enum {
    CURVE_WIDTH_MIN = 24, /* characters */
    CURVE_WIDTH_MAX = 200,
    CURVE_HEIGHT_MIN = 5, /* lines */
    CURVE_HEIGHT_MAX = 60,
    CURVE_TEXT_BYTES = 48 * 1024, /* hold any curve, the ending 0 included */
};

typedef enum { CURVE_BRAILLE, CURVE_ASCII } CurveStyle;

typedef struct {
    double x; /* finite, not smaller than the one before */
    double y; /* a NaN or an infinity is a gap */
} CurvePoint;

typedef struct {
    int width;  /* characters of the longest line, clamped to CURVE_WIDTH_MIN .. MAX */
    int height; /* lines of the whole drawing, labels included, clamped likewise */
    CurveStyle style;
    const char *x_label; /* "frames"; NULL: none; ASCII, cut to the width */
    const char *y_label; /* "score" */
} CurveShape;

/* Draw `count` (0 or more) points into `text`: lines that each end with '\n', and a 0. At most
 * `capacity` bytes are written; where that is too little, whole lines are left out at the end.
 * Returns the bytes written without the 0. A single value or a constant one lies in the middle of
 * an axis from one below to one above; without any value the drawing says "no values yet". */
size_t curve_draw(char *text, size_t capacity, const CurvePoint points[], int count,
                  const CurveShape *shape);

#endif
