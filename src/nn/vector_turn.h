/*
 * vector_turn.h - matrices of 32-bit words, rows for columns. Private to the vector engine.
 *
 * A word is a float, or a pair of bfloat16 of which two rows have one each.
 */
#ifndef DEEPQ_NN_VECTOR_TURN_H
#define DEEPQ_NN_VECTOR_TURN_H

#include "nn/bf16.h"
#include "nn/vector_kernels.h"

enum { TURNED = LANES }; /* rows and columns are multiples of it */

/* to[c to_step + r] = from[r step + c]      for r < rows, c < columns */
void turn_floats(const float *from, ptrdiff_t step, int rows, int columns, float *to,
                 ptrdiff_t to_step);

/* to[c to_step + 2 r] = a[r step + c],  to[c to_step + 2 r + 1] = b[r step + c], or 0 where b is
 * NULL. Counted in numbers. */
void turn_pairs(const Bf16 *a, const Bf16 *b, ptrdiff_t step, int rows, int columns, Bf16 *to,
                ptrdiff_t to_step);

#endif
