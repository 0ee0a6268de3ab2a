#include "viewer/tsne.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EXAGGERATED_ITERATIONS = 150, WIDTH_STEPS = 60 };

static const double exaggeration = 12, least_gain = 0.01, slow_momentum = 0.5, fast_momentum = 0.8;

/* ---- neighbours in many dimensions ---- */

static void square_distances(const TsnePlan *plan, double *d)
{
    const size_t n = (size_t)plan->points, dimensions = (size_t)plan->dimensions;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t k = 0; k < dimensions; k++) {
                const double by = (double)plan->values[i * dimensions + k] -
                                  (double)plan->values[j * dimensions + k];
                sum += by * by;
            }
            d[i * n + j] = d[j * n + i] = sum;
        }
}

/* One row of distances^2 becomes exp(-beta d^2), its own place left out. Distances count from the
 * nearest, which changes nothing but keeps the exponentials away from 0. Returns the entropy. */
static double weigh(const double *d, size_t n, size_t self, double beta, double *weight)
{
    double nearest = INFINITY, sum = 0, moment = 0;
    for (size_t j = 0; j < n; j++)
        nearest = j != self ? fmin(nearest, d[j]) : nearest;
    for (size_t j = 0; j < n; j++) {
        weight[j] = j != self ? exp(-beta * (d[j] - nearest)) : 0;
        sum += weight[j];
        moment += weight[j] * (d[j] - nearest);
    }
    for (size_t j = 0; j < n; j++)
        weight[j] /= sum;
    return log(sum) + beta * moment / sum;
}

/* The row's curve, as wide as gives the entropy asked for: found by halving. */
static void fit_row(const double *d, size_t n, size_t self, double entropy, double *weight)
{
    double beta = 1, low = 0, high = INFINITY;
    for (int step = 0; step < WIDTH_STEPS; step++) {
        if (weigh(d, n, self, beta, weight) > entropy)
            low = beta;
        else
            high = beta;
        beta = isinf(high) ? 2 * beta : (low + high) / 2;
    }
}

void tsne_neighbours(const TsnePlan *plan, double *p)
{
    static const double least = 1e-12; /* else a far point would never be pushed */
    const size_t n = (size_t)plan->points;
    const double perplexity = fmin(plan->perplexity, fmax(1.5, ((double)n - 1) / 3));
    double row[TSNE_POINTS_MAX];
    square_distances(plan, p);
    for (size_t i = 0; i < n; i++) {
        memcpy(row, p + i * n, n * sizeof *row);
        fit_row(row, n, i, log(perplexity), p + i * n);
    }
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            const double both = p[i * n + j] + p[j * n + i];
            p[i * n + j] = p[j * n + i] = fmax(both, least);
            sum += 2 * p[i * n + j];
        }
    for (size_t i = 0; i < n * n; i++)
        p[i] /= sum;
}

/* ---- on the page ---- */

/* Of each pair 1/(1 + distance^2); returns their sum. */
static double nearness(size_t n, const double *places, double *q)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const double x = places[2 * i] - places[2 * j];
            const double y = places[2 * i + 1] - places[2 * j + 1];
            q[i * n + j] = i == j ? 0 : 1 / (1 + x * x + y * y);
            sum += q[i * n + j];
        }
    return sum;
}

/* 4 sum over j of (p_ij - q_ij) (y_i - y_j) / (1 + |y_i - y_j|^2), p_ij taken `more` times. */
static void find_slope(size_t n, double more, const double *p, const double *places, double *q,
                       double *slope)
{
    const double sum = nearness(n, places, q);
    for (size_t i = 0; i < n; i++) {
        double x = 0, y = 0;
        for (size_t j = 0; j < n; j++) {
            const double near = q[i * n + j];
            const double pull = (more * p[i * n + j] - near / sum) * near;
            x += pull * (places[2 * i] - places[2 * j]);
            y += pull * (places[2 * i + 1] - places[2 * j + 1]);
        }
        slope[2 * i] = 4 * x;
        slope[2 * i + 1] = 4 * y;
    }
}

void tsne_slope(int points, const double *p, const double *places, double *q, double *slope)
{
    find_slope((size_t)points, 1, p, places, q, slope);
}

typedef struct {
    double *p, *q;                /* points x points */
    double *slope, *speed, *gain; /* two for each point */
} Work;

/* Downhill with momentum; a coordinate that keeps its direction goes faster. */
static void step(const Work *work, size_t coordinates, double rate, double momentum, double *places)
{
    for (size_t i = 0; i < coordinates; i++) {
        const bool turns = (work->slope[i] > 0) == (work->speed[i] > 0);
        work->gain[i] = fmax(least_gain, turns ? work->gain[i] * 0.8 : work->gain[i] + 0.2);
        work->speed[i] = momentum * work->speed[i] - rate * work->gain[i] * work->slope[i];
        places[i] += work->speed[i];
    }
}

static void centre(size_t n, double *places)
{
    for (size_t axis = 0; axis < 2; axis++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += places[2 * i + axis];
        for (size_t i = 0; i < n; i++)
            places[2 * i + axis] -= sum / (double)n;
    }
}

bool tsne_place(const TsnePlan *plan, Random *random, double *places, Error *error)
{
    assert(plan->points >= 2 && plan->points <= TSNE_POINTS_MAX && plan->perplexity > 1);
    const size_t n = (size_t)plan->points;
    double *room = calloc(2 * n * n + 6 * n, sizeof *room);
    if (room == NULL)
        return error_work(error, "no memory for a map of '%d' states", plan->points);
    const Work work = {room, room + n * n, room + 2 * n * n, room + 2 * n * n + 2 * n,
                       room + 2 * n * n + 4 * n};
    const double rate = fmax(50, (double)n / exaggeration / 4);
    tsne_neighbours(plan, work.p);
    for (size_t i = 0; i < 2 * n; i++) {
        places[i] = 1e-4 * random_normal(random);
        work.gain[i] = 1;
    }
    for (int i = 0; i < plan->iterations; i++) {
        const bool early = i < EXAGGERATED_ITERATIONS;
        find_slope(n, early ? exaggeration : 1, work.p, places, work.q, work.slope);
        step(&work, 2 * n, rate, early ? slow_momentum : fast_momentum, places);
        centre(n, places);
    }
    free(room);
    return true;
}
