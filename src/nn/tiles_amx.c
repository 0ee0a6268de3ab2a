/*
 * AMX: registers of 16 rows of 64 bytes. TDPBF16PS adds to a tile of 16 x 16 sums the products of
 * 16 rows of 16 pairs with 16 rows of 16 lanes' pairs.
 *
 *     tile 0 1    sums of points 0 .. 15, lanes 0 .. 15 and 16 .. 31
 *     tile 2 3    of points 16 .. 31
 *     tile 4 5    in, of points 0 .. 15 and 16 .. 31
 *     tile 6 7    weights, of lanes 0 .. 15 and 16 .. 31
 *
 * so four loads serve four products. How many rows and pairs there are is set once for all blocks
 * of a shape: the pairs of a step divide those of a row.
 *
 * Where no processor has them, the tests run this file on an emulation (tests/nn/amx_emulated.h,
 * which includes it with AMX_EMULATED defined).
 */
#if !defined(AMX_EMULATED) && defined(__x86_64__) && defined(__linux__)
#define _DEFAULT_SOURCE /* syscall */
#endif

#include "nn/tiles.h"

#if !defined(AMX_EMULATED) && defined(__AVX512F__) && defined(__x86_64__) && defined(__linux__)
#define AMX_BUILT
#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>
#define TARGET __attribute__((target("amx-tile,amx-bf16")))
#endif

#define INLINE static inline __attribute__((always_inline)) TARGET

#if defined(AMX_BUILT) || defined(AMX_EMULATED)

enum { TILE_ROWS = 16, TILE_PAIRS = 16, TILE_BYTES = 64, BLOCK_POINTS = 2 * TILE_ROWS };

/* What LDTILECFG reads. */
typedef struct {
    uint8_t palette, start_row, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
} TileConfig;

/* The usual one lies ready: LDTILECFG waits long for what was only just stored. */
static const TileConfig full_tiles = {
    .palette = 1,
    .row_bytes = {64, 64, 64, 64, 64, 64, 64, 64},
    .rows = {16, 16, 16, 16, 16, 16, 16, 16},
};

static void shape_tile(TileConfig *config, int tile, int rows, int bytes)
{
    config->rows[tile] = (uint8_t)rows;
    config->row_bytes[tile] = (uint16_t)bytes;
}

/* `lower`: points in tiles 2, 3 and 5; where there are none, they keep one row and are not used. */
static TileConfig shape_tiles(int upper, int lower, int pairs)
{
    TileConfig config = {.palette = 1};
    lower = lower > 0 ? lower : 1;
    shape_tile(&config, 0, upper, TILE_BYTES);
    shape_tile(&config, 1, upper, TILE_BYTES);
    shape_tile(&config, 2, lower, TILE_BYTES);
    shape_tile(&config, 3, lower, TILE_BYTES);
    shape_tile(&config, 4, upper, 4 * pairs);
    shape_tile(&config, 5, lower, 4 * pairs);
    shape_tile(&config, 6, pairs, TILE_BYTES);
    shape_tile(&config, 7, pairs, TILE_BYTES);
    return config;
}

/* The most pairs of a step that divide a row's. */
static int step_pairs(int length)
{
    int pairs = length / 2 < TILE_PAIRS ? length / 2 : TILE_PAIRS;
    while (length / 2 % pairs != 0)
        pairs--;
    return pairs;
}

INLINE void load_sums(const float *out, ptrdiff_t step, const bool lower, const bool wide)
{
    _tile_loadd(0, out, step);
    if (wide)
        _tile_loadd(1, out + LANES, step);
    if (lower)
        _tile_loadd(2, (const char *)out + TILE_ROWS * step, step);
    if (lower && wide)
        _tile_loadd(3, (const char *)(out + LANES) + TILE_ROWS * step, step);
}

INLINE void clear_sums(void)
{
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
}

INLINE void store_sums(float *out, ptrdiff_t step, const bool lower, const bool wide)
{
    _tile_stored(0, out, step);
    if (wide)
        _tile_stored(1, out + LANES, step);
    if (lower)
        _tile_stored(2, (char *)out + TILE_ROWS * step, step);
    if (lower && wide)
        _tile_stored(3, (char *)(out + LANES) + TILE_ROWS * step, step);
}

/* in_bytes, w_bytes: from row to row. */
INLINE void load_in(const Bf16 *in, ptrdiff_t in_bytes, const bool lower)
{
    _tile_loadd(4, in, in_bytes);
    if (lower)
        _tile_loadd(5, (const char *)in + TILE_ROWS * in_bytes, in_bytes);
}

INLINE void load_weights(const Bf16 *w, ptrdiff_t w_bytes, const bool wide)
{
    _tile_loadd(6, w, w_bytes);
    if (wide)
        _tile_loadd(7, w + 2 * LANES, w_bytes);
}

INLINE void multiply(const bool lower, const bool wide)
{
    _tile_dpbf16ps(0, 4, 6);
    if (lower)
        _tile_dpbf16ps(2, 5, 6);
    if (wide)
        _tile_dpbf16ps(1, 4, 7);
    if (lower && wide)
        _tile_dpbf16ps(3, 5, 7);
}

/* A step: `in` and `w` at their first pair, of the first term. */
INLINE void add_products(const TileProduct *a, const Bf16 *in, const Bf16 *w, const bool lower,
                         const bool wide, const bool terms)
{
    const ptrdiff_t in_bytes = a->in_step * (ptrdiff_t)sizeof *in;
    const ptrdiff_t w_bytes = 2 * (wide ? 2 : 1) * LANES * (ptrdiff_t)sizeof *w;
    const int first = terms ? 0 : TERM_PRODUCTS - 1;
#pragma GCC unroll 6
    for (int k = first; k < TERM_PRODUCTS; k++) {
        const int i = term_products[k].in, j = term_products[k].weights;
        if (k == first || i != term_products[k - 1].in)
            load_in(in + i * a->in_term, in_bytes, lower);
        if (k == first || j != term_products[k - 1].weights)
            load_weights(w + j * a->weights_term, w_bytes, wide);
        multiply(lower, wide);
    }
}

INLINE void product_block(const TileProduct *a, int first, int pairs, const bool lower,
                          const bool wide, const bool terms)
{
    const ptrdiff_t out_bytes = a->out_step * (ptrdiff_t)sizeof *a->out;
    const ptrdiff_t w_pair = 2 * (wide ? 2 : 1) * LANES;
    float *out = a->out + first * a->out_step;
    if (a->add)
        load_sums(out, out_bytes, lower, wide);
    else
        clear_sums();
    for (int r = 0; r < a->rows; r++) {
        const Bf16 *in = a->in + first * a->in_step + r * a->in_row;
        const Bf16 *w = a->weights + r * a->weights_row;
        for (int j = 0; j < a->length; j += 2 * pairs, w += pairs * w_pair)
            add_products(a, in + j, w, lower, wide, terms);
    }
    store_sums(out, out_bytes, lower, wide);
}

INLINE void product_shaped(const TileProduct *a, int first, int pairs, bool lower, bool wide,
                           const bool terms)
{
    if (lower && wide)
        product_block(a, first, pairs, true, true, terms);
    else if (lower)
        product_block(a, first, pairs, true, false, terms);
    else if (wide)
        product_block(a, first, pairs, false, true, terms);
    else
        product_block(a, first, pairs, false, false, terms);
}

/* Blocks of one shape, from point `first` on; returns the point after them. */
TARGET static int product_blocks(const TileProduct *a, int first, int blocks, int points, bool wide)
{
    const bool lower = points > TILE_ROWS;
    const int pairs = step_pairs(a->length);
    if (points == BLOCK_POINTS && pairs == TILE_PAIRS) {
        _tile_loadconfig(&full_tiles);
    } else {
        const TileConfig config =
            shape_tiles(lower ? TILE_ROWS : points, points - TILE_ROWS, pairs);
        _tile_loadconfig(&config);
    }
    for (; blocks > 0; blocks--, first += points)
        if (a->terms == 1)
            product_shaped(a, first, pairs, lower, wide, false);
        else
            product_shaped(a, first, pairs, lower, wide, true);
    return first;
}

/* The tiles are given back, so that a change of threads need not save them. */
TARGET static void product(const TileProduct *a, int points, int vectors)
{
    const int blocks = points / BLOCK_POINTS, left = points % BLOCK_POINTS;
    int first = 0;
    if (blocks > 0)
        first = product_blocks(a, first, blocks, BLOCK_POINTS, vectors > 1);
    if (left > 0)
        product_blocks(a, first, 1, left, vectors > 1);
    _tile_release();
}

#endif

#if defined(AMX_BUILT)

/* Both CPUID bits, the system's word that it saves the tiles (XCR0), and its leave to use them. */
static bool may_use_tiles(void)
{
    enum { TILE_BIT = 1 << 24, BF16_BIT = 1 << 22, OSXSAVE_BIT = 1 << 27, TILE_STATES = 3 << 17 };
    enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 }; /* arch_prctl's */
    unsigned a, b, c, d, low, high;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & OSXSAVE_BIT))
        return false;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(d & TILE_BIT) || !(d & BF16_BIT))
        return false;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (low & TILE_STATES) == TILE_STATES &&
           syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
}

Tiles tiles_amx(void)
{
    return may_use_tiles() ? (Tiles){"bf16 amx", "terms amx", product} : (Tiles){0};
}

#elif !defined(AMX_EMULATED)

Tiles tiles_amx(void)
{
    return (Tiles){0};
}

#endif
