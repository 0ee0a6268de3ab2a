/*
 * layer_dense.c - dense layers as arrangements of the loops of vector_kernels.h.
 *
 *     weights  [O'/G][I][G], then biases [O']; O' is O rounded up to LANES, G the lanes of
 *              a point's sum; I counts a picture's values in the order H W C
 *
 * Forward, lanes are outputs and points are pictures. By the weights, lanes are outputs and the sum
 * goes over pictures: the gradient comes out in the weights' own order. By x, lanes are pictures:
 * dL/dy is turned first, dL/dx afterwards, and the weights are read as they lie.
 */
#include <string.h>

#include "nn/layer.h"

enum {
    INPUTS = 128,  /* of a piece of a backward loop */
    PICTURES = 64, /* of a forward piece */
};

typedef struct {
    int I, O, O_stored, vectors, G, groups;
} Dense;

static Dense dense_of(const Layer *layer)
{
    Dense d = {.I = (int)shape_size(layer->plan.in), .O = layer->plan.layer.outputs};
    d.O_stored = round_to(d.O, LANES);
    d.vectors = d.O_stored % WIDTH_MAX == 0 ? VECTORS_MAX : 1;
    d.G = d.vectors * LANES;
    d.groups = d.O_stored / d.G;
    return d;
}

static int blocks_of(int count, int unit)
{
    return (count + unit - 1) / unit;
}

/* Scratch: y or dL/dy with O' outputs; dL/dy turned; dL/dx before it is turned. */
static size_t stored_floats(const Dense *d, int batch)
{
    return d->O_stored == d->O ? 0 : round_to_line((size_t)(batch * d->O_stored));
}

static size_t turned_floats(const Dense *d, int batch)
{
    return (size_t)round_to(batch, WIDTH_MAX) * (size_t)d->O_stored;
}

static void lay_out(Layer *layer, int batch_max)
{
    const Dense d = dense_of(layer);
    layer->slots = (size_t)(d.I + 1) * (size_t)d.O_stored;
    layer->scratch = stored_floats(&d, batch_max) + turned_floats(&d, batch_max) +
                     (size_t)round_to(batch_max, WIDTH_MAX) * (size_t)d.I;
}

static void place(const Layer *layer, uint32_t *place)
{
    const Dense d = dense_of(layer);
    const NnShape in = layer->plan.in;
    for (int o = 0; o < d.O; o++)
        for (int c = 0; c < in.channels; c++)
            for (int i = 0; i < in.height * in.width; i++)
                *place++ = (uint32_t)((o / d.G * d.I + i * in.channels + c) * d.G + o % d.G);
    for (int o = 0; o < d.O; o++)
        *place++ = (uint32_t)(d.I * d.O_stored + o);
}

typedef struct {
    const LayerPass *pass;
    Dense d;
    float *y;         /* [N][O'] */
    const float *d_y; /* likewise */
    float *turned;    /* dL/dy: [N'/WIDTH_MAX][O'][WIDTH_MAX] */
    float *d_x;       /* [N'/WIDTH_MAX][I][WIDTH_MAX] */
} Work;

static void forward_piece(void *context, int index)
{
    const Work *work = context;
    const Dense *d = &work->d;
    const int group = index % d->groups, first = index / d->groups * PICTURES;
    const int left = work->pass->batch - first;
    const float *weights = work->pass->parameters + (size_t)(group * d->I) * (size_t)d->G;
    const Product product = {
        .in = work->pass->x + (size_t)first * (size_t)d->I,
        .in_step = d->I,
        .rows = 1,
        .length = d->I,
        .weights = weights,
        .bias = work->pass->parameters + (size_t)d->I * (size_t)d->O_stored + group * d->G,
        .relu = work->pass->relu,
        .out = work->y + first * d->O_stored + group * d->G,
        .out_step = d->O_stored,
    };
    vector_product(&product, left < PICTURES ? left : PICTURES, d->vectors);
}

static double products(const Work *work)
{
    return (double)work->pass->batch * work->d.I * work->d.O;
}

static void forward(const LayerPass *pass)
{
    Work work = {.pass = pass, .d = dense_of(pass->layer)};
    const int O = work.d.O, stored = work.d.O_stored;
    work.y = stored == O ? pass->y : pass->scratch;
    layer_run(pass, products(&work), work.d.groups * blocks_of(pass->batch, PICTURES),
              forward_piece, &work);
    for (int n = 0; n < pass->batch && stored != O; n++)
        memcpy(pass->y + n * O, work.y + n * stored, (size_t)O * sizeof *pass->y);
}

/* A block of inputs of a group of outputs, over all pictures. */
static void weights_piece(void *context, int index)
{
    const Work *work = context;
    const Dense *d = &work->d;
    const int group = index % d->groups, first = index / d->groups * INPUTS;
    const int left = d->I - first;
    const Outer outer = {
        .in = work->pass->x + first,
        .in_step = d->I,
        .d = work->d_y + group * d->G,
        .d_step = d->O_stored,
        .rows = 1,
        .points = work->pass->batch,
        .out = work->pass->gradients + (size_t)(group * d->I + first) * (size_t)d->G,
    };
    vector_outer(&outer, left < INPUTS ? left : INPUTS, d->vectors);
}

static void sum_biases(const Work *work)
{
    const int stored = work->d.O_stored;
    float *d_bias = work->pass->gradients + (size_t)work->d.I * (size_t)stored;
    memset(d_bias, 0, (size_t)stored * sizeof *d_bias);
    for (int n = 0; n < work->pass->batch; n++)
        for (int o = 0; o < stored; o++)
            d_bias[o] += work->d_y[n * stored + o];
}

/* dL/dy of the pictures of a group of WIDTH_MAX side by side; zeros where there are no more. */
static void turn_d_y(const Work *work)
{
    const int stored = work->d.O_stored, batch = work->pass->batch;
    for (int n = 0; n < round_to(batch, WIDTH_MAX); n++) {
        float *to = work->turned + n / WIDTH_MAX * stored * WIDTH_MAX + n % WIDTH_MAX;
        for (int o = 0; o < stored; o++)
            to[o * WIDTH_MAX] = n < batch ? work->d_y[n * stored + o] : 0;
    }
}

/* A block of inputs, for the pictures of one group. */
static void inputs_piece(void *context, int index)
{
    const Work *work = context;
    const Dense *d = &work->d;
    const int blocks = blocks_of(d->I, INPUTS), group = index / blocks;
    const int first = index % blocks * INPUTS;
    const int count = d->I - first < INPUTS ? d->I - first : INPUTS;
    float *out = work->d_x + (size_t)(group * d->I + first) * WIDTH_MAX;
    const Product product = {
        .in = work->pass->parameters + (size_t)first * (size_t)d->G,
        .in_step = d->G,
        .in_row = (ptrdiff_t)d->I * d->G,
        .rows = d->groups,
        .length = d->G,
        .weights = work->turned + group * d->O_stored * WIDTH_MAX,
        .out = out,
        .out_step = WIDTH_MAX,
    };
    vector_product(&product, count, VECTORS_MAX);
    const int n_end = work->pass->batch - group * WIDTH_MAX;
    for (int n = 0; n < WIDTH_MAX && n < n_end; n++) {
        float *to = work->pass->d_x + (size_t)(group * WIDTH_MAX + n) * (size_t)d->I + first;
        for (int i = 0; i < count; i++)
            to[i] = out[i * WIDTH_MAX + n];
    }
}

static const float *stored_d_y(const LayerPass *pass, const Dense *d)
{
    if (d->O_stored == d->O)
        return pass->d_y;
    for (int n = 0; n < pass->batch; n++) {
        float *to = pass->scratch + n * d->O_stored;
        memset(to + d->O, 0, (size_t)(d->O_stored - d->O) * sizeof *to);
        memcpy(to, pass->d_y + n * d->O, (size_t)d->O * sizeof *to);
    }
    return pass->scratch;
}

static void backward(const LayerPass *pass)
{
    Work work = {.pass = pass, .d = dense_of(pass->layer)};
    const Dense *d = &work.d;
    const int blocks = blocks_of(d->I, INPUTS);
    work.d_y = stored_d_y(pass, d);
    work.turned = pass->scratch + stored_floats(d, pass->batch);
    work.d_x = work.turned + turned_floats(d, pass->batch);
    layer_run(pass, products(&work), d->groups * blocks, weights_piece, &work);
    sum_biases(&work);
    if (pass->d_x == NULL)
        return;
    turn_d_y(&work);
    layer_run(pass, products(&work), blocks_of(pass->batch, WIDTH_MAX) * blocks, inputs_piece,
              &work);
}

const LayerType layer_dense = {.lay_out = lay_out,
                               .place = place,
                               .forward = forward,
                               .backward = backward,
                               .fuses_relu = true};
