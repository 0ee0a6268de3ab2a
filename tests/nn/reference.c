#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nn/reference.h"

static double *take(size_t count)
{
    double *values = calloc(count + 1, sizeof *values);
    assert_non_null(values);
    return values;
}

Reference *reference_create(const char *layers, NnShape input, int batch)
{
    Error error = {0};
    Reference *r = calloc(1, sizeof *r);
    assert_non_null(r);
    if (!nn_spec_parse(&r->spec, layers, input, &error))
        fail_msg("%s", error.text);
    nn_spec_plan(&r->spec, r->plan);
    const int last = r->spec.layer_count;
    r->batch = batch;
    r->parameters = nn_spec_parameters(&r->spec);
    r->inputs = shape_size(input);
    r->outputs = shape_size(r->plan[last - 1].out);
    r->parameter = take(r->parameters);
    r->gradient = take(r->parameters);
    for (int l = 0; l <= last; l++) {
        const size_t count = (size_t)batch * shape_size(nn_spec_shape(&r->spec, l - 1));
        r->value[l] = take(count);
        r->d_value[l] = take(count);
        if (l < last && r->plan[l].layer.kind == NN_DROPOUT) {
            r->kept[l] = take(count);
            for (size_t i = 0; i < count; i++)
                r->kept[l][i] = 1;
        }
        if (l < last && layer_noise(&r->plan[l]) > 0)
            r->kept[l] = take(layer_noise(&r->plan[l]));
        if (l < last && r->plan[l].averages > 0)
            r->kept[l] = take(r->plan[l].averages);
    }
    return r;
}

void reference_destroy(Reference *r)
{
    for (int l = 0; l <= r->spec.layer_count; l++) {
        free(r->value[l]);
        free(r->d_value[l]);
        if (l < r->spec.layer_count)
            free(r->kept[l]);
    }
    free(r->parameter);
    free(r->gradient);
    free(r);
}

void reference_forward(Reference *r)
{
    for (int l = 0; l < r->spec.layer_count; l++)
        plain_forward_f64(&r->plan[l], r->batch, r->parameter + r->plan[l].offset, r->value[l],
                          r->inference && layer_noise(&r->plan[l]) == 0 ? NULL : r->kept[l],
                          r->value[l + 1]);
}

void reference_backward(Reference *r)
{
    memset(r->gradient, 0, r->parameters * sizeof *r->gradient);
    for (int l = r->spec.layer_count - 1; l >= 0; l--)
        plain_backward_f64(&r->plan[l], r->batch, r->parameter + r->plan[l].offset, r->value[l],
                           r->kept[l], r->value[l + 1], r->d_value[l + 1],
                           r->gradient + r->plan[l].offset, r->d_value[l]);
}

static double relu_distance(const Reference *r, int l)
{
    double nearest = INFINITY;
    const size_t count = (size_t)r->batch * shape_size(r->plan[l].in);
    for (size_t i = 0; i < count; i++)
        if (r->value[l][i] != 0)
            nearest = fmin(nearest, fabs(r->value[l][i]));
    return nearest;
}

static double pool_distance(const Reference *r, int l)
{
    const LayerPlan *p = &r->plan[l];
    const int S = p->layer.stride, K = p->layer.kernel, H = p->in.height, W = p->in.width;
    const double *y = r->value[l + 1];
    double nearest = INFINITY;
    for (int n = 0; n < r->batch * p->in.channels; n++)
        for (int i = 0; i < p->out.height; i++)
            for (int j = 0; j < p->out.width; j++, y++)
                for (int k = 0; k < K * K; k++) {
                    const int row = i * S + k / K, column = j * S + k % K;
                    const double x = r->value[l][(n * H + row) * W + column];
                    if (x != *y)
                        nearest = fmin(nearest, *y - x);
                }
    return nearest;
}

/* Of the sums that the layer cuts off at 0. */
static double quantiles_distance(const Reference *r, int l)
{
    const LayerPlan *p = &r->plan[l];
    const double *w = r->parameter + p->offset, *b = w + p->weights;
    double nearest = INFINITY;
    for (size_t d = 0; d < p->biases; d++)
        for (int t = 0; t < p->layer.outputs; t++) {
            double sum = b[d];
            for (int i = 0; i < NN_COSINES; i++)
                sum += w[d * NN_COSINES + (size_t)i] * cos(acos(-1) * i * r->kept[l][t]);
            nearest = fmin(nearest, fabs(sum));
        }
    return nearest;
}

double reference_kink_distance(const Reference *r)
{
    double nearest = INFINITY;
    for (int l = 0; l < r->spec.layer_count; l++) {
        if (r->plan[l].layer.kind == NN_RELU || r->plan[l].layer.kind == NN_LEAKY_RELU)
            nearest = fmin(nearest, relu_distance(r, l));
        if (r->plan[l].layer.kind == NN_QUANTILES)
            nearest = fmin(nearest, quantiles_distance(r, l));
        if (r->plan[l].layer.kind == NN_MAX_POOL)
            nearest = fmin(nearest, pool_distance(r, l));
    }
    return nearest;
}

void reference_fill(double *values, size_t count, Random *random)
{
    for (size_t i = 0; i < count; i++) {
        const double sign = random_below(random, 2) == 0 ? -1 : 1;
        values[i] = sign * (0.01 + 0.99 * random_unit(random));
    }
}
