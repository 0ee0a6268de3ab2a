/*
 * plain.h - the layers written so that one sees they are right: loops over the definition, no
 * blocking, no layout but the canonical one.
 *
 * They are what the fast backends are compared with, and what serves where nothing faster can. The
 * same source is compiled for float (plain_..._f32) and for double (plain_..._f64); in double,
 * finite differences can hold the gradients to six digits and more.
 *
 * For layer l with plan, N pictures:
 *     x    what goes in, NCHW        y    what comes out, NCHW
 *     d_x  dL/dx                     d_y  dL/dy
 *     w    the layer's weights, its biases right after them; d_w the same of dL/d parameters
 *     kept   in training, else NULL: dropout's factors, one for each value of x, 0 or 1/(1-rate),
 *            which it reads; batchnorm's means and variances, one each for each channel, which
 *            plain_forward writes; noisy layers' f(e) of inputs and outputs and quantiles' taus,
 *            never NULL, which it reads; other layers do not look at it
 */
#ifndef DEEPQ_NN_PLAIN_H
#define DEEPQ_NN_PLAIN_H

#include "nn/spec_private.h"

#define PLAIN_DECLARE(REAL, SUFFIX)                                                                \
    /* y from x. Nothing overlaps. */                                                              \
    void plain_forward_##SUFFIX(const LayerPlan *l, int N, const REAL *w, const REAL *x,           \
                                REAL *kept, REAL *y);                                              \
    /* d_w += dL/d parameters; d_x = dL/dx unless d_x is NULL. */                                  \
    void plain_backward_##SUFFIX(const LayerPlan *l, int N, const REAL *w, const REAL *x,          \
                                 const REAL *kept, const REAL *y, const REAL *d_y, REAL *d_w,      \
                                 REAL *d_x);

PLAIN_DECLARE(float, f32)
PLAIN_DECLARE(double, f64)

#endif
