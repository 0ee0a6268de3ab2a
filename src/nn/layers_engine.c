/*
 * layers_engine.c - the backend that has every layer: it goes through them one by one, each over
 * the whole batch, with layer.h's functions.
 *
 * Memory: value[l] is what goes into layer l. A layer that works in place has the same array before
 * and after it, unless the layer beneath still needs its own output; a ReLU in place is done by the
 * layer beneath where that can. Two arrays take turns as dL/dx
 * and dL/dy.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "nn/layer.h"

enum { LITTLE_WORK = 500000 }; /* multiplications */

typedef struct {
    Engine engine;
    Parallel *team;
    NnSpec spec;
    Layer layer[NN_LAYERS_MAX];
    uint32_t *place;                 /* of each parameter of the flat order in own arrays */
    float *value[NN_LAYERS_MAX + 1]; /* value[l]: what goes into layer l; the last: the outputs */
    float *kept[NN_LAYERS_MAX];
    float *d[2];
    float *scratch;
    float *picture; /* one, in the order C H W */
    int batch;
} LayersEngine;

void layer_run(const LayerPass *pass, double work, int pieces, ParallelPiece *piece, void *context)
{
    engine_run(work < LITTLE_WORK ? NULL : pass->team, pieces, piece, context);
}

const LayerType *layer_type(NnLayerKind kind)
{
    switch (kind) {
    case NN_DENSE: return &layer_dense;
    case NN_NOISY: return &layer_noisy;
    case NN_CONV2D: return &layer_conv;
    case NN_TRANSPOSED: return &layer_transposed;
    case NN_MAX_POOL: return &layer_max_pool;
    case NN_AVERAGE_POOL: return &layer_average_pool;
    case NN_RELU: return &layer_relu;
    case NN_LEAKY_RELU: return &layer_leaky_relu;
    case NN_SIGMOID: return &layer_sigmoid;
    case NN_TANH: return &layer_tanh;
    case NN_DROPOUT: return &layer_dropout;
    case NN_SOFTMAX: return &layer_softmax;
    case NN_BATCH_NORM: return &layer_batch_norm;
    case NN_LAYER_NORM: return &layer_layer_norm;
    case NN_QUANTILES: return &layer_quantiles;
    }
    return NULL;
}

static LayerPass pass_of(const LayersEngine *e, int l)
{
    const Layer *layer = &e->layer[l];
    return (LayerPass){
        .layer = layer,
        .team = e->team,
        .batch = e->batch,
        .parameters = e->engine.parameters + layer->offset,
        .gradients = e->engine.gradients + layer->offset,
        .x = e->value[l],
        .y = e->value[l + 1],
        .kept = e->kept[l],
        .scratch = e->scratch,
    };
}

static bool is_flat(NnShape shape)
{
    return shape.channels == 1 || shape.height * shape.width == 1;
}

/* C H W to H W C. */
static void turn_in(NnShape shape, const float *picture, float *values)
{
    const int pixels = shape.height * shape.width, C = shape.channels;
    for (int c = 0; c < C; c++)
        for (int i = 0; i < pixels; i++)
            values[i * C + c] = *picture++;
}

/* And back. */
static void turn_out(NnShape shape, const float *values, float *picture)
{
    const int pixels = shape.height * shape.width, C = shape.channels;
    for (int c = 0; c < C; c++)
        for (int i = 0; i < pixels; i++)
            *picture++ = values[i * C + c];
}

static void read_input(LayersEngine *e, const NnInput *input)
{
    const NnShape shape = e->spec.input;
    const size_t size = shape_size(shape);
    for (int n = 0; n < e->batch; n++) {
        float *to = e->value[0] + (size_t)n * size;
        engine_read_picture(input, shape, n, is_flat(shape) ? to : e->picture);
        if (!is_flat(shape))
            turn_in(shape, e->picture, to);
    }
}

static void write_values(const LayersEngine *e, int l, int batch, float *values)
{
    const NnShape shape = nn_spec_shape(&e->spec, l - 1);
    const size_t size = shape_size(shape);
    for (int n = 0; n < batch; n++)
        turn_out(shape, e->value[l] + (size_t)n * size, values + (size_t)n * size);
}

static bool works_in_place(const LayersEngine *e, int l)
{
    return l > 0 && e->layer[l].type->in_place && !e->layer[l - 1].type->reads_y;
}

/* Is layer l a ReLU that the layer beneath does? */
static bool is_fused(const LayersEngine *e, int l)
{
    return l > 0 && l < e->spec.layer_count && e->layer[l].type == &layer_relu &&
           e->layer[l - 1].type->fuses_relu && works_in_place(e, l);
}

static void forward(Engine *engine, const NnInput *input, int batch, bool train, Random *random,
                    float *outputs)
{
    LayersEngine *e = (LayersEngine *)engine;
    e->batch = batch;
    read_input(e, input);
    for (int l = 0; l < e->spec.layer_count; l++) {
        LayerPass pass = pass_of(e, l);
        pass.train = train;
        pass.random = random;
        pass.relu = is_fused(e, l + 1);
        if (!is_fused(e, l))
            pass.layer->type->forward(&pass);
    }
    write_values(e, e->spec.layer_count, batch, outputs);
}

/* dL/d outputs in our order. */
static void read_d_outputs(LayersEngine *e, const float *d_outputs)
{
    const NnShape shape = nn_spec_shape(&e->spec, e->spec.layer_count - 1);
    const size_t size = shape_size(shape);
    for (int n = 0; n < e->batch; n++)
        turn_in(shape, d_outputs + (size_t)n * size, e->d[0] + (size_t)n * size);
}

static bool learns_beneath(const LayersEngine *e, int l)
{
    while (--l >= 0)
        if (e->layer[l].slots > 0)
            return true;
    return false;
}

static void backward(Engine *engine, const float *d_outputs)
{
    LayersEngine *e = (LayersEngine *)engine;
    read_d_outputs(e, d_outputs);
    int now = 0;
    for (int l = e->spec.layer_count - 1; l >= 0; l--) {
        LayerPass pass = pass_of(e, l);
        const bool in_place = pass.layer->type->in_place;
        pass.train = true;
        pass.d_y = e->d[now];
        if (learns_beneath(e, l))
            pass.d_x = e->d[in_place ? now : 1 - now];
        if (pass.d_x != NULL || pass.layer->slots > 0)
            pass.layer->type->backward(&pass);
        now = in_place ? now : 1 - now;
    }
}

static void take_noise(Engine *engine, const float *noise)
{
    LayersEngine *e = (LayersEngine *)engine;
    for (int l = 0; l < e->spec.layer_count; noise += layer_noise(&e->layer[l++].plan))
        if (e->layer[l].type->take_noise != NULL)
            e->layer[l].type->take_noise(&e->layer[l], noise, e->kept[l]);
}

static void activations(const Engine *engine, int layer, int batch, float *values)
{
    write_values((const LayersEngine *)engine, layer + 1, batch, values);
}

static void arrange(const Engine *engine, const float *flat, float *own)
{
    const LayersEngine *e = (const LayersEngine *)engine;
    const size_t count = nn_spec_parameters(&e->spec);
    memset(own, 0, engine->slots * sizeof *own);
    for (size_t i = 0; i < count; i++)
        own[e->place[i]] = flat[i];
}

static void flatten(const Engine *engine, const float *own, float *flat)
{
    const LayersEngine *e = (const LayersEngine *)engine;
    const size_t count = nn_spec_parameters(&e->spec);
    for (size_t i = 0; i < count; i++)
        flat[i] = own[e->place[i]];
}

static void destroy(Engine *engine)
{
    free(engine);
}

static const EngineType layers_type = {
    .destroy = destroy,
    .arrange = arrange,
    .flatten = flatten,
    .forward = forward,
    .backward = backward,
    .take_noise = take_noise,
    .activations = activations,
    .share = engine_share,
};

/* ---- creation ---- */

/* Take `bytes` of the block, aligned; counting only, while there is no block yet. */
static void *take(char *block, size_t *used, size_t bytes)
{
    char *taken = block != NULL ? block + *used : NULL;
    *used += (bytes + VECTOR_BYTES - 1) / VECTOR_BYTES * VECTOR_BYTES;
    return taken;
}

static float *take_floats(char *block, size_t *used, size_t count)
{
    return take(block, used, count * sizeof(float));
}

/* Give every array its place in `block`; returns how many bytes that takes. */
static size_t lay_out(LayersEngine *e, size_t batch_max, char *block)
{
    size_t used = 0, scratch = 0, largest = shape_size(e->spec.input);
    take(block, &used, sizeof *e);
    e->place = take(block, &used, nn_spec_parameters(&e->spec) * sizeof *e->place);
    e->value[0] = take_floats(block, &used, batch_max * largest);
    for (int l = 0; l < e->spec.layer_count; l++) {
        const Layer *layer = &e->layer[l];
        const size_t out = shape_size(layer->plan.out);
        e->value[l + 1] =
            works_in_place(e, l) ? e->value[l] : take_floats(block, &used, batch_max * out);
        e->kept[l] = take_floats(block, &used, layer->kept);
        largest = out > largest ? out : largest;
        scratch = layer->scratch > scratch ? layer->scratch : scratch;
    }
    for (int i = 0; i < 2; i++)
        e->d[i] = take_floats(block, &used, batch_max * largest);
    e->scratch = take_floats(block, &used, scratch);
    e->picture = take_floats(block, &used, largest);
    e->engine.parameters = take_floats(block, &used, e->engine.slots);
    e->engine.gradients = take_floats(block, &used, e->engine.slots);
    return used;
}

static void place_parameters(LayersEngine *e)
{
    for (int l = 0; l < e->spec.layer_count; l++) {
        const Layer *layer = &e->layer[l];
        uint32_t *place = e->place + layer->plan.offset;
        const size_t count = layer_parameters(&layer->plan);
        for (size_t i = 0; i < count; i++)
            place[i] = (uint32_t)i;
        if (layer->type->place != NULL)
            layer->type->place(layer, place);
        for (size_t i = 0; i < count; i++)
            place[i] += (uint32_t)layer->offset;
    }
}

Engine *layers_engine_create(const NnSpec *spec, int batch_max, Parallel *team, Error *error)
{
    LayersEngine head = {.spec = *spec, .team = team};
    LayerPlan plan[NN_LAYERS_MAX];
    nn_spec_plan(spec, plan);
    for (int l = 0; l < spec->layer_count; l++) {
        Layer *layer = &head.layer[l];
        *layer = (Layer){.plan = plan[l], .type = layer_type(plan[l].layer.kind)};
        layer->type->lay_out(layer, batch_max);
        layer->offset = head.engine.slots;
        head.engine.slots += round_to_line(layer->slots);
    }
    const size_t bytes = lay_out(&head, (size_t)batch_max, NULL);
    LayersEngine *e = aligned_alloc(VECTOR_BYTES, bytes);
    if (e == NULL) {
        error_work(error, "no memory for the network's %zu bytes", bytes);
        return NULL;
    }
    memset(e, 0, bytes);
    *e = head;
    e->engine.type = &layers_type;
    e->engine.name = "layers";
    lay_out(e, (size_t)batch_max, (char *)e);
    place_parameters(e);
    return &e->engine;
}
