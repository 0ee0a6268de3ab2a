/*
 * optimiser.c - one pass over the parameters for each step: everything is read once and written
 * once, in loops that the compiler can vectorise. Coefficients are computed in double and rounded
 * to float once.
 */
#include "nn/optimiser.h"

#include <assert.h>
#include <math.h>

static void sgd(const OptimiserStep *o, size_t count, float *restrict w, const float *restrict g,
                float *restrict v)
{
    const float rate = o->rate, momentum = o->keep_m;
    for (size_t i = 0; i < count; i++) {
        v[i] = momentum * v[i] + g[i];
        w[i] -= rate * v[i];
    }
}

static void nesterov(const OptimiserStep *o, size_t count, float *restrict w,
                     const float *restrict g, float *restrict v)
{
    const float rate = o->rate, momentum = o->keep_m;
    for (size_t i = 0; i < count; i++) {
        v[i] = momentum * v[i] + g[i];
        w[i] -= rate * (g[i] + momentum * v[i]);
    }
}

static void adagrad(const OptimiserStep *o, size_t count, float *restrict w,
                    const float *restrict g, float *restrict s)
{
    const float rate = o->rate, epsilon = o->epsilon;
    for (size_t i = 0; i < count; i++) {
        s[i] += g[i] * g[i];
        w[i] -= rate * g[i] / (sqrtf(s[i]) + epsilon);
    }
}

static void rmsprop(const OptimiserStep *o, size_t count, float *restrict w,
                    const float *restrict g, float *restrict s)
{
    const float rate = o->rate, epsilon = o->epsilon, keep = o->keep_s, add = o->add_s;
    for (size_t i = 0; i < count; i++) {
        s[i] = keep * s[i] + add * g[i] * g[i];
        w[i] -= rate * g[i] / sqrtf(s[i] + epsilon);
    }
}

/* s - m m is a variance; rounding may take it below zero by less than epsilon. */
static void rmsprop_centred(const OptimiserStep *o, size_t count, float *restrict w,
                            const float *restrict g, float *restrict m, float *restrict s)
{
    const float rate = o->rate, epsilon = o->epsilon, keep = o->keep_s, add = o->add_s;
    for (size_t i = 0; i < count; i++) {
        m[i] = keep * m[i] + add * g[i];
        s[i] = keep * s[i] + add * g[i] * g[i];
        const float variance = s[i] - m[i] * m[i];
        w[i] -= rate * g[i] / sqrtf((variance > 0 ? variance : 0) + epsilon);
    }
}

static void adam(const OptimiserStep *o, size_t count, float *restrict w, const float *restrict g,
                 float *restrict m, float *restrict s)
{
    const float rate = o->rate, epsilon = o->epsilon;
    const float keep_m = o->keep_m, add_m = o->add_m, keep_s = o->keep_s, add_s = o->add_s;
    for (size_t i = 0; i < count; i++) {
        m[i] = keep_m * m[i] + add_m * g[i];
        s[i] = keep_s * s[i] + add_s * g[i] * g[i];
        w[i] -= rate * m[i] / (sqrtf(s[i]) + epsilon);
    }
}

/* As ADAM; but while the average of squares cannot be trusted, a step along the average alone. */
static void radam(const OptimiserStep *o, size_t count, float *restrict w, const float *restrict g,
                  float *restrict m, float *restrict s)
{
    adam(o, count, w, g, m, s);
    const float rate = o->early_rate;
    for (size_t i = 0; rate > 0 && i < count; i++)
        w[i] -= rate * m[i];
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

/* The two corrections for the averages' start at zero are folded into the rate and the epsilon:
 * rate m / c1 / (sqrt(s / c2) + epsilon) = (rate sqrt(c2) / c1) m / (sqrt(s) + epsilon sqrt(c2)).
 */
static void correct_start(const NnOptimiser *o, int64_t update, OptimiserStep *step)
{
    const double c1 = 1 - pow(o->momentum, (double)update);
    const double c2 = 1 - pow(o->decay, (double)update);
    const double r = o->kind == NN_RADAM ? rectification(o->decay, update) : 1;
    step->rate = (float)(o->learning_rate * r * sqrt(c2) / c1);
    step->epsilon = (float)(o->epsilon * sqrt(c2));
    step->early_rate = r == 0 ? (float)(o->learning_rate / c1) : 0;
}

static bool has_epsilon(const NnOptimiser *optimiser)
{
    return optimiser->kind != NN_SGD && optimiser->kind != NN_NESTEROV;
}

OptimiserStep optimiser_begin(const NnOptimiser *optimiser, int64_t update)
{
    assert(update >= 1);
    assert(!has_epsilon(optimiser) || optimiser->epsilon > 0); /* else 0/0 where g is 0 */
    (void)has_epsilon;                                         /* where asserts are compiled out */
    OptimiserStep step = {
        .kind = optimiser->kind,
        .rate = (float)optimiser->learning_rate,
        .epsilon = (float)optimiser->epsilon,
        .keep_m = (float)optimiser->momentum,
        .add_m = (float)(1 - optimiser->momentum),
        .keep_s = (float)optimiser->decay,
        .add_s = (float)(1 - optimiser->decay),
    };
    if (step.kind == NN_ADAM || step.kind == NN_ADAMW || step.kind == NN_RADAM)
        correct_start(optimiser, update, &step);
    return step;
}

static void step_block(const OptimiserStep *step, size_t count, float *w, const float *g, float *m,
                       float *s)
{
    switch (step->kind) {
    case NN_SGD: sgd(step, count, w, g, m); break;
    case NN_NESTEROV: nesterov(step, count, w, g, m); break;
    case NN_ADAGRAD: adagrad(step, count, w, g, s); break;
    case NN_RMSPROP: rmsprop(step, count, w, g, s); break;
    case NN_RMSPROP_CENTRED: rmsprop_centred(step, count, w, g, m, s); break;
    case NN_RADAM: radam(step, count, w, g, m, s); break;
    case NN_ADAM:
    case NN_ADAMW: adam(step, count, w, g, m, s); break;
    }
}

/* What is read and written some blocks later: it comes from afar, in more streams than the
 * processor guesses well. */
static void fetch(const float *block)
{
    enum { LINE = 64 / sizeof(float), AHEAD = 8 * OPTIMISER_BLOCK };
    for (size_t i = 0; i < OPTIMISER_BLOCK; i += LINE)
        __builtin_prefetch(block + AHEAD + i, 1);
}

void optimiser_step(const OptimiserStep *step, size_t count, float *w, const float *g, float *m,
                    float *s)
{
    while (count > 0) {
        const size_t block = count < OPTIMISER_BLOCK ? count : OPTIMISER_BLOCK;
        fetch(w);
        fetch(m);
        fetch(s);
        step_block(step, block, w, g, m, s);
        count -= block, w += block, g += block, m += block, s += block;
    }
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
        return w - rate * g / sqrt(*s + o->epsilon);
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
