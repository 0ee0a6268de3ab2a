/*
 * vector_changes.c - the first layer of the papers' networks, by what changes from frame to frame.
 *
 * A picture is a stack of frames x_0 .. x_C-1, and a frame of a game is nearly the one before it.
 * With a reference R, any frame of the same game,
 *
 *     x_C-1 = R + e_C-1,   x_c = x_c+1 + e_c  for c < C-1:    the changes e are mostly zeros.
 *
 * A convolution is linear in its input. So with V_c = W_0 + ... + W_c
 *
 *     sum over c of W_c * x_c   =   V_C-1 * R   +   sum over c of V_c * e_c
 *     dL/dW_c   =   dL/dV_c + ... + dL/dV_C-1
 *
 * where V_C-1 * R is computed once for a whole batch, and its gradient from the sum of the
 * batch's dL/dy. What is left is work for the changes alone: a few hundred of the 7,056 pieces
 * of four pixels in a stack of 84x84 frames, in most games. Where everything changes, it is as
 * much work as the plain way.
 *
 * A frame is cut into cells of CELL x CELL pixels; a row of a cell in which two frames differ is
 * a Change (vector_kernels.h). The changes of a picture are listed by channel, and by the row
 * within the cell, so that the weights of a whole list stay in registers. Sums and dL/dy have a
 * margin of one point all around, where the points lie that a cell at the edge would reach if
 * there were more of them.
 */
#include <string.h>
#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include "nn/vector_engine.h"

/* Bit i: do p and q differ in the CELL bytes from i CELL on? For up to 16 cells. */
static inline uint32_t find_changes(const uint8_t *p, const uint8_t *q, int cells)
{
#if defined(__AVX512F__)
    const __mmask16 all = (__mmask16)((1u << cells) - 1);
    return _mm512_cmpneq_epi32_mask(_mm512_maskz_loadu_epi32(all, p),
                                    _mm512_maskz_loadu_epi32(all, q));
#else
    uint32_t changed = 0;
    for (int i = 0; i < cells; i++)
        changed |= (uint32_t)(memcmp(p + i * CELL, q + i * CELL, CELL) != 0) << i;
    return changed;
#endif
}

/* Where a cell's row begins: cells are visited in the order in which they lie in memory. */
typedef struct {
    int y, first, end; /* cells first .. end-1 are row y's */
} CellRow;

static void list_cell(const VectorEngine *v, const uint8_t *p, const uint8_t *q, int cell,
                      CellRow *row, ChangeList list[CELL])
{
    const int O = v->layer[0].O, width = v->layer[0].plan.in.width / CELL;
    for (; cell >= row->end; row->y++, row->first = row->end, row->end += width)
        ;
    Change *change = list[row->y % CELL].end++;
    change->at = (uint32_t)((row->y / CELL * v->changes.pitch + cell - row->first) * O);
    for (int k = 0; k < CELL; k++)
        change->by[k] = (float)(p[cell * CELL + k] - q[cell * CELL + k]) * (1.0f / 255);
}

/* Plane p against q. Most of it is the same, and is passed over by SAME cells at a time. */
static void list_plane(const VectorEngine *v, const uint8_t *p, const uint8_t *q,
                       ChangeList list[CELL])
{
    enum { SAME = 64, FOUND = 16 };
    const NnShape in = v->layer[0].plan.in;
    const int cells = in.width / CELL * in.height;
    CellRow row = {.end = in.width / CELL};
    for (int r = 0; r < CELL; r++)
        list[r].end = list[r].begin;
    for (int first = 0; first < cells; first += SAME) {
        const int end = cells - first < SAME ? cells : first + SAME;
        if (memcmp(p + first * CELL, q + first * CELL, (size_t)((end - first) * CELL)) == 0)
            continue;
        for (int at = first; at < end; at += FOUND) {
            const int count = end - at < FOUND ? end - at : FOUND;
            uint32_t changed = find_changes(p + at * CELL, q + at * CELL, count);
            for (; changed != 0; changed &= changed - 1)
                list_cell(v, p, q, at + __builtin_ctz(changed), &row, list);
        }
    }
}

static const uint8_t *plane_of(const VectorEngine *v, int n, int c)
{
    const uint8_t *plane = v->input.planes[n * v->layer[0].C + c];
    return plane != NULL ? plane : v->no_plane;
}

/* Frames lie anywhere in a replay memory, and no hardware guesses which is next. */
static void fetch_plane(const uint8_t *plane, int pixels)
{
    enum { LINE = 64 };
    for (int i = 0; i < pixels; i += LINE)
        __builtin_prefetch(plane + i);
}

void vector_list_changes(const VectorEngine *v, int n)
{
    const NnShape in = v->layer[0].plan.in;
    ChangeList *list = v->changes.list + n * in.channels * CELL;
    for (int c = 0; c < in.channels; c++, list += CELL) {
        if (n + 1 < v->batch)
            fetch_plane(plane_of(v, n + 1, c), in.height * in.width);
        list_plane(v, plane_of(v, n, c),
                   c + 1 < in.channels ? plane_of(v, n, c + 1) : v->changes.reference_bytes, list);
    }
}

/* Where the kernel's row i of V_c begins, for the outputs of vector g. */
static size_t row_place(const VectorLayer *layer, int g, int c, int i)
{
    return (size_t)(((g * layer->C + c) * 2 * CELL + i) * 2 * CELL) * LANES;
}

/* Where W has what V has at (g, c, i, 0); from column to column, C VECTORS LANES. */
static size_t weight_row_place(const VectorLayer *layer, int g, int c, int i)
{
    const int group = g / layer->vectors, vector = g % layer->vectors;
    return (size_t)((((group * 2 * CELL + i) * 2 * CELL * layer->C + c) * layer->vectors + vector) *
                    LANES);
}

/* V from W: sums over the channels. */
static void sum_weights(const VectorLayer *layer, const float *weights, float *summed)
{
    const int step = layer->C * layer->vectors * LANES;
    for (int g = 0; g < layer->O / LANES; g++)
        for (int c = 0; c < layer->C; c++)
            for (int i = 0; i < 2 * CELL; i++) {
                const float *from = weights + weight_row_place(layer, g, c, i);
                const float *before = c > 0 ? summed + row_place(layer, g, c - 1, i) : NULL;
                float *to = summed + row_place(layer, g, c, i);
                for (int j = 0; j < 2 * CELL; j++)
                    for (int lane = 0; lane < LANES; lane++)
                        to[j * LANES + lane] =
                            from[j * step + lane] + (before != NULL ? before[j * LANES + lane] : 0);
            }
}

/* dL/dW from dL/dV: sums over the channels from the last to the first. */
void vector_changes_gradients(const VectorLayer *layer, float *restrict summed,
                              float *restrict gradients)
{
    const int step = layer->C * layer->vectors * LANES;
    for (int g = 0; g < layer->O / LANES; g++)
        for (int c = layer->C - 1; c >= 0; c--)
            for (int i = 0; i < 2 * CELL; i++) {
                float *to = gradients + weight_row_place(layer, g, c, i);
                float *from = summed + row_place(layer, g, c, i);
                const float *after =
                    c + 1 < layer->C ? summed + row_place(layer, g, c + 1, i) : NULL;
                for (int k = 0; k < 2 * CELL * LANES; k++) {
                    from[k] += after != NULL ? after[k] : 0;
                    to[k / LANES * step + k % LANES] = from[k];
                }
            }
    memcpy(gradients + layer->weights, summed + layer->weights,
           (size_t)layer->O * sizeof *gradients);
}

/* The sums that all pictures begin with: biases + V_C-1 * R, in the middle of the margin. A piece
 * is a row. */
static void compute_background(void *context, int r)
{
    const VectorEngine *v = context;
    const VectorLayer *layer = &v->layer[0];
    const Changes *all = &v->changes;
    const float *biases = v->engine.parameters + layer->offset + layer->weights;
    const int width = layer->plan.in.width;
    for (int g = 0; g < layer->O / LANES; g++) {
        const Product row = {
            .in = all->reference + r * CELL * width,
            .in_step = CELL,
            .in_row = width,
            .rows = 2 * CELL,
            .length = 2 * CELL,
            .weights = all->summed_weights + row_place(layer, g, layer->C - 1, 0),
            .bias = biases + g * LANES,
            .out = all->background + ((r + 1) * all->pitch + 1) * layer->O + g * LANES,
            .out_step = layer->O,
        };
        vector_product(&row, layer->plan.out.width, 1);
    }
}

void vector_begin_changes(VectorEngine *v)
{
    const VectorLayer *layer = &v->layer[0];
    Changes *all = &v->changes;
    const int pixels = layer->plan.in.height * layer->plan.in.width;
    memcpy(all->reference_bytes, plane_of(v, 0, layer->C - 1), (size_t)pixels);
    for (int i = 0; i < pixels; i++)
        all->reference[i] = (float)all->reference_bytes[i] * (1.0f / 255);
    sum_weights(layer, v->engine.parameters + layer->offset, all->summed_weights);
    engine_run(v->batch > 1 ? v->team : NULL, layer->plan.out.height, compute_background, v);
}

void vector_changes_forward(const VectorEngine *v, int n, float *y)
{
    const VectorLayer *layer = &v->layer[0];
    const Changes *all = &v->changes;
    const int lists = layer->C * CELL, O = layer->O;
    float *sums = all->background; /* of a lone picture alone; its margin nobody reads */
    if (v->batch > 1) {
        sums = all->sums + (size_t)room_of(v, n) * all->points * (size_t)O;
        memcpy(sums, all->background, all->points * (size_t)O * sizeof *sums);
    }
    const ChangeList *list = all->list + n * lists;
    for (int g = 0; g < O / LANES; g++)
        for (int i = 0; i < lists; i++)
            vector_add_changes(list[i].begin, list[i].end,
                               all->summed_weights + row_place(layer, g, i / CELL, i % CELL),
                               sums + g * LANES, (ptrdiff_t)all->pitch * O, O);
    const bool relu = has_fused_relu(v, 0);
    const int row = layer->plan.out.width * O;
    for (int r = 0; r < layer->plan.out.height; r++, y += row) {
        const float *from = sums + ((r + 1) * all->pitch + 1) * O;
        for (int i = 0; i < row; i++)
            y[i] = !relu || from[i] > 0 ? from[i] : 0;
    }
}

void vector_changes_backward(const VectorEngine *v, int shard, int n, const float *d_y,
                             float *gradients)
{
    const VectorLayer *layer = &v->layer[0];
    const Changes *all = &v->changes;
    const int lists = layer->C * CELL, O = layer->O, row = layer->plan.out.width * O;
    const size_t room = (size_t)room_of_shard(v, shard);
    float *d = all->d + room * all->points * (size_t)O; /* its margin stays 0 */
    float *total = all->d_total + room * layer->out_stride;
    for (int r = 0; r < layer->plan.out.height; r++, d_y += row, total += row) {
        memcpy(d + ((r + 1) * all->pitch + 1) * O, d_y, (size_t)row * sizeof *d);
        for (int i = 0; i < row; i++)
            total[i] += d_y[i];
    }
    const ChangeList *list = all->list + n * lists;
    for (int g = 0; g < O / LANES; g++)
        for (int i = 0; i < lists; i++)
            vector_outer_changes(list[i].begin, list[i].end, d + g * LANES,
                                 (ptrdiff_t)all->pitch * O, O,
                                 gradients + row_place(layer, g, i / CELL, i % CELL));
}

void vector_end_changes(const VectorEngine *v, int shard, float *gradients)
{
    const VectorLayer *layer = &v->layer[0];
    const NnShape in = layer->plan.in, out = layer->plan.out;
    const int O = layer->O;
    float *total = v->changes.d_total + (size_t)room_of_shard(v, shard) * layer->out_stride;
    for (int g = 0; g < O / LANES; g++)
        for (int i = 0; i < 2 * CELL; i++) {
            const Outer kernel_row = {
                .in = v->changes.reference + i * in.width,
                .in_step = CELL,
                .in_row = CELL * in.width,
                .d = total + g * LANES,
                .d_step = O,
                .d_row = out.width * O,
                .rows = out.height,
                .points = out.width,
                .add = true,
                .out = gradients + row_place(layer, g, layer->C - 1, i),
            };
            vector_outer(&kernel_row, 2 * CELL, 1);
        }
    float *restrict biases = gradients + layer->weights;
    for (int p = 0; p < out.height * out.width; p++)
        for (int o = 0; o < O; o++)
            biases[o] += total[p * O + o];
    memset(total, 0, layer->out_stride * sizeof *total); /* for the next batch */
}
