/*
 * vector_bf16_dense.c - dense layers from bfloat16. The weights lie as the floats do, so that a lone
 * picture reads only those of inputs that are not 0.
 *
 *     x           [N][I']             what goes in; N is filled up to PICTURES
 *     weights     [O'/G][I'][G]
 *     forward     y = x weights       weights in pairs of inputs: made panel by panel, on their way
 *                                     through the cache
 *     backward    dL/dx turned = weights d_outputs,   dL/dw = x turned d_pictures
 *     d_outputs   [N/WIDTH_MAX][O'/2][lanes][2]           a lane a picture, outputs in pairs
 *     d_pictures  [N/PICTURES][O'/G][PICTURES/2][G][2]    a lane an output, pictures in pairs
 */
#include "nn/vector_engine.h"

enum {
    PICTURES = 2 * TURNED, /* of a sum over pictures, zeros where there are not so many */
    CHUNK = 256,           /* inputs whose weights are made pairs at a time: 16 KB */
    PIECE = DENSE_GROUPS * WIDTH_MAX,
};

Bf16DenseSizes bf16_dense_sizes(const VectorLayer *layer, int batch_max)
{
    const size_t pictures = (size_t)round_up(batch_max, PICTURES);
    return (Bf16DenseSizes){.x = pictures * layer->in_stride, .d = pictures * (size_t)layer->O};
}

void bf16_round_pictures(void *context, int piece)
{
    const VectorEngine *v = context;
    const int l = v->now->first;
    const size_t stride = v->layer[l].in_stride;
    const int begin = piece * FORWARD_PICTURES, end = begin + FORWARD_PICTURES;
    for (int n = begin; n < end && n < v->batch; n++)
        bf16_round_all(v->value[l] + (size_t)n * stride, stride,
                       v->bf16.layer[l].x + (size_t)n * stride);
}

static void multiply_panel(const VectorEngine *v, int l, int panel, float *y)
{
    const VectorLayer *layer = &v->layer[l];
    const int G = layer->vectors * LANES, inputs = (int)layer->in_stride;
    const Bf16 *weights = v->bf16.layer[l].weights + (ptrdiff_t)panel * inputs * G;
    Bf16 pairs[CHUNK * WIDTH_MAX] __attribute__((aligned(VECTOR_BYTES)));
    for (int begin = 0; begin < inputs; begin += CHUNK) {
        const int count = inputs - begin < CHUNK ? inputs - begin : CHUNK;
        for (int i = 0; i < count; i += 2, weights += 2 * G)
            bf16_pair(weights, weights + G, G, pairs + i * G);
        const TileProduct product = {
            .in = v->bf16.layer[l].x + begin,
            .in_step = inputs,
            .rows = 1,
            .length = count,
            .weights = pairs,
            .add = begin > 0,
            .out = y,
            .out_step = (ptrdiff_t)layer->out_stride,
        };
        v->bf16.tiles.product(&product, v->batch, layer->vectors);
    }
}

void bf16_forward_dense(void *context, int panel)
{
    const VectorEngine *v = context;
    const int l = v->now->first;
    const VectorLayer *layer = &v->layer[l];
    const int G = layer->vectors * LANES;
    const float *biases = v->engine.parameters + layer->offset + layer->weights + panel * G;
    const bool relu = has_fused_relu(v, l);
    float *y = v->value[l + 1] + panel * G;
    multiply_panel(v, l, panel, y);
    for (int n = 0; n < v->batch; n++, y += layer->out_stride)
        for (int o = 0; o < G; o++) {
            const float sum = y[o] + biases[o];
            y[o] = relu && !(sum > 0) ? 0 : sum;
        }
}

/* dL/dy of picture n, or zeros. */
static const float *d_row(const VectorEngine *v, int n)
{
    return n < v->batch ? v->d_batch[v->d_now] + (size_t)n * v->d_stride : v->bf16.zeros;
}

static void pair_outputs(const VectorEngine *v, int O)
{
    for (int n = 0; n < v->batch; n++) {
        const int group = n / WIDTH_MAX, lanes = lanes_of_group(v, group);
        const float *d_y = d_row(v, n);
        Bf16 *to = v->bf16.d_outputs + (ptrdiff_t)group * WIDTH_MAX * O + 2 * (n % WIDTH_MAX);
        for (int o = 0; o < O; o += 2, to += 2 * lanes) {
            to[0] = bf16_round(d_y[o]);
            to[1] = bf16_round(d_y[o + 1]);
        }
    }
}

void bf16_turn_d(VectorEngine *v)
{
    const VectorLayer *layer = &v->layer[v->now->first];
    const int O = layer->O, G = layer->vectors * LANES;
    pair_outputs(v, O);
    for (int n = 0; n < round_up(v->batch, PICTURES); n += 2) {
        Bf16 *to = v->bf16.d_pictures + (ptrdiff_t)(n / PICTURES * PICTURES) * O +
                   n % PICTURES * G;
        for (int o = 0; o < O; o += G, to += PICTURES * G)
            bf16_round_pair(d_row(v, n) + o, d_row(v, n + 1) + o, G, to);
    }
}

/* dL/dx of `count` inputs; rows of pictures that there are not become nonsense. */
static void d_inputs(const VectorEngine *v, int l, int begin, int count, int group, float *d_x)
{
    const VectorLayer *layer = &v->layer[l];
    const int G = layer->vectors * LANES, lanes = lanes_of_group(v, group);
    float sums[PIECE * WIDTH_MAX] __attribute__((aligned(VECTOR_BYTES)));
    const TileProduct panels = {
        .in = v->bf16.layer[l].weights + (ptrdiff_t)begin * G,
        .in_step = G,
        .in_row = (ptrdiff_t)layer->in_stride * G,
        .rows = layer->groups,
        .length = G,
        .weights = v->bf16.d_outputs + (ptrdiff_t)group * WIDTH_MAX * layer->O,
        .weights_row = (ptrdiff_t)G * lanes,
        .out = sums,
        .out_step = lanes,
    };
    v->bf16.tiles.product(&panels, count, lanes / LANES);
    d_x += (ptrdiff_t)(group * WIDTH_MAX) * (ptrdiff_t)v->d_stride + begin;
    turn_floats(sums, lanes, count, lanes, d_x, (ptrdiff_t)v->d_stride);
}

/* The gradients of `count` inputs' weights from PICTURES pictures. */
static void d_weights(const VectorEngine *v, int l, int begin, int count, int pictures,
                      float *gradients)
{
    const VectorLayer *layer = &v->layer[l];
    const int G = layer->vectors * LANES;
    const ptrdiff_t stride = (ptrdiff_t)layer->in_stride;
    const Bf16 *x = v->bf16.layer[l].x + pictures * stride + begin;
    Bf16 turned[PIECE * PICTURES] __attribute__((aligned(VECTOR_BYTES)));
    turn_pairs(x, x + stride, 2 * stride, PICTURES / 2, count, turned, PICTURES);
    for (int g = 0; g < layer->groups; g++) {
        const TileProduct panel = {
            .in = turned,
            .in_step = PICTURES,
            .rows = 1,
            .length = PICTURES,
            .weights = v->bf16.d_pictures + (ptrdiff_t)pictures * layer->O + g * PICTURES * G,
            .add = pictures > 0,
            .out = gradients + (g * stride + begin) * G,
            .out_step = G,
        };
        v->bf16.tiles.product(&panel, count, layer->vectors);
    }
}

void bf16_backward_dense(const VectorEngine *v, int l, int piece, float *d_x, float *gradients)
{
    const int begin = piece * PIECE, left = (int)v->layer[l].in_stride - begin;
    const int count = left < PIECE ? left : PIECE;
    for (int group = 0; group < pieces_of(v->batch, WIDTH_MAX); group++)
        d_inputs(v, l, begin, count, group, d_x);
    for (int pictures = 0; pictures < v->batch; pictures += PICTURES)
        d_weights(v, l, begin, count, pictures, gradients);
}
