/* VDPBF16PS: a lane's sum gains two products, the upper of the pair first. */
#include "nn/tiles.h"

#if defined(__AVX512F__) && defined(__x86_64__)

#include <assert.h>
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bf16")))
#define INLINE static inline __attribute__((always_inline)) TARGET

/* Sums in registers; more points hide the instruction's latency no better. */
enum { POINTS_MAX = 8 };

INLINE __m512bh load(const Bf16 *from)
{
    return (__m512bh)_mm512_load_si512(from);
}

/* A pair for all lanes. */
INLINE __m512bh spread(const Bf16 *pair)
{
    int bits;
    memcpy(&bits, pair, sizeof bits);
    return (__m512bh)_mm512_set1_epi32(bits);
}

INLINE void product_block(const TileProduct *a, int first, const int points, const int vectors)
{
    __m512 sum[POINTS_MAX][VECTORS_MAX];
    float *out = a->out + first * a->out_step;
#pragma GCC unroll 8
    for (int p = 0; p < points; p++)
#pragma GCC unroll 2
        for (int v = 0; v < vectors; v++)
            sum[p][v] =
                a->add ? _mm512_loadu_ps(out + p * a->out_step + v * LANES) : _mm512_setzero_ps();
    for (int r = 0; r < a->rows; r++) {
        const Bf16 *w = a->weights + r * a->weights_row;
        const Bf16 *in = a->in + first * a->in_step + r * a->in_row;
        for (int j = 0; j < a->length; j += 2, w += 2 * vectors * LANES)
            for (int k = first_term_product(a); k < TERM_PRODUCTS; k++) {
                const Bf16 *in_k = in + term_products[k].in * a->in_term + j;
                const Bf16 *w_k = w + term_products[k].weights * a->weights_term;
#pragma GCC unroll 8
                for (int p = 0; p < points; p++)
#pragma GCC unroll 2
                    for (int v = 0; v < vectors; v++)
                        sum[p][v] = _mm512_dpbf16_ps(sum[p][v], spread(in_k + p * a->in_step),
                                                     load(w_k + 2 * v * LANES));
            }
    }
#pragma GCC unroll 8
    for (int p = 0; p < points; p++)
#pragma GCC unroll 2
        for (int v = 0; v < vectors; v++)
            _mm512_storeu_ps(out + p * a->out_step + v * LANES, sum[p][v]);
}

TARGET static void product_points(const TileProduct *a, int first, int points, int vectors)
{
    switch (points * VECTORS_MAX + vectors - 1) {
#define POINTS(n)                                                                                  \
    case (n)*VECTORS_MAX: product_block(a, first, n, 1); break;                                    \
    case (n)*VECTORS_MAX + 1: product_block(a, first, n, 2); break;
        POINTS(1)
        POINTS(2)
        POINTS(3)
        POINTS(4)
        POINTS(5)
        POINTS(6)
        POINTS(7)
        POINTS(8)
#undef POINTS
    default: assert(0);
    }
}

static void product(const TileProduct *a, int points, int vectors)
{
    const int blocks = (points + POINTS_MAX - 1) / POINTS_MAX;
    for (int b = 0; b < blocks; b++) {
        const int first = points * b / blocks, last = points * (b + 1) / blocks;
        product_points(a, first, last - first, vectors);
    }
}

Tiles tiles_avx512(void)
{
    const bool there = __builtin_cpu_supports("avx512bf16");
    return there ? (Tiles){"bf16 avx512", "terms avx512", product} : (Tiles){0};
}

#else

Tiles tiles_avx512(void)
{
    return (Tiles){0};
}

#endif
