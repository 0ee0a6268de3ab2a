/* Forward and backward, layer by layer, for one picture; then the stages made of that. */
#include <math.h>
#include <string.h>

#include "nn/vector_engine.h"

enum { BLOCK_FLOATS = 5120 }; /* 20 KB: rows of a convolution worked on at a time */

static void conv2d_forward(const VectorEngine *v, int l, const float *x, float *y)
{
    const VectorLayer *layer = &v->layer[l];
    const int K = layer->plan.layer.kernel, S = layer->plan.layer.stride;
    const int G = layer->vectors * LANES, out_row = layer->plan.out.width * layer->O;
    const float *weights = v->engine.parameters + layer->offset;
    const float *biases = weights + layer->weights;
    for (int g = 0; g < layer->groups; g++)
        for (int r = 0; r < layer->plan.out.height; r++) {
            const Product row = {
                .in = x + r * S * layer->in_row,
                .in_step = S * layer->C,
                .in_row = layer->in_row,
                .rows = K,
                .length = K * layer->C,
                .weights = weights + (ptrdiff_t)g * K * K * layer->C * G,
                .bias = biases + g * G,
                .relu = has_fused_relu(v, l),
                .out = y + r * out_row + g * G,
                .out_step = layer->O,
            };
            vector_product(&row, layer->plan.out.width, layer->vectors);
        }
}

/* In blocks of rows that the nearest cache holds together with their part of the input. */
static void conv2d_gradients(const VectorLayer *layer, const float *x, const float *d_y,
                             float *gradients)
{
    const int K = layer->plan.layer.kernel, S = layer->plan.layer.stride;
    const int G = layer->vectors * LANES, O = layer->O;
    const NnShape out = layer->plan.out;
    const int d_row = out.width * O;
    const int blocks = (out.height * (d_row + layer->in_row) + BLOCK_FLOATS - 1) / BLOCK_FLOATS;
    for (int b = 0; b < blocks; b++) {
        const int begin = out.height * b / blocks, end = out.height * (b + 1) / blocks;
        for (int g = 0; g < layer->groups; g++)
            for (int i = 0; i < K; i++) {
                const Outer kernel_row = {
                    .in = x + (begin * S + i) * layer->in_row,
                    .in_step = S * layer->C,
                    .in_row = S * layer->in_row,
                    .d = d_y + begin * d_row + g * G,
                    .d_step = O,
                    .d_row = d_row,
                    .rows = end - begin,
                    .points = out.width,
                    .add = true,
                    .out = gradients + (ptrdiff_t)(g * K + i) * K * layer->C * G,
                };
                vector_outer(&kernel_row, K * layer->C, layer->vectors);
            }
    }
    float *restrict biases = gradients + layer->weights;
    for (int p = 0; p < out.height * out.width; p++)
        for (int o = 0; o < O; o++)
            biases[o] += d_y[p * O + o];
}

/* d_y with the zeros at its sides that every pixel of the input may look at. */
static void pad_sides(const VectorLayer *layer, const float *d_y, float *padded)
{
    const size_t row = (size_t)(layer->plan.out.width * layer->O);
    const size_t left = (size_t)(layer->pad_left * layer->O);
    const size_t right = (size_t)(layer->pad_right * layer->O);
    for (int r = 0; r < layer->plan.out.height; r++) {
        memset(padded, 0, left * sizeof *padded);
        memcpy(padded + left, d_y, row * sizeof *padded);
        memset(padded + left + row, 0, right * sizeof *padded);
        padded += left + row + right;
        d_y += row;
    }
}

/* Where S does not divide the width, a row's last block runs over into the next row, which is
 * written afterwards; and the last row's into S C' floats after the picture. */
static void conv2d_d_input(const VectorLayer *layer, const float *back, const float *padded,
                           float *d_x)
{
    const int S = layer->plan.layer.stride, T = layer->taps, O = layer->O;
    const int G = layer->back_vectors * LANES;
    const int pitch = (layer->pad_left + layer->plan.out.width + layer->pad_right) * O;
    const int blocks = (layer->plan.in.width + S - 1) / S;
    for (int y = 0; y < layer->plan.in.height; y++) {
        const int b = y / S; /* sees rows b, b-1, ... b-T+1 of d_y, where there are such */
        const int first_tap = b < layer->plan.out.height ? 0 : b - layer->plan.out.height + 1;
        const int last_tap = b < T - 1 ? b : T - 1;
        for (int g = 0; g < layer->groups_back; g++) {
            const ptrdiff_t at = ((y % S * layer->groups_back + g) * T + first_tap) * T * O;
            const Product row = {
                .in = padded + (b - first_tap) * pitch,
                .in_step = O,
                .in_row = -pitch,
                .rows = last_tap - first_tap + 1,
                .length = T * O,
                .weights = back + at * G,
                .out = d_x + y * layer->in_row + g * G,
                .out_step = S * layer->C,
            };
            vector_product(&row, blocks, layer->back_vectors);
        }
    }
}

/* y = f(x) for the channels that there are; what was added to fill vectors stays 0. */
static void curve_forward(const VectorLayer *layer, const float *x, float *y)
{
    const int C = layer->plan.in.channels;
    for (int p = 0; p < layer->in_all; p += layer->C)
        for (int i = p; i < p + C; i++)
            switch (layer->plan.layer.kind) {
            case NN_RELU: y[i] = x[i] > 0 ? x[i] : 0; break;
            case NN_SIGMOID: y[i] = 1 / (1 + expf(-x[i])); break;
            default: y[i] = tanhf(x[i]);
            }
}

static void curve_backward(const VectorLayer *layer, const float *restrict y, float *restrict d)
{
    const int count = layer->in_all;
    switch (layer->plan.layer.kind) {
    case NN_RELU:
        for (int i = 0; i < count; i++)
            d[i] = y[i] > 0 ? d[i] : 0;
        break;
    case NN_SIGMOID:
        for (int i = 0; i < count; i++)
            d[i] *= y[i] * (1 - y[i]);
        break;
    default:
        for (int i = 0; i < count; i++)
            d[i] *= 1 - y[i] * y[i];
    }
}

static void dropout(const VectorEngine *v, int l, int n, const float *x, float *y)
{
    const VectorLayer *layer = &v->layer[l];
    const float *scale = v->scale[l] + (size_t)n * layer->in_stride;
    for (int i = 0; i < layer->in_all; i++)
        y[i] = v->dropping ? x[i] * scale[i] : x[i];
}

static void forward_picture_layer(const VectorEngine *v, int l, int n)
{
    const VectorLayer *layer = &v->layer[l];
    const float *x = vector_layer_input(v, l, n);
    float *y = v->value[l + 1] + (size_t)n * layer->out_stride;
    if (layer->plan.layer.kind == NN_CONV2D)
        conv2d_forward(v, l, x, y);
    else if (layer->plan.layer.kind == NN_DROPOUT)
        dropout(v, l, n, x, y);
    else if (!is_fused(v, l))
        curve_forward(layer, x, y);
}

void vector_forward_pictures(void *context, int shard)
{
    const VectorEngine *v = context;
    const Stage *stage = v->now;
    const int begin = shard * SHARD_PICTURES, end = shard_end(v, shard);
    for (int n = begin; n < end; n++) {
        if (stage->first == 0)
            vector_read_picture(v, n);
        for (int l = stage->first; l < stage->end; l++)
            forward_picture_layer(v, l, n);
    }
    if (stage->end < v->spec.layer_count && v->batch > DOT_PICTURES)
        vector_gather_columns(v, stage->end, begin, end);
}

void vector_backward_pictures(void *context, int shard)
{
    const VectorEngine *v = context;
    const Stage *stage = v->now;
    float *gradients = v->shard_gradients + (size_t)shard * v->shard_slots;
    float *room[3];
    for (int i = 0; i < 3; i++)
        room[i] = v->d_picture + (size_t)(3 * shard + i) * v->d_picture_size;
    for (int n = shard * SHARD_PICTURES; n < shard_end(v, shard); n++) {
        float *top = v->d_batch[v->d_now] + (size_t)n * v->d_stride;
        float *d = top;
        for (int l = stage->end - 1; l >= stage->first; l--) {
            const VectorLayer *layer = &v->layer[l];
            if (layer->plan.layer.kind == NN_DROPOUT) {
                dropout(v, l, n, d, d);
            } else if (layer->plan.layer.kind != NN_CONV2D) {
                curve_backward(layer, v->value[l + 1] + (size_t)n * layer->out_stride, d);
            } else {
                conv2d_gradients(layer, vector_layer_input(v, l, n), d,
                                 gradients + layer->shard_offset);
                if (layer->back_weights == 0)
                    break;
                float *d_x = d == room[0] ? room[1] : room[0];
                pad_sides(layer, d, room[2]);
                conv2d_d_input(layer, v->back[l], room[2], d_x);
                d = d_x;
            }
        }
        if (stage->first > 0 && d != top)
            memcpy(top, d, (size_t)v->layer[stage->first].in_all * sizeof *top);
    }
}
