#include "nn/conv.h"

#include <string.h>

#include "nn/layer.h"

static int vectors_for(int lanes)
{
    return lanes % WIDTH_MAX == 0 ? VECTORS_MAX : 1;
}

static int rows_padded(const Conv *c)
{
    return c->H + 2 * c->P;
}

static int columns_padded(const Conv *c)
{
    return c->W + 2 * c->P;
}

/* Points of a row of the narrow side with its margins, which are taps - 1 at the left. */
static int columns_with_margin(const Conv *c)
{
    return c->taps - 1 + c->Q + c->margin_columns;
}

static int rows_with_margin(const Conv *c)
{
    return c->taps - 1 + c->R + c->margin_rows;
}

static int margin_of(int wide, int narrow, int S, int P)
{
    const int last = (P + wide - 1) / S;
    return last > narrow - 1 ? last - (narrow - 1) : 0;
}

Conv conv_of(const NnLayer *layer, NnShape wide, NnShape narrow)
{
    Conv c = {.C = wide.channels,
              .H = wide.height,
              .W = wide.width,
              .O = narrow.channels,
              .R = narrow.height,
              .Q = narrow.width,
              .K = layer->kernel,
              .S = layer->stride,
              .P = layer->padding};
    c.O_stored = round_to(c.O, LANES);
    c.C_stored = round_to(c.C, LANES);
    c.vectors = vectors_for(c.O_stored);
    c.back_vectors = vectors_for(c.C_stored);
    c.groups = c.O_stored / (c.vectors * LANES);
    c.back_groups = c.C_stored / (c.back_vectors * LANES);
    c.taps = (c.K + c.S - 1) / c.S;
    c.margin_rows = margin_of(c.H, c.R, c.S, c.P);
    c.margin_columns = margin_of(c.W, c.Q, c.S, c.P);
    c.weights = (size_t)(c.K * c.K) * (size_t)c.C * (size_t)c.O_stored;
    c.back_weights =
        (size_t)(c.S * c.taps) * (size_t)(c.S * c.taps) * (size_t)c.C_stored * (size_t)c.O_stored;
    const size_t wide_room = (size_t)(rows_padded(&c) * columns_padded(&c)) * (size_t)c.C_stored;
    const size_t narrow_room =
        (size_t)(rows_with_margin(&c) * columns_with_margin(&c)) * (size_t)c.O_stored;
    c.room = round_to_line(wide_room) + round_to_line(narrow_room);
    return c;
}

size_t conv_place(const Conv *c, int o, int channel, int i, int j)
{
    const int G = c->vectors * LANES;
    return ((size_t)((o / G * c->K + i) * c->K + j) * (size_t)c->C + (size_t)channel) * (size_t)G +
           (size_t)(o % G);
}

static int taps_of(const Conv *c, int phase)
{
    return phase < c->K ? (c->K - phase + c->S - 1) / c->S : 0;
}

/* Where the back weights of rows p, columns q and a group of channels begin. */
static size_t back_at(const Conv *c, int p, int q, int group)
{
    const size_t kernel = (size_t)(c->taps * c->taps) * (size_t)c->O_stored;
    const int G = c->back_vectors * LANES;
    return (size_t)((p * c->S + q) * c->back_groups + group) * kernel * (size_t)G;
}

void conv_turn(const Conv *c, const float *weights, float *back)
{
    const int G = c->back_vectors * LANES, from_G = c->vectors * LANES;
    if (c->C_stored != c->C)
        memset(back, 0, c->back_weights * sizeof *back);
    for (int i = 0; i < c->K; i++)
        for (int j = 0; j < c->K; j++) {
            const int p = i % c->S, q = j % c->S;
            const int t = taps_of(c, p) - 1 - i / c->S, u = taps_of(c, q) - 1 - j / c->S;
            const size_t tap = (size_t)(t * taps_of(c, q) + u) * (size_t)(c->O_stored * G);
            for (int channel = 0; channel < c->C; channel++) {
                float *to = back + back_at(c, p, q, channel / G) + tap + channel % G;
                for (int o = 0; o < c->O_stored; o += from_G) {
                    const float *from = weights + conv_place(c, o, channel, i, j);
                    for (int k = 0; k < from_G; k++, to += G)
                        *to = from[k];
                }
            }
        }
}

static void clear(float *to, int floats)
{
    memset(to, 0, (size_t)floats * sizeof *to);
}

/* A picture within a larger one: `top` rows and `left` pixels of zeros before it, as many as are
 * left behind it; pixels of `stored` channels. */
typedef struct {
    int rows, columns, channels;
    int top, left, all_rows, all_columns, stored;
} Frame;

static void copy_row(const Frame *f, const float *from, float *to)
{
    if (f->channels == f->stored) {
        memcpy(to, from, (size_t)(f->columns * f->channels) * sizeof *to);
        return;
    }
    for (int s = 0; s < f->columns; s++, from += f->channels, to += f->stored) {
        memcpy(to, from, (size_t)f->channels * sizeof *to);
        clear(to + f->channels, f->stored - f->channels);
    }
}

static void surround(const Frame *f, const float *from, float *to)
{
    const int row = f->all_columns * f->stored, left = f->left * f->stored;
    const int right = row - left - f->columns * f->stored;
    clear(to, f->top * row);
    to += f->top * row;
    for (int r = 0; r < f->rows; r++, to += row, from += f->columns * f->channels) {
        clear(to, left);
        copy_row(f, from, to + left);
        clear(to + row - right, right);
    }
    clear(to, (f->all_rows - f->top - f->rows) * row);
}

static const float *padded(const Conv *c, const float *wide, float *room)
{
    if (c->P == 0)
        return wide;
    const Frame frame = {c->H, c->W, c->C, c->P, c->P, rows_padded(c), columns_padded(c), c->C};
    surround(&frame, wide, room);
    return room;
}

static float *second_room(const Conv *c, float *room)
{
    return room + round_to_line((size_t)(rows_padded(c) * columns_padded(c)) * (size_t)c->C_stored);
}

/* Leave out the channels that are there only for the vectors' sake. */
static void unpack(const float *from, int pixels, int stored, int channels, float *to)
{
    for (int i = 0; i < pixels; i++, from += stored, to += channels)
        memcpy(to, from, (size_t)channels * sizeof *to);
}

void conv_to_narrow(const Conv *c, const float *weights, const float *bias, bool relu,
                    const float *wide, float *narrow, float *room)
{
    const int G = c->vectors * LANES, row = columns_padded(c) * c->C;
    const float *in = padded(c, wide, room);
    float *out = c->O_stored == c->O ? narrow : second_room(c, room);
    for (int r = 0; r < c->R; r++)
        for (int g = 0; g < c->groups; g++) {
            const Product product = {
                .in = in + (ptrdiff_t)r * c->S * row,
                .in_step = (ptrdiff_t)c->S * c->C,
                .in_row = row,
                .rows = c->K,
                .length = c->K * c->C,
                .weights = weights + (size_t)(g * c->K * c->K * c->C) * (size_t)G,
                .bias = bias != NULL ? bias + g * G : NULL,
                .relu = relu,
                .out = out + r * c->Q * c->O_stored + g * G,
                .out_step = c->O_stored,
            };
            vector_product(&product, c->Q, c->vectors);
        }
    if (out != narrow)
        unpack(out, c->R * c->Q, c->O_stored, c->O, narrow);
}

/* The pixels of row `row` of the wide side whose columns leave q over when divided by S. */
static void widen_row(const Conv *c, const float *back, const float *bias, bool relu,
                      const float *in, int row, int q, float *out)
{
    const int p = (row + c->P) % c->S, b = (row + c->P) / c->S;
    const int first = (q - c->P % c->S + c->S) % c->S; /* column */
    if (first >= c->W)
        return;
    const int points = (c->W - 1 - first) / c->S + 1, b_first = (first + c->P) / c->S;
    const int rows = taps_of(c, p), columns = taps_of(c, q), G = c->back_vectors * LANES;
    const int pitch = columns_with_margin(c) * c->O_stored;
    const int at_row = b - rows + c->taps, at_column = b_first - columns + c->taps;
    for (int g = 0; g < c->back_groups; g++) {
        const Product product = {
            .in = in + (ptrdiff_t)at_row * pitch + at_column * c->O_stored,
            .in_step = c->O_stored,
            .in_row = pitch,
            .rows = columns > 0 ? rows : 0,
            .length = columns * c->O_stored,
            .weights = back + back_at(c, p, q, g),
            .bias = bias != NULL ? bias + g * G : NULL,
            .relu = relu,
            .out = out + (row * c->W + first) * c->C_stored + g * G,
            .out_step = (ptrdiff_t)c->S * c->C_stored,
        };
        vector_product(&product, points, c->back_vectors);
    }
}

void conv_to_wide(const Conv *c, const float *back, const float *bias, bool relu,
                  const float *narrow, float *wide, float *room)
{
    float *in = second_room(c, room);
    float *out = c->C_stored == c->C ? wide : room;
    const Frame frame = {c->R,
                         c->Q,
                         c->O,
                         c->taps - 1,
                         c->taps - 1,
                         rows_with_margin(c),
                         columns_with_margin(c),
                         c->O_stored};
    surround(&frame, narrow, in);
    for (int row = 0; row < c->H; row++)
        for (int q = 0; q < c->S; q++)
            widen_row(c, back, bias, relu, in, row, q, out);
    if (out != wide)
        unpack(out, c->H * c->W, c->C_stored, c->C, wide);
}

void conv_gradient(const Conv *c, const float *wide, const float *narrow, float *d_weights,
                   float *room)
{
    const int G = c->vectors * LANES, row = columns_padded(c) * c->C;
    const float *in = padded(c, wide, room), *d = narrow;
    if (c->O_stored != c->O) {
        const Frame frame = {c->R, c->Q, c->O, 0, 0, c->R, c->Q, c->O_stored};
        surround(&frame, narrow, second_room(c, room));
        d = second_room(c, room);
    }
    for (int g = 0; g < c->groups; g++)
        for (int i = 0; i < c->K; i++) {
            const Outer outer = {
                .in = in + i * row,
                .in_step = (ptrdiff_t)c->S * c->C,
                .in_row = (ptrdiff_t)c->S * row,
                .d = d + g * G,
                .d_step = c->O_stored,
                .d_row = (ptrdiff_t)c->Q * c->O_stored,
                .rows = c->R,
                .points = c->Q,
                .add = true,
                .out = d_weights + (size_t)((g * c->K + i) * c->K * c->C) * (size_t)G,
            };
            vector_outer(&outer, c->K * c->C, c->vectors);
        }
}
