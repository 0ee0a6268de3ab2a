/*
 * layer_quantiles.c - a pixel for each tau: y[t][d] = x[d] f[t][d] with
 * f[t][d] = max(0, b[d] + sum over i of w[i][d] cos(pi i tau[t])), the same for all pictures.
 *
 *     own parameters   w [NN_COSINES][D], then b [D]; d counts a picture's values in the order
 *                      C H W, so that channels of y are those of network.h
 *     kept             cosines [T][NN_COSINES], then f [T][D]
 *     scratch          dL/df [T][D]
 *
 * The work is cut by d: each piece has BLOCK of them, for all taus and pictures.
 */
#include <math.h>
#include <string.h>

#include "nn/layer.h"

enum { BLOCK = 64 };

typedef struct {
    const LayerPass *pass;
    size_t D, T;
    size_t channels, pixels; /* of x */
    const float *cosines;
    float *factors, *d_factors;
} Work;

static Work work_of(const LayerPass *pass)
{
    const LayerPlan *plan = &pass->layer->plan;
    const size_t T = (size_t)plan->layer.outputs;
    return (Work){.pass = pass,
                  .D = plan->biases,
                  .T = T,
                  .channels = (size_t)plan->in.channels,
                  .pixels = (size_t)plan->in.height * (size_t)plan->in.width,
                  .cosines = pass->kept,
                  .factors = pass->kept + T * NN_COSINES,
                  .d_factors = pass->scratch};
}

static void lay_out(Layer *layer, int batch_max)
{
    const size_t D = layer->plan.biases, T = (size_t)layer->plan.layer.outputs;
    (void)batch_max;
    layer->slots = D * (NN_COSINES + 1);
    layer->kept = T * (NN_COSINES + D);
    layer->scratch = T * D;
}

static void place(const Layer *layer, uint32_t *place)
{
    const uint32_t D = (uint32_t)layer->plan.biases;
    for (uint32_t d = 0; d < D; d++)
        for (uint32_t i = 0; i < NN_COSINES; i++)
            *place++ = i * D + d;
    for (uint32_t d = 0; d < D; d++)
        *place++ = NN_COSINES * D + d;
}

static void take_noise(const Layer *layer, const float *taus, float *kept)
{
    static const double pi = 3.14159265358979323846;
    for (int t = 0; t < layer->plan.layer.outputs; t++)
        for (int i = 0; i < NN_COSINES; i++)
            *kept++ = (float)cos(pi * i * (double)taus[t]);
}

static size_t block_size(const Work *work, size_t first)
{
    return work->D - first < BLOCK ? work->D - first : BLOCK;
}

/* Where value d of a picture lies, which is kept in the order H W C. */
static size_t place_of(const Work *work, size_t d)
{
    return d % work->pixels * work->channels + d / work->pixels;
}

static void find_factors(const Work *work, size_t first, size_t count)
{
    const float *w = work->pass->parameters + first, *b = w + NN_COSINES * work->D;
    for (size_t t = 0; t < work->T; t++) {
        float sum[BLOCK] = {0};
        float *factor = work->factors + t * work->D + first;
        memcpy(sum, b, count * sizeof *sum);
        for (size_t i = 0; i < NN_COSINES; i++) {
            const float cosine = work->cosines[t * NN_COSINES + i];
            for (size_t d = 0; d < count; d++)
                sum[d] += w[i * work->D + d] * cosine;
        }
        for (size_t d = 0; d < count; d++)
            factor[d] = sum[d] > 0 ? sum[d] : 0;
    }
}

static void read_block(const Work *work, size_t n, size_t first, size_t count, float x[BLOCK])
{
    for (size_t d = 0; d < count; d++)
        x[d] = work->pass->x[n * work->D + place_of(work, first + d)];
}

static void forward_piece(void *context, int index)
{
    const Work *work = context;
    const size_t first = (size_t)index * BLOCK, count = block_size(work, first);
    float x[BLOCK];
    find_factors(work, first, count);
    for (size_t n = 0; n < (size_t)work->pass->batch; n++) {
        read_block(work, n, first, count, x);
        for (size_t t = 0; t < work->T; t++) {
            const float *factor = work->factors + t * work->D + first;
            float *y = work->pass->y + (n * work->T + t) * work->D + first;
            for (size_t d = 0; d < count; d++)
                y[d] = x[d] * factor[d];
        }
    }
}

static void run(const Work *work, ParallelPiece *piece)
{
    const double products = (double)(work->T * work->D) * (NN_COSINES + work->pass->batch);
    layer_run(work->pass, products, (int)((work->D + BLOCK - 1) / BLOCK), piece, (void *)work);
}

static void forward(const LayerPass *pass)
{
    const Work work = work_of(pass);
    run(&work, forward_piece);
}

/* Picture n's share of dL/df, and its dL/dx. */
static void backward_picture(const Work *work, size_t n, size_t first, size_t count)
{
    float x[BLOCK], d_x[BLOCK] = {0};
    read_block(work, n, first, count, x);
    for (size_t t = 0; t < work->T; t++) {
        const float *factor = work->factors + t * work->D + first;
        const float *d_y = work->pass->d_y + (n * work->T + t) * work->D + first;
        float *d_factor = work->d_factors + t * work->D + first;
        for (size_t d = 0; d < count; d++) {
            d_factor[d] += x[d] * d_y[d];
            d_x[d] += factor[d] * d_y[d];
        }
    }
    for (size_t d = 0; work->pass->d_x != NULL && d < count; d++)
        work->pass->d_x[n * work->D + place_of(work, first + d)] = d_x[d];
}

/* From dL/df, where f is not cut off, to dL/dw and dL/db. */
static void find_gradients(const Work *work, size_t first, size_t count)
{
    float *d_w = work->pass->gradients + first, *d_b = d_w + NN_COSINES * work->D;
    for (size_t i = 0; i <= NN_COSINES; i++)
        memset(d_w + i * work->D, 0, count * sizeof *d_w);
    for (size_t t = 0; t < work->T; t++) {
        const float *factor = work->factors + t * work->D + first;
        float *d_factor = work->d_factors + t * work->D + first;
        for (size_t d = 0; d < count; d++) {
            d_factor[d] = factor[d] > 0 ? d_factor[d] : 0;
            d_b[d] += d_factor[d];
        }
        for (size_t i = 0; i < NN_COSINES; i++) {
            const float cosine = work->cosines[t * NN_COSINES + i];
            for (size_t d = 0; d < count; d++)
                d_w[i * work->D + d] += d_factor[d] * cosine;
        }
    }
}

static void backward_piece(void *context, int index)
{
    const Work *work = context;
    const size_t first = (size_t)index * BLOCK, count = block_size(work, first);
    for (size_t t = 0; t < work->T; t++)
        memset(work->d_factors + t * work->D + first, 0, count * sizeof(float));
    for (size_t n = 0; n < (size_t)work->pass->batch; n++)
        backward_picture(work, n, first, count);
    find_gradients(work, first, count);
}

static void backward(const LayerPass *pass)
{
    const Work work = work_of(pass);
    run(&work, backward_piece);
}

const LayerType layer_quantiles = {.lay_out = lay_out,
                                   .place = place,
                                   .take_noise = take_noise,
                                   .forward = forward,
                                   .backward = backward};
