/*
 * vector_kernels.h - the few loops in which a network spends its time, on vectors of floats.
 *
 * A vector has LANES floats, as many as the processor's registers hold. A sum is kept in registers
 * for a block of points (or rows) times one or two vectors, so that each step costs one load for
 * each point, one or two for the vectors, and point x vector fused multiply-adds. Convolutions and
 * dense layers, forward and backward, are all arrangements of these loops: vector_engine.c.
 *
 * The widths: `vectors` is 1 or 2; WIDTH = vectors * LANES. Arrays of vectors are aligned to
 * VECTOR_BYTES. Counted in floats: every step.
 */
#ifndef DEEPQ_NN_VECTOR_KERNELS_H
#define DEEPQ_NN_VECTOR_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nn/bf16.h"

#if defined(__AVX512F__)
enum { LANES = 16 };
#elif defined(__AVX__)
enum { LANES = 8 };
#else
enum { LANES = 4 };
#endif
enum { VECTORS_MAX = 2, WIDTH_MAX = VECTORS_MAX * LANES, VECTOR_BYTES = LANES * 4 };

/* out[p out_step + lane] = bias[lane] + sum over r < rows, j < length of
 *     in[p in_step + r in_row + j] * weights[(r length + j) WIDTH + lane]
 * for p < points; negative results are replaced by 0 if `relu`. A NULL bias: 0. `far`: the rows of
 * `in` lie so far apart that the processor does not guess the next one; it is fetched ahead.
 * `ahead`, if not NULL: weights of the same size that will be wanted next, fetched meanwhile. */
typedef struct {
    const float *in;
    ptrdiff_t in_step, in_row;
    int rows, length;
    const float *weights;
    const float *bias;
    const float *ahead;
    bool relu, far;
    float *out;
    ptrdiff_t out_step;
} Product;

void vector_product(const Product *product, int points, int vectors);

/* out[k WIDTH + lane] = (out before if `add`) + sum over r < rows, p < points of
 *     in[r in_row + p in_step + k] * d[r d_row + p d_step + lane]
 * for k < count. */
typedef struct {
    const float *in;
    ptrdiff_t in_step, in_row;
    const float *d;
    ptrdiff_t d_step, d_row;
    int rows, points;
    bool add;
    float *out;
} Outer;

void vector_outer(const Outer *outer, int count, int vectors);

/* A product of one point, of whose `in` only the values at index[0 .. count-1], ascending, are
 * looked at: where all others are 0, the sum is vector_product's without a bias, to the last bit,
 * as long as all weights are finite; the bias comes after it. For g < panels,
 *     out[g WIDTH + lane] = bias[g WIDTH + lane] + sum over i < count of
 *         in[index[i]] * weights[g panel + index[i] WIDTH + lane]
 * with `relu` as above. */
typedef struct {
    const float *in;
    const uint32_t *index;
    int count;
    const float *weights;
    const Bf16 *halves; /* not NULL: these instead of `weights` */
    ptrdiff_t panel;
    const float *bias;
    bool relu;
    float *out;
} Listed;

void vector_listed(const Listed *listed, int panels, int vectors);

/* A change of CELL neighbouring pixels of one row, which 2 x 2 points of a convolution of 2 CELL x
 * 2 CELL pixels, stride CELL, look at: `at` is where the first of these lies. One call deals with
 * the changes of one row of the cells, so the same two rows of the kernel belong to all of them,
 * the second CELL rows after the first.
 *     sums[at + (1-i) row + (1-j) step + lane] += sum over k < CELL of
 *         by[k] * weights[i CELL 2 CELL LANES + (j CELL + k) LANES + lane]       for i, j in {0, 1}
 * and for the gradients the same with the weights' place and the sums' exchanged:
 *     gradients[i CELL 2 CELL LANES + (j CELL + k) LANES + lane] += sum over changes of
 *         by[k] * d[at + (1-i) row + (1-j) step + lane] */
enum { CELL = 4 };

typedef struct {
    uint32_t at;
    float by[CELL];
} Change;

void vector_add_changes(const Change *begin, const Change *end, const float *weights, float *sums,
                        ptrdiff_t row, ptrdiff_t step);
void vector_outer_changes(const Change *begin, const Change *end, const float *d, ptrdiff_t row,
                          ptrdiff_t step, float *gradients);

#endif
