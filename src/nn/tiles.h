/*
 * tiles.h - products of matrices of bfloat16, summed in float. Private to this room.
 *
 * The processors that have such products take two at a time: a lane's sum gains in[k] w[k] +
 * in[k+1] w[k+1]. So what is multiplied with a row of `in` lies in pairs,
 *
 *     in, a row                 k0 k1 k2 k3 ...        side by side
 *     weights                   lane 0: k0 k1 | lane 1: k0 k1 | ...
 *                               lane 0: k2 k3 | lane 1: k2 k3 | ...
 *
 * and that is the order in which AMX wants its tiles, too. Either may be floats in terms (bf16.h),
 * each term in an array like the first. Three implementations:
 *
 *     plain     C, everywhere; slow. It defines what the others compute.
 *     avx512    VDPBF16PS [Intel]. Equal to plain to the last bit.
 *     amx       TDPBF16PS [Intel]: sums of up to 16 pairs, even and odd ones apart, before they
 *               join the others. So another order, and not the same bits: every sum of n products
 *               is within n 2^-23 of the sum of their sizes.
 *
 * All of them take numbers below 2^-126 for zeros, in what goes in and in every sum, and round to
 * the nearest, ties to even. Where a product is NaN or infinite, so is the sum; which NaN is open.
 *
 * Arrays of weights are aligned to VECTOR_BYTES; `in` is to 2 bytes. Counted in numbers: every
 * step. Without state: any number of threads.
 */
#ifndef DEEPQ_NN_TILES_H
#define DEEPQ_NN_TILES_H

#include <stdbool.h>

#include "nn/bf16.h"
#include "nn/vector_kernels.h"

/* With WIDTH = vectors * LANES,
 *     out[p out_step + lane] = (out before if `add`) + sum over r < rows, j < length, s + t < terms
 *         of in[s in_term + p in_step + r in_row + j] *
 *            weights[t weights_term + r weights_row + (j / 2 WIDTH + lane) 2 + j % 2]
 * for p < points. length is even, and a multiple of 16 where it is above 32; terms: 1 or TERMS. */
typedef struct {
    const Bf16 *in;
    ptrdiff_t in_step, in_row;
    int rows, length;
    const Bf16 *weights;
    ptrdiff_t weights_row;
    int terms;
    ptrdiff_t in_term, weights_term;
    bool add;
    float *out;
    ptrdiff_t out_step;
} TileProduct;

/* The order of the terms' products: the small ones first, so that they are not rounded away one by
 * one; from each to the next one factor stays in its registers. A single term is the last. */
enum { TERM_PRODUCTS = TERMS * (TERMS + 1) / 2 };
static const struct {
    int in, weights;
} term_products[TERM_PRODUCTS] = {{2, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 2}, {0, 0}};

static inline int first_term_product(const TileProduct *a)
{
    return a->terms == 1 ? TERM_PRODUCTS - 1 : 0;
}

/* The names of an engine that goes by them, as "bf16 plain"; NULL where the processor, the system
 * or this build lacks it. */
typedef struct {
    const char *name, *name_by_terms;
    void (*product)(const TileProduct *product, int points, int vectors);
} Tiles;

Tiles tiles_plain(void);
Tiles tiles_avx512(void);
Tiles tiles_amx(void); /* also asks the system for the registers */

/* The fastest that this machine has; without a name where it multiplies no bfloat16. */
Tiles tiles_here(void);

#endif
