/*
 * conv.h - one picture through a convolution's weights, in both directions, by the loops of
 * vector_kernels.h. Private to this room.
 *
 * A weight w[o][c][i][j] ties the pixel (c, r S - P + i, s S - P + j) of the wide side to the point
 * (o, r, s) of the narrow side. A convolution goes from wide to narrow, its gradient by the input
 * back; a transposed convolution the other way round. So both are made of three functions:
 *
 *     conv_to_narrow   narrow = bias + sum of w wide
 *     conv_to_wide     wide = bias + sum of w narrow
 *     conv_gradient    d_w += sum of wide narrow
 *
 *     wide      [H][W][C]      narrow  [R][Q][O]      as the layers engine keeps values
 *     weights   [O'/G][K][K][C][G]                    O' is O rounded up to LANES, G lanes to a sum
 *
 * To the wide side, the pixel S b + p - P of a row, p < S, sees T_p = ceil((K - p) / S) points of
 * each row of the narrow side, the last of them b; so for each p of the rows and of the columns
 * there is a kernel of T_p x T_p' points. These back weights are the same numbers as
 *     [S][S][C'/G'][T_p][T_p'][O'][G'], each [S][S][C'/G'] with room for T x T points, T = T_0.
 */
#ifndef DEEPQ_NN_CONV_H
#define DEEPQ_NN_CONV_H

#include "nn/spec_private.h"
#include "nn/vector_kernels.h"

typedef struct {
    int C, H, W;
    int O, R, Q;
    int K, S, P;
    int O_stored, vectors, groups; /* O', G / LANES, O'/G */
    int C_stored, back_vectors, back_groups;
    int taps;                        /* T */
    int margin_rows, margin_columns; /* of zeros beneath and at the right of a narrow picture */
    size_t weights, back_weights;    /* floats */
    size_t room;                     /* floats that each of the three functions needs */
} Conv;

Conv conv_of(const NnLayer *layer, NnShape wide, NnShape narrow);

/* Where w[o][c][i][j] lies. */
size_t conv_place(const Conv *conv, int o, int c, int i, int j);

void conv_turn(const Conv *conv, const float *weights, float *back);

/* `bias` has O' floats, to the wide side C', or is NULL; `relu`: negative results are replaced by
 * 0; `room` is conv->room floats, aligned; narrow and wide pictures are aligned if
 * O and C are multiples of LANES. */
void conv_to_narrow(const Conv *conv, const float *weights, const float *bias, bool relu,
                    const float *wide, float *narrow, float *room);
void conv_to_wide(const Conv *conv, const float *back, const float *bias, bool relu,
                  const float *narrow, float *wide, float *room);
void conv_gradient(const Conv *conv, const float *wide, const float *narrow, float *d_weights,
                   float *room);

#endif
