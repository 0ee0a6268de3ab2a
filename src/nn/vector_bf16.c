/*
 * vector_bf16.c - the products of all layers but the first from bfloat16 (tiles.h).
 *
 * What stays in float: parameters, gradients, the optimiser, values, biases, every sum. What goes
 * into a product is rounded just before: of a layer the input, the weights, dL/dy. The first layer
 * stays in float altogether: bytes are exact, and where it goes by changes it costs next to
 * nothing.
 *
 * Forward, and for the gradient by the input, a convolution's products are those of
 * vector_pictures.c with the weights in pairs. The gradient by the weights is a sum over points, so
 * it wants pairs of points. A turned picture has them for any kernel pixel (i, j): with stride S
 * its pixels are sorted into S x S phases, (y % S, x % S), each row by row with `pitch` columns,
 * and the rows of dL/dy get as many columns, the added ones zero. Then all points that pixel (i, j)
 * looks at lie side by side in phase (i % S, j % S), from i / S pitch + j / S on:
 *
 *     d_columns    [O'][run]                                  dL/dy; zeros at each row's end
 *     turned       [S][S][first][C'/G][plane/2][G][2]         the input, in pairs that begin at
 *                                                             even (first = 0) and odd points
 *     gradient     [K][K][C'/G][O'][G] += d_columns turned    of a shard
 *
 * A dense layer's points are the pictures of the batch. It multiplies with its input transposed:
 * groups of WIDTH_MAX pictures (LANES may do for the last), in each a pair of values after the
 * other, a lane a picture; up to DOT_PICTURES go one by one, so that only the weights are read.
 */
#include <string.h>

#include "nn/vector_engine.h"

/* ---- weights ---- */

void bf16_round_weights(VectorEngine *v)
{
    for (int l = 1; l < v->spec.layer_count; l++) {
        const VectorLayer *layer = &v->layer[l];
        const float *weights = v->engine.parameters + layer->offset;
        if (layer->plan.layer.kind == NN_DENSE) {
            bf16_round_all(weights, layer->weights, v->bf16.weights[l]);
        } else if (layer->plan.layer.kind == NN_CONV2D) {
            const int G = layer->vectors * LANES;
            bf16_round_pairs(weights, layer->weights / (size_t)G, G, v->bf16.weights[l]);
        }
    }
}

void bf16_turn_back(VectorEngine *v, int l)
{
    const VectorLayer *layer = &v->layer[l];
    const int G = layer->back_vectors * LANES;
    bf16_round_pairs(v->back[l], layer->back_weights / (size_t)G, G, v->bf16.back[l]);
}

/* ---- convolutions ---- */

static Bf16 *room_of(const VectorEngine *v, int piece)
{
    return v->bf16.room + (size_t)piece * v->bf16.room_size;
}

void bf16_conv_forward(const VectorEngine *v, int l, int n, const float *x, float *y)
{
    const VectorLayer *layer = &v->layer[l];
    const int K = layer->plan.layer.kernel, S = layer->plan.layer.stride, O = layer->O;
    const int G = layer->vectors * LANES, width = layer->plan.out.width;
    const float *biases = v->engine.parameters + layer->offset + layer->weights;
    Bf16 *rounded = room_of(v, n / FORWARD_PICTURES);
    bf16_round_all(x, (size_t)layer->in_all, rounded);
    for (int r = 0; r < layer->plan.out.height; r++, y += width * O) {
        for (int p = 0; p < width; p++)
            memcpy(y + p * O, biases, (size_t)O * sizeof *y);
        for (int g = 0; g < layer->groups; g++) {
            const TileProduct row = {
                .in = rounded + r * S * layer->in_row,
                .in_step = S * layer->C,
                .in_row = layer->in_row,
                .rows = K,
                .length = K * layer->C,
                .weights = v->bf16.weights[l] + (ptrdiff_t)g * K * K * layer->C * G,
                .add = true,
                .out = y + g * G,
                .out_step = O,
            };
            v->bf16.tiles.product(&row, width, layer->vectors);
        }
        for (int i = 0; has_fused_relu(v, l) && i < width * O; i++)
            y[i] = y[i] > 0 ? y[i] : 0;
    }
}

/* As conv2d_d_input; `padded` is rounded. */
void bf16_conv_d_input(const VectorEngine *v, int l, int shard, const float *padded, float *d_x)
{
    const VectorLayer *layer = &v->layer[l];
    const int S = layer->plan.layer.stride, T = layer->taps, O = layer->O;
    const int G = layer->back_vectors * LANES, height = layer->plan.out.height;
    const int pitch = (layer->pad_left + layer->plan.out.width + layer->pad_right) * O;
    Bf16 *rounded = room_of(v, shard);
    bf16_round_all(padded, (size_t)(height * pitch), rounded);
    for (int y = 0; y < layer->plan.in.height; y++) {
        const int b = y / S;
        const int first_tap = b < height ? 0 : b - height + 1;
        const int last_tap = b < T - 1 ? b : T - 1;
        for (int g = 0; g < layer->groups_back; g++) {
            const ptrdiff_t at = ((y % S * layer->groups_back + g) * T + first_tap) * T * O;
            const TileProduct row = {
                .in = rounded + (b - first_tap) * pitch,
                .in_step = O,
                .in_row = -pitch,
                .rows = last_tap - first_tap + 1,
                .length = T * O,
                .weights = v->bf16.back[l] + at * G,
                .out = d_x + y * layer->in_row + g * G,
                .out_step = S * layer->C,
            };
            v->bf16.tiles.product(&row, (layer->plan.in.width + S - 1) / S, layer->back_vectors);
        }
    }
}

/* The C' values of point q of a phase, zeros where the picture has no such pixel. */
static const float *turned_point(const VectorEngine *v, const VectorLayer *layer, const float *x,
                                 int phase, int q)
{
    const int S = layer->plan.layer.stride;
    const int row = q / layer->pitch * S + phase / S, column = q % layer->pitch * S + phase % S;
    const bool inside = row < layer->plan.in.height && column < layer->plan.in.width;
    return inside ? x + row * layer->in_row + column * layer->C : v->bf16.zeros;
}

/* The pairs of one phase that begin at points of one kind. */
static void turn_phase(const VectorEngine *v, const VectorLayer *layer, const float *x, int phase,
                       int first, Bf16 *turned)
{
    const int G = turned_lanes(layer);
    for (int q = first; q < layer->plane; q += 2, turned += 2 * G) {
        const float *even = turned_point(v, layer, x, phase, q);
        const float *odd = turned_point(v, layer, x, phase, q + 1);
        for (int c = 0; c < layer->C; c += G)
            bf16_round_pair(even + c, odd + c, G, turned + (ptrdiff_t)c * layer->plane);
    }
}

/* dL/dy of one picture, a row for each output. */
static void turn_d(const VectorLayer *layer, const float *d_y, Bf16 *d_columns)
{
    const int O = layer->O, width = layer->plan.out.width;
    memset(d_columns, 0, (size_t)(O * layer->run) * sizeof *d_columns);
    for (int r = 0; r < layer->plan.out.height; r++, d_y += width * O)
        for (int o = 0; o < O; o++)
            for (int s = 0; s < width; s++)
                d_columns[o * layer->run + r * layer->pitch + s] = bf16_round(d_y[s * O + o]);
}

static void add_kernel_pixel(const VectorEngine *v, const VectorLayer *layer, const Bf16 *d_columns,
                             const Bf16 *turned, int i, int j, float *gradients)
{
    const int S = layer->plan.layer.stride, G = turned_lanes(layer);
    const int at = i / S * layer->pitch + j / S, phase = i % S * S + j % S;
    const Bf16 *pairs = turned + (ptrdiff_t)(2 * phase + at % 2) * layer->plane * layer->C +
                        (ptrdiff_t)(at / 2) * 2 * G;
    for (int c = 0; c < layer->C; c += G) {
        const TileProduct weights = {
            .in = d_columns,
            .in_step = layer->run,
            .rows = 1,
            .length = layer->run,
            .weights = pairs + (ptrdiff_t)c * layer->plane,
            .add = true,
            .out = gradients + (ptrdiff_t)c * layer->O,
            .out_step = G,
        };
        v->bf16.tiles.product(&weights, layer->O, G / LANES);
    }
}

void bf16_conv_gradients(const VectorEngine *v, int l, int shard, const float *x, const float *d_y,
                         float *gradients)
{
    const VectorLayer *layer = &v->layer[l];
    const int K = layer->plan.layer.kernel, S = layer->plan.layer.stride;
    Bf16 *turned = room_of(v, shard);
    Bf16 *d_columns = turned + bf16_turned_size(layer);
    for (int phase = 0; phase < S * S; phase++)
        for (int first = 0; first < (layer->taps > 1 ? 2 : 1); first++)
            turn_phase(v, layer, x, phase, first,
                       turned + (ptrdiff_t)(2 * phase + first) * layer->plane * layer->C);
    turn_d(layer, d_y, d_columns);
    for (int i = 0; i < K; i++)
        for (int j = 0; j < K; j++)
            add_kernel_pixel(v, layer, d_columns, turned, i, j,
                             gradients + (ptrdiff_t)(i * K + j) * layer->C * layer->O);
    float *restrict biases = gradients + layer->weights;
    for (int p = 0; p < layer->plan.out.height * layer->plan.out.width; p++)
        for (int o = 0; o < layer->O; o++)
            biases[o] += d_y[p * layer->O + o];
}

/* To the order of own arrays, [O'/G][K][K][C'][G]. */
void bf16_conv_order(const VectorLayer *layer, const float *restrict summed,
                     float *restrict gradients)
{
    const int pixels = layer->plan.layer.kernel * layer->plan.layer.kernel, C = layer->C;
    const int G = layer->vectors * LANES, turned_G = turned_lanes(layer);
    for (int k = 0; k < pixels; k++)
        for (int c = 0; c < C; c++)
            for (int o = 0; o < layer->O; o++) {
                const int block = k * C + c / turned_G * turned_G;
                const float *from = summed + ((ptrdiff_t)block * layer->O + o * turned_G);
                gradients[((ptrdiff_t)(o / G * pixels + k) * C + c) * G + o % G] =
                    from[c % turned_G];
            }
    memcpy(gradients + layer->weights, summed + layer->weights,
           (size_t)layer->O * sizeof *gradients);
}

/* ---- dense layers ---- */

/* One rounded value and the next of a picture lie side by side, a pair for each picture. */
void bf16_gather_columns(void *context, int piece)
{
    const VectorEngine *v = context;
    const int l = v->now->first;
    const size_t stride = v->layer[l].in_stride;
    const size_t begin = (size_t)piece * GATHERED_VALUES, most = begin + GATHERED_VALUES;
    const size_t end = most < stride ? most : stride;
    for (int n = 0; n < v->batch; n++) {
        const int group = n / WIDTH_MAX;
        const size_t lanes = (size_t)lanes_of_group(v, group);
        const float *from = v->value[l] + (size_t)n * stride;
        Bf16 *to = v->bf16.columns + (size_t)group * WIDTH_MAX * stride + 2 * (n % WIDTH_MAX);
        for (size_t i = begin; i < end; i += 2) {
            to[i * lanes] = bf16_round(from[i]);
            to[i * lanes + 1] = bf16_round(from[i + 1]);
        }
    }
}

void bf16_round_inputs(VectorEngine *v)
{
    const int l = v->now->first;
    bf16_round_all(v->value[l], (size_t)v->batch * v->layer[l].in_stride, v->bf16.columns);
}

static void dense_dot(const VectorEngine *v, int l, int n, int begin, int count, float *sums)
{
    const VectorLayer *layer = &v->layer[l];
    v->bf16.tiles.dot(v->bf16.columns + (size_t)n * layer->in_stride,
                      v->bf16.weights[l] + (ptrdiff_t)begin * WIDTH_MAX,
                      (ptrdiff_t)layer->O * WIDTH_MAX, layer->input_groups, count, sums);
}

static void dense_sums(const VectorEngine *v, int l, int begin, int count, int group, float *sums)
{
    const VectorLayer *layer = &v->layer[l];
    const int lanes = lanes_of_group(v, group);
    const TileProduct outputs = {
        .in = v->bf16.weights[l] + (ptrdiff_t)begin * WIDTH_MAX,
        .in_step = WIDTH_MAX,
        .in_row = (ptrdiff_t)layer->O * WIDTH_MAX,
        .rows = layer->input_groups,
        .length = WIDTH_MAX,
        .weights = v->bf16.columns + (size_t)group * WIDTH_MAX * layer->in_stride,
        .out = sums,
        .out_step = lanes,
    };
    v->bf16.tiles.product(&outputs, count, lanes / LANES);
}

void bf16_forward_dense(void *context, int piece)
{
    const VectorEngine *v = context;
    const int l = v->now->first;
    const VectorLayer *layer = &v->layer[l];
    const float *biases = v->engine.parameters + layer->offset + layer->weights;
    const int begin = piece * DENSE_OUTPUTS, left = layer->plan.layer.outputs - begin;
    const int count = left < DENSE_OUTPUTS ? left : DENSE_OUTPUTS;
    const bool by_picture = v->batch <= DOT_PICTURES, relu = has_fused_relu(v, l);
    float sums[DENSE_OUTPUTS * WIDTH_MAX] __attribute__((aligned(VECTOR_BYTES)));
    const int unit = by_picture ? 1 : WIDTH_MAX; /* pictures at a time */
    for (int n = 0; n < v->batch; n += unit) {
        const int lanes = by_picture ? 1 : lanes_of_group(v, n / WIDTH_MAX);
        if (by_picture)
            dense_dot(v, l, n, begin, count, sums);
        else
            dense_sums(v, l, begin, count, n / WIDTH_MAX, sums);
        for (int i = 0; i < lanes && n + i < v->batch; i++) {
            float *y = v->value[l + 1] + (size_t)(n + i) * layer->out_stride + begin;
            for (int k = 0; k < count; k++) {
                const float sum = sums[k * lanes + i] + biases[begin + k];
                y[k] = relu && !(sum > 0) ? 0 : sum;
            }
        }
    }
}

void bf16_round_d(VectorEngine *v)
{
    const int O = v->layer[v->now->first].O;
    const int points = round_up(v->batch, STEP_POINTS);
    memset(v->bf16.d_columns, 0, (size_t)(O * points) * sizeof *v->bf16.d_columns);
    for (int n = 0; n < v->batch; n++) {
        const float *d_y = v->d_batch[v->d_now] + (size_t)n * v->d_stride;
        bf16_round_all(d_y, (size_t)O, v->bf16.d_rows + n * O);
        for (int o = 0; o < O; o++)
            v->bf16.d_columns[o * points + n] = v->bf16.d_rows[n * O + o];
    }
}

void bf16_dense_d_input(const VectorEngine *v, int l, int group, float *d_x)
{
    const VectorLayer *layer = &v->layer[l];
    const ptrdiff_t tile = (ptrdiff_t)group * layer->O * WIDTH_MAX;
    Bf16 *back = v->bf16.back[l] + tile;
    for (int o = 0; o < layer->O; o += 2) {
        const Bf16 *even = v->bf16.weights[l] + tile + o * WIDTH_MAX, *odd = even + WIDTH_MAX;
        for (int i = 0; i < WIDTH_MAX; i++) {
            back[o * WIDTH_MAX + 2 * i] = even[i];
            back[o * WIDTH_MAX + 2 * i + 1] = odd[i];
        }
    }
    const TileProduct d_inputs = {
        .in = v->bf16.d_rows,
        .in_step = layer->O,
        .rows = 1,
        .length = layer->O,
        .weights = back,
        .out = d_x + group * WIDTH_MAX,
        .out_step = (ptrdiff_t)v->d_stride,
    };
    v->bf16.tiles.product(&d_inputs, v->batch, VECTORS_MAX);
}

void bf16_dense_gradients(const VectorEngine *v, int l, int group, float *gradients)
{
    const VectorLayer *layer = &v->layer[l];
    const int points = round_up(v->batch, STEP_POINTS);
    Bf16 pairs[STEP_POINTS * WIDTH_MAX] __attribute__((aligned(VECTOR_BYTES)));
    for (int first = 0; first < v->batch; first += STEP_POINTS) {
        for (int n = first; n < first + STEP_POINTS; n += 2) {
            const float *even =
                v->value[l] + (size_t)n * layer->in_stride + (size_t)group * WIDTH_MAX;
            bf16_round_pair(n < v->batch ? even : v->bf16.zeros,
                            n + 1 < v->batch ? even + layer->in_stride : v->bf16.zeros, WIDTH_MAX,
                            pairs + (n - first) * WIDTH_MAX);
        }
        const TileProduct weights = {
            .in = v->bf16.d_columns + first,
            .in_step = points,
            .rows = 1,
            .length = STEP_POINTS,
            .weights = pairs,
            .add = first > 0,
            .out = gradients + (ptrdiff_t)group * layer->O * WIDTH_MAX,
            .out_step = WIDTH_MAX,
        };
        v->bf16.tiles.product(&weights, layer->O, VECTORS_MAX);
    }
}
