#include "nn/vector_layout.h"

#include <string.h>

static int group_vectors(int lanes)
{
    return lanes % WIDTH_MAX == 0 ? VECTORS_MAX : 1;
}

static void lay_out_conv2d(VectorLayer *l, bool first)
{
    const int K = l->plan.layer.kernel, S = l->plan.layer.stride;
    l->vectors = group_vectors(l->O);
    l->groups = l->O / (l->vectors * LANES);
    l->weights = (size_t)(l->O * l->C) * (size_t)(K * K);
    if (first)
        return; /* nobody asks for the gradient by the pixels */
    l->taps = (K + S - 1) / S;
    l->back_vectors = group_vectors(S * l->C);
    l->groups_back = S * l->C / (l->back_vectors * LANES);
    l->back_weights = (size_t)(S * S * l->C) * (size_t)(l->taps * l->taps * l->O);
    l->pitch = (l->plan.in.width + S - 1) / S;
    l->rows = (l->plan.in.height + S - 1) / S;
    l->pad_left = l->taps - 1;
    l->pad_right = l->pitch > l->plan.out.width ? l->pitch - l->plan.out.width : 0;
}

/* As its values lie; what is added to fill vectors has weights and biases 0. */
static void lay_out_norm(VectorLayer *l)
{
    l->weights = l->in_stride;
}

static void lay_out_dense(VectorLayer *l)
{
    l->vectors = group_vectors(l->O);
    l->groups = l->O / (l->vectors * LANES);
    l->input_groups = (int)l->in_stride / WIDTH_MAX;
    l->weights = l->in_stride * (size_t)l->O;
    l->deviations = layer_is_noisy(&l->plan) ? l->weights + (size_t)l->O : 0;
}

void vector_layout(const NnSpec *spec, VectorLayer layer[NN_LAYERS_MAX])
{
    LayerPlan plan[NN_LAYERS_MAX];
    nn_spec_plan(spec, plan);
    size_t slots = 0, shard_slots = 0;
    for (int i = 0; i < spec->layer_count; i++) {
        VectorLayer *l = &layer[i];
        const NnShape in = plan[i].in, out = plan[i].out;
        *l = (VectorLayer){.plan = plan[i], .offset = slots, .shard_offset = shard_slots};
        l->C = i > 0                       ? layer[i - 1].O
               : layer_has_units(&plan[0]) ? in.channels
                                           : round_up(in.channels, LANES);
        l->O = layer_has_units(&plan[i]) ? round_up(out.channels, LANES) : l->C;
        l->in_row = in.width * l->C;
        l->in_all = in.height * l->in_row;
        l->in_stride = (size_t)round_up(l->in_all, WIDTH_MAX);
        l->out_stride = (size_t)round_up(out.height * out.width * l->O, WIDTH_MAX);
        if (plan[i].layer.kind == NN_CONV2D)
            lay_out_conv2d(l, i == 0);
        if (layer_is_dense(&plan[i]))
            lay_out_dense(l);
        if (plan[i].layer.kind == NN_LAYER_NORM)
            lay_out_norm(l);
        slots += vector_slots(l);
        if (vector_has_shards(l))
            shard_slots += vector_slots(l);
    }
}

/* Where the weight from channel c, row i, column j (of the kernel or of the input picture) to
 * output o lies. */
static size_t weight_place(const VectorLayer *l, int o, int c, int i, int j)
{
    const int K = l->plan.layer.kernel, G = l->vectors * LANES;
    if (layer_is_dense(&l->plan)) {
        const size_t at = (size_t)(i * l->in_row + j * l->C + c);
        return ((size_t)(o / G) * l->in_stride + at) * (size_t)G + (size_t)(o % G);
    }
    return (size_t)(((o / G * K + i) * K + j) * l->C + c) * (size_t)G + (size_t)(o % G);
}

static void norm_places(const VectorLayer *layer, uint32_t *place)
{
    const NnShape in = layer->plan.in;
    const int pixels = in.height * in.width;
    for (int part = 0; part < 2; part++)
        for (int c = 0; c < in.channels; c++)
            for (int p = 0; p < pixels; p++)
                *place++ = (uint32_t)(layer->offset + (size_t)part * layer->weights +
                                      (size_t)(p * layer->C + c));
}

void vector_places(const VectorLayer *layer, uint32_t *place)
{
    if (layer_is_norm(&layer->plan)) {
        norm_places(layer, place + layer->plan.offset);
        return;
    }
    const bool dense = layer_is_dense(&layer->plan);
    const int rows = dense ? layer->plan.in.height : layer->plan.layer.kernel;
    const int columns = dense ? layer->plan.in.width : layer->plan.layer.kernel;
    place += layer->plan.offset;
    for (int o = 0; o < layer->plan.layer.outputs; o++)
        for (int c = 0; c < layer->plan.in.channels; c++)
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++)
                    *place++ = (uint32_t)(layer->offset + weight_place(layer, o, c, i, j));
    for (size_t o = 0; o < layer->plan.biases; o++)
        *place++ = (uint32_t)(layer->offset + layer->weights + o);
    for (const uint32_t *mean = place - layer->plan.deviations, *end = place; mean < end; mean++)
        *place++ = *mean + (uint32_t)layer->deviations;
}

void vector_turn_back(const VectorLayer *layer, const float *weights, float *back)
{
    const int K = layer->plan.layer.kernel, S = layer->plan.layer.stride, T = layer->taps;
    const int G = layer->back_vectors * LANES;
    const int from_G = layer->vectors * LANES;
    memset(back, 0, layer->back_weights * sizeof *back);
    for (int i = 0; i < K; i++)
        for (int j = 0; j < K; j++)
            for (int c = 0; c < layer->C; c++) {
                const int lane = j % S * layer->C + c; /* of the S C' side by side */
                const int group = i % S * layer->groups_back + lane / G;
                const int tap = (group * T + i / S) * T + (T - 1 - j / S);
                float *to = back + (ptrdiff_t)tap * layer->O * G + lane % G;
                for (int o = 0; o < layer->O; o += from_G) {
                    const float *from = weights + weight_place(layer, o, c, i, j);
                    for (int k = 0; k < from_G; k++, to += G)
                        *to = from[k];
                }
            }
}

void vector_unpack(NnShape shape, int stored, const float *values, float *nchw)
{
    const int pixels = shape.height * shape.width;
    for (int c = 0; c < shape.channels; c++)
        for (int i = 0; i < pixels; i++)
            *nchw++ = values[i * stored + c];
}
