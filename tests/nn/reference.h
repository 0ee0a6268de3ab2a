/*
 * reference.h - a whole network in double precision, made of the plain layers: what the tests hold
 * every backend to, after finite differences have held it to the definition of a derivative.
 *
 * Arrays are in the flat order of network.h. Everything is owned by the Reference.
 */
#ifndef DEEPQ_TESTS_NN_REFERENCE_H
#define DEEPQ_TESTS_NN_REFERENCE_H

#include "nn/plain.h"

typedef struct {
    NnSpec spec;
    LayerPlan plan[NN_LAYERS_MAX];
    size_t parameters, inputs, outputs; /* inputs, outputs: of one picture */
    int batch;
    double *parameter, *gradient;
    double *value[NN_LAYERS_MAX + 1];   /* value[l]: what goes into layer l; NCHW */
    double *d_value[NN_LAYERS_MAX + 1]; /* dL/d value[l], the input's too */
    double *kept[NN_LAYERS_MAX];        /* plain.h's: dropout's factors, all 1 at first; batchnorm's
                                           means and variances; noise, 0 at first; else NULL */
    bool inference;                     /* forward as when nothing is learnt */
} Reference;

/* Fails the test if the text is no network. */
Reference *reference_create(const char *layers, NnShape input, int batch);
void reference_destroy(Reference *reference);

/* From value[0] to value[layer_count]. */
void reference_forward(Reference *reference);

/* From d_value[layer_count] to gradient and d_value[0]. */
void reference_backward(Reference *reference);

/* The smallest |x| that went into a ReLU or that quantiles cut off at 0, but for zeros, which are
 * zeros in every arithmetic, and the smallest step from the largest pixel of a pool's window to
 * another that is not equal: nearer to 0 than rounding errors, two right programs may disagree on
 * the slope. Else infinite. */
double reference_kink_distance(const Reference *reference);

/* `count` values in -1 .. 1, none nearer to 0 than 0.01. */
void reference_fill(double *values, size_t count, Random *random);

#endif
