/*
 * layer_layernorm.c - layernorm, picture by picture. With h = (x - m) / sqrt(v + epsilon):
 *     dL/dw = sum over pictures of dL/dy h,   dL/db = sum of dL/dy
 *     dL/dx = (w dL/dy - mean of w dL/dy - h * mean of w dL/dy h) / sqrt(v + epsilon)
 *
 * Own parameters: weights, then biases, in the order H W C. Sums are taken in double precision.
 */
#include <math.h>
#include <string.h>

#include "nn/layer.h"

static void lay_out(Layer *layer, int batch_max)
{
    layer->slots = 2 * layer->plan.weights;
    layer->kept = 2 * (size_t)batch_max;
    layer->scratch = (size_t)layer_shards(batch_max) * layer->slots;
}

static void place(const Layer *layer, uint32_t *place)
{
    const NnShape in = layer->plan.in;
    const int pixels = in.height * in.width;
    for (int part = 0; part < 2; part++)
        for (int c = 0; c < in.channels; c++)
            for (int i = 0; i < pixels; i++)
                *place++ = (uint32_t)((part * pixels + i) * in.channels + c);
}

/* Mean and 1 / sqrt(v + epsilon) of a picture. */
static void measure(const float *x, size_t size, float kept[2])
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < size; i++)
        sum += x[i];
    const double mean = sum / (double)size;
    for (size_t i = 0; i < size; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    kept[0] = (float)mean;
    kept[1] = (float)(1 / sqrt(squares / (double)size + NN_NORM_EPSILON));
}

static void forward_shard(void *context, int shard)
{
    const LayerPass *pass = context;
    const size_t size = pass->layer->plan.weights;
    const float *w = pass->parameters, *b = w + size;
    const int end = shard_first(pass->batch, shard + 1);
    for (int n = shard_first(pass->batch, shard); n < end; n++) {
        const float *x = pass->x + (size_t)n * size;
        float *y = pass->y + (size_t)n * size, *kept = pass->kept + 2 * n;
        measure(x, size, kept);
        for (size_t i = 0; i < size; i++)
            y[i] = w[i] * ((x[i] - kept[0]) * kept[1]) + b[i];
    }
}

static double work_of(const LayerPass *pass)
{
    return 8.0 * pass->batch * (double)pass->layer->plan.weights;
}

static void forward(const LayerPass *pass)
{
    layer_run(pass, work_of(pass), layer_shards(pass->batch), forward_shard, (void *)pass);
}

static void backward_picture(const LayerPass *pass, int n, float *d_w, float *d_b)
{
    const size_t size = pass->layer->plan.weights;
    const float *x = pass->x + (size_t)n * size, *d_y = pass->d_y + (size_t)n * size;
    const float *w = pass->parameters;
    const float mean = pass->kept[2 * n], scale = pass->kept[2 * n + 1];
    double sum = 0, with_h = 0;
    for (size_t i = 0; i < size; i++) {
        const float h = (x[i] - mean) * scale;
        d_w[i] += d_y[i] * h;
        d_b[i] += d_y[i];
        sum += w[i] * d_y[i];
        with_h += w[i] * d_y[i] * h;
    }
    const float off = (float)(sum / (double)size), slope = (float)(with_h / (double)size);
    float *d_x = pass->d_x != NULL ? pass->d_x + (size_t)n * size : NULL;
    for (size_t i = 0; d_x != NULL && i < size; i++)
        d_x[i] = scale * (w[i] * d_y[i] - off - (x[i] - mean) * scale * slope);
}

static void backward_shard(void *context, int shard)
{
    const LayerPass *pass = context;
    const size_t size = pass->layer->plan.weights;
    float *d_w = pass->scratch + (size_t)shard * 2 * size;
    const int end = shard_first(pass->batch, shard + 1);
    memset(d_w, 0, 2 * size * sizeof *d_w);
    for (int n = shard_first(pass->batch, shard); n < end; n++)
        backward_picture(pass, n, d_w, d_w + size);
}

static void backward(const LayerPass *pass)
{
    const size_t slots = pass->layer->slots;
    const int shards = layer_shards(pass->batch);
    layer_run(pass, work_of(pass), shards, backward_shard, (void *)pass);
    memcpy(pass->gradients, pass->scratch, slots * sizeof *pass->gradients);
    for (int s = 1; s < shards; s++)
        for (size_t i = 0; i < slots; i++)
            pass->gradients[i] += pass->scratch[(size_t)s * slots + i];
}

const LayerType layer_layer_norm = {
    .lay_out = lay_out, .place = place, .forward = forward, .backward = backward};
