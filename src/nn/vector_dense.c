#include <string.h>

#include "nn/vector_engine.h"

enum { TURNED_VALUES = 4 };

/* TURNED_VALUES of each of TURNED_PICTURES, `stride` apart, to rows of `lanes`. */
static inline void turn_block(const float *from, size_t stride, float *to, size_t lanes)
{
    const float *a = from, *b = from + stride, *c = b + stride, *d = c + stride;
    for (size_t j = 0; j < TURNED_VALUES; j++, to += lanes) {
        to[0] = a[j];
        to[1] = b[j];
        to[2] = c[j];
        to[3] = d[j];
    }
}

/* In blocks of BLOCK values, whose rows the cache holds until all pictures have been there. */
void vector_gather_columns(void *context, int piece)
{
    enum { BLOCK = 16 };
    const VectorEngine *v = context;
    const int l = v->now->first;
    const size_t stride = v->layer[l].in_stride; /* a multiple of TURNED_VALUES */
    const size_t begin = (size_t)piece * GATHERED_VALUES, most = begin + GATHERED_VALUES;
    const size_t end = most < stride ? most : stride;
    for (size_t block = begin; block < end; block += BLOCK)
        for (int n = 0; n < v->batch; n += TURNED_PICTURES) {
            const int group = n / WIDTH_MAX;
            const size_t lanes = (size_t)lanes_of_group(v, group);
            const float *from = v->value[l] + (size_t)n * stride;
            float *to = v->columns + (size_t)group * WIDTH_MAX * stride + (size_t)(n % WIDTH_MAX);
            for (size_t i = block; i < block + BLOCK && i < end; i += TURNED_VALUES)
                turn_block(from + i, stride, to + i * lanes, lanes);
        }
}

/* sums[k lanes + n] for `count` outputs from `begin` on and the pictures of a group. */
static void dense_sums(const VectorEngine *v, const VectorLayer *layer, int begin, int count,
                       int group, float *sums)
{
    const float *weights = v->engine.parameters + layer->offset;
    const int lanes = lanes_of_group(v, group);
    const Product outputs = {
        .in = weights + (ptrdiff_t)begin * WIDTH_MAX,
        .in_step = WIDTH_MAX,
        .in_row = (ptrdiff_t)layer->O * WIDTH_MAX,
        .rows = layer->groups,
        .length = WIDTH_MAX,
        .far = true,
        .weights = v->columns + (size_t)group * WIDTH_MAX * layer->in_stride,
        .out = sums,
        .out_step = lanes,
    };
    vector_product(&outputs, count, lanes / LANES);
}

void vector_forward_dense(void *context, int piece)
{
    const VectorEngine *v = context;
    const int l = v->now->first;
    const VectorLayer *layer = &v->layer[l];
    const float *weights = v->engine.parameters + layer->offset;
    const float *biases = weights + layer->weights;
    const int begin = piece * DENSE_OUTPUTS;
    const int left = layer->plan.layer.outputs - begin;
    const int count = left < DENSE_OUTPUTS ? left : DENSE_OUTPUTS;
    const bool by_picture = v->batch <= DOT_PICTURES, relu = has_fused_relu(v, l);
    float sums[DENSE_OUTPUTS * WIDTH_MAX] __attribute__((aligned(VECTOR_BYTES)));
    const int unit = by_picture ? 1 : WIDTH_MAX; /* pictures at a time */
    for (int n = 0; n < v->batch; n += unit) {
        int lanes = 1;
        if (by_picture && by_bf16(v, l)) {
            bf16_dense_dot(v, l, n, begin, count, sums);
        } else if (by_picture) {
            vector_dot(v->value[l] + (size_t)n * layer->in_stride,
                       weights + (ptrdiff_t)begin * WIDTH_MAX, (ptrdiff_t)layer->O * WIDTH_MAX,
                       layer->groups, count, sums);
        } else {
            lanes = lanes_of_group(v, n / WIDTH_MAX);
            if (by_bf16(v, l))
                bf16_dense_sums(v, l, begin, count, n / WIDTH_MAX, sums);
            else
                dense_sums(v, layer, begin, count, n / WIDTH_MAX, sums);
        }
        for (int i = 0; i < lanes && n + i < v->batch; i++) {
            float *y = v->value[l + 1] + (size_t)(n + i) * layer->out_stride + begin;
            for (int k = 0; k < count; k++) {
                const float sum = sums[k * lanes + i] + biases[begin + k];
                y[k] = relu && !(sum > 0) ? 0 : sum;
            }
        }
    }
}

static void backward_group(const VectorEngine *v, int l, int g, const float *d_y, float *d_x)
{
    const VectorLayer *layer = &v->layer[l];
    const ptrdiff_t d_stride = (ptrdiff_t)v->d_stride;
    const ptrdiff_t tile = (ptrdiff_t)g * layer->O * WIDTH_MAX;
    const Product d_inputs = {
        .in = d_y,
        .in_step = d_stride,
        .rows = 1,
        .length = layer->O,
        .weights = v->engine.parameters + layer->offset + tile,
        .out = d_x + g * WIDTH_MAX,
        .out_step = d_stride,
    };
    if (l > 0)
        vector_product(&d_inputs, v->batch, VECTORS_MAX);
    const Outer d_weights = {
        .in = d_y,
        .in_step = d_stride,
        .d = v->value[l] + g * WIDTH_MAX,
        .d_step = (ptrdiff_t)layer->in_stride,
        .rows = 1,
        .points = v->batch,
        .out = v->engine.gradients + layer->offset + tile,
    };
    vector_outer(&d_weights, layer->O, VECTORS_MAX);
}

void vector_backward_dense(void *context, int piece)
{
    const VectorEngine *v = context;
    const int l = v->now->first;
    const VectorLayer *layer = &v->layer[l];
    const float *d_y = v->d_batch[v->d_now];
    float *d_x = v->d_batch[1 - v->d_now];
    float *gradients = v->engine.gradients + layer->offset;
    for (int g = piece * DENSE_GROUPS; g < (piece + 1) * DENSE_GROUPS && g < layer->groups; g++)
        if (by_bf16(v, l)) {
            bf16_dense_d_input(v, l, g, d_x);
            bf16_dense_gradients(v, l, g, gradients);
        } else {
            backward_group(v, l, g, d_y, d_x);
        }
    if (piece > 0)
        return;
    float *restrict d_biases = gradients + layer->weights;
    memset(d_biases, 0, (size_t)layer->O * sizeof *d_biases);
    for (int n = 0; n < v->batch; n++)
        for (int o = 0; o < layer->O; o++)
            d_biases[o] += d_y[(size_t)n * v->d_stride + (size_t)o];
}
