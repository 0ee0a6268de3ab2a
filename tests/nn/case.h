/*
 * case.h - a network, its parameters, pictures and dL/dy, for the reference in double precision and
 * for every backend alike.
 *
 * The tolerance. A sum of n products in float is off by about sqrt(n) 2^-24 of its size: roundings
 * are as often up as down; and where the products cancel, the sum is sqrt(n) times smaller than all
 * of them together, but so are the partial sums that were rounded. Errors of the layers beneath and
 * above are averaged over by the next sum and add a few units. So an array may differ by
 * 2^-24 (12 + sqrt n) of its largest element, n being the longest sum of the network: 8e-7 for the
 * smallest network, 7e-6 for the largest, which is two to five times what is seen.
 */
#ifndef DEEPQ_TESTS_NN_CASE_H
#define DEEPQ_TESTS_NN_CASE_H

#include "nn/network.h"
#include "nn/reference.h"

static const NnBackend backends[] = {
    NN_BACKEND_PLAIN,
    NN_BACKEND_LAYERS, /* those above have every layer */
    NN_BACKEND_VECTOR,
    NN_BACKEND_TERMS,
#ifdef DEEPQ_HAVE_DNNL
    NN_BACKEND_ONEDNN,
#endif
};
enum { BACKENDS = sizeof backends / sizeof backends[0], FOR_ALL_LAYERS = 2, FOR_VECTOR = 4 };

typedef struct {
    Reference *reference;
    float *parameter; /* where every network begins */
    uint8_t *pixels;
    const uint8_t **planes; /* either these */
    float *values;          /* or these */
    NnInput input;
    float *d_outputs, *outputs, *room;
    double tolerance;
} Case;

/* Zeros, room for one more than `count`. Fails the test if there is no memory. */
void *take(size_t count, size_t size);

/* The input is bytes, some of the planes missing, or values. Fails the test if the text is no
 * network. */
Case case_create(const char *layers, NnShape input, int batch, bool planes);
void case_destroy(Case *c);

/* With the case's parameters. */
Network *network_of(const Case *c, int batch_max, NnBackend backend, Parallel *team);

/* The backends that have the case's layers: as many from the first on. */
int backends_for(const Case *c);

/* The stream that dropout draws from, the same for all. */
Random dropout_stream(void);

/* Noise as the backends have to take it: layer by layer, inputs in the order C H W, then outputs;
 * taus as floats. draw_noise: to the reference. */
Random noise_stream(void);
void draw_noise(const Reference *r);

/* None is off by more than `tolerance` of the largest, which is not 0. */
void assert_like(const char *name, const char *what, const float *found, const double *expected,
                 size_t count, double tolerance);

#endif
