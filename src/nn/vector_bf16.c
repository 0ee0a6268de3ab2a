/*
 * vector_bf16.c - the products of all layers but the first from bfloat16 (tiles.h): what
 * convolutions (vector_bf16_conv.c) and dense layers (vector_bf16_dense.c) share.
 *
 * What stays in float: parameters, gradients, the optimiser, values, biases, every sum. What goes
 * into a product is rounded just before: of a layer the input, the weights, dL/dy. The first layer
 * stays in float altogether: bytes are exact, and where it goes by changes it costs next to
 * nothing. What a convolution makes for such a product is kept only as that wants it: the backward
 * pass of a ReLU needs no more, and half the bytes stay in the cache from one pass to the other.
 *
 * Floats in terms are multiplied the same way, but by convolutions alone: a dense layer has so many
 * weights that to read three halves of each takes longer than to multiply them as they are. Nothing
 * is rounded then: the terms are the float.
 *
 * A sum over what lies side by side takes its pairs from there. A sum over what does not, the
 * points of a convolution or the pictures of a dense layer's batch, takes a pair from two pictures:
 * so wherever in the picture a kernel's pixel looks, pairs begin there.
 */
#include "nn/vector_engine.h"

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Of a layer, weights begin to end-1: rows of G, two side by side. A row whose neighbour is not
 * among them goes number by number. */
static void part_pairs(const float *weights, size_t begin, size_t end, int G, int terms, Bf16 *to,
                       size_t term)
{
    const size_t pair = 2 * (size_t)G;
    while (begin < end) {
        const size_t first = begin / pair * pair;
        if (begin == first && first + pair <= end) {
            bf16_part_pair(weights + first, weights + first + G, G, terms, to + first, term);
            begin += pair;
            continue;
        }
        const size_t at = begin - first, lane = at % (size_t)G;
        bf16_part(weights[begin], terms, to + first + 2 * lane + at / (size_t)G, term);
        begin++;
    }
}

/* Of the slots begin to end-1 those that layer l's weights, or its deviations, lie in from `offset`
 * on; rounded they lie from `place` on. */
static void round_layer(VectorEngine *v, int l, size_t offset, size_t place, size_t begin,
                        size_t end)
{
    const VectorLayer *layer = &v->layer[l];
    if (end <= offset || begin >= offset + layer->weights)
        return;
    const size_t from = begin > offset ? begin - offset : 0;
    const size_t to = smaller(end - offset, layer->weights);
    const float *weights = v->engine.parameters + offset;
    part_pairs(weights, from, to, layer->vectors * LANES, v->bf16.terms,
               v->bf16.layer[l].pairs + place, layer->weights);
    if (layer_is_dense(&layer->plan))
        bf16_round_all(weights + from, to - from, v->bf16.layer[l].weights + place + from);
}

void bf16_round_weights(VectorEngine *v, size_t begin, size_t end)
{
    for (int l = 1; l < v->spec.layer_count; l++) {
        const VectorLayer *layer = &v->layer[l];
        if (!by_bf16(v, l))
            continue;
        round_layer(v, l, layer->offset, 0, begin, end);
        if (is_noisy(v, l))
            round_layer(v, l, layer->offset + layer->deviations, layer->weights, begin, end);
    }
}

/* The first term of row y of picture n of what goes into layer l. */
static Bf16 *row_of(const VectorEngine *v, int l, int n, int y)
{
    const VectorLayer *layer = &v->layer[l];
    if (layer->plan.layer.kind == NN_CONV2D)
        return bf16_conv_row(v, l, n, y);
    return v->bf16.layer[l].x + (size_t)n * layer->in_stride + y * layer->in_row;
}

/* From term to term of it. */
static size_t term_of(const VectorLayer *layer)
{
    return layer->plan.layer.kind == NN_CONV2D ? (size_t)bf16_conv_term(layer) : 0;
}

void bf16_round_picture(const VectorEngine *v, int l, int n, const float *x)
{
    const VectorLayer *layer = &v->layer[l];
    for (int y = 0; y < layer->plan.in.height; y++, x += layer->in_row)
        bf16_part_all(x, (size_t)layer->in_row, v->bf16.terms, row_of(v, l, n, y), term_of(layer));
}

void bf16_widen_picture(const VectorEngine *v, int l, int n, float *x)
{
    const VectorLayer *layer = &v->layer[l];
    for (int y = 0; y < layer->plan.in.height; y++, x += layer->in_row) {
        const Bf16 *row = row_of(v, l, n, y);
        for (int i = 0; i < layer->in_row; i++) {
            x[i] = bf16_float(row[i]);
            for (int t = 1; t < v->bf16.terms; t++)
                x[i] += bf16_float(row[(size_t)t * term_of(layer) + (size_t)i]);
        }
    }
}

void bf16_relu_backward(const VectorEngine *v, int l, int n, float *restrict d)
{
    const VectorLayer *layer = &v->layer[l];
    for (int y = 0; y < layer->plan.in.height; y++, d += layer->in_row) {
        const Bf16 *restrict row = row_of(v, l, n, y);
        for (int i = 0; i < layer->in_row; i++)
            d[i] = row[i] != 0 ? d[i] : 0; /* what a ReLU gives is not below 0 */
    }
}

void bf16_turn_back(VectorEngine *v, int l)
{
    const VectorLayer *layer = &v->layer[l];
    const int G = layer->back_vectors * LANES;
    bf16_part_pairs(v->back[l], layer->back_weights / (size_t)G, G, v->bf16.terms,
                    v->bf16.layer[l].back, layer->back_weights);
}
