/*
 * vector_kernels.c - blocks of constant size, so that the compiler keeps the sums in registers; and
 * switches that choose the block.
 *
 * This file alone fuses a*b+c into one rounding: it is twice the speed. Every sum is one lane's and
 * goes on in the manual's order, so the width of the registers does not show in a single bit.
 */
#include "nn/vector_kernels.h"

#include <assert.h>
#if defined(__FMA__) || defined(__AVX512F__)
#include <immintrin.h>
#endif

typedef float Lanes __attribute__((vector_size(VECTOR_BYTES), may_alias));
typedef int IntLanes __attribute__((vector_size(VECTOR_BYTES), may_alias));

#define INLINE static inline __attribute__((always_inline))

/* Points in a block: as many sums as the registers hold beside the operands (32 registers with
 * AVX-512, else 16). */
enum { POINTS_MAX = LANES == 16 ? 20 : 12 };

INLINE Lanes load(const float *from)
{
    return *(const Lanes *)from;
}

INLINE Lanes load_halves(const Bf16 *from)
{
#if defined(__AVX512BW__)
    const __m256i halves = _mm256_loadu_si256((const __m256i *)(const void *)from);
    return (Lanes)_mm512_slli_epi32(bf16_widen(halves), 16);
#else
    Lanes lanes;
    for (int i = 0; i < LANES; i++)
        lanes[i] = bf16_float(from[i]);
    return lanes;
#endif
}

/* Each vector read once, whatever the compiler thinks: without AVX-512 a broadcast is a load of its
 * own, loads are what the loops wait for, and gcc would read a vector anew for each product. */
INLINE void load_row(const float *from, const int vectors, Lanes row[VECTORS_MAX])
{
#pragma GCC unroll 2
    for (int v = 0; v < vectors; v++) {
        row[v] = load(from + v * LANES);
#if defined(__AVX__) && !defined(__AVX512F__)
        __asm__("" : "+x"(row[v]));
#endif
    }
}

INLINE void store(float *to, Lanes value)
{
    *(Lanes *)to = value;
}

/* sum + x * w in one rounding, where the processor has that. Not left to the compiler: tuned for
 * some processors gcc takes two roundings where a loop has but one sum, and one picture would not
 * give what it gives in a batch. Elsewhere the compiler may (see src/CMakeLists.txt). */
INLINE Lanes add_product(Lanes sum, float x, Lanes w)
{
#if defined(__AVX512F__)
    return (Lanes)_mm512_fmadd_ps(_mm512_set1_ps(x), (__m512)w, (__m512)sum);
#elif defined(__FMA__)
    return (Lanes)_mm256_fmadd_ps(_mm256_set1_ps(x), (__m256)w, (__m256)sum);
#else
    return sum + x * w;
#endif
}

INLINE Lanes positive(Lanes value)
{
    return (Lanes)((IntLanes)value & (value > 0));
}

INLINE void fetch_points(const float *in, ptrdiff_t step, int points, int length)
{
    enum { LINE = 64 / sizeof(float) };
    for (int p = 0; p < points; p++)
        for (int j = 0; j < length; j += LINE)
            __builtin_prefetch(in + p * step + j);
}

/* What a block fetches: so many floats further after each of its steps. */
typedef struct {
    const float *next;
    ptrdiff_t step;
} Ahead;

/* The loop of vector_product for constant `points`, `vectors` and, where it is not 0, `step`. */
INLINE void product_block(const Product *a, ptrdiff_t first, const int points, const int vectors,
                          ptrdiff_t step, const Ahead *ahead)
{
    const ptrdiff_t in_step = step != 0 ? step : a->in_step;
    Lanes sum[POINTS_MAX][VECTORS_MAX];
#pragma GCC unroll 20
    for (int p = 0; p < points; p++)
#pragma GCC unroll 2
        for (int v = 0; v < vectors; v++)
            sum[p][v] = a->bias != NULL ? load(a->bias + v * LANES) : (Lanes){0};
    const float *w = a->weights, *next = ahead != NULL ? ahead->next : NULL;
    for (int r = 0; r < a->rows; r++) {
        const float *in = a->in + first * in_step + r * a->in_row;
        if (a->far && r + 1 < a->rows)
            fetch_points(in + a->in_row, in_step, points, a->length);
        for (int j = 0; j < a->length; j++, in++, w += vectors * LANES) {
            if (ahead != NULL) {
                __builtin_prefetch(next);
                next += ahead->step;
            }
            Lanes row[VECTORS_MAX];
            load_row(w, vectors, row);
#pragma GCC unroll 20
            for (int p = 0; p < points; p++)
#pragma GCC unroll 2
                for (int v = 0; v < vectors; v++)
                    sum[p][v] = add_product(sum[p][v], in[p * in_step], row[v]);
        }
    }
    float *out = a->out + first * a->out_step;
#pragma GCC unroll 20
    for (int p = 0; p < points; p++)
#pragma GCC unroll 2
        for (int v = 0; v < vectors; v++)
            store(out + p * a->out_step + v * LANES, a->relu ? positive(sum[p][v]) : sum[p][v]);
}

/* Steps of the papers' networks are constants too: the addresses of all points are then one
 * register and a displacement. */
INLINE void product_stepped(const Product *a, ptrdiff_t first, const int points, const int vectors,
                            const Ahead *ahead)
{
    if (ahead != NULL) {
        product_block(a, first, points, vectors, 0, ahead);
        return;
    }
    switch (a->in_step) {
    case CELL: product_block(a, first, points, vectors, CELL, NULL); break; /* vector_changes.c */
    case 16: product_block(a, first, points, vectors, 16, NULL); break;
    case 32: product_block(a, first, points, vectors, 32, NULL); break;
    case 64: product_block(a, first, points, vectors, 64, NULL); break;
    default: product_block(a, first, points, vectors, 0, NULL);
    }
}

static void product_one(const Product *a, ptrdiff_t first, int points, const Ahead *ahead)
{
    switch (points) {
#define POINTS(n)                                                                                  \
    case n: product_stepped(a, first, n, 1, ahead); break;
        POINTS(1)
        POINTS(2)
        POINTS(3)
        POINTS(4)
        POINTS(5)
        POINTS(6)
        POINTS(7)
        POINTS(8)
        POINTS(9)
        POINTS(10)
        POINTS(11)
        POINTS(12)
#if defined(__AVX512F__)
        POINTS(13)
        POINTS(14)
        POINTS(15)
        POINTS(16)
        POINTS(17)
        POINTS(18)
        POINTS(19)
        POINTS(20)
#endif
#undef POINTS
    default: assert(0);
    }
}

static void product_two(const Product *a, ptrdiff_t first, int points, const Ahead *ahead)
{
    switch (points) {
#define POINTS(n)                                                                                  \
    case n: product_stepped(a, first, n, 2, ahead); break;
        POINTS(1)
        POINTS(2)
        POINTS(3)
        POINTS(4)
        POINTS(5)
        POINTS(6)
#if defined(__AVX512F__)
        POINTS(7)
        POINTS(8)
        POINTS(9)
        POINTS(10)
#endif
#undef POINTS
    default: assert(0);
    }
}

void vector_product(const Product *product, int points, int vectors)
{
    const int most = POINTS_MAX / vectors;
    const int blocks = (points + most - 1) / most;
    const ptrdiff_t steps = (ptrdiff_t)product->rows * product->length;
    for (int b = 0; b < blocks; b++) {
        const int first = points * b / blocks, last = points * (b + 1) / blocks;
        const ptrdiff_t share = vectors * LANES / blocks;
        Ahead part = {product->ahead, share};
        const Ahead *ahead = product->ahead != NULL ? &part : NULL;
        if (ahead != NULL)
            part.next += b * steps * share;
        if (vectors == 1)
            product_one(product, first, last - first, ahead);
        else
            product_two(product, first, last - first, ahead);
    }
}

/* The loop of vector_outer for constant `count` and `vectors`. */
INLINE void outer_block(const Outer *a, ptrdiff_t first, const int count, const int vectors)
{
    Lanes sum[16][VECTORS_MAX];
    float *out = a->out + first * vectors * LANES;
#pragma GCC unroll 16
    for (int k = 0; k < count; k++)
#pragma GCC unroll 2
        for (int v = 0; v < vectors; v++)
            sum[k][v] = a->add ? load(out + (k * vectors + v) * LANES) : (Lanes){0};
    for (int r = 0; r < a->rows; r++) {
        const float *in = a->in + first + r * a->in_row;
        const float *d = a->d + r * a->d_row;
        for (int p = 0; p < a->points; p++, in += a->in_step, d += a->d_step) {
            Lanes row[VECTORS_MAX];
            load_row(d, vectors, row);
#pragma GCC unroll 16
            for (int k = 0; k < count; k++)
#pragma GCC unroll 2
                for (int v = 0; v < vectors; v++)
                    sum[k][v] = add_product(sum[k][v], in[k], row[v]);
        }
    }
#pragma GCC unroll 16
    for (int k = 0; k < count; k++)
#pragma GCC unroll 2
        for (int v = 0; v < vectors; v++)
            store(out + (k * vectors + v) * LANES, sum[k][v]);
}

void vector_outer(const Outer *outer, int count, int vectors)
{
    int k = 0;
    if (vectors == 1) {
        for (; LANES == 16 && k + 16 <= count; k += 16)
            outer_block(outer, k, 16, 1);
        for (; k + 8 <= count; k += 8)
            outer_block(outer, k, 8, 1);
        for (; k < count; k++)
            outer_block(outer, k, 1, 1);
        return;
    }
    for (; LANES == 16 && k + 8 <= count; k += 8)
        outer_block(outer, k, 8, 2);
    for (; LANES == 8 && k + 12 <= count; k += 12) { /* by six, but so that fours are left over */
        outer_block(outer, k, 6, 2);
        outer_block(outer, k + 6, 6, 2);
    }
    for (; k + 4 <= count; k += 4)
        outer_block(outer, k, 4, 2);
    for (; k < count; k++)
        outer_block(outer, k, 1, 2);
}

enum {
    PANELS_MAX = 2,    /* more sums at once gain nothing: it is the weights that are waited for */
    LISTED_AHEAD = 12, /* lines come from afar, and no hardware guesses which are next */
};

/* The loop of vector_listed for constant `panels` and `vectors`. */
INLINE void listed_block(const Listed *a, ptrdiff_t first, const int panels, const int vectors,
                         const bool halves)
{
    const ptrdiff_t width = vectors * LANES, offset = first * a->panel;
    Lanes sum[PANELS_MAX][VECTORS_MAX];
    for (int g = 0; g < panels; g++)
        for (int v = 0; v < vectors; v++)
            sum[g][v] = (Lanes){0};
    for (int i = 0; i < a->count; i++) {
        const ptrdiff_t ahead =
            offset + a->index[i + LISTED_AHEAD < a->count ? i + LISTED_AHEAD : i] * width;
        const ptrdiff_t at = offset + a->index[i] * width;
        const float x = a->in[a->index[i]];
#pragma GCC unroll 2
        for (int g = 0; g < panels; g++)
#pragma GCC unroll 2
            for (int v = 0; v < vectors; v++) {
                const ptrdiff_t lane = g * a->panel + v * LANES;
                if (!halves)
                    __builtin_prefetch(a->weights + ahead + lane);
                else if (v == 0)
                    __builtin_prefetch(a->halves + ahead + lane);
                sum[g][v] = add_product(sum[g][v], x,
                                        halves ? load_halves(a->halves + at + lane)
                                               : load(a->weights + at + lane));
            }
    }
    float *out = a->out + first * width;
    for (int g = 0; g < panels; g++)
        for (int v = 0; v < vectors; v++) {
            const Lanes y = sum[g][v] + load(a->bias + (first + g) * width + v * LANES);
            store(out + g * width + v * LANES, a->relu ? positive(y) : y);
        }
}

INLINE void listed_panels(const Listed *listed, int panels, int vectors, const bool halves)
{
    int g = 0;
    for (; vectors == 2 && g + 2 <= panels; g += 2)
        listed_block(listed, g, 2, 2, halves);
    for (; vectors == 2 && g < panels; g++)
        listed_block(listed, g, 1, 2, halves);
    for (; g < panels; g++)
        listed_block(listed, g, 1, 1, halves);
}

void vector_listed(const Listed *listed, int panels, int vectors)
{
    if (listed->halves != NULL)
        listed_panels(listed, panels, vectors, true);
    else
        listed_panels(listed, panels, vectors, false);
}

enum {
    SECOND_ROW = CELL * 2 * CELL * LANES
}; /* from a kernel's row to the one that meets the same
      pixels in the points above */

/* The products of one change are summed before they meet the sums in memory, which the change
 * before has often only just written. */
INLINE void add_change(const Lanes weights[2 * CELL], const float by[CELL], float *left,
                       float *right)
{
    const Lanes *w = weights;
    const Lanes r = add_product(by[1] * w[1], by[0], w[0]) + add_product(by[3] * w[3], by[2], w[2]);
    const Lanes l = add_product(by[1] * w[5], by[0], w[4]) + add_product(by[3] * w[7], by[2], w[6]);
    store(right, load(right) + r);
    store(left, load(left) + l);
}

void vector_add_changes(const Change *begin, const Change *end, const float *weights, float *sums,
                        ptrdiff_t row, ptrdiff_t step)
{
    Lanes below[2 * CELL], above[2 * CELL];
#pragma GCC unroll 8
    for (int j = 0; j < 2 * CELL; j++) {
        below[j] = load(weights + j * LANES);
        above[j] = load(weights + SECOND_ROW + j * LANES);
    }
    for (const Change *c = begin; c < end; c++) {
        float *at = sums + c->at;
        add_change(above, c->by, at, at + step);
        add_change(below, c->by, at + row, at + row + step);
    }
}

void vector_outer_changes(const Change *begin, const Change *end, const float *d, ptrdiff_t row,
                          ptrdiff_t step, float *gradients)
{
    Lanes below[2 * CELL], above[2 * CELL];
#pragma GCC unroll 8
    for (int j = 0; j < 2 * CELL; j++) {
        below[j] = load(gradients + j * LANES);
        above[j] = load(gradients + SECOND_ROW + j * LANES);
    }
    for (const Change *c = begin; c < end; c++) {
        const float *at = d + c->at;
#pragma GCC unroll 4
        for (int k = 0; k < CELL; k++) {
            above[CELL + k] = add_product(above[CELL + k], c->by[k], load(at));
            above[k] = add_product(above[k], c->by[k], load(at + step));
            below[CELL + k] = add_product(below[CELL + k], c->by[k], load(at + row));
            below[k] = add_product(below[k], c->by[k], load(at + row + step));
        }
    }
#pragma GCC unroll 8
    for (int j = 0; j < 2 * CELL; j++) {
        store(gradients + j * LANES, below[j]);
        store(gradients + SECOND_ROW + j * LANES, above[j]);
    }
}
