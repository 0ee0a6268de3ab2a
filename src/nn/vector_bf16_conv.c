/*
 * vector_bf16_conv.c - convolutions from bfloat16.
 *
 * A tile wants many points, an equal step apart, and rows of pictures are short. So points run on
 * from row to row. With stride S a picture is cut into blocks of S pixels, `pitch` of them in a
 * row, and its rows are sorted by y % S:
 *
 *     x    [N][S][rows][pitch][S][C']       what goes in
 *
 * Then point (r, s) is block r pitch + s of any of the S parts, kernel row i adds i / S pitch
 * blocks in part i % S, and one product has all points of the picture. Those with s beyond the
 * output's width look at the next row's beginning; their sums are left out when the others are
 * taken.
 *
 *     d    [T-1 rows and T-1 blocks][rows][pitch][O']       dL/dy of a picture, zeros around it
 *
 * is what the gradient by the input is a convolution of, S of them, one for each row of a block
 * (vector_layout.h), and its points run on in the same way.
 *
 * The gradient by the weights is a sum over points, in pairs from two pictures, and over the pairs
 * of a shard. For kernel pixel (i, j) all points lie side by side from block i / S pitch + j / S
 * on, in the phase (i % S, j % S) of
 *
 *     x_turned    [pair of pictures][C'/G][S][S][plane][G][2]
 *     d_turned    [O'][pair of pictures][run][2]             zeros from the last point on
 *     gradient    [K][K][C'/G][O'][G] = d_turned x_turned    of a shard
 *
 * Where floats go by terms, there are as many of each x, d, x_turned and d_turned, one after the
 * other, and of the weights.
 */
#include <string.h>

#include "nn/vector_engine.h"

enum { SHARD_PAIRS = SHARD_PICTURES / 2 };

/* Numbers in a part of x: the rows of one y % S. */
static ptrdiff_t part_size(const VectorLayer *layer)
{
    return (ptrdiff_t)layer->rows * layer->pitch * layer->plan.layer.stride * layer->C;
}

/* Points of d before its picture. */
static int margin(const VectorLayer *layer)
{
    return (layer->taps - 1) * (layer->pitch + 1);
}

/* Points of a sum over points, filled up to whole steps of AMX. */
static int run_length(const VectorLayer *layer)
{
    return round_up(layer->plan.out.height * layer->pitch, TURNED);
}

static int plane_length(const VectorLayer *layer)
{
    return run_length(layer) + margin(layer);
}

static size_t d_size(const VectorLayer *layer)
{
    const int run = run_length(layer), blocks = layer->rows * layer->pitch;
    return (size_t)(margin(layer) + (run > blocks ? run : blocks)) * (size_t)layer->O;
}

/* Channels side by side in a turned picture. */
static int turned_lanes(const VectorLayer *layer)
{
    return layer->C % WIDTH_MAX == 0 ? WIDTH_MAX : LANES;
}

/* Numbers of a pair of turned pictures. */
static ptrdiff_t turned_size(const VectorLayer *layer)
{
    const int S = layer->plan.layer.stride;
    return (ptrdiff_t)2 * S * S * plane_length(layer) * layer->C;
}

Bf16ConvSizes bf16_conv_sizes(const VectorLayer *layer)
{
    const int S = layer->plan.layer.stride;
    const size_t blocks = (size_t)(layer->rows * layer->pitch);
    const size_t lanes = (size_t)(layer->O > S * layer->C ? layer->O : S * layer->C);
    return (Bf16ConvSizes){
        .x = (size_t)S * (size_t)part_size(layer),
        .d = SHARD_PICTURES * d_size(layer),
        .x_turned = SHARD_PAIRS * (size_t)turned_size(layer),
        .d_turned = (size_t)(layer->O * SHARD_PAIRS * run_length(layer) * 2),
        .sums = blocks * lanes,
    };
}

ptrdiff_t bf16_conv_term(const VectorLayer *layer)
{
    return layer->plan.layer.stride * part_size(layer);
}

static Bf16 *picture_of(const VectorEngine *v, int l, int n)
{
    return v->bf16.layer[l].x + n * v->bf16.terms * bf16_conv_term(&v->layer[l]);
}

Bf16 *bf16_conv_row(const VectorEngine *v, int l, int n, int y)
{
    const VectorLayer *layer = &v->layer[l];
    const int S = layer->plan.layer.stride;
    return picture_of(v, l, n) + y % S * part_size(layer) + y / S * layer->pitch * S * layer->C;
}

static float *sums_of(const VectorEngine *v, int room)
{
    return v->bf16.sums + (size_t)room * v->bf16.sums_size;
}

/* ---- forward ---- */

static void multiply_points(const VectorEngine *v, int l, const Bf16 *picture, float *sums)
{
    const VectorLayer *layer = &v->layer[l];
    const int K = layer->plan.layer.kernel, S = layer->plan.layer.stride;
    const int G = layer->vectors * LANES;
    const ptrdiff_t weights_row = (ptrdiff_t)K * layer->C * G;
    const int points = (layer->plan.out.height - 1) * layer->pitch + layer->plan.out.width;
    for (int g = 0; g < layer->groups; g++)
        for (int part = 0; part < S && part < K; part++) {
            const TileProduct rows = {
                .in = picture + part * part_size(layer),
                .in_step = S * layer->C,
                .in_row = layer->pitch * S * layer->C,
                .rows = (K - part + S - 1) / S,
                .length = K * layer->C,
                .weights = v->bf16.layer[l].pairs + (g * K + part) * weights_row,
                .weights_row = S * weights_row,
                .terms = v->bf16.terms,
                .in_term = bf16_conv_term(layer),
                .weights_term = (ptrdiff_t)layer->weights,
                .add = part > 0,
                .out = sums + g * G,
                .out_step = layer->O,
            };
            v->bf16.tiles.product(&rows, points, layer->vectors);
        }
}

void bf16_conv_forward(const VectorEngine *v, int l, int n, const float *x, float *restrict y)
{
    const VectorLayer *layer = &v->layer[l];
    const int O = layer->O, width = layer->plan.out.width;
    const float *restrict biases = v->engine.parameters + layer->offset + layer->weights;
    const bool relu = has_fused_relu(v, l);
    float *sums = sums_of(v, room_of(v, n));
    if (!takes_rounded(v, l))
        bf16_round_picture(v, l, n, x);
    multiply_points(v, l, picture_of(v, l, n), sums);
    for (int r = 0; r < layer->plan.out.height; r++, sums += layer->pitch * O)
        for (int p = 0; p < width; p++, y += O)
            for (int o = 0; o < O; o++) {
                const float sum = sums[p * O + o] + biases[o];
                y[o] = relu && !(sum > 0) ? 0 : sum;
            }
}

/* ---- backward ---- */

static Bf16 *d_of(const VectorEngine *v, int l, int shard, int n)
{
    const int picture = room_of_shard(v, shard) * SHARD_PICTURES + n % SHARD_PICTURES;
    return v->bf16.layer[l].d + (size_t)(picture * v->bf16.terms) * d_size(&v->layer[l]);
}

void bf16_conv_take_d(const VectorEngine *v, int l, int shard, int n, const float *d_y,
                      float *gradients)
{
    const VectorLayer *layer = &v->layer[l];
    const int O = layer->O, width = layer->plan.out.width;
    Bf16 *d = d_of(v, l, shard, n) + margin(layer) * O;
    float *restrict biases = gradients + layer->weights;
    for (int r = 0; r < layer->plan.out.height; r++, d_y += width * O, d += layer->pitch * O) {
        bf16_part_all(d_y, (size_t)(width * O), v->bf16.terms, d, d_size(layer));
        for (int p = 0; p < width; p++)
            for (int o = 0; o < O; o++)
                biases[o] += d_y[p * O + o];
    }
}

/* Blocks of all rows y % S == part, side by side. */
static void multiply_d(const VectorEngine *v, int l, const Bf16 *d, int part, float *blocks)
{
    const VectorLayer *layer = &v->layer[l];
    const int S = layer->plan.layer.stride, T = layer->taps, O = layer->O;
    const int G = layer->back_vectors * LANES;
    const ptrdiff_t weights_row = (ptrdiff_t)T * O * G;
    for (int g = 0; g < layer->groups_back; g++) {
        const TileProduct rows = {
            .in = d + (T - 1) * layer->pitch * O,
            .in_step = O,
            .in_row = -layer->pitch * O,
            .rows = T,
            .length = T * O,
            .weights = v->bf16.layer[l].back + (part * layer->groups_back + g) * T * weights_row,
            .weights_row = weights_row,
            .terms = v->bf16.terms,
            .in_term = (ptrdiff_t)d_size(layer),
            .weights_term = (ptrdiff_t)layer->back_weights,
            .out = blocks + g * G,
            .out_step = S * layer->C,
        };
        v->bf16.tiles.product(&rows, layer->rows * layer->pitch, layer->back_vectors);
    }
}

void bf16_conv_d_input(const VectorEngine *v, int l, int shard, int n, float *d_x)
{
    const VectorLayer *layer = &v->layer[l];
    const int S = layer->plan.layer.stride;
    const Bf16 *d = d_of(v, l, shard, n);
    if (S == 1) {
        multiply_d(v, l, d, 0, d_x);
        return;
    }
    float *sums = sums_of(v, room_of_shard(v, shard));
    for (int part = 0; part < S; part++) {
        multiply_d(v, l, d, part, sums);
        for (int b = 0, y = part; y < layer->plan.in.height; b++, y += S)
            memcpy(d_x + y * layer->in_row, sums + b * layer->pitch * S * layer->C,
                   (size_t)layer->in_row * sizeof *d_x);
    }
}

/* ---- the gradient by the weights ---- */

static void turn_x(const VectorEngine *v, int l, int n, int term, Bf16 *to)
{
    const VectorLayer *layer = &v->layer[l];
    const int S = layer->plan.layer.stride, C = layer->C, G = turned_lanes(layer);
    const int blocks = layer->rows * layer->pitch;
    const Bf16 *even = picture_of(v, l, n) + term * bf16_conv_term(layer);
    const Bf16 *odd = picture_of(v, l, n + 1) + term * bf16_conv_term(layer);
    for (int c = 0; c < C; c += G)
        for (int part = 0; part < S; part++)
            for (int column = 0; column < S; column++, to += 2 * plane_length(layer) * G) {
                const ptrdiff_t at = part * part_size(layer) + column * C + c;
                for (int q = 0; q < blocks && q < plane_length(layer); q++)
                    bf16_pair(even + at + q * S * C, odd + at + q * S * C, G, to + 2 * q * G);
            }
}

/* `to`: of the shard. */
static void turn_d(const VectorEngine *v, int l, int shard, int pair, bool alone, int term,
                   Bf16 *to)
{
    const VectorLayer *layer = &v->layer[l];
    const int O = layer->O, run = run_length(layer);
    const size_t at = (size_t)term * d_size(layer) + (size_t)(margin(layer) * O);
    const Bf16 *even = d_of(v, l, shard, 2 * pair) + at;
    const Bf16 *odd = d_of(v, l, shard, 2 * pair + 1) + at;
    turn_pairs(even, alone ? NULL : odd, O, run, O, to + 2 * pair * run, SHARD_PAIRS * run * 2);
}

static void multiply_pairs(const VectorEngine *v, int l, const Bf16 *d, const Bf16 *x, int pairs,
                           float *gradients)
{
    const VectorLayer *layer = &v->layer[l];
    const int K = layer->plan.layer.kernel, S = layer->plan.layer.stride;
    const int run = run_length(layer), plane = plane_length(layer), row = SHARD_PAIRS * run * 2;
    const int G = turned_lanes(layer);
    const ptrdiff_t pair = turned_size(layer);
    for (int k = 0; k < K * K; k++)
        for (int c = 0; c < layer->C; c += G, gradients += layer->O * G) {
            const int i = k / K, j = k % K;
            const int phase = c / G * S * S + i % S * S + j % S;
            const TileProduct points = {
                .in = d,
                .in_step = row,
                .in_row = 2 * run,
                .rows = pairs,
                .length = 2 * run,
                .weights = x + (ptrdiff_t)(phase * plane + i / S * layer->pitch + j / S) * 2 * G,
                .weights_row = pair,
                .terms = v->bf16.terms,
                .in_term = (ptrdiff_t)layer->O * row,
                .weights_term = SHARD_PAIRS * pair,
                .out = gradients,
                .out_step = G,
            };
            v->bf16.tiles.product(&points, layer->O, G / LANES);
        }
}

void bf16_conv_gradients(const VectorEngine *v, int l, int shard, int pictures, float *gradients)
{
    const VectorLayer *layer = &v->layer[l];
    const int pairs = pieces_of(pictures, 2), terms = v->bf16.terms;
    const ptrdiff_t x_pair = turned_size(layer);
    const ptrdiff_t d_term = (ptrdiff_t)bf16_conv_sizes(layer).d_turned;
    const ptrdiff_t first = (ptrdiff_t)room_of_shard(v, shard) * terms;
    Bf16 *x = v->bf16.layer[l].x_turned + first * SHARD_PAIRS * x_pair;
    Bf16 *d = v->bf16.layer[l].d_turned + first * d_term;
    for (int t = 0; t < terms; t++)
        for (int pair = 0; pair < pairs; pair++) {
            turn_x(v, l, shard * SHARD_PICTURES + 2 * pair, t,
                   x + (t * SHARD_PAIRS + pair) * x_pair);
            turn_d(v, l, shard, pair, 2 * pair + 1 == pictures, t, d + t * d_term);
        }
    multiply_pairs(v, l, d, x, pairs, gradients);
}

/* To the order of own arrays, [O'/G][K][K][C'][G]. */
void bf16_conv_order(const VectorLayer *layer, const float *restrict summed,
                     float *restrict gradients)
{
    const int pixels = layer->plan.layer.kernel * layer->plan.layer.kernel, C = layer->C;
    const int G = layer->vectors * LANES, turned_G = turned_lanes(layer);
    for (int k = 0; k < pixels; k++)
        for (int c = 0; c < C; c += turned_G, summed += layer->O * turned_G)
            for (int o = 0; o < layer->O; o += G)
                turn_floats(summed + o * turned_G, turned_G, G, turned_G,
                            gradients + ((ptrdiff_t)(o / G * pixels + k) * C + c) * G, G);
    memcpy(gradients + layer->weights, summed, (size_t)layer->O * sizeof *gradients);
}
