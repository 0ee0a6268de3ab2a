/* Dense layers, noisy ones among them (vector_noisy.c), forward and backward, in floats. */
#include <string.h>

#include "nn/vector_engine.h"

/* Those that a batch is multiplied with. */
static const float *parameters_of(const VectorEngine *v, int l)
{
    return is_noisy(v, l) ? v->noisy[l].parameters : v->engine.parameters + v->layer[l].offset;
}

bool vector_lists_inputs(const VectorEngine *v)
{
    return v->batch <= LISTED_PICTURES && !v->dropping;
}

static void round_values(const float *x, size_t count, float *restrict rounded)
{
    for (size_t i = 0; i < count; i++)
        rounded[i] = bf16_kept(x[i]);
}

void vector_list_inputs(VectorEngine *v)
{
    const int l = v->now->first;
    const size_t stride = v->layer[l].in_stride;
    for (int n = 0; n < v->batch; n++) {
        float *rounded = v->listed_rounded + (size_t)n * stride;
        const float *x = takes_rounded(v, l) ? rounded : v->value[l] + (size_t)n * stride;
        if (takes_rounded(v, l))
            bf16_widen_picture(v, l, n, rounded);
        else if (by_bf16(v, l))
            round_values(x, stride, rounded);
        uint32_t *index = v->listed + (size_t)n * stride;
        int count = 0;
        for (int i = 0; i < v->layer[l].in_all; i++) {
            index[count] = (uint32_t)i;
            count += x[i] != 0;
        }
        v->listed_count[n] = count;
        if (is_noisy(v, l))
            vector_list_noisy(v, l, n);
    }
}

/* Panels in turns from the first to the last and from the last to the first: weights that are more
 * than a core's cache holds are then partly there from the pass before. */
void vector_forward_listed(void *context, int piece)
{
    const VectorEngine *v = context;
    const int l = v->now->first;
    const VectorLayer *layer = &v->layer[l];
    const float *weights = v->engine.parameters + layer->offset;
    const Bf16 *halves = by_bf16(v, l) ? v->bf16.layer[l].weights : NULL;
    const ptrdiff_t panel = (ptrdiff_t)layer->in_stride * layer->vectors * LANES;
    const int last = pieces_of(layer->groups, LISTED_PANELS) - 1;
    const int first = (v->turned ? last - piece : piece) * LISTED_PANELS;
    const int left = layer->groups - first;
    const int panels = left < LISTED_PANELS ? left : LISTED_PANELS;
    const int at = first * layer->vectors * LANES;
    for (int n = 0; n < v->batch; n++) {
        const Listed outputs = {
            .in = (halves != NULL ? v->listed_rounded : v->value[l]) + (size_t)n * layer->in_stride,
            .index = v->listed + (size_t)n * layer->in_stride,
            .count = v->listed_count[n],
            .weights = weights + first * panel,
            .halves = halves != NULL ? halves + first * panel : NULL,
            .panel = panel,
            .bias = weights + layer->weights + at,
            .relu = has_fused_relu(v, l) && !is_noisy(v, l),
            .out = v->value[l + 1] + (size_t)n * layer->out_stride + at,
        };
        vector_listed(&outputs, panels, layer->vectors);
        if (is_noisy(v, l))
            vector_add_noisy(v, l, &outputs, n, first, panels);
    }
}

void vector_finish_panel(const VectorEngine *v, int l, int panel, const float *biases)
{
    const VectorLayer *layer = &v->layer[l];
    const int G = layer->vectors * LANES;
    const bool relu = has_fused_relu(v, l);
    float *y = v->value[l + 1] + panel * G;
    biases += panel * G;
    for (int n = 0; n < v->batch; n++, y += layer->out_stride)
        for (int o = 0; o < G; o++) {
            const float sum = y[o] + biases[o];
            y[o] = relu && !(sum > 0) ? 0 : sum;
        }
}

void vector_forward_dense(void *context, int panel)
{
    const VectorEngine *v = context;
    const int l = v->now->first;
    const VectorLayer *layer = &v->layer[l];
    const float *weights = parameters_of(v, l);
    const int G = layer->vectors * LANES;
    if (is_noisy(v, l))
        vector_mix_panel(v, l, panel);
    const ptrdiff_t size = (ptrdiff_t)layer->in_stride * G;
    const int next = panel + (v->team != NULL ? parallel_threads(v->team) : 1);
    const Product outputs = {
        .in = v->value[l],
        .in_step = (ptrdiff_t)layer->in_stride,
        .rows = 1,
        .length = (int)layer->in_stride,
        .weights = weights + panel * size,
        .ahead = next < layer->groups && !is_noisy(v, l) ? weights + next * size : NULL,
        .out = v->value[l + 1] + (ptrdiff_t)panel * G,
        .out_step = (ptrdiff_t)layer->out_stride,
    };
    vector_product(&outputs, v->batch, layer->vectors);
    vector_finish_panel(v, l, panel, weights + layer->weights);
}

void vector_turn_d(VectorEngine *v)
{
    const int O = v->layer[v->now->first].O;
    for (int n = 0; n < v->batch; n++) {
        const int group = n / WIDTH_MAX, lanes = lanes_of_group(v, group);
        const float *from = v->d_batch[v->d_now] + (size_t)n * v->d_stride;
        float *to = v->d_columns + (ptrdiff_t)group * WIDTH_MAX * O + n % WIDTH_MAX;
        for (int o = 0; o < O; o++)
            to[o * lanes] = from[o];
    }
}

/* dL/dx of WIDTH_MAX inputs from `begin` on and the pictures of a group: a lane a picture, then
 * turned. */
static void d_inputs(const VectorEngine *v, int l, int begin, int group, float *d_x)
{
    const VectorLayer *layer = &v->layer[l];
    const int G = layer->vectors * LANES, lanes = lanes_of_group(v, group);
    float sums[WIDTH_MAX * WIDTH_MAX] __attribute__((aligned(VECTOR_BYTES)));
    const Product inputs = {
        .in = parameters_of(v, l) + (ptrdiff_t)begin * G,
        .in_step = G,
        .in_row = (ptrdiff_t)layer->in_stride * G,
        .rows = layer->groups,
        .length = G,
        .far = true,
        .weights = v->d_columns + (ptrdiff_t)group * WIDTH_MAX * layer->O,
        .out = sums,
        .out_step = lanes,
    };
    vector_product(&inputs, WIDTH_MAX, lanes / LANES);
    d_x += (size_t)(group * WIDTH_MAX) * v->d_stride + (size_t)begin;
    turn_floats(sums, lanes, WIDTH_MAX, lanes, d_x, (ptrdiff_t)v->d_stride);
}

void vector_dense_weights(const VectorEngine *v, int l, int begin, int count, int panel,
                          float *gradients)
{
    const VectorLayer *layer = &v->layer[l];
    const Outer outer = {
        .in = v->value[l] + begin,
        .in_step = (ptrdiff_t)layer->in_stride,
        .d = v->d_kept[l] + (ptrdiff_t)panel * layer->vectors * LANES,
        .d_step = layer->O,
        .rows = 1,
        .points = v->batch,
        .out = gradients,
    };
    vector_outer(&outer, count, layer->vectors);
}

void vector_backward_dense(void *context, int piece)
{
    const VectorEngine *v = context;
    const int l = v->now->first;
    const VectorLayer *layer = &v->layer[l];
    const float *d_y = v->d_batch[v->d_now];
    float *d_x = v->d_batch[1 - v->d_now];
    float *gradients = v->engine.gradients + layer->offset;
    const int begin = piece * DENSE_GROUPS, most = begin + DENSE_GROUPS;
    const int end = most < layer->input_groups ? most : layer->input_groups;
    if (by_bf16(v, l))
        bf16_backward_dense(v, l, piece, d_x);
    for (int g = begin; l > 0 && !by_bf16(v, l) && g < end; g++)
        for (int group = 0; group < pieces_of(v->batch, WIDTH_MAX); group++)
            d_inputs(v, l, g * WIDTH_MAX, group, d_x);
    if (piece > 0)
        return;
    float *restrict d_biases = gradients + layer->weights;
    memset(d_biases, 0, (size_t)layer->O * sizeof *d_biases);
    for (int n = 0; n < v->batch; n++)
        for (int o = 0; o < layer->O; o++)
            d_biases[o] += d_y[(size_t)n * v->d_stride + (size_t)o];
    if (is_noisy(v, l))
        vector_noisy_biases(v, l, d_biases);
}
