/*
 * layer_pool.c - pools. The loops over channels are innermost; backward finds the largest pixel of
 * a window again, the first where several are equal, by comparing with y.
 */
#include <string.h>

#include "nn/layer.h"

static void lay_out(Layer *layer, int batch_max)
{
    (void)layer, (void)batch_max;
}

static double work_of(const LayerPass *pass)
{
    const LayerPlan *plan = &pass->layer->plan;
    return (double)pass->batch * (double)shape_size(plan->out) * plan->layer.kernel *
           plan->layer.kernel;
}

/* The pixel at the upper left of the window of point (r, s). */
static size_t window_at(const LayerPlan *plan, int r, int s)
{
    return (size_t)((r * plan->in.width + s) * plan->layer.stride * plan->in.channels);
}

static void take_larger(const float *x, int channels, float *y)
{
    for (int c = 0; c < channels; c++)
        y[c] = x[c] > y[c] ? x[c] : y[c];
}

static void add_scaled(const float *x, float scale, int channels, float *y)
{
    for (int c = 0; c < channels; c++)
        y[c] += scale * x[c];
}

static void pool_point(const LayerPlan *plan, const float *window, float *y)
{
    const int K = plan->layer.kernel, C = plan->in.channels, row = plan->in.width * C;
    const bool max = plan->layer.kind == NN_MAX_POOL;
    const float part = 1.0f / (float)(K * K);
    if (max)
        memcpy(y, window, (size_t)C * sizeof *y);
    else
        memset(y, 0, (size_t)C * sizeof *y);
    for (int i = 0; i < K; i++)
        for (int j = 0; j < K; j++) {
            const float *x = window + i * row + j * C;
            if (max)
                take_larger(x, C, y);
            else
                add_scaled(x, part, C, y);
        }
}

static void forward_shard(void *context, int shard)
{
    const LayerPass *pass = context;
    const LayerPlan *plan = &pass->layer->plan;
    const int end = shard_first(pass->batch, shard + 1);
    for (int n = shard_first(pass->batch, shard); n < end; n++) {
        const float *x = pass->x + (size_t)n * shape_size(plan->in);
        float *y = pass->y + (size_t)n * shape_size(plan->out);
        for (int r = 0; r < plan->out.height; r++)
            for (int s = 0; s < plan->out.width; s++, y += plan->in.channels)
                pool_point(plan, x + window_at(plan, r, s), y);
    }
}

static void forward(const LayerPass *pass)
{
    layer_run(pass, work_of(pass), layer_shards(pass->batch), forward_shard, (void *)pass);
}

enum { CHANNELS = 64 }; /* that are dealt with at a time */

/* Does every pixel lie in one window, so that dL/dx need not be added up? */
static bool windows_fill(const LayerPlan *plan)
{
    return plan->layer.kernel == plan->layer.stride && plan->in.height % plan->layer.kernel == 0 &&
           plan->in.width % plan->layer.kernel == 0;
}

/* `left` is dL/dy of the channels whose largest pixel has not been met yet, else 0. */
static void give_to_largest(const float *restrict x, const float *restrict y, int channels,
                            bool add, float *restrict left, float *restrict d_x)
{
    for (int c = 0; c < channels; c++) {
        const float given = x[c] == y[c] ? left[c] : 0;
        d_x[c] = add ? d_x[c] + given : given;
        left[c] = x[c] == y[c] ? 0 : left[c];
    }
}

static void unpool_largest(const LayerPlan *plan, const float *window, const float *y,
                           const float *d_y, bool add, float *d_window)
{
    const int K = plan->layer.kernel, C = plan->in.channels, row = plan->in.width * C;
    for (int begin = 0; begin < C; begin += CHANNELS) {
        float left[CHANNELS];
        const int count = C - begin < CHANNELS ? C - begin : CHANNELS;
        memcpy(left, d_y + begin, (size_t)count * sizeof *left);
        for (int i = 0; i < K; i++)
            for (int j = 0; j < K; j++) {
                const int at = i * row + j * C + begin;
                give_to_largest(window + at, y + begin, count, add, left, d_window + at);
            }
    }
}

static void unpool_mean(const LayerPlan *plan, const float *d_y, bool add, float *d_window)
{
    const int K = plan->layer.kernel, C = plan->in.channels, row = plan->in.width * C;
    for (int i = 0; i < K; i++)
        for (int j = 0; j < K; j++) {
            float *d_x = d_window + i * row + j * C;
            if (!add)
                memset(d_x, 0, (size_t)C * sizeof *d_x);
            add_scaled(d_y, 1.0f / (float)(K * K), C, d_x);
        }
}

static void backward_shard(void *context, int shard)
{
    const LayerPass *pass = context;
    const LayerPlan *plan = &pass->layer->plan;
    const size_t in = shape_size(plan->in), out = shape_size(plan->out);
    const bool fills = windows_fill(plan);
    const int end = shard_first(pass->batch, shard + 1);
    for (int n = shard_first(pass->batch, shard); n < end; n++) {
        const float *x = pass->x + (size_t)n * in, *y = pass->y + (size_t)n * out;
        const float *d_y = pass->d_y + (size_t)n * out;
        float *d_x = pass->d_x + (size_t)n * in;
        if (!fills)
            memset(d_x, 0, in * sizeof *d_x);
        for (int r = 0; r < plan->out.height; r++)
            for (int s = 0; s < plan->out.width; s++) {
                const size_t at = window_at(plan, r, s);
                if (plan->layer.kind == NN_MAX_POOL)
                    unpool_largest(plan, x + at, y, d_y, !fills, d_x + at);
                else
                    unpool_mean(plan, d_y, !fills, d_x + at);
                y += plan->in.channels;
                d_y += plan->in.channels;
            }
    }
}

static void backward(const LayerPass *pass)
{
    layer_run(pass, 2 * work_of(pass), layer_shards(pass->batch), backward_shard, (void *)pass);
}

/* reads_y: a layer that overwrites y would hide which pixel was the largest. */
const LayerType layer_max_pool = {
    .lay_out = lay_out, .forward = forward, .backward = backward, .reads_y = true};
const LayerType layer_average_pool = {.lay_out = lay_out, .forward = forward, .backward = backward};
