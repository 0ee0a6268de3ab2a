/*
 * filters.h - pictures of what a network's layers weigh.
 *
 * Each unit's weights are drawn beside each other, blue below zero, red above, white at zero, full
 * colour at the unit's largest:
 *
 *     a convolution, or units on a picture, of few channels    a tile for each channel, in a row;
 *                                                              units one after the other
 *     a convolution of many channels     a column of tiles for each unit, a tile for each channel
 *     units on a picture of many channels    a tile for each unit: root of the mean square over
 *                                            the channels, that is, where in the picture it
 *                                            looks, from its least (white) to its most (red)
 *     units on units                     a row for each unit, a pixel for each unit beneath
 */
#ifndef DEEPQ_REPORT_FILTERS_H
#define DEEPQ_REPORT_FILTERS_H

#include "nn/network.h"
#include "viewer/picture.h"

typedef struct {
    const NnSpec *spec;
    const float *parameters; /* as network_get_parameters gives them */
} FilterSource;

/* Whether layer `layer` has weights to draw, and not too many for a picture. */
bool filters_drawable(const NnSpec *spec, int layer);

/* By how much the layer's picture can be enlarged and still be at most `wanted` pixels wide; 0: it
 * is wider as it is. */
int filters_scale(const NnSpec *spec, int layer, int wanted);

/* The layer's picture, one pixel a weight and as wide between tiles, each enlarged `by`; the caller
 * destroys it. NULL: ERROR_WORK without memory, ERROR_INPUT where it would be too large. */
Picture *filters_draw(const FilterSource *source, int layer, int by, Error *error);

/* What the picture shows, in a sentence for people. */
void filters_describe(const NnSpec *spec, int layer, char *text, size_t size);

#endif
