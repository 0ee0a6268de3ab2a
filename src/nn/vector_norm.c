/*
 * vector_norm.c - layernorm of one picture, on vectors. With h = (x - m) / sqrt(v + epsilon):
 *     dL/dw += dL/dy h,   dL/db += dL/dy
 *     dL/dx = (w dL/dy - mean of w dL/dy - h * mean of w dL/dy h) / sqrt(v + epsilon)
 *
 * Channels that were added to fill vectors are 0 before and after, and so are their weights: they
 * add to no sum but that of squares, from which they are taken again.
 */
#include <math.h>
#include <string.h>

#include "nn/vector_engine.h"

typedef float Floats __attribute__((vector_size(VECTOR_BYTES)));

static inline Floats load(const float *from)
{
    Floats values;
    memcpy(&values, from, sizeof values);
    return values;
}

static inline void store(float *to, Floats values)
{
    memcpy(to, &values, sizeof values);
}

/* Sixteen sums, however many a register holds: so they are the same with each width, if no channels
 * were added to fill it. */
enum { PARTS = 16 / LANES };
typedef struct {
    Floats part[PARTS];
} Sums;

static double sum_of(const Sums *sums)
{
    double sum = 0;
    for (int p = 0; p < PARTS; p++)
        for (int lane = 0; lane < LANES; lane++)
            sum += (double)sums->part[p][lane];
    return sum;
}

/* Mean and 1 / deviation of a picture. */
static void measure(const VectorLayer *layer, const float *x, float measured[2])
{
    Sums sum = {0}, squares = {0};
    const double count = (double)layer->plan.weights, added = layer->in_all - count;
    for (int i = 0; i < layer->in_all;)
        for (int p = 0; p < PARTS && i < layer->in_all; p++, i += LANES)
            sum.part[p] += load(x + i);
    const double mean = sum_of(&sum) / count;
    for (int i = 0; i < layer->in_all;)
        for (int p = 0; p < PARTS && i < layer->in_all; p++, i += LANES) {
            const Floats off = load(x + i) - (float)mean;
            squares.part[p] += off * off;
        }
    const double variance = fmax(0, sum_of(&squares) - added * mean * mean) / count;
    measured[0] = (float)mean;
    measured[1] = (float)(1 / sqrt(variance + NN_NORM_EPSILON));
}

void vector_norm_forward(const VectorEngine *v, int l, int n, const float *x, float *y)
{
    const VectorLayer *layer = &v->layer[l];
    const float *w = v->engine.parameters + layer->offset, *b = w + layer->weights;
    float *measured = v->measured[l] + 2 * n;
    const float least = has_fused_relu(v, l) ? 0 : -INFINITY;
    measure(layer, x, measured);
    for (int i = 0; i < layer->in_all; i++) {
        const float value = w[i] * ((x[i] - measured[0]) * measured[1]) + b[i];
        y[i] = value > least ? value : least;
    }
}

static void clear_added(const VectorLayer *layer, float *values)
{
    const int added = layer->C - layer->plan.in.channels;
    for (int i = layer->plan.in.channels; added > 0 && i < layer->in_all; i += layer->C)
        memset(values + i, 0, (size_t)added * sizeof *values);
}

void vector_norm_backward(const VectorEngine *v, int l, int n, float *d, float *gradients)
{
    const VectorLayer *layer = &v->layer[l];
    const float *x = v->value[l] + (size_t)n * layer->in_stride;
    const float *w = v->engine.parameters + layer->offset, *measured = v->measured[l] + 2 * n;
    const float mean = measured[0], scale = measured[1];
    float *d_w = gradients, *d_b = gradients + layer->weights;
    Sums sum = {0}, with_h = {0};
    for (int i = 0; i < layer->in_all;)
        for (int p = 0; p < PARTS && i < layer->in_all; p++, i += LANES) {
            const Floats h = (load(x + i) - mean) * scale, d_y = load(d + i);
            const Floats slope = load(w + i) * d_y;
            store(d_w + i, load(d_w + i) + d_y * h);
            store(d_b + i, load(d_b + i) + d_y);
            store(d + i, slope);
            sum.part[p] += slope;
            with_h.part[p] += slope * h;
        }
    const float off = (float)(sum_of(&sum) / (double)layer->plan.weights);
    const float turn = (float)(sum_of(&with_h) / (double)layer->plan.weights);
    for (int i = 0; i < layer->in_all; i += LANES) {
        const Floats h = (load(x + i) - mean) * scale;
        store(d + i, scale * (load(d + i) - off - h * turn));
    }
    clear_added(layer, d);
}
