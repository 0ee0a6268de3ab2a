/*
 * layer_softmax.c - softmax over the channels of each pixel:
 *     dL/dx[c] = y[c] (dL/dy[c] - sum over k of y[k] dL/dy[k])
 * The largest x is taken off all of them first, so that no exponential overflows.
 */
#include <math.h>

#include "nn/layer.h"

static void lay_out(Layer *layer, int batch_max)
{
    (void)layer, (void)batch_max;
}

static size_t pixels_of(const LayerPass *pass)
{
    const NnShape in = pass->layer->plan.in;
    return (size_t)pass->batch * (size_t)(in.height * in.width);
}

static void forward(const LayerPass *pass)
{
    const int C = pass->layer->plan.in.channels;
    const float *x = pass->x;
    float *y = pass->y;
    for (size_t i = 0; i < pixels_of(pass); i++, x += C, y += C) {
        float most = x[0], sum = 0;
        for (int c = 1; c < C; c++)
            most = x[c] > most ? x[c] : most;
        for (int c = 0; c < C; c++)
            sum += y[c] = expf(x[c] - most);
        for (int c = 0; c < C; c++)
            y[c] /= sum;
    }
}

static void backward(const LayerPass *pass)
{
    const int C = pass->layer->plan.in.channels;
    const float *y = pass->y, *d_y = pass->d_y;
    float *d_x = pass->d_x;
    for (size_t i = 0; i < pixels_of(pass); i++, y += C, d_y += C, d_x += C) {
        float sum = 0;
        for (int c = 0; c < C; c++)
            sum += y[c] * d_y[c];
        for (int c = 0; c < C; c++)
            d_x[c] = y[c] * (d_y[c] - sum);
    }
}

const LayerType layer_softmax = {
    .lay_out = lay_out, .forward = forward, .backward = backward, .reads_y = true};
