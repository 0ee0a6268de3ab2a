/*
 * vector_engine.c - the fast backend: direct convolutions and dense layers on vector_kernels.h, in
 * the layouts of vector_layout.h.
 *
 * The layers are grouped into stages. Between two dense layers, before the first and after the last
 * lie picture stages: convolutions and elementwise layers, which go picture by picture through all
 * layers of the stage while the picture is in the cache. Their pieces are shards of eight pictures,
 * each with its own gradients, added in order at the end. A dense layer is a stage of its own, cut
 * into pieces by its outputs (forward) or its inputs (backward), so that each weight is read by one
 * piece only and its gradient needs no adding.
 *
 *     pictures: read, conv, relu, conv, relu | dense | pictures: relu | dense
 *
 * A ReLU right after a convolution or a dense layer is done where the sum is stored; the values
 * before it are not kept.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nn/engine.h"
#include "nn/vector_layout.h"

enum {
    SHARD_PICTURES = 8,
    DENSE_OUTPUTS = 16,       /* of a forward piece */
    DENSE_GROUPS = 4,         /* of WIDTH_MAX inputs, of a backward piece */
    DOT_PICTURES = LANES / 2, /* up to here a dense layer goes picture by picture */
    BLOCK_FLOATS = 5120,      /* 20 KB: rows of a convolution worked on at a time */
    STAGES_MAX = 2 * NN_LAYERS_MAX + 1,
};

typedef struct {
    int first, end; /* layers first .. end-1; none in an empty picture stage */
    bool dense;
} Stage;

typedef struct {
    Engine engine;
    Parallel *team;
    NnSpec spec;
    VectorLayer layer[NN_LAYERS_MAX];
    Stage stage[STAGES_MAX];
    int stage_count;
    uint32_t *place;                 /* of each parameter in own arrays */
    float *value[NN_LAYERS_MAX + 1]; /* value[l]: what goes into layer l; the last: the outputs */
    float *scale[NN_LAYERS_MAX];     /* dropout's factors in the layout of the values */
    float *drawn;                    /* dropout's factors of one picture as they are drawn */
    float *columns;                  /* a dense layer's input, transposed: see gather_columns */
    float *back[NN_LAYERS_MAX];      /* convolutions' back weights */
    float *d_batch[2];               /* dL/d values of all pictures, and room for the next */
    size_t d_stride;                 /* from picture to picture in d_batch */
    float *d_picture;                /* for each shard: two pictures' dL/d values, one padded */
    size_t d_picture_size;
    float *shard_gradients; /* for each shard: the gradients of all convolutions */
    size_t shard_slots;
    const uint8_t *no_plane; /* stands in for planes that are NULL */
    uint8_t *bytes;          /* the input of all pictures, in the layout of the values */
    float *input_room;       /* for each shard: one picture of the input */
    NnInput input;
    int batch;
    bool dropping; /* the last forward pass drew dropout factors */
    const Stage *now;
    int d_now; /* which of d_batch holds the present values */
} VectorEngine;

static int shard_count(int batch)
{
    return (batch + SHARD_PICTURES - 1) / SHARD_PICTURES;
}

static int shard_end(const VectorEngine *v, int shard)
{
    const int end = (shard + 1) * SHARD_PICTURES;
    return end < v->batch ? end : v->batch;
}

/* Is layer l the ReLU that the layer before it has done already? */
static bool is_fused(const VectorEngine *v, int l)
{
    return l > 0 && v->layer[l].plan.layer.kind == NN_RELU && layer_learns(&v->layer[l - 1].plan);
}

static bool has_fused_relu(const VectorEngine *v, int l)
{
    return l + 1 < v->spec.layer_count && is_fused(v, l + 1);
}

/* ---- reading the input ---- */

/* Planes go into convolutions by way of bytes: those are kept for the backward pass, and each
 * picture is made floats when it is needed, in a room that stays in the cache. */
static bool keeps_bytes(const VectorEngine *v)
{
    return v->input.planes != NULL && v->spec.layer[0].kind == NN_CONV2D;
}

/* Four planes of bytes to pixels of four bytes, as one 32-bit word (little-endian) each. */
static void interleave_four(const uint8_t *const plane[4], size_t pixels, uint32_t *pixel)
{
    const uint8_t *a = plane[0], *b = plane[1], *c = plane[2], *d = plane[3];
    for (size_t i = 0; i < pixels; i++)
        pixel[i] = a[i] | (uint32_t)b[i] << 8 | (uint32_t)c[i] << 16 | (uint32_t)d[i] << 24;
}

static void read_bytes(const VectorEngine *v, int n)
{
    const VectorLayer *first = &v->layer[0];
    const size_t channels = (size_t)first->C;
    const size_t pixels = shape_size(first->plan.in) / channels;
    const uint8_t *const *planes = v->input.planes + (size_t)n * channels;
    uint8_t *bytes = v->bytes + (size_t)n * first->in_stride;
    if (channels == 4) {
        const uint8_t *four[4];
        for (int c = 0; c < 4; c++)
            four[c] = planes[c] != NULL ? planes[c] : v->no_plane;
        interleave_four(four, pixels, (uint32_t *)(void *)bytes);
        return;
    }
    for (size_t c = 0; c < channels; c++)
        for (size_t i = 0; i < pixels; i++)
            bytes[i * channels + c] = planes[c] != NULL ? planes[c][i] : 0;
}

static void read_floats(const VectorEngine *v, int n)
{
    const VectorLayer *first = &v->layer[0];
    const size_t channels = (size_t)first->plan.in.channels, stored = (size_t)first->C;
    const size_t pixels = shape_size(first->plan.in) / channels;
    float *out = v->value[0] + (size_t)n * first->in_stride;
    for (size_t c = 0; c < channels; c++) {
        const size_t plane = (size_t)n * channels + c;
        if (v->input.values != NULL)
            for (size_t i = 0; i < pixels; i++)
                out[i * stored + c] = v->input.values[plane * pixels + i];
        else
            for (size_t i = 0; i < pixels; i++)
                out[i * stored + c] = v->input.planes[plane] != NULL
                                          ? (float)v->input.planes[plane][i] * (1.0f / 255)
                                          : 0;
    }
}

/* What goes into layer l from picture n. */
static const float *layer_input(const VectorEngine *v, int l, int n)
{
    const VectorLayer *layer = &v->layer[l];
    if (l > 0 || !keeps_bytes(v))
        return v->value[l] + (size_t)n * layer->in_stride;
    float *room = v->input_room + (size_t)(n / SHARD_PICTURES) * layer->in_stride;
    const uint8_t *bytes = v->bytes + (size_t)n * layer->in_stride;
    for (int i = 0; i < layer->in_all; i++)
        room[i] = (float)bytes[i] * (1.0f / 255);
    return room;
}

/* ---- forward and backward, layer by layer, for one picture ---- */

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

/* ---- picture stages ---- */

static void forward_picture_layer(const VectorEngine *v, int l, int n)
{
    const VectorLayer *layer = &v->layer[l];
    const float *x = layer_input(v, l, n);
    float *y = v->value[l + 1] + (size_t)n * layer->out_stride;
    if (layer->plan.layer.kind == NN_CONV2D)
        conv2d_forward(v, l, x, y);
    else if (layer->plan.layer.kind == NN_DROPOUT)
        dropout(v, l, n, x, y);
    else if (!is_fused(v, l))
        curve_forward(layer, x, y);
}

static int lanes_of_group(const VectorEngine *v, int group)
{
    const int left = round_up(v->batch - group * WIDTH_MAX, LANES);
    return left < WIDTH_MAX ? left : WIDTH_MAX;
}

/* A dense layer multiplies with its input transposed: groups of WIDTH_MAX pictures (LANES may do
 * for the last), in each one vector or two for every value, a lane a picture. */
static void gather_columns(const VectorEngine *v, int l, int begin, int end)
{
    enum { BLOCK = 16 };
    const size_t stride = v->layer[l].in_stride;
    for (size_t i = 0; i < stride; i += BLOCK)
        for (int n = begin; n < end; n++) {
            const int group = n / WIDTH_MAX;
            const size_t lanes = (size_t)lanes_of_group(v, group);
            const float *from = v->value[l] + (size_t)n * stride + i;
            float *to = v->columns + (size_t)group * WIDTH_MAX * stride + i * lanes +
                        (size_t)(n % WIDTH_MAX);
            for (size_t j = 0; j < BLOCK && i + j < stride; j++)
                to[j * lanes] = from[j];
        }
}

static void forward_pictures(void *context, int shard)
{
    const VectorEngine *v = context;
    const Stage *stage = v->now;
    const int begin = shard * SHARD_PICTURES, end = shard_end(v, shard);
    for (int n = begin; n < end; n++) {
        if (stage->first == 0 && keeps_bytes(v))
            read_bytes(v, n);
        else if (stage->first == 0)
            read_floats(v, n);
        for (int l = stage->first; l < stage->end; l++)
            forward_picture_layer(v, l, n);
    }
    if (stage->end < v->spec.layer_count && v->batch > DOT_PICTURES)
        gather_columns(v, stage->end, begin, end);
}

static void backward_pictures(void *context, int shard)
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
                conv2d_gradients(layer, layer_input(v, l, n), d, gradients + layer->shard_offset);
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

/* ---- dense stages ---- */

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

static void forward_dense(void *context, int piece)
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
        if (by_picture) {
            vector_dot(v->value[l] + (size_t)n * layer->in_stride,
                       weights + (ptrdiff_t)begin * WIDTH_MAX, (ptrdiff_t)layer->O * WIDTH_MAX,
                       layer->groups, count, sums);
        } else {
            lanes = lanes_of_group(v, n / WIDTH_MAX);
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

static void backward_dense(void *context, int piece)
{
    const VectorEngine *v = context;
    const int l = v->now->first;
    const VectorLayer *layer = &v->layer[l];
    const ptrdiff_t d_stride = (ptrdiff_t)v->d_stride;
    const float *d_y = v->d_batch[v->d_now];
    float *d_x = v->d_batch[1 - v->d_now];
    float *gradients = v->engine.gradients + layer->offset;
    for (int g = piece * DENSE_GROUPS; g < (piece + 1) * DENSE_GROUPS && g < layer->groups; g++) {
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
            .out = gradients + tile,
        };
        vector_outer(&d_weights, layer->O, VECTORS_MAX);
    }
    if (piece > 0)
        return;
    float *restrict d_biases = gradients + layer->weights;
    memset(d_biases, 0, (size_t)layer->O * sizeof *d_biases);
    for (int n = 0; n < v->batch; n++)
        for (int o = 0; o < layer->O; o++)
            d_biases[o] += d_y[n * d_stride + o];
}

/* ---- whole passes ---- */

static void draw_dropout(VectorEngine *v, int l, Random *random)
{
    const VectorLayer *layer = &v->layer[l];
    const NnShape shape = layer->plan.in;
    const int pixels = shape.height * shape.width;
    for (int n = 0; n < v->batch; n++) {
        engine_draw_dropout(layer->plan.layer.rate, shape_size(shape), random, v->drawn);
        float *scale = v->scale[l] + (size_t)n * layer->in_stride;
        for (int c = 0; c < shape.channels; c++)
            for (int i = 0; i < pixels; i++)
                scale[i * layer->C + c] = v->drawn[c * pixels + i];
    }
}

static void forward(Engine *engine, const NnInput *input, int batch, bool train, Random *random,
                    float *outputs)
{
    VectorEngine *v = (VectorEngine *)engine;
    v->input = *input;
    v->batch = batch;
    v->dropping = train;
    for (int l = 0; train && l < v->spec.layer_count; l++)
        if (v->scale[l] != NULL)
            draw_dropout(v, l, random);
    for (int s = 0; s < v->stage_count; s++) {
        v->now = &v->stage[s];
        const VectorLayer *layer = &v->layer[v->now->first];
        if (v->now->dense)
            engine_run(v->team, (layer->plan.layer.outputs + DENSE_OUTPUTS - 1) / DENSE_OUTPUTS,
                       forward_dense, v);
        else
            engine_run(v->team, shard_count(batch), forward_pictures, v);
    }
    engine->type->activations(engine, v->spec.layer_count - 1, batch, outputs);
}

/* The top of dL/d values: the outputs' rows, with zeros in the lanes that no output has. */
static void take_d_outputs(VectorEngine *v, const float *d_outputs)
{
    const VectorLayer *last = &v->layer[v->spec.layer_count - 1];
    const NnShape shape = last->plan.out;
    const int pixels = shape.height * shape.width;
    v->d_now = 0;
    for (int n = 0; n < v->batch; n++) {
        float *d = v->d_batch[0] + (size_t)n * v->d_stride;
        memset(d, 0, last->out_stride * sizeof *d);
        for (int c = 0; c < shape.channels; c++)
            for (int i = 0; i < pixels; i++)
                d[i * last->O + c] = *d_outputs++;
    }
}

static void add_shards(VectorEngine *v, const VectorLayer *layer)
{
    const size_t count = vector_slots(layer);
    float *restrict sum = v->engine.gradients + layer->offset;
    memset(sum, 0, count * sizeof *sum);
    for (int s = 0; s < shard_count(v->batch); s++) {
        const float *part = v->shard_gradients + (size_t)s * v->shard_slots + layer->shard_offset;
        for (size_t i = 0; i < count; i++)
            sum[i] += part[i];
    }
}

static void backward(Engine *engine, const float *d_outputs)
{
    VectorEngine *v = (VectorEngine *)engine;
    take_d_outputs(v, d_outputs);
    memset(v->shard_gradients, 0,
           (size_t)shard_count(v->batch) * v->shard_slots * sizeof *v->shard_gradients);
    for (int l = 0; l < v->spec.layer_count; l++)
        if (v->layer[l].back_weights > 0)
            vector_turn_back(&v->layer[l], engine->parameters + v->layer[l].offset, v->back[l]);
    for (int s = v->stage_count - 1; s >= 0; s--) {
        v->now = &v->stage[s];
        if (v->now->dense) {
            const int groups = v->layer[v->now->first].groups;
            engine_run(v->team, (groups + DENSE_GROUPS - 1) / DENSE_GROUPS, backward_dense, v);
            v->d_now = 1 - v->d_now;
        } else if (v->now->end > v->now->first) {
            engine_run(v->team, shard_count(v->batch), backward_pictures, v);
        }
    }
    for (int l = 0; l < v->spec.layer_count; l++)
        if (v->layer[l].plan.layer.kind == NN_CONV2D)
            add_shards(v, &v->layer[l]);
}

static void arrange(const Engine *engine, const float *flat, float *own)
{
    const VectorEngine *v = (const VectorEngine *)engine;
    const size_t count = nn_spec_parameters(&v->spec);
    memset(own, 0, engine->slots * sizeof *own);
    for (size_t i = 0; i < count; i++)
        own[v->place[i]] = flat[i];
}

static void flatten(const Engine *engine, const float *own, float *flat)
{
    const VectorEngine *v = (const VectorEngine *)engine;
    const size_t count = nn_spec_parameters(&v->spec);
    for (size_t i = 0; i < count; i++)
        flat[i] = own[v->place[i]];
}

static void activations(const Engine *engine, int layer, int batch, float *values)
{
    const VectorEngine *v = (const VectorEngine *)engine;
    const VectorLayer *l = &v->layer[layer];
    for (int n = 0; n < batch; n++)
        vector_unpack(l->plan.out, l->O, v->value[layer + 1] + (size_t)n * l->out_stride,
                      values + (size_t)n * shape_size(l->plan.out));
}

static void destroy(Engine *engine)
{
    free(engine);
}

static const EngineType vector_type = {
    .destroy = destroy,
    .arrange = arrange,
    .flatten = flatten,
    .forward = forward,
    .backward = backward,
    .activations = activations,
};

/* ---- creation ---- */

static int make_stages(const NnSpec *spec, Stage stage[STAGES_MAX])
{
    int count = 0, begin = 0;
    for (int l = 0; l < spec->layer_count; l++)
        if (spec->layer[l].kind == NN_DENSE) {
            stage[count++] = (Stage){begin, l, false};
            stage[count++] = (Stage){l, l + 1, true};
            begin = l + 1;
        }
    if (begin < spec->layer_count)
        stage[count++] = (Stage){begin, spec->layer_count, false};
    return count;
}

/* Take `bytes` of the block, aligned; counting only, while there is no block yet. */
static void *take(char *block, size_t *used, size_t bytes)
{
    char *taken = block != NULL ? block + *used : NULL;
    *used += (bytes + VECTOR_BYTES - 1) / VECTOR_BYTES * VECTOR_BYTES;
    return taken;
}

static float *take_floats(char *block, size_t *used, size_t count)
{
    return take(block, used, count * sizeof(float));
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* The sizes that are the largest of all layers. */
typedef struct {
    size_t picture, d_picture, columns, units;
} Largest;

static Largest find_largest(const VectorEngine *v)
{
    Largest most = {0};
    for (int i = 0; i < v->spec.layer_count; i++) {
        const VectorLayer *l = &v->layer[i];
        most.picture = larger(most.picture, larger(l->in_stride, l->out_stride));
        const size_t slack = (size_t)(l->plan.layer.stride * l->C);
        const size_t sides = (size_t)((l->pad_left + l->pad_right) * l->plan.out.height * l->O);
        if (l->back_weights > 0)
            most.d_picture =
                larger(most.d_picture, larger((size_t)l->in_all + slack, l->out_stride + sides));
        if (l->plan.layer.kind == NN_DENSE)
            most.columns = larger(most.columns, l->in_stride);
        most.units = larger(most.units, shape_size(l->plan.in));
    }
    return most;
}

/* Give every array its place in `block`; returns how many bytes that takes. */
static size_t lay_out(VectorEngine *v, size_t batch_max, char *block)
{
    size_t used = 0;
    take(block, &used, sizeof *v);
    const Largest most = find_largest(v);
    const size_t shards = (size_t)shard_count((int)batch_max);
    v->place = take(block, &used, nn_spec_parameters(&v->spec) * sizeof *v->place);
    v->bytes = take(block, &used, batch_max * v->layer[0].in_stride);
    v->input_room = take_floats(block, &used, shards * v->layer[0].in_stride);
    v->value[0] = take_floats(block, &used, batch_max * v->layer[0].in_stride);
    for (int l = 0; l < v->spec.layer_count; l++) {
        const VectorLayer *layer = &v->layer[l];
        v->value[l + 1] =
            is_fused(v, l) ? v->value[l] : take_floats(block, &used, batch_max * layer->out_stride);
        if (layer->plan.layer.kind == NN_DROPOUT)
            v->scale[l] = take_floats(block, &used, batch_max * layer->in_stride);
        v->back[l] = take_floats(block, &used, layer->back_weights);
    }
    v->drawn = take_floats(block, &used, most.units);
    v->no_plane = take(block, &used, most.units);
    v->columns =
        take_floats(block, &used, (size_t)round_up((int)batch_max, WIDTH_MAX) * most.columns);
    v->d_stride = most.picture;
    for (int i = 0; i < 2; i++)
        v->d_batch[i] = take_floats(block, &used, batch_max * v->d_stride);
    v->d_picture_size = (most.d_picture + LANES - 1) / LANES * LANES;
    v->d_picture = take_floats(block, &used, shards * 3 * v->d_picture_size);
    v->shard_gradients = take_floats(block, &used, shards * v->shard_slots);
    v->engine.parameters = take_floats(block, &used, v->engine.slots);
    v->engine.gradients = take_floats(block, &used, v->engine.slots);
    return used;
}

Engine *vector_engine_create(const NnSpec *spec, int batch_max, Parallel *team, Error *error)
{
    VectorEngine head = {.spec = *spec, .team = team};
    vector_layout(spec, head.layer);
    head.stage_count = make_stages(spec, head.stage);
    for (int l = 0; l < spec->layer_count; l++) {
        head.engine.slots += vector_slots(&head.layer[l]);
        if (spec->layer[l].kind == NN_CONV2D)
            head.shard_slots += vector_slots(&head.layer[l]);
    }
    const size_t bytes = lay_out(&head, (size_t)batch_max, NULL);
    VectorEngine *v = aligned_alloc(VECTOR_BYTES, bytes);
    if (v == NULL) {
        error_work(error, "no memory for the network's %zu bytes", bytes);
        return NULL;
    }
    memset(v, 0, bytes);
    *v = head;
    v->engine.type = &vector_type;
    v->engine.name = "vector";
    lay_out(v, (size_t)batch_max, (char *)v);
    for (int l = 0; l < spec->layer_count; l++)
        if (layer_learns(&v->layer[l].plan))
            vector_places(&v->layer[l], v->place);
    return &v->engine;
}
