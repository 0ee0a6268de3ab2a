/*
 * filters.h - the filters of a convolution as a picture.
 *
 *     +----+----+----+----+   +----+----+----+----+
 *     | f0 . f0 . f0 . f0 |   | f1 . f1 . f1 . f1 |      a strip for each filter, in it a square for
 *     +----+----+----+----+   +----+----+----+----+      each channel it looks at: of a first layer
 *     | f2 . f2 . f2 . f2 |   ...                        the frames, oldest first
 *
 * Blue is below zero, orange above, near black is zero; all filters are drawn to one scale, so that
 * a strong one looks strong.
 *
 *     Picture *picture = filters_draw(&(FilterBank){16, 4, 8, weights}, 5, &error);
 *     if (picture != NULL && png_save("filters.png", picture, &error)) ...
 *     picture_destroy(picture);
 */
#ifndef DEEPQ_VIEWER_FILTERS_H
#define DEEPQ_VIEWER_FILTERS_H

#include "viewer/picture.h"

typedef struct {
    int filters;          /* O */
    int channels;         /* C */
    int kernel;           /* K: height and width, pixels */
    const float *weights; /* O x C x K x K, as network.h lays them out */
} FilterBank;

/* A new picture, about as wide as high, which the caller destroys; each weight a box of `side` x
 * `side` pixels. NULL: as picture_create. */
Picture *filters_draw(const FilterBank *bank, int side, Error *error);

/* A side with which the picture is about `wanted` pixels wide, 1 at least. */
int filters_side(const FilterBank *bank, int wanted);

#endif
