/*
 * layer_curves.c - the layers that work value by value: relu, leaky, sigmoid, tanh, dropout. Their
 * slopes follow from y, dropout's from the factors it drew; so they may overwrite x.
 */
#include <math.h>
#include <string.h>

#include "nn/layer.h"

enum { PIECE = 16384, CURVE_WORK = 8, LINE_WORK = 1 };

typedef void Loop(const LayerPass *pass, size_t begin, size_t end);

typedef struct {
    const LayerPass *pass;
    Loop *loop;
    size_t count;
} Cut;

static size_t count_of(const LayerPass *pass)
{
    return (size_t)pass->batch * shape_size(pass->layer->plan.in);
}

static void run_piece(void *context, int index)
{
    const Cut *cut = context;
    const size_t begin = (size_t)index * PIECE;
    const size_t end = begin + PIECE < cut->count ? begin + PIECE : cut->count;
    cut->loop(cut->pass, begin, end);
}

static void cut_up(const LayerPass *pass, int work, Loop *loop)
{
    Cut cut = {pass, loop, count_of(pass)};
    layer_run(pass, (double)cut.count * work, (int)((cut.count + PIECE - 1) / PIECE), run_piece,
              &cut);
}

static void nothing_to_lay_out(Layer *layer, int batch_max)
{
    (void)layer, (void)batch_max;
}

static void relu_loop(const LayerPass *pass, size_t begin, size_t end)
{
    const float *x = pass->x;
    float *y = pass->y;
    for (size_t i = begin; i < end; i++)
        y[i] = x[i] > 0 ? x[i] : 0;
}

static void relu_slopes(const LayerPass *pass, size_t begin, size_t end)
{
    const float *y = pass->y, *d_y = pass->d_y;
    float *d_x = pass->d_x;
    for (size_t i = begin; i < end; i++)
        d_x[i] = y[i] > 0 ? d_y[i] : 0;
}

static void leaky_loop(const LayerPass *pass, size_t begin, size_t end)
{
    const float slope = (float)pass->layer->plan.layer.rate, *x = pass->x;
    float *y = pass->y;
    for (size_t i = begin; i < end; i++)
        y[i] = x[i] > 0 ? x[i] : slope * x[i];
}

static void leaky_slopes(const LayerPass *pass, size_t begin, size_t end)
{
    const float slope = (float)pass->layer->plan.layer.rate, *y = pass->y, *d_y = pass->d_y;
    float *d_x = pass->d_x;
    for (size_t i = begin; i < end; i++)
        d_x[i] = y[i] > 0 ? d_y[i] : slope * d_y[i];
}

static void sigmoid_loop(const LayerPass *pass, size_t begin, size_t end)
{
    const float *x = pass->x;
    float *y = pass->y;
    for (size_t i = begin; i < end; i++)
        y[i] = 1 / (1 + expf(-x[i]));
}

static void sigmoid_slopes(const LayerPass *pass, size_t begin, size_t end)
{
    const float *y = pass->y, *d_y = pass->d_y;
    float *d_x = pass->d_x;
    for (size_t i = begin; i < end; i++)
        d_x[i] = d_y[i] * (y[i] * (1 - y[i]));
}

static void tanh_loop(const LayerPass *pass, size_t begin, size_t end)
{
    const float *x = pass->x;
    float *y = pass->y;
    for (size_t i = begin; i < end; i++)
        y[i] = tanhf(x[i]);
}

static void tanh_slopes(const LayerPass *pass, size_t begin, size_t end)
{
    const float *y = pass->y, *d_y = pass->d_y;
    float *d_x = pass->d_x;
    for (size_t i = begin; i < end; i++)
        d_x[i] = d_y[i] * (1 - y[i] * y[i]);
}

static void scale_loop(const LayerPass *pass, size_t begin, size_t end)
{
    const float *x = pass->x, *scale = pass->kept;
    float *y = pass->y;
    for (size_t i = begin; i < end; i++)
        y[i] = x[i] * scale[i];
}

static void scale_slopes(const LayerPass *pass, size_t begin, size_t end)
{
    const float *d_y = pass->d_y, *scale = pass->kept;
    float *d_x = pass->d_x;
    for (size_t i = begin; i < end; i++)
        d_x[i] = d_y[i] * scale[i];
}

static void relu_forward(const LayerPass *pass)
{
    cut_up(pass, LINE_WORK, relu_loop);
}

static void relu_backward(const LayerPass *pass)
{
    cut_up(pass, LINE_WORK, relu_slopes);
}

static void leaky_forward(const LayerPass *pass)
{
    cut_up(pass, LINE_WORK, leaky_loop);
}

static void leaky_backward(const LayerPass *pass)
{
    cut_up(pass, LINE_WORK, leaky_slopes);
}

static void sigmoid_forward(const LayerPass *pass)
{
    cut_up(pass, CURVE_WORK, sigmoid_loop);
}

static void sigmoid_backward(const LayerPass *pass)
{
    cut_up(pass, LINE_WORK, sigmoid_slopes);
}

static void tanh_forward(const LayerPass *pass)
{
    cut_up(pass, CURVE_WORK, tanh_loop);
}

static void tanh_backward(const LayerPass *pass)
{
    cut_up(pass, LINE_WORK, tanh_slopes);
}

static void lay_out_dropout(Layer *layer, int batch_max)
{
    layer->kept = (size_t)batch_max * shape_size(layer->plan.in);
    layer->scratch = shape_size(layer->plan.in);
}

/* Drawn in the order C H W, as all engines do. */
static void draw_factors(const LayerPass *pass)
{
    const LayerPlan *plan = &pass->layer->plan;
    const int pixels = plan->in.height * plan->in.width, C = plan->in.channels;
    const size_t size = shape_size(plan->in);
    if (pixels == 1) {
        engine_draw_dropout(plan->layer.rate, (size_t)pass->batch * size, pass->random, pass->kept);
        return;
    }
    for (int n = 0; n < pass->batch; n++) {
        float *scale = pass->kept + (size_t)n * size;
        engine_draw_dropout(plan->layer.rate, size, pass->random, pass->scratch);
        for (int c = 0; c < C; c++)
            for (int i = 0; i < pixels; i++)
                scale[i * C + c] = pass->scratch[c * pixels + i];
    }
}

static void dropout_forward(const LayerPass *pass)
{
    if (pass->train) {
        draw_factors(pass);
        cut_up(pass, LINE_WORK, scale_loop);
    } else if (pass->y != pass->x) {
        memcpy(pass->y, pass->x, count_of(pass) * sizeof *pass->y);
    }
}

static void dropout_backward(const LayerPass *pass)
{
    cut_up(pass, LINE_WORK, scale_slopes);
}

const LayerType layer_relu = {.lay_out = nothing_to_lay_out,
                              .forward = relu_forward,
                              .backward = relu_backward,
                              .in_place = true,
                              .reads_y = true};
const LayerType layer_leaky_relu = {.lay_out = nothing_to_lay_out,
                                    .forward = leaky_forward,
                                    .backward = leaky_backward,
                                    .in_place = true,
                                    .reads_y = true};
const LayerType layer_sigmoid = {.lay_out = nothing_to_lay_out,
                                 .forward = sigmoid_forward,
                                 .backward = sigmoid_backward,
                                 .in_place = true,
                                 .reads_y = true};
const LayerType layer_tanh = {.lay_out = nothing_to_lay_out,
                              .forward = tanh_forward,
                              .backward = tanh_backward,
                              .in_place = true,
                              .reads_y = true};
const LayerType layer_dropout = {.lay_out = lay_out_dropout,
                                 .forward = dropout_forward,
                                 .backward = dropout_backward,
                                 .in_place = true};
