/* Forward and backward, layer by layer, for one picture; then the stages made of that. */
#include <math.h>
#include <string.h>

#include "nn/vector_engine.h"

/* 20 KB forward, beside the weights; backward more, so that sums are kept longer. */
enum { FORWARD_FLOATS = 5120, BACKWARD_FLOATS = 10240 };

/* A convolution is worked on in blocks of output rows that the nearest cache holds together with
 * their part of the input. */
typedef struct {
    int begin, end;         /* output rows */
    int first_row, in_rows; /* of the input */
} Block;

static int block_count(const VectorLayer *layer, int block_floats)
{
    const int out_row = layer->plan.out.width * layer->O;
    const int floats =
        layer->plan.out.height * (out_row + layer->plan.layer.stride * layer->in_row);
    return (floats + block_floats - 1) / block_floats;
}

static Block block_at(const VectorLayer *layer, int b, int blocks)
{
    const int height = layer->plan.out.height, S = layer->plan.layer.stride;
    const int begin = height * b / blocks, end = height * (b + 1) / blocks;
    return (Block){begin, end, begin * S, (end - begin - 1) * S + layer->plan.layer.kernel};
}

static void conv2d_forward_block(const VectorEngine *v, int l, const Block *block, const float *x,
                                 float *y)
{
    const VectorLayer *layer = &v->layer[l];
    const int K = layer->plan.layer.kernel, S = layer->plan.layer.stride;
    const int G = layer->vectors * LANES, out_row = layer->plan.out.width * layer->O;
    const float *weights = v->engine.parameters + layer->offset;
    const float *biases = weights + layer->weights;
    for (int g = 0; g < layer->groups; g++)
        for (int r = block->begin; r < block->end; r++) {
            const Product row = {
                .in = x + (r - block->begin) * S * layer->in_row,
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

static void conv2d_forward(const VectorEngine *v, int l, int n, float *y)
{
    const int blocks = block_count(&v->layer[l], FORWARD_FLOATS);
    for (int b = 0; b < blocks; b++) {
        const Block block = block_at(&v->layer[l], b, blocks);
        if (block.end > block.begin)
            conv2d_forward_block(v, l, &block,
                                 vector_input_rows(v, l, n, block.first_row, block.in_rows), y);
    }
}

static void conv2d_gradients_block(const VectorLayer *layer, const Block *block, const float *x,
                                   const float *d_y, float *gradients)
{
    const int K = layer->plan.layer.kernel, S = layer->plan.layer.stride;
    const int G = layer->vectors * LANES, O = layer->O;
    const int d_row = layer->plan.out.width * O;
    for (int g = 0; g < layer->groups; g++)
        for (int i = 0; i < K; i++) {
            const Outer kernel_row = {
                .in = x + i * layer->in_row,
                .in_step = S * layer->C,
                .in_row = S * layer->in_row,
                .d = d_y + block->begin * d_row + g * G,
                .d_step = O,
                .d_row = d_row,
                .rows = block->end - block->begin,
                .points = layer->plan.out.width,
                .add = true,
                .out = gradients + (ptrdiff_t)(g * K + i) * K * layer->C * G,
            };
            vector_outer(&kernel_row, K * layer->C, layer->vectors);
        }
}

static void conv2d_gradients(const VectorEngine *v, int l, int n, const float *d_y,
                             float *gradients)
{
    const VectorLayer *layer = &v->layer[l];
    const int O = layer->O, blocks = block_count(layer, BACKWARD_FLOATS);
    for (int b = 0; b < blocks; b++) {
        const Block block = block_at(layer, b, blocks);
        if (block.end > block.begin)
            conv2d_gradients_block(layer, &block,
                                   vector_input_rows(v, l, n, block.first_row, block.in_rows), d_y,
                                   gradients);
    }
    float *restrict biases = gradients + layer->weights;
    for (int p = 0; p < layer->plan.out.height * layer->plan.out.width; p++)
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
    const float *x = v->value[l] + (size_t)n * layer->in_stride;
    float *y = output_of(v, l, n);
    if (l == 0 && by_changes(v))
        vector_changes_forward(v, n, y);
    else if (layer->plan.layer.kind == NN_CONV2D && by_bf16(v, l))
        bf16_conv_forward(v, l, n, x, y);
    else if (layer->plan.layer.kind == NN_CONV2D)
        conv2d_forward(v, l, n, y);
    else if (layer->plan.layer.kind == NN_DROPOUT)
        dropout(v, l, n, x, y);
    else if (layer->plan.layer.kind == NN_LAYER_NORM)
        vector_norm_forward(v, l, n, x, y);
    else if (!is_fused(v, l))
        curve_forward(layer, x, y);
    if (rounded_for(v, l))
        bf16_round_picture(v, rounded_for(v, l), n, y);
}

/* The first room that is free, for pictures begin to end-1. */
static void take_room(const VectorEngine *v, int begin, int end)
{
    int room = 0;
    while (atomic_flag_test_and_set(&v->room_taken[room]))
        room = (room + 1) % v->rooms;
    for (int n = begin; n < end; n++)
        v->room[n] = (uint16_t)room;
}

static void leave_room(const VectorEngine *v, int begin)
{
    atomic_flag_clear(&v->room_taken[room_of(v, begin)]);
}

void vector_forward_pictures(void *context, int piece)
{
    const VectorEngine *v = context;
    const Stage *stage = v->now;
    const int begin = piece * FORWARD_PICTURES, most = begin + FORWARD_PICTURES;
    const int end = most < v->batch ? most : v->batch;
    take_room(v, begin, end);
    for (int n = begin; n < end; n++) {
        if (stage->first == 0)
            vector_read_picture(v, n);
        for (int l = stage->first; l < stage->end; l++)
            forward_picture_layer(v, l, n);
    }
    leave_room(v, begin);
}

/* The gradients of convolution l, and dL/dx to d_x, by way of `padded`. */
static void conv2d_backward(const VectorEngine *v, int l, int n, const float *d_y, float *padded,
                            float *d_x)
{
    const VectorLayer *layer = &v->layer[l];
    const int shard = n / SHARD_PICTURES;
    float *gradients = v->shard_gradients + (size_t)shard * v->shard_slots + layer->shard_offset;
    if (by_bf16(v, l)) {
        bf16_conv_take_d(v, l, shard, n, d_y, gradients);
        bf16_conv_d_input(v, l, shard, n, d_x);
        return;
    }
    conv2d_gradients(v, l, n, d_y, gradients);
    if (layer->back_weights == 0)
        return;
    pad_sides(layer, d_y, padded);
    conv2d_d_input(layer, v->back[l], padded, d_x);
}

/* Picture n through all layers of the stage; room: two pictures' dL/dx, and one padded. */
static void backward_picture(const VectorEngine *v, int shard, int n, float *const room[3])
{
    const Stage *stage = v->now;
    float *gradients = v->shard_gradients + (size_t)shard * v->shard_slots;
    float *top = v->d_batch[v->d_now] + (size_t)n * v->d_stride;
    float *d = top;
    for (int l = stage->end - 1; l >= stage->first; l--) {
        const VectorLayer *layer = &v->layer[l];
        if (layer->plan.layer.kind == NN_DROPOUT) {
            dropout(v, l, n, d, d);
        } else if (layer->plan.layer.kind == NN_LAYER_NORM) {
            vector_norm_backward(v, l, n, d, gradients + layer->shard_offset);
        } else if (is_fused(v, l) && rounded_for(v, l - 1)) {
            bf16_relu_backward(v, rounded_for(v, l - 1), n, d);
        } else if (layer->plan.layer.kind != NN_CONV2D) {
            curve_backward(layer, v->value[l + 1] + (size_t)n * layer->out_stride, d);
        } else if (l == 0 && by_changes(v)) {
            vector_changes_backward(v, shard, n, d, gradients);
            break;
        } else {
            float *d_x = d == room[0] ? room[1] : room[0];
            conv2d_backward(v, l, n, d, room[2], d_x);
            d = d_x;
        }
    }
    if (stage->first > 0 && d != top)
        memcpy(top, d, (size_t)v->layer[stage->first].in_all * sizeof *top);
}

void vector_backward_pictures(void *context, int shard)
{
    const VectorEngine *v = context;
    const Stage *stage = v->now;
    float *gradients = v->shard_gradients + (size_t)shard * v->shard_slots;
    const int begin = shard * SHARD_PICTURES, most = begin + SHARD_PICTURES;
    const int end = most < v->batch ? most : v->batch;
    float *room[3];
    take_room(v, begin, end);
    for (int i = 0; i < 3; i++)
        room[i] = v->d_picture + (size_t)(3 * room_of_shard(v, shard) + i) * v->d_picture_size;
    for (int l = stage->first; l < stage->end; l++)
        if (vector_has_shards(&v->layer[l]))
            memset(gradients + v->layer[l].shard_offset, 0,
                   vector_slots(&v->layer[l]) * sizeof *gradients);
    for (int n = begin; n < end; n++)
        backward_picture(v, shard, n, room);
    for (int l = stage->first; l < stage->end; l++)
        if (v->layer[l].plan.layer.kind == NN_CONV2D && by_bf16(v, l))
            bf16_conv_gradients(v, l, shard, end - begin, gradients + v->layer[l].shard_offset);
    if (stage->first == 0 && by_changes(v))
        vector_end_changes(v, shard, gradients);
    leave_room(v, begin);
}
