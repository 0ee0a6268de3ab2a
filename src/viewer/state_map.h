/*
 * state_map.h - a map of states: dots at their places, coloured by value, and for some of them what
 * they look like, as in [Mnih2015]'s figure.
 *
 *     +------+-----------------------+------+
 *     |frame |----o  . .::  .        |frame |      dark blue is the lowest value, red the highest
 *     |frame |   .::. .  .::o--------|frame |
 *     +------+-----------------------+------+
 *
 * Shown are states that lie far from each other: the first near the middle, each next one as far as
 * possible from all before.
 */
#ifndef DEEPQ_VIEWER_STATE_MAP_H
#define DEEPQ_VIEWER_STATE_MAP_H

#include "viewer/picture.h"

typedef struct {
    int states;            /* 1 or more */
    const double *places;  /* x, y of each */
    const float *values;   /* of each */
    int height, width;     /* of a frame, pixels */
    const uint8_t *frames; /* states of them */
} StateMap;

/* A new picture, which the caller destroys. */
Picture *state_map_draw(const StateMap *map, Error *error);

#endif
