/*
 * vector_layout.h - how the vector engine keeps a network in memory.
 *
 * Letters as in network.h; C', O' are channels rounded up to LANES, zeros in the added ones (an
 * input that goes straight into a convolution or a dense layer keeps its own C).
 *
 *     values of a layer       [N][H][W][C'], each picture rounded up to WIDTH_MAX floats: the
 *                             inputs of a convolution's row of kernel pixels lie side by side
 *     convolution weights     [O'/G][K][K][C'][G]: G output channels to a point's sum,
 *                             G = WIDTH_MAX where O' allows it, else LANES
 *     dense weights           [O'/G][I'][G], I' a picture of the layer's input: what one input does
 *                             to G outputs lies in whole lines of the cache, so that a lone picture
 *                             need not read the weights of inputs that are 0
 *     biases                  [O'], after the weights
 *     noisy                   means, then deviations, each as a dense layer's weights and biases
 *     layernorm               weights, then biases, each as the values of a picture
 *
 * The gradient by a convolution's input is itself a convolution, of d_y with zeros at its sides.
 * With stride S, let T = ceil(K/S): the pixels (S b + p) of a row, p < S, see T pixels of d_y each,
 * and all S C' values of block b lie side by side. So for each p there is a kernel of T x T pixels,
 * O' channels in, S C' channels out. Its weights, the back weights, are the same numbers in the
 * order [S][S C'/G][T][T][O'][G].
 */
#ifndef DEEPQ_NN_VECTOR_LAYOUT_H
#define DEEPQ_NN_VECTOR_LAYOUT_H

#include "nn/spec_private.h"
#include "nn/vector_kernels.h"

typedef struct {
    LayerPlan plan;
    int C, O;           /* channels as stored, C' and O' */
    int in_row, in_all; /* floats of a row and of a picture of the input, W C' and H W C' */
    size_t in_stride;   /* from picture to picture: in_all rounded up */
    size_t out_stride;
    size_t offset, weights; /* in own arrays, floats; the biases follow the weights */
    size_t deviations;      /* from a mean to its deviation: noisy layers' floats of either */
    size_t shard_offset;    /* where vector_has_shards: in an array of those parameters alone */
    int vectors, groups;    /* G / LANES and O'/G */
    int input_groups;       /* dense: I'/WIDTH_MAX */
    int taps;               /* T */
    int back_vectors, groups_back; /* of the back weights */
    int pad_left, pad_right;       /* zeros that d_y needs, pixels */
    size_t back_weights;           /* floats; 0 where no gradient by the input is needed */
    int pitch, rows;               /* blocks of S pixels in a row, of S rows in a picture */
} VectorLayer;

/* Fill layer[0 .. layer_count-1]. */
void vector_layout(const NnSpec *spec, VectorLayer layer[NN_LAYERS_MAX]);

/* Floats of a layer's parameters in an own array. */
static inline size_t vector_slots(const VectorLayer *layer)
{
    if (!layer_learns(&layer->plan))
        return 0;
    const size_t biases = layer_is_norm(&layer->plan) ? layer->weights : (size_t)layer->O;
    return layer->weights + biases + layer->deviations;
}

/* Goes picture by picture and learns: shards of the batch have gradients of their own. */
static inline bool vector_has_shards(const VectorLayer *layer)
{
    return layer_learns(&layer->plan) && !layer_is_dense(&layer->plan);
}

/* place[i]: where parameter i of the flat order lies in an own array. */
void vector_places(const VectorLayer *layer, uint32_t *place);

/* A convolution's back weights from its weights. */
void vector_turn_back(const VectorLayer *layer, const float *weights, float *back);

/* A layer's values of one picture in NCHW order; `values` in the own order, of shape `shape` with
 * `stored` channels. */
void vector_unpack(NnShape shape, int stored, const float *values, float *nchw);

static inline int round_up(int count, int unit)
{
    return (count + unit - 1) / unit * unit;
}

#endif
