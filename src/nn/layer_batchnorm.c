/*
 * layer_batchnorm.c - batchnorm. With h = (x - m) / sqrt(v + epsilon) and M values a channel:
 *     dL/dw = sum of dL/dy h,   dL/db = sum of dL/dy
 *     dL/dx = w (dL/dy - dL/db / M - h dL/dw / M) / sqrt(v + epsilon)
 *
 * A pass goes over the values as few times as it can, for they do not fit into the caches: mean and
 * squares of a picture while it is at hand; the pictures' are put together in double precision
 * [Chan1979]:
 *     m = mean of m_n,   M v = sum of squares_n + pixels (m_n - m)^2
 *
 * Own parameters are the flat ones: w, b, running means, running variances. kept: m, v.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "nn/layer.h"

static void lay_out(Layer *layer, int batch_max)
{
    const size_t C = layer->plan.weights;
    layer->slots = layer_parameters(&layer->plan);
    layer->kept = 2 * C;
    layer->scratch = (2 * (size_t)batch_max + 3) * round_to_line(C);
}

static size_t channels_of(const LayerPass *pass)
{
    return pass->layer->plan.weights;
}

static size_t pixels_of(const LayerPass *pass)
{
    const NnShape in = pass->layer->plan.in;
    return (size_t)(in.height * in.width);
}

static double work_of(const LayerPass *pass)
{
    return 4.0 * pass->batch * (double)shape_size(pass->layer->plan.in);
}

/* Two sums over a picture, C floats each, in scratch. */
static float *sums_of(const LayerPass *pass, int n)
{
    return pass->scratch + (size_t)n * 2 * round_to_line(channels_of(pass));
}

/* Three rows of C floats behind the sums: what the loops over values multiply and add with. */
static float *factors_of(const LayerPass *pass, int row)
{
    return sums_of(pass, pass->batch) + (size_t)row * round_to_line(channels_of(pass));
}

static void add_pixel(const float *restrict x, size_t C, float *restrict sum)
{
    for (size_t c = 0; c < C; c++)
        sum[c] += x[c];
}

static void add_squares(const float *restrict x, const float *restrict mean, size_t C,
                        float *restrict squares)
{
    for (size_t c = 0; c < C; c++) {
        const float off = x[c] - mean[c];
        squares[c] += off * off;
    }
}

static void measure_picture(const float *x, size_t pixels, size_t C, float *mean, float *squares)
{
    memset(mean, 0, C * sizeof *mean);
    memset(squares, 0, C * sizeof *squares);
    for (size_t i = 0; i < pixels; i++)
        add_pixel(x + i * C, C, mean);
    for (size_t c = 0; c < C; c++)
        mean[c] /= (float)pixels;
    for (size_t i = 0; i < pixels; i++)
        add_squares(x + i * C, mean, C, squares);
}

static void measure_shard(void *context, int shard)
{
    const LayerPass *pass = context;
    const size_t C = channels_of(pass), pixels = pixels_of(pass);
    const int end = shard_first(pass->batch, shard + 1);
    for (int n = shard_first(pass->batch, shard); n < end; n++)
        measure_picture(pass->x + (size_t)n * pixels * C, pixels, C, sums_of(pass, n),
                        sums_of(pass, n) + round_to_line(C));
}

/* kept: mean and variance of the whole batch. */
static void gather(const LayerPass *pass)
{
    const size_t C = channels_of(pass), line = round_to_line(C);
    const double pixels = (double)pixels_of(pass), batch = pass->batch;
    for (size_t c = 0; c < C; c++) {
        double mean = 0, squares = 0;
        for (int n = 0; n < pass->batch; n++)
            mean += sums_of(pass, n)[c] / batch;
        for (int n = 0; n < pass->batch; n++) {
            const double off = sums_of(pass, n)[c] - mean;
            squares += sums_of(pass, n)[line + c] + pixels * off * off;
        }
        pass->kept[c] = (float)mean;
        pass->kept[C + c] = (float)(squares / (pixels * batch));
    }
}

static float inverse_deviation(float variance)
{
    return (float)(1 / sqrt((double)variance + NN_NORM_EPSILON));
}

/* y = scale x + shift, at least `least` */
static void normalise_pixel(const float *restrict x, const float *restrict scale,
                            const float *restrict shift, float least, size_t C, float *restrict y)
{
    for (size_t c = 0; c < C; c++) {
        const float value = scale[c] * x[c] + shift[c];
        y[c] = value < least ? least : value; /* a NaN stays one */
    }
}

static void normalise_shard(void *context, int shard)
{
    const LayerPass *pass = context;
    const size_t C = channels_of(pass), size = pixels_of(pass) * C;
    const float least = pass->relu ? 0 : -FLT_MAX;
    const size_t begin = (size_t)shard_first(pass->batch, shard) * size;
    const size_t end = (size_t)shard_first(pass->batch, shard + 1) * size;
    for (size_t i = begin; i < end; i += C)
        normalise_pixel(pass->x + i, factors_of(pass, 0), factors_of(pass, 1), least, C,
                        pass->y + i);
}

static void forward(const LayerPass *pass)
{
    const size_t C = channels_of(pass);
    const int shards = layer_shards(pass->batch);
    const float *weight = pass->parameters, *bias = weight + C;
    float *running = pass->parameters + 2 * C;
    const float *mean = running, *variance = running + C;
    if (pass->train) {
        layer_run(pass, work_of(pass), shards, measure_shard, (void *)pass);
        gather(pass);
        norm_move_averages(&pass->layer->plan, (size_t)pass->batch * pixels_of(pass), pass->kept,
                           running);
        mean = pass->kept;
        variance = pass->kept + C;
    }
    for (size_t c = 0; c < C; c++) {
        const float scale = weight[c] * inverse_deviation(variance[c]);
        factors_of(pass, 0)[c] = scale;
        factors_of(pass, 1)[c] = bias[c] - scale * mean[c];
    }
    layer_run(pass, work_of(pass), shards, normalise_shard, (void *)pass);
}

static void sum_pixel(const float *restrict d_y, const float *restrict x,
                      const float *restrict mean, size_t C, float *restrict d_b,
                      float *restrict with_x)
{
    for (size_t c = 0; c < C; c++) {
        d_b[c] += d_y[c];
        with_x[c] += d_y[c] * (x[c] - mean[c]);
    }
}

static void sum_shard(void *context, int shard)
{
    const LayerPass *pass = context;
    const size_t C = channels_of(pass), size = pixels_of(pass) * C;
    const int end = shard_first(pass->batch, shard + 1);
    for (int n = shard_first(pass->batch, shard); n < end; n++) {
        float *d_b = sums_of(pass, n), *with_x = d_b + round_to_line(C);
        memset(d_b, 0, C * sizeof *d_b);
        memset(with_x, 0, C * sizeof *with_x);
        for (size_t i = (size_t)n * size; i < (size_t)(n + 1) * size; i += C)
            sum_pixel(pass->d_y + i, pass->x + i, pass->kept, C, d_b, with_x);
    }
}

/* d_x = scale d_y + slope x + shift */
static void slope_pixel(const float *restrict d_y, const float *restrict x,
                        const float *restrict scale, const float *restrict slope,
                        const float *restrict shift, size_t C, float *restrict d_x)
{
    for (size_t c = 0; c < C; c++)
        d_x[c] = scale[c] * d_y[c] + slope[c] * x[c] + shift[c];
}

static void slopes_shard(void *context, int shard)
{
    const LayerPass *pass = context;
    const size_t C = channels_of(pass), size = pixels_of(pass) * C;
    const size_t begin = (size_t)shard_first(pass->batch, shard) * size;
    const size_t end = (size_t)shard_first(pass->batch, shard + 1) * size;
    for (size_t i = begin; i < end; i += C)
        slope_pixel(pass->d_y + i, pass->x + i, factors_of(pass, 0), factors_of(pass, 1),
                    factors_of(pass, 2), C, pass->d_x + i);
}

static void backward(const LayerPass *pass)
{
    const size_t C = channels_of(pass), line = round_to_line(C);
    const int shards = layer_shards(pass->batch);
    const double values = (double)pass->batch * (double)pixels_of(pass);
    const float *mean = pass->kept, *variance = pass->kept + C;
    memset(pass->gradients, 0, pass->layer->slots * sizeof *pass->gradients);
    layer_run(pass, work_of(pass), shards, sum_shard, (void *)pass);
    for (size_t c = 0; c < C; c++) {
        double d_b = 0, with_x = 0;
        for (int n = 0; n < pass->batch; n++) {
            d_b += sums_of(pass, n)[c];
            with_x += sums_of(pass, n)[line + c];
        }
        const double inverse = inverse_deviation(variance[c]);
        const double scale = (double)pass->parameters[c] * inverse, d_w = with_x * inverse;
        const double slope = -scale * inverse * d_w / values;
        pass->gradients[c] = (float)d_w;
        pass->gradients[C + c] = (float)d_b;
        factors_of(pass, 0)[c] = (float)scale;
        factors_of(pass, 1)[c] = (float)slope;
        factors_of(pass, 2)[c] = (float)(-scale * d_b / values - slope * mean[c]);
    }
    if (pass->d_x != NULL)
        layer_run(pass, work_of(pass), shards, slopes_shard, (void *)pass);
}

const LayerType layer_batch_norm = {
    .lay_out = lay_out, .forward = forward, .backward = backward, .fuses_relu = true};
