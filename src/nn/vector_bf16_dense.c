/*
 * vector_bf16_dense.c - dense layers from bfloat16. The weights lie there twice: as the floats do,
 * so that a lone picture reads only those of inputs that are not 0, and a backward pass has an
 * input's side by side; and in pairs of inputs, as a batch on its way forward wants them. To write
 * both costs less than to make one from the other whenever it is read.
 *
 *     x           [N][I']             what goes in; N is filled up to PICTURES
 *     weights     [O'/G][I'][G]
 *     pairs       [O'/G][I'/2][G][2]
 *     forward     y = x pairs
 *     backward    dL/dx turned = weights d_outputs,   dL/dw = x turned d
 *     d_outputs   [N/WIDTH_MAX][O'/2][lanes][2]           a lane a picture, outputs in pairs
 *     d           [O'/G][N/2][G][2]                       a lane an output, pictures in pairs
 *     x_turned    [I'][N]
 *
 * A noisy layer's deviations lie behind its means, and are multiplied likewise (vector_noisy.c):
 *
 *     x_noisy     x times the noise of the inputs;   d_noisy     d_outputs times the outputs'
 *     forward     y = x pairs + of_outputs (x_noisy pairs')
 *     backward    dL/dx turned = weights d_outputs + of_inputs (weights' d_noisy)
 */
#include "nn/vector_engine.h"

enum {
    PICTURES = 2 * TURNED, /* of a sum over pictures, zeros where there are not so many */
    PIECE = DENSE_GROUPS * WIDTH_MAX,
};

Bf16DenseSizes bf16_dense_sizes(const VectorLayer *layer, int batch_max)
{
    const size_t pictures = (size_t)round_up(batch_max, PICTURES);
    return (Bf16DenseSizes){.x = pictures * layer->in_stride, .d = pictures * (size_t)layer->O};
}

/* Rounded: factors x. */
static void round_scaled(const float *x, const float *factors, size_t count, Bf16 *rounded)
{
    enum { BLOCK = 256 };
    float scaled[BLOCK];
    for (size_t i = 0, part; i < count; i += part) {
        part = count - i < BLOCK ? count - i : BLOCK;
        for (size_t k = 0; k < part; k++)
            scaled[k] = x[i + k] * factors[i + k];
        bf16_round_all(scaled, part, rounded + i);
    }
}

void bf16_round_pictures(void *context, int piece)
{
    const VectorEngine *v = context;
    const int l = v->now->first;
    const size_t stride = v->layer[l].in_stride;
    const int begin = piece * FORWARD_PICTURES, end = begin + FORWARD_PICTURES;
    for (int n = begin; n < end && n < v->batch; n++) {
        const float *x = v->value[l] + (size_t)n * stride;
        bf16_round_all(x, stride, v->bf16.layer[l].x + (size_t)n * stride);
        if (is_noisy(v, l))
            round_scaled(x, v->noisy[l].of_inputs, stride,
                         v->bf16.layer[l].x_noisy + (size_t)n * stride);
    }
}

void bf16_forward_dense(void *context, int panel)
{
    const VectorEngine *v = context;
    const int l = v->now->first;
    const VectorLayer *layer = &v->layer[l];
    const int G = layer->vectors * LANES;
    const TileProduct product = {
        .in = v->bf16.layer[l].x,
        .in_step = (ptrdiff_t)layer->in_stride,
        .rows = 1,
        .length = (int)layer->in_stride,
        .weights = v->bf16.layer[l].pairs + panel * (ptrdiff_t)layer->in_stride * G,
        .terms = 1,
        .out = v->value[l + 1] + panel * G,
        .out_step = (ptrdiff_t)layer->out_stride,
    };
    v->bf16.tiles.product(&product, v->batch, layer->vectors);
    if (is_noisy(v, l)) {
        TileProduct deviations = product;
        deviations.in = v->bf16.layer[l].x_noisy;
        deviations.weights += layer->weights;
        deviations.out = v->noisy[l].sums + panel * G;
        deviations.out_step = layer->O;
        v->bf16.tiles.product(&deviations, v->batch, layer->vectors);
        vector_add_deviations(v, l, panel);
    }
    vector_finish_panel(v, l, panel, v->engine.parameters + layer->offset + layer->weights);
}

/* dL/dy of picture n, or zeros. */
static const float *d_row(const VectorEngine *v, int n)
{
    return n < v->batch ? v->d_batch[v->d_now] + (size_t)n * v->d_stride : v->bf16.zeros;
}

static void pair_outputs(const VectorEngine *v, int l)
{
    const int O = v->layer[l].O;
    const float *noise = v->noisy[l].of_outputs;
    for (int n = 0; n < v->batch; n++) {
        const int group = n / WIDTH_MAX, lanes = lanes_of_group(v, group);
        const ptrdiff_t at = (ptrdiff_t)group * WIDTH_MAX * O + 2 * (n % WIDTH_MAX);
        const float *d_y = d_row(v, n);
        for (int o = 0; o < O; o++) {
            const ptrdiff_t to = at + (ptrdiff_t)(o / 2) * 2 * lanes + o % 2;
            v->bf16.d_outputs[to] = bf16_round(d_y[o]);
            if (is_noisy(v, l))
                v->bf16.d_noisy[to] = bf16_round(d_y[o] * noise[o]);
        }
    }
}

void bf16_turn_d(VectorEngine *v)
{
    const VectorLayer *layer = &v->layer[v->now->first];
    const int O = layer->O, G = layer->vectors * LANES;
    pair_outputs(v, v->now->first);
    const int pictures = round_up(v->batch, PICTURES);
    for (int n = 0; n < pictures; n += 2)
        for (int o = 0; o < O; o += G)
            bf16_round_pair(d_row(v, n) + o, d_row(v, n + 1) + o, G,
                            v->bf16.layer[v->now->first].d + o * pictures + n * G);
}

/* To what the means' panels have made of d_outputs comes what the deviations' make of d_noisy. */
static void add_d_noisy(const VectorEngine *v, int l, int begin, const TileProduct *means,
                        int count)
{
    const int lanes = (int)means->out_step;
    const float *of_inputs = v->noisy[l].of_inputs + begin;
    float sums[PIECE * WIDTH_MAX] __attribute__((aligned(VECTOR_BYTES)));
    TileProduct deviations = *means;
    deviations.in += v->layer[l].weights;
    deviations.weights = v->bf16.d_noisy + (means->weights - v->bf16.d_outputs);
    deviations.out = sums;
    v->bf16.tiles.product(&deviations, count, lanes / LANES);
    for (int i = 0; i < count; i++)
        for (int n = 0; n < lanes; n++)
            means->out[i * lanes + n] += of_inputs[i] * sums[i * lanes + n];
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
        .terms = 1,
        .out = sums,
        .out_step = lanes,
    };
    v->bf16.tiles.product(&panels, count, lanes / LANES);
    if (is_noisy(v, l))
        add_d_noisy(v, l, begin, &panels, count);
    d_x += (ptrdiff_t)(group * WIDTH_MAX) * (ptrdiff_t)v->d_stride + begin;
    turn_floats(sums, lanes, count, lanes, d_x, (ptrdiff_t)v->d_stride);
}

void bf16_backward_dense(const VectorEngine *v, int l, int piece, float *d_x)
{
    const ptrdiff_t stride = (ptrdiff_t)v->layer[l].in_stride;
    const int begin = piece * PIECE, left = (int)stride - begin;
    const int count = left < PIECE ? left : PIECE, pictures = round_up(v->batch, PICTURES);
    const Bf16 *x = v->bf16.layer[l].x + begin;
    for (int group = 0; group < pieces_of(v->batch, WIDTH_MAX); group++)
        d_inputs(v, l, begin, count, group, d_x);
    turn_pairs(x, x + stride, 2 * stride, pictures / 2, count,
               v->bf16.layer[l].x_turned + begin * pictures, pictures);
}

void bf16_dense_weights(const VectorEngine *v, int l, int begin, int count, int panel,
                        float *gradients)
{
    const VectorLayer *layer = &v->layer[l];
    const int G = layer->vectors * LANES, pictures = round_up(v->batch, PICTURES);
    const TileProduct product = {
        .in = v->bf16.layer[l].x_turned + begin * pictures,
        .in_step = pictures,
        .rows = 1,
        .length = pictures,
        .weights = v->bf16.layer[l].d + panel * pictures * G,
        .terms = 1,
        .out = gradients,
        .out_step = G,
    };
    v->bf16.tiles.product(&product, count, layer->vectors);
}
