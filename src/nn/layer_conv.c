/*
 * layer_conv.c - convolutions and transposed convolutions, picture by picture, by conv.h. A shard
 * of the batch has gradients of its own; they are added in order at the end.
 *
 * Own parameters: conv.h's weights, then the biases: O' for a convolution, C' for a transposed one.
 * For the way to the wide side the weights are turned anew in each pass.
 */
#include "nn/conv.h"

#include <string.h>

#include "nn/layer.h"

typedef struct {
    const LayerPass *pass;
    Conv conv;
    bool turned;      /* the layer goes from narrow to wide */
    size_t in, out;   /* floats of a picture */
    size_t slots;     /* of the parameters, in whole vectors */
    float *back;      /* back weights */
    float *gradients; /* of each shard: slots */
    float *room;      /* of each shard: conv.room */
} Work;

static bool is_turned(const Layer *layer)
{
    return layer->plan.layer.kind == NN_TRANSPOSED;
}

static Conv conv_of_layer(const Layer *layer)
{
    const LayerPlan *plan = &layer->plan;
    return is_turned(layer) ? conv_of(&plan->layer, plan->out, plan->in)
                            : conv_of(&plan->layer, plan->in, plan->out);
}

static size_t biases_of(const Conv *conv, bool turned)
{
    return (size_t)(turned ? conv->C_stored : conv->O_stored);
}

static void lay_out(Layer *layer, int batch_max)
{
    const Conv conv = conv_of_layer(layer);
    const size_t shards = (size_t)layer_shards(batch_max);
    layer->slots = round_to_line(conv.weights) + biases_of(&conv, is_turned(layer));
    layer->scratch = round_to_line(conv.back_weights) + shards * (layer->slots + conv.room);
}

static Work work_of(const LayerPass *pass)
{
    const Layer *layer = pass->layer;
    Work work = {.pass = pass,
                 .conv = conv_of_layer(layer),
                 .turned = is_turned(layer),
                 .in = shape_size(layer->plan.in),
                 .out = shape_size(layer->plan.out),
                 .slots = layer->slots,
                 .back = pass->scratch};
    work.gradients = work.back + round_to_line(work.conv.back_weights);
    work.room = work.gradients + (size_t)layer_shards(pass->batch) * work.slots;
    return work;
}

static void place_bias(const Layer *layer, const Conv *conv, uint32_t *place)
{
    for (int o = 0; o < layer->plan.layer.outputs; o++)
        place[o] = (uint32_t)round_to_line(conv->weights) + (uint32_t)o;
}

static void place_conv(const Layer *layer, uint32_t *place)
{
    const Conv conv = conv_of_layer(layer);
    for (int o = 0; o < conv.O; o++)
        for (int c = 0; c < conv.C; c++)
            for (int i = 0; i < conv.K; i++)
                for (int j = 0; j < conv.K; j++)
                    *place++ = (uint32_t)conv_place(&conv, o, c, i, j);
    place_bias(layer, &conv, place);
}

static const float *bias_of(const Work *work)
{
    return work->pass->parameters + round_to_line(work->conv.weights);
}

static float *room_of(const Work *work, int shard)
{
    return work->room + (size_t)shard * work->conv.room;
}

static double products(const Work *work)
{
    const Conv *c = &work->conv;
    return (double)work->pass->batch * c->R * c->Q * c->O * c->K * c->K * c->C;
}

static void forward_shard(void *context, int shard)
{
    const Work *work = context;
    const LayerPass *pass = work->pass;
    const int end = shard_first(pass->batch, shard + 1);
    for (int n = shard_first(pass->batch, shard); n < end; n++) {
        const float *x = pass->x + (size_t)n * work->in;
        float *y = pass->y + (size_t)n * work->out;
        if (work->turned)
            conv_to_wide(&work->conv, work->back, bias_of(work), pass->relu, x, y,
                         room_of(work, shard));
        else
            conv_to_narrow(&work->conv, pass->parameters, bias_of(work), pass->relu, x, y,
                           room_of(work, shard));
    }
}

static void forward(const LayerPass *pass)
{
    Work work = work_of(pass);
    if (work.turned)
        conv_turn(&work.conv, pass->parameters, work.back);
    layer_run(pass, products(&work), layer_shards(pass->batch), forward_shard, &work);
}

static void add_d_biases(const float *d_y, size_t count, int channels, float *d_bias)
{
    for (size_t i = 0; i < count; i += (size_t)channels)
        for (int c = 0; c < channels; c++)
            d_bias[c] += d_y[i + (size_t)c];
}

static void pass_back(const Work *work, int shard, const float *d_y, float *d_x)
{
    if (work->turned)
        conv_to_narrow(&work->conv, work->pass->parameters, NULL, false, d_y, d_x,
                       room_of(work, shard));
    else
        conv_to_wide(&work->conv, work->back, NULL, false, d_y, d_x, room_of(work, shard));
}

static void backward_shard(void *context, int shard)
{
    const Work *work = context;
    const LayerPass *pass = work->pass;
    float *gradients = work->gradients + (size_t)shard * work->slots;
    float *d_bias = gradients + round_to_line(work->conv.weights);
    const int end = shard_first(pass->batch, shard + 1);
    memset(gradients, 0, work->slots * sizeof *gradients);
    for (int n = shard_first(pass->batch, shard); n < end; n++) {
        const float *x = pass->x + (size_t)n * work->in, *d_y = pass->d_y + (size_t)n * work->out;
        add_d_biases(d_y, work->out, pass->layer->plan.layer.outputs, d_bias);
        conv_gradient(&work->conv, work->turned ? d_y : x, work->turned ? x : d_y, gradients,
                      room_of(work, shard));
        if (pass->d_x != NULL)
            pass_back(work, shard, d_y, pass->d_x + (size_t)n * work->in);
    }
}

static void backward(const LayerPass *pass)
{
    Work work = work_of(pass);
    const int shards = layer_shards(pass->batch);
    if (!work.turned && pass->d_x != NULL)
        conv_turn(&work.conv, pass->parameters, work.back);
    layer_run(pass, 2 * products(&work), shards, backward_shard, &work);
    memcpy(pass->gradients, work.gradients, work.slots * sizeof *work.gradients);
    for (int s = 1; s < shards; s++)
        for (size_t i = 0; i < work.slots; i++)
            pass->gradients[i] += work.gradients[(size_t)s * work.slots + i];
}

/* PyTorch's order of a transposed convolution's weights, C O K K, is ours of narrow, wide. */
const LayerType layer_conv = {.lay_out = lay_out,
                              .place = place_conv,
                              .forward = forward,
                              .backward = backward,
                              .fuses_relu = true};
const LayerType layer_transposed = {.lay_out = lay_out,
                                    .place = place_conv,
                                    .forward = forward,
                                    .backward = backward,
                                    .fuses_relu = true};
