/*
 * plain_engine.c - the plain layers as a backend.
 *
 * The batch is cut into two shards, however many threads there are; a network with batchnorm, which
 * looks at the whole batch, into one. Each shard goes through all layers by itself, forward and
 * backward, and has its own gradient; the two are added at the end.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "nn/engine.h"
#include "nn/plain.h"

enum { SHARDS_MAX = 2 };

typedef struct {
    Engine engine;
    Parallel *team;
    NnSpec spec;
    LayerPlan plan[NN_LAYERS_MAX];
    float *value[NN_LAYERS_MAX + 1]; /* value[l]: what goes into layer l; the last: the outputs */
    float *kept[NN_LAYERS_MAX];      /* see plain.h; NULL for layers that keep nothing */
    int shards;
    float *d_value[2];      /* dL/d value of the present layer and the one beneath */
    size_t d_stride;        /* from picture to picture in d_value */
    float *shard_gradients; /* an array of slots floats for each shard */
    const NnInput *input;
    const float *d_outputs;
    int batch;
    bool training; /* the last forward pass was for training */
} PlainEngine;

static int shard_begin(const PlainEngine *plain, int shard)
{
    return plain->batch * shard / plain->shards;
}

static float *layer_kept(const PlainEngine *plain, int l, size_t begin)
{
    if (layer_noise(&plain->plan[l]) > 0)
        return plain->kept[l];
    if (!plain->training || plain->kept[l] == NULL)
        return NULL;
    return plain->kept[l] + begin * shape_size(plain->plan[l].in);
}

static void forward_shard(void *context, int shard)
{
    PlainEngine *plain = context;
    const int begin = shard_begin(plain, shard), end = shard_begin(plain, shard + 1);
    for (int n = begin; n < end; n++)
        engine_read_picture(plain->input, plain->spec.input, n,
                            plain->value[0] + (size_t)n * shape_size(plain->spec.input));
    for (int l = 0; l < plain->spec.layer_count; l++) {
        const LayerPlan *plan = &plain->plan[l];
        plain_forward_f32(plan, end - begin, plain->engine.parameters + plan->offset,
                          plain->value[l] + (size_t)begin * shape_size(plan->in),
                          layer_kept(plain, l, (size_t)begin),
                          plain->value[l + 1] + (size_t)begin * shape_size(plan->out));
    }
}

static void move_averages(PlainEngine *plain)
{
    for (int l = 0; l < plain->spec.layer_count; l++) {
        const LayerPlan *plan = &plain->plan[l];
        const size_t values = (size_t)(plain->batch * plan->in.height * plan->in.width);
        if (plan->averages > 0)
            norm_move_averages(plan, values, plain->kept[l],
                               plain->engine.parameters + plan->offset + plan->weights +
                                   plan->biases);
    }
}

static void forward(Engine *engine, const NnInput *input, int batch, bool train, Random *random,
                    float *outputs)
{
    PlainEngine *plain = (PlainEngine *)engine;
    const int layers = plain->spec.layer_count;
    plain->input = input;
    plain->batch = batch;
    plain->training = train;
    for (int l = 0; l < layers; l++)
        if (train && plain->plan[l].layer.kind == NN_DROPOUT)
            engine_draw_dropout(plain->plan[l].layer.rate,
                                (size_t)batch * shape_size(plain->plan[l].in), random,
                                plain->kept[l]);
    engine_run(plain->team, plain->shards, forward_shard, plain);
    if (train)
        move_averages(plain);
    memcpy(outputs, plain->value[layers],
           (size_t)batch * shape_size(plain->plan[layers - 1].out) * sizeof *outputs);
}

static void backward_shard(void *context, int shard)
{
    PlainEngine *plain = context;
    const size_t begin = (size_t)shard_begin(plain, shard);
    const int count = shard_begin(plain, shard + 1) - (int)begin;
    float *gradients = plain->shard_gradients + (size_t)shard * plain->engine.slots;
    memset(gradients, 0, plain->engine.slots * sizeof *gradients);
    float *d_out = plain->d_value[0] + begin * plain->d_stride;
    float *d_in = plain->d_value[1] + begin * plain->d_stride;
    const int last = plain->spec.layer_count - 1;
    const size_t outputs = shape_size(plain->plan[last].out);
    memcpy(d_out, plain->d_outputs + begin * outputs, (size_t)count * outputs * sizeof *d_out);
    for (int l = last; l >= 0; l--) {
        const LayerPlan *plan = &plain->plan[l];
        plain_backward_f32(plan, count, plain->engine.parameters + plan->offset,
                           plain->value[l] + begin * shape_size(plan->in),
                           layer_kept(plain, l, begin),
                           plain->value[l + 1] + begin * shape_size(plan->out), d_out,
                           gradients + plan->offset, l > 0 ? d_in : NULL);
        float *swap = d_out;
        d_out = d_in;
        d_in = swap;
    }
}

static void backward(Engine *engine, const float *d_outputs)
{
    PlainEngine *plain = (PlainEngine *)engine;
    plain->d_outputs = d_outputs;
    engine_run(plain->team, plain->shards, backward_shard, plain);
    memcpy(engine->gradients, plain->shard_gradients, engine->slots * sizeof(float));
    if (plain->shards == 1)
        return;
    const float *second = plain->shard_gradients + engine->slots;
    for (size_t i = 0; i < engine->slots; i++)
        engine->gradients[i] += second[i];
}

static void take_noise(Engine *engine, const float *noise)
{
    PlainEngine *plain = (PlainEngine *)engine;
    for (int l = 0; l < plain->spec.layer_count; l++) {
        const size_t count = layer_noise(&plain->plan[l]);
        if (count > 0)
            memcpy(plain->kept[l], noise, count * sizeof *noise);
        noise += count;
    }
}

static void copy_as_it_is(const Engine *engine, const float *from, float *to)
{
    memcpy(to, from, engine->slots * sizeof *to);
}

static void activations(const Engine *engine, int layer, int batch, float *values)
{
    const PlainEngine *plain = (const PlainEngine *)engine;
    memcpy(values, plain->value[layer + 1],
           (size_t)batch * shape_size(plain->plan[layer].out) * sizeof *values);
}

static void destroy(Engine *engine)
{
    free(engine);
}

static const EngineType plain_type = {
    .destroy = destroy,
    .arrange = copy_as_it_is,
    .flatten = copy_as_it_is,
    .forward = forward,
    .backward = backward,
    .take_noise = take_noise,
    .activations = activations,
    .share = engine_share,
};

/* Take `count` floats of the block; counting only, while there is no block yet. */
static float *take(float *block, size_t *used, size_t count)
{
    float *taken = block != NULL ? block + *used : NULL;
    *used += count;
    return taken;
}

/* Give every array its place in `block`; returns how many floats that takes. */
static size_t lay_out(PlainEngine *plain, size_t batch_max, float *block)
{
    size_t used = 0;
    size_t largest = shape_size(plain->spec.input);
    plain->value[0] = take(block, &used, batch_max * largest);
    for (int l = 0; l < plain->spec.layer_count; l++) {
        const size_t out = shape_size(plain->plan[l].out);
        if (plain->plan[l].layer.kind == NN_DROPOUT)
            plain->kept[l] = take(block, &used, batch_max * out);
        if (plain->plan[l].averages > 0)
            plain->kept[l] = take(block, &used, plain->plan[l].averages);
        if (layer_noise(&plain->plan[l]) > 0)
            plain->kept[l] = take(block, &used, layer_noise(&plain->plan[l]));
        plain->value[l + 1] = take(block, &used, batch_max * out);
        if (out > largest)
            largest = out;
    }
    plain->d_stride = largest;
    for (int i = 0; i < 2; i++)
        plain->d_value[i] = take(block, &used, batch_max * largest);
    plain->shard_gradients = take(block, &used, SHARDS_MAX * plain->engine.slots);
    plain->engine.parameters = take(block, &used, plain->engine.slots);
    plain->engine.gradients = take(block, &used, plain->engine.slots);
    return used;
}

Engine *plain_engine_create(const NnSpec *spec, int batch_max, Parallel *team, Error *error)
{
    PlainEngine size = {.engine = {.slots = nn_spec_parameters(spec)}, .spec = *spec};
    nn_spec_plan(spec, size.plan);
    size.shards = SHARDS_MAX;
    for (int l = 0; l < spec->layer_count; l++)
        if (spec->layer[l].kind == NN_BATCH_NORM)
            size.shards = 1;
    const size_t floats = lay_out(&size, (size_t)batch_max, NULL);
    PlainEngine *plain = calloc(1, sizeof *plain + floats * sizeof(float));
    if (plain == NULL) {
        error_work(error, "no memory for the network's %zu bytes", floats * sizeof(float));
        return NULL;
    }
    *plain = size;
    plain->engine.type = &plain_type;
    plain->engine.name = "plain";
    plain->team = team;
    lay_out(plain, (size_t)batch_max, (float *)(plain + 1));
    return &plain->engine;
}
