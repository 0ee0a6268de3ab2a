/*
 * optimiser.c - one pass over the parameters for each step: everything is read once and written
 * once, in loops that the compiler can vectorise. Coefficients are computed in double and rounded
 * to float once.
 */
#include "nn/optimiser.h"

#include <assert.h>
#include <math.h>

static void sgd(const NnOptimiser *o, size_t count, float *restrict w, const float *restrict g,
                float *restrict v)
{
    const float rate = (float)o->learning_rate, momentum = (float)o->momentum;
    for (size_t i = 0; i < count; i++) {
        v[i] = momentum * v[i] + g[i];
        w[i] -= rate * v[i];
    }
}

static void nesterov(const NnOptimiser *o, size_t count, float *restrict w, const float *restrict g,
                     float *restrict v)
{
    const float rate = (float)o->learning_rate, momentum = (float)o->momentum;
    for (size_t i = 0; i < count; i++) {
        v[i] = momentum * v[i] + g[i];
        w[i] -= rate * (g[i] + momentum * v[i]);
    }
}

static void adagrad(const NnOptimiser *o, size_t count, float *restrict w, const float *restrict g,
                    float *restrict s)
{
    const float rate = (float)o->learning_rate, epsilon = (float)o->epsilon;
    for (size_t i = 0; i < count; i++) {
        s[i] += g[i] * g[i];
        w[i] -= rate * g[i] / (sqrtf(s[i]) + epsilon);
    }
}

static void rmsprop(const NnOptimiser *o, size_t count, float *restrict w, const float *restrict g,
                    float *restrict s)
{
    const float rate = (float)o->learning_rate, epsilon = (float)o->epsilon;
    const float keep = (float)o->decay, add = (float)(1 - o->decay);
    for (size_t i = 0; i < count; i++) {
        s[i] = keep * s[i] + add * g[i] * g[i];
        w[i] -= rate * g[i] / (sqrtf(s[i]) + epsilon);
    }
}

/* s - m m is a variance; rounding may take it below zero by less than epsilon. */
static void rmsprop_centred(const NnOptimiser *o, size_t count, float *restrict w,
                            const float *restrict g, float *restrict m, float *restrict s)
{
    const float rate = (float)o->learning_rate, epsilon = (float)o->epsilon;
    const float keep = (float)o->decay, add = (float)(1 - o->decay);
    for (size_t i = 0; i < count; i++) {
        m[i] = keep * m[i] + add * g[i];
        s[i] = keep * s[i] + add * g[i] * g[i];
        const float variance = s[i] - m[i] * m[i];
        w[i] -= rate * g[i] / sqrtf((variance > 0 ? variance : 0) + epsilon);
    }
}

/* The two corrections for the averages' start at zero are folded into the rate and the epsilon:
 * rate m / c1 / (sqrt(s / c2) + epsilon) = (rate sqrt(c2) / c1) m / (sqrt(s) + epsilon sqrt(c2)).
 */
static void adam(const NnOptimiser *o, int64_t update, size_t count, float *restrict w,
                 const float *restrict g, float *restrict m, float *restrict s)
{
    const double c1 = 1 - pow(o->momentum, (double)update);
    const double c2 = 1 - pow(o->decay, (double)update);
    const float rate = (float)(o->learning_rate * sqrt(c2) / c1);
    const float epsilon = (float)(o->epsilon * sqrt(c2));
    const float keep_m = (float)o->momentum, add_m = (float)(1 - o->momentum);
    const float keep_s = (float)o->decay, add_s = (float)(1 - o->decay);
    for (size_t i = 0; i < count; i++) {
        m[i] = keep_m * m[i] + add_m * g[i];
        s[i] = keep_s * s[i] + add_s * g[i] * g[i];
        w[i] -= rate * m[i] / (sqrtf(s[i]) + epsilon);
    }
}

/* How far the average of squares can be trusted; 0: not yet. */
static double rectification(double decay, int64_t update)
{
    const double t = (double)update, power = pow(decay, t);
    const double most = 2 / (1 - decay) - 1, length = most - 2 * t * power / (1 - power);
    if (!(length > 5))
        return 0;
    return sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length));
}

/* What ADAM would do, times the rectification; at first a step along the average alone. */
static void radam(const NnOptimiser *o, int64_t update, size_t count, float *restrict w,
                  const float *restrict g, float *restrict m, float *restrict s)
{
    const double r = rectification(o->decay, update);
    NnOptimiser rectified = *o;
    rectified.learning_rate *= r;
    adam(&rectified, update, count, w, g, m, s);
    const float rate = (float)(o->learning_rate / (1 - pow(o->momentum, (double)update)));
    for (size_t i = 0; r == 0 && i < count; i++)
        w[i] -= rate * m[i];
}

static bool has_epsilon(const NnOptimiser *optimiser)
{
    return optimiser->kind != NN_SGD && optimiser->kind != NN_NESTEROV;
}

void optimiser_step(const NnOptimiser *optimiser, int64_t update, size_t count, float *w,
                    const float *g, float *m, float *s)
{
    assert(update >= 1);
    assert(!has_epsilon(optimiser) || optimiser->epsilon > 0); /* else 0/0 where g is 0 */
    switch (optimiser->kind) {
    case NN_SGD: sgd(optimiser, count, w, g, m); break;
    case NN_NESTEROV: nesterov(optimiser, count, w, g, m); break;
    case NN_ADAGRAD: adagrad(optimiser, count, w, g, s); break;
    case NN_RMSPROP: rmsprop(optimiser, count, w, g, s); break;
    case NN_RMSPROP_CENTRED: rmsprop_centred(optimiser, count, w, g, m, s); break;
    case NN_RADAM: radam(optimiser, update, count, w, g, m, s); break;
    case NN_ADAM:
    case NN_ADAMW: adam(optimiser, update, count, w, g, m, s); break;
    }
    (void)has_epsilon; /* where asserts are compiled out */
}

void optimiser_decay(const NnOptimiser *optimiser, size_t count, float *restrict w,
                     float *restrict g, const float *restrict marks)
{
    const float decay = (float)optimiser->weight_decay;
    const float pull = (float)(optimiser->learning_rate * optimiser->weight_decay);
    if (optimiser->kind == NN_ADAMW)
        for (size_t i = 0; i < count; i++)
            w[i] -= pull * marks[i] * w[i];
    else
        for (size_t i = 0; i < count; i++)
            g[i] += decay * marks[i] * w[i];
}

double optimiser_plain(const NnOptimiser *o, int64_t update, bool decays, double w, double g,
                       double *m, double *s)
{
    const double t = (double)update;
    double rate = o->learning_rate;
    if (decays && o->kind == NN_ADAMW)
        w -= rate * o->weight_decay * w;
    else if (decays)
        g += o->weight_decay * w;
    switch (o->kind) {
    case NN_SGD: *m = o->momentum * *m + g; return w - rate * *m;
    case NN_NESTEROV: *m = o->momentum * *m + g; return w - rate * (g + o->momentum * *m);
    case NN_ADAGRAD: *s += g * g; return w - rate * g / (sqrt(*s) + o->epsilon);
    case NN_RMSPROP:
        *s = o->decay * *s + (1 - o->decay) * g * g;
        return w - rate * g / (sqrt(*s) + o->epsilon);
    case NN_RMSPROP_CENTRED:
        *m = o->decay * *m + (1 - o->decay) * g;
        *s = o->decay * *s + (1 - o->decay) * g * g;
        return w - rate * g / sqrt(*s - *m * *m + o->epsilon);
    default:
        *m = o->momentum * *m + (1 - o->momentum) * g;
        *s = o->decay * *s + (1 - o->decay) * g * g;
        if (o->kind == NN_RADAM)
            rate *= rectification(o->decay, update);
        if (rate == 0)
            return w - o->learning_rate * *m / (1 - pow(o->momentum, t));
        return w - rate * (*m / (1 - pow(o->momentum, t))) /
                       (sqrt(*s / (1 - pow(o->decay, t))) + o->epsilon);
    }
}
