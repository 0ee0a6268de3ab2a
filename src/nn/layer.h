/*
 * layer.h - one layer of the layers engine (layers_engine.c), as a few functions. Private to this
 * room.
 *
 * Formulas and words stand in network.h, the obvious loops in plain_products.inc and
 * plain_values.inc. Here is what the engine and a kind of layer have to agree on:
 *
 *     layer_dense.c       dense
 *     layer_noisy.c       noisy: dense, with parameters that are put together first
 *     layer_conv.c        conv, transposed: arrangements of conv.h
 *     layer_pool.c        maxpool, avgpool
 *     layer_curves.c      relu, leaky, sigmoid, tanh, dropout
 *     layer_softmax.c     softmax
 *     layer_batchnorm.c   batchnorm
 *     layer_layernorm.c   layernorm
 *     layer_quantiles.c   quantiles
 *
 * Values lie as [N][H][W][C], channels as many as there are, so that the loops over channels are
 * vectors. A batch is cut into pieces by its size alone, and what the pieces sum up is added in
 * their order: results do not depend on the number of threads.
 */
#ifndef DEEPQ_NN_LAYER_H
#define DEEPQ_NN_LAYER_H

#include "nn/engine.h"
#include "nn/vector_kernels.h"

enum { LAYER_SHARDS = 8 }; /* a batch has at most so many, of pictures that lie side by side */

typedef struct LayerType LayerType;

typedef struct {
    LayerPlan plan;
    const LayerType *type;
    size_t slots;   /* floats of parameters in the layer's own layout; 0: it learns nothing */
    size_t kept;    /* floats that forward leaves for backward */
    size_t scratch; /* floats that one pass needs and nobody keeps */
    size_t offset;  /* of its parameters in own arrays */
} Layer;

/* A pass through one layer. Arrays are aligned to VECTOR_BYTES. */
typedef struct {
    const Layer *layer;
    Parallel *team;
    int batch;
    bool train;
    bool relu;         /* forward replaces negative results by 0, where the type fuses_relu */
    Random *random;    /* dropout's; NULL in backward */
    float *parameters; /* the layer's own, as the next */
    float *gradients;  /* replaced by backward */
    const float *x;    /* forward: what goes in; backward: the same, unless the next layer worked in
                           place and overwrote it (see LayerType) */
    float *y;          /* forward writes it; may be x where the type is in_place */
    float *kept;
    float *scratch;
    const float *d_y; /* backward: dL/dy */
    float *d_x;       /* backward writes dL/dx; NULL: nobody asks; may be d_y where in_place */
} LayerPass;

struct LayerType {
    /* Fill slots, kept and scratch for up to `batch_max` pictures. */
    void (*lay_out)(Layer *layer, int batch_max);
    /* place[i]: where parameter i of the flat order lies in the layer's own array, which has zeros
     * elsewhere. NULL: i itself. */
    void (*place)(const Layer *layer, uint32_t *place);
    /* Keep the noise: layer_noise numbers in the flat order. NULL: it has none. */
    void (*take_noise)(const Layer *layer, const float *noise, float *kept);
    void (*forward)(const LayerPass *pass);
    void (*backward)(const LayerPass *pass);
    bool in_place;   /* works value by value, and backward does not look at x */
    bool reads_y;    /* backward looks at y: the next layer must not overwrite it */
    bool fuses_relu; /* forward can do the ReLU that follows */
};

const LayerType *layer_type(NnLayerKind kind);

extern const LayerType layer_dense, layer_noisy, layer_conv, layer_transposed, layer_max_pool,
    layer_average_pool, layer_relu, layer_leaky_relu, layer_sigmoid, layer_tanh, layer_dropout,
    layer_softmax, layer_batch_norm, layer_layer_norm, layer_quantiles;

/* ---- cutting the batch ---- */

/* Run pieces that have about `work` multiplications together; on one thread where that is so little
 * that waking another costs more. */
void layer_run(const LayerPass *pass, double work, int pieces, ParallelPiece *piece, void *context);

static inline int layer_shards(int batch)
{
    return batch < LAYER_SHARDS ? batch : LAYER_SHARDS;
}

/* The first picture of a shard; that of shard layer_shards(batch) is `batch`. */
static inline int shard_first(int batch, int shard)
{
    return (int)((long)batch * shard / layer_shards(batch));
}

static inline int round_to(int count, int unit)
{
    return (count + unit - 1) / unit * unit;
}

static inline size_t round_to_line(size_t floats)
{
    return (floats + LANES - 1) / LANES * LANES;
}

#endif
