/*
 * tsne.h - many numbers for each point become a place on a page: t-SNE [VanDerMaaten2008].
 *
 * Points that are close in many dimensions come to lie close in two. p_ij says how much i and j are
 * neighbours there: a normal curve around each point, as wide as gives it `perplexity` neighbours,
 * and the mean of both directions. q_ij says the same on the page, by 1/(1 + distance^2). Places
 * move downhill on
 *
 *     C = sum over i, j of p_ij log(p_ij / q_ij)
 *
 * Exact: time and memory grow with the square of the points; 1000 take seconds, 4000 a minute and
 * some 128 MB. Only neighbourhoods mean something on the page, not the size of clusters nor the
 * distances between them.
 */
#ifndef DEEPQ_VIEWER_TSNE_H
#define DEEPQ_VIEWER_TSNE_H

#include "base/error.h"
#include "base/random.h"

enum { TSNE_POINTS_MAX = 4000 };

typedef struct {
    int points;          /* 2 .. TSNE_POINTS_MAX */
    int dimensions;      /* of each */
    const float *values; /* points x dimensions, finite */
    double perplexity;   /* > 1; at most a third of the points is used */
    int iterations;      /* 500 are usual */
} TsnePlan;

/* places[2 i], places[2 i + 1]: x and y of point i, their mean at 0. The same plan and stream give
 * the same places. False: ERROR_WORK without memory; places are as they were. */
bool tsne_place(const TsnePlan *plan, Random *random, double *places, Error *error);

/* What the work consists of, for tests. */

/* p[i * points + j], symmetric, 0 on the diagonal, all of them together 1. */
void tsne_neighbours(const TsnePlan *plan, double *p);

/* The gradient of C with respect to each place. `q`: room for points x points numbers. */
void tsne_slope(int points, const double *p, const double *places, double *q, double *slope);

#endif
