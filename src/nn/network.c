/*
 * network.c - the public face: what all backends share.
 *
 * A backend (engine.h) computes; here live the parameters' beginnings, the optimiser's averages and
 * the order of calls.
 */
#include "nn/network.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/block.h"
#include "base/denormals.h"
#include "nn/engine.h"
#include "nn/optimiser.h"

/* The optimiser works in pieces of this many parameters: few enough for the caches, so many that
 * handing them out costs nothing. */
enum { UPDATE_PIECE = 32768 };

struct Network {
    NnSpec spec;
    LayerPlan plan[NN_LAYERS_MAX];
    size_t parameter_count;
    int batch_max;
    NnBackend backend;
    Parallel *team;
    Engine *engine;
    const Network *of; /* whose parameters this reads; NULL: its own */
    int64_t updates;
    int optimiser_kind; /* of the updates since creation or network_set_optimiser; -1: none yet */
    int trained_batch;  /* of the last network_forward_train; 0: none to go back from */
    float *average[OPTIMISER_ARRAYS]; /* in the engine's layout */
    float *decays;                    /* likewise: 1 for what weight decay pulls, else 0 */
    size_t noise_count;
    float *noise; /* of all noisy layers and quantiles, in order */
    float *flat;  /* room for one flat array while converting */
    float room[];
};

bool network_has_bf16(Error *error)
{
    return tiles_here().name != NULL ||
           error_input(error, "this machine multiplies no bfloat16 (it would need AVX512-BF16 or "
                              "AMX, and a program built for it): 'f32' works everywhere");
}

static Engine *create_bf16(const NnSpec *spec, int batch_max, Parallel *team, Error *error)
{
    if (!network_has_bf16(error))
        return NULL;
    const Tiles tiles = tiles_here();
    return tiles_engine_create(spec, batch_max, team, &tiles, 1, error);
}

/* Everywhere, if only AMX makes it fast. */
static Engine *create_terms(const NnSpec *spec, int batch_max, Parallel *team, Error *error)
{
    const Tiles tiles = tiles_here().name != NULL ? tiles_here() : tiles_plain();
    return tiles_engine_create(spec, batch_max, team, &tiles, TERMS, error);
}

static bool has_inner_convolution(const NnSpec *spec)
{
    for (int l = 1; l < spec->layer_count; l++)
        if (spec->layer[l].kind == NN_CONV2D)
            return true;
    return false;
}

static NnBackend fastest_backend(const NnSpec *spec)
{
    if (nn_spec_beyond_vector(spec) != NULL)
        return NN_BACKEND_LAYERS;
    return tiles_amx().name != NULL && has_inner_convolution(spec) ? NN_BACKEND_TERMS
                                                                   : NN_BACKEND_VECTOR;
}

static const char *const backend_names[] = {
    [NN_BACKEND_VECTOR] = "vector",
    [NN_BACKEND_ONEDNN] = "onednn",
    [NN_BACKEND_TERMS] = "terms",
    [NN_BACKEND_BF16] = "bf16",
};

static Engine *create_engine(const NnSpec *spec, int batch_max, NnBackend backend, Parallel *team,
                             Error *error)
{
    const char *beyond =
        backend == NN_BACKEND_ONEDNN ? nn_spec_beyond_onednn(spec) : nn_spec_beyond_vector(spec);
    const bool has_all = backend == NN_BACKEND_PLAIN || backend == NN_BACKEND_LAYERS;
    if (backend == NN_BACKEND_AUTO)
        backend = fastest_backend(spec);
    else if (beyond != NULL && !has_all) {
        error_input(error,
                    "the backend '%s' has no layer '%s' (nor padding): 'auto' has every layer",
                    backend_names[backend], beyond);
        return NULL;
    }
    switch (backend) {
    case NN_BACKEND_PLAIN: return plain_engine_create(spec, batch_max, team, error);
    case NN_BACKEND_ONEDNN: return onednn_engine_create(spec, batch_max, team, error);
    case NN_BACKEND_TERMS: return create_terms(spec, batch_max, team, error);
    case NN_BACKEND_BF16: return create_bf16(spec, batch_max, team, error);
    case NN_BACKEND_LAYERS: return layers_engine_create(spec, batch_max, team, error);
    default: return vector_engine_create(spec, batch_max, team, error);
    }
}

static void mark_decays(Network *network)
{
    for (int l = 0; l < network->spec.layer_count; l++) {
        const LayerPlan *plan = &network->plan[l];
        for (size_t i = 0; i < plan->weights && !layer_is_norm(plan); i++)
            network->flat[plan->offset + i] = 1;
    }
    network->engine->type->arrange(network->engine, network->flat, network->decays);
}

static size_t noise_of(const NnSpec *spec)
{
    LayerPlan plan[NN_LAYERS_MAX];
    size_t count = 0;
    nn_spec_plan(spec, plan);
    for (int l = 0; l < spec->layer_count; l++)
        count += layer_noise(&plan[l]);
    return count;
}

Network *network_create(const NnSpec *spec, int batch_max, NnBackend backend, Parallel *team,
                        Error *error)
{
    assert(batch_max >= 1 && spec->layer_count >= 1);
    Engine *engine = create_engine(spec, batch_max, backend, team, error);
    if (engine == NULL)
        return NULL;
    const size_t parameters = nn_spec_parameters(spec);
    const size_t noise = noise_of(spec);
    const size_t room = (OPTIMISER_ARRAYS + 1) * engine->slots + parameters + noise;
    Network *network = block_create(sizeof *network + room * sizeof(float));
    if (network == NULL) {
        engine->type->destroy(engine);
        error_work(error, "no memory to train a network of %zu parameters", parameters);
        return NULL;
    }
    network->spec = *spec;
    nn_spec_plan(spec, network->plan);
    network->parameter_count = parameters;
    network->batch_max = batch_max;
    network->backend = backend;
    network->team = team;
    network->engine = engine;
    network->optimiser_kind = -1;
    for (int i = 0; i < OPTIMISER_ARRAYS; i++)
        network->average[i] = network->room + (size_t)i * engine->slots;
    network->decays = network->room + OPTIMISER_ARRAYS * engine->slots;
    network->flat = network->decays + engine->slots;
    network->noise = network->flat + parameters;
    network->noise_count = noise;
    mark_decays(network);
    network_draw_noise(network, NULL);
    return network;
}

Network *network_create_reader(const Network *of, int batch_max, Parallel *team, Error *error)
{
    Network *reader = network_create(&of->spec, batch_max, of->backend, team, error);
    if (reader == NULL)
        return NULL;
    reader->of = of;
    if (reader->engine->type->share != NULL)
        reader->engine->type->share(reader->engine, of->engine);
    return reader;
}

void network_destroy(Network *network)
{
    if (network == NULL)
        return;
    network->engine->type->destroy(network->engine);
    free(network);
}

const NnSpec *network_spec(const Network *network)
{
    return &network->spec;
}

const char *network_backend_name(const Network *network)
{
    return network->engine->name;
}

static void parameters_changed(const Network *network, size_t begin, size_t end)
{
    if (network->engine->type->changed != NULL)
        network->engine->type->changed(network->engine, begin, end);
}

static void fill_uniform(float *values, size_t count, double limit, Random *random)
{
    for (size_t i = 0; i < count; i++)
        values[i] = (float)(limit * (2 * random_unit(random) - 1));
}

static void fill_normal(float *values, size_t count, double deviation, Random *random)
{
    for (size_t i = 0; i < count; i++)
        values[i] = (float)(deviation * random_normal(random));
}

static void fill(float *values, size_t count, float value)
{
    for (size_t i = 0; i < count; i++)
        values[i] = value;
}

static void initialise_norm(const LayerPlan *plan, float *parameters)
{
    fill(parameters, layer_parameters(plan), 0);
    fill(parameters, plan->weights, 1);
    fill(parameters + plan->weights + plan->biases + plan->averages / 2, plan->averages / 2, 1);
}

static void initialise_layer(const LayerPlan *plan, NnInit init, float *weights, Random *random)
{
    const double fan_in = layer_fan_in(plan), fan_out = layer_fan_out(plan);
    fill(weights + plan->weights, plan->biases, 0);
    fill(weights + plan->weights + plan->biases, plan->deviations,
         (float)(NN_NOISE_START / sqrt(fan_in)));
    switch (init) {
    case NN_INIT_FAN_IN_UNIFORM:
        fill_uniform(weights, plan->weights + plan->biases, 1 / sqrt(fan_in), random);
        break;
    case NN_INIT_GLOROT:
        fill_uniform(weights, plan->weights, sqrt(6 / (fan_in + fan_out)), random);
        break;
    case NN_INIT_HE: fill_normal(weights, plan->weights, sqrt(2 / fan_in), random); break;
    case NN_INIT_SMALL: fill_normal(weights, plan->weights, 0.01, random); break;
    }
}

void network_initialise(Network *network, NnInit init, Random *random)
{
    for (int l = 0; l < network->spec.layer_count; l++)
        if (layer_is_norm(&network->plan[l]))
            initialise_norm(&network->plan[l], network->flat + network->plan[l].offset);
        else if (layer_learns(&network->plan[l]))
            initialise_layer(&network->plan[l], init, network->flat + network->plan[l].offset,
                             random);
    network_set_parameters(network, network->flat);
}

void network_get_parameters(const Network *network, float *parameters)
{
    const Engine *engine = network->engine;
    engine->type->flatten(engine, engine->parameters, parameters);
}

/* In the engine's layout: what no parameter lies in is zero. A sum would overflow. */
bool network_is_finite(const Network *network)
{
    const Engine *engine = network->engine;
    bool finite = true;
    for (size_t i = 0; i < engine->slots; i++)
        finite = finite && isfinite(engine->parameters[i]);
    return finite;
}

void network_set_parameters(Network *network, const float *parameters)
{
    Engine *engine = network->engine;
    engine->type->arrange(engine, parameters, engine->parameters);
    parameters_changed(network, 0, engine->slots);
}

static void settle_gradients(const Network *network)
{
    if (network->engine->type->settle == NULL)
        return;
    const Denormals before = denormals_set(DENORMALS_ZERO);
    network->engine->type->settle(network->engine);
    denormals_set(before);
}

void network_get_gradients(const Network *network, float *gradients)
{
    settle_gradients(network);
    const Engine *engine = network->engine;
    engine->type->flatten(engine, engine->gradients, gradients);
}

static bool same_layers(const NnSpec *a, const NnSpec *b)
{
    if (a->layer_count != b->layer_count)
        return false;
    for (int l = -1; l < a->layer_count; l++) {
        const NnShape x = nn_spec_shape(a, l), y = nn_spec_shape(b, l);
        if (x.channels != y.channels || x.height != y.height || x.width != y.width)
            return false;
        if (l >= 0 && a->layer[l].kind != b->layer[l].kind)
            return false;
    }
    return nn_spec_parameters(a) == nn_spec_parameters(b);
}

void network_copy_parameters(Network *to, const Network *from)
{
    assert(same_layers(&to->spec, &from->spec));
    if (to->engine->type == from->engine->type) {
        memcpy(to->engine->parameters, from->engine->parameters, to->engine->slots * sizeof(float));
        parameters_changed(to, 0, to->engine->slots);
        return;
    }
    network_get_parameters(from, to->flat);
    network_set_parameters(to, to->flat);
}

static double draw_deviation(Random *random)
{
    const double e = random != NULL ? random_normal(random) : 0;
    return copysign(sqrt(fabs(e)), e);
}

static double draw_tau(Random *random, size_t index, size_t count)
{
    return random != NULL ? random_unit(random) : (2 * (double)index + 1) / (2 * (double)count);
}

void network_draw_noise(Network *network, Random *random)
{
    float *noise = network->noise;
    for (int l = 0; l < network->spec.layer_count; l++) {
        const LayerPlan *plan = &network->plan[l];
        const size_t count = layer_noise(plan);
        for (size_t i = 0; i < count; i++)
            *noise++ = (float)(plan->layer.kind == NN_QUANTILES ? draw_tau(random, i, count)
                                                                : draw_deviation(random));
    }
    if (network->noise_count > 0)
        network->engine->type->take_noise(network->engine, network->noise);
}

const float *network_taus(const Network *network, int layer)
{
    const float *noise = network->noise;
    assert(layer >= 0 && layer < network->spec.layer_count);
    for (int l = 0; l < layer; l++)
        noise += layer_noise(&network->plan[l]);
    return network->spec.layer[layer].kind == NN_QUANTILES ? noise : NULL;
}

static void check_input(const Network *network, const NnInput *input, int batch)
{
    assert((input->planes != NULL) != (input->values != NULL));
    assert(batch >= 1 && batch <= network->batch_max);
    (void)network, (void)input, (void)batch; /* where asserts are compiled out */
}

void network_forward(Network *network, const NnInput *input, int batch, float *outputs)
{
    check_input(network, input, batch);
    if (network->of != NULL && network->engine->type->share == NULL)
        network_copy_parameters(network, network->of);
    network->trained_batch = 0;
    const Denormals before = denormals_set(DENORMALS_ZERO);
    network->engine->type->forward(network->engine, input, batch, false, NULL, outputs);
    denormals_set(before);
}

void network_forward_train(Network *network, const NnInput *input, int batch, float *outputs,
                           Random *random)
{
    check_input(network, input, batch);
    assert(network->of == NULL); /* a reader does not learn */
    network->trained_batch = batch;
    const Denormals before = denormals_set(DENORMALS_ZERO);
    network->engine->type->forward(network->engine, input, batch, true, random, outputs);
    denormals_set(before);
}

void network_backward(Network *network, const float *d_outputs)
{
    assert(network->trained_batch > 0); /* network_forward_train comes first */
    const Denormals before = denormals_set(DENORMALS_ZERO);
    network->engine->type->backward(network->engine, d_outputs);
    denormals_set(before);
}

typedef struct {
    Network *network;
    const NnOptimiser *optimiser;
    OptimiserStep step;
} Update;

static void update_slots(void *context, size_t begin, size_t end, float *gradients)
{
    const Update *update = context;
    const Network *network = update->network;
    float *parameters = network->engine->parameters + begin;
    if (update->optimiser->weight_decay > 0)
        optimiser_decay(update->optimiser, end - begin, parameters, gradients,
                        network->decays + begin);
    optimiser_step(&update->step, end - begin, parameters, gradients, network->average[0] + begin,
                   network->average[1] + begin);
    parameters_changed(network, begin, end);
}

static void update_piece(void *context, int index)
{
    const Update *update = context;
    const Engine *engine = update->network->engine;
    const size_t begin = (size_t)index * UPDATE_PIECE, most = begin + UPDATE_PIECE;
    update_slots(context, begin, most < engine->slots ? most : engine->slots,
                 engine->gradients + begin);
}

void network_update(Network *network, const NnOptimiser *optimiser)
{
    assert(network->optimiser_kind == -1 || network->optimiser_kind == (int)optimiser->kind);
    network->optimiser_kind = (int)optimiser->kind;
    network->updates++;
    const Denormals before = denormals_set(DENORMALS_ZERO);
    Update update = {network, optimiser, optimiser_begin(optimiser, network->updates)};
    const size_t pieces = (network->engine->slots + UPDATE_PIECE - 1) / UPDATE_PIECE;
    if (network->engine->type->visit != NULL)
        network->engine->type->visit(network->engine, update_slots, &update);
    else
        engine_run(network->team, (int)pieces, update_piece, &update);
    denormals_set(before);
}

double network_clip_gradients(Network *network, double limit)
{
    assert(limit > 0);
    settle_gradients(network);
    const Engine *engine = network->engine;
    double squares = 0;
    for (size_t i = 0; i < engine->slots; i++)
        squares += (double)engine->gradients[i] * (double)engine->gradients[i];
    const double norm = sqrt(squares);
    const float scale = norm > limit ? (float)(limit / norm) : 1;
    for (size_t i = 0; i < engine->slots && norm > limit; i++)
        engine->gradients[i] *= scale;
    return norm;
}

size_t network_optimiser_floats(const Network *network)
{
    return OPTIMISER_ARRAYS * network->parameter_count;
}

void network_get_optimiser(const Network *network, float *state, int64_t *updates)
{
    const Engine *engine = network->engine;
    for (int i = 0; i < OPTIMISER_ARRAYS; i++)
        engine->type->flatten(engine, network->average[i],
                              state + (size_t)i * network->parameter_count);
    *updates = network->updates;
}

void network_set_optimiser(Network *network, const float *state, int64_t updates)
{
    const Engine *engine = network->engine;
    for (int i = 0; i < OPTIMISER_ARRAYS; i++)
        engine->type->arrange(engine, state + (size_t)i * network->parameter_count,
                              network->average[i]);
    network->updates = updates;
    network->optimiser_kind = -1;
}

void network_get_activations(const Network *network, int layer, int batch, float *values)
{
    assert(layer >= 0 && layer < network->spec.layer_count);
    assert(batch >= 1 && batch <= network->batch_max);
    network->engine->type->activations(network->engine, layer, batch, values);
}
