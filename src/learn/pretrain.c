#include "learn/pretrain.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "learn/rbm.h"

PretrainRule pretrain_default(PretrainKind kind)
{
    return (PretrainRule){.kind = kind,
                          .epochs = 10,
                          .batch = 50,
                          .k = 1,
                          .rate = kind == PRETRAIN_RBM ? 0.1 : 1e-3,
                          .corruption = 0.25};
}

/* One layer on the way. */
typedef struct {
    const PretrainRule *rule;
    int inputs, units, count;
    float *values; /* [count][inputs] */
    int *order;
    float *batch; /* [rule->batch][inputs] */
    Random *random;
    float *weights; /* [units][inputs], as network.h keeps them; filled by the layer's training */
    float *biases;
    float *told; /* [count][units]: what the next layer gets */
    double error;
} Stage;

static void shuffle(int *order, int count, Random *random)
{
    for (int i = count - 1; i > 0; i--) {
        const int j = (int)random_below(random, (uint32_t)i + 1);
        const int swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
}

/* The next batch; returns its size. */
static int take_batch(const Stage *s, int at)
{
    const int count = s->count - at < s->rule->batch ? s->count - at : s->rule->batch;
    for (int n = 0; n < count; n++)
        memcpy(s->batch + (size_t)n * (size_t)s->inputs,
               s->values + (size_t)s->order[at + n] * (size_t)s->inputs,
               (size_t)s->inputs * sizeof *s->batch);
    return count;
}

static bool train_rbm(Stage *s, Error *error)
{
    Rbm *rbm = rbm_create(s->inputs, s->units, s->rule->batch, s->random, error);
    if (rbm == NULL)
        return false;
    for (int epoch = 0; epoch < s->rule->epochs; epoch++) {
        const RbmRule rule = {.k = s->rule->k,
                              .rate = s->rule->rate,
                              .momentum = epoch < 3 ? 0.5 : 0.9,
                              .weight_decay = 2e-4};
        s->error = 0;
        shuffle(s->order, s->count, s->random);
        for (int at = 0; at < s->count; at += s->rule->batch) {
            const int count = take_batch(s, at);
            s->error += rbm_learn(rbm, &rule, s->batch, count, s->random) * count / s->count;
        }
    }
    rbm_hidden(rbm, s->values, s->count, s->told);
    for (int j = 0; j < s->units; j++)
        for (int i = 0; i < s->inputs; i++)
            s->weights[j * s->inputs + i] = rbm->w[i * s->units + j];
    memcpy(s->biases, rbm->c, (size_t)s->units * sizeof *s->biases);
    rbm_destroy(rbm);
    return true;
}

/* One update; the outputs, of the size of the batch, become dL/d outputs. Returns the loss. */
static double denoise(Network *network, const Stage *s, int count, float *corrupted, float *outputs)
{
    const size_t all = (size_t)count * (size_t)s->inputs;
    const NnOptimiser rule = {NN_ADAM, s->rule->rate, 0.9, 0.999, 1e-8, 0};
    double loss = 0;
    for (size_t i = 0; i < all; i++)
        corrupted[i] = random_unit(s->random) < s->rule->corruption ? 0 : s->batch[i];
    network_forward_train(network, &(NnInput){.values = corrupted}, count, outputs, NULL);
    for (size_t i = 0; i < all; i++) {
        const float d = outputs[i] - s->batch[i];
        loss += (double)d * d / (double)all;
        outputs[i] = d / (float)count;
    }
    network_backward(network, outputs);
    network_update(network, &rule);
    return loss;
}

static void train_autoencoder(Network *network, Stage *s, float *room)
{
    const size_t batch = (size_t)s->rule->batch * (size_t)s->inputs;
    for (int epoch = 0; epoch < s->rule->epochs; epoch++) {
        s->error = 0;
        shuffle(s->order, s->count, s->random);
        for (int at = 0; at < s->count; at += s->rule->batch) {
            const int count = take_batch(s, at);
            s->error += denoise(network, s, count, room, room + batch) * count / s->count;
        }
    }
}

/* The first layer's weights and biases, and what its sigmoids tell of all examples. */
static void take_first_layer(Network *network, const Stage *s, float *parameters, float *room)
{
    const size_t weights = (size_t)s->units * (size_t)s->inputs;
    network_get_parameters(network, parameters);
    memcpy(s->weights, parameters, weights * sizeof *parameters);
    memcpy(s->biases, parameters + weights, (size_t)s->units * sizeof *parameters);
    for (int at = 0; at < s->count; at += s->rule->batch) {
        const int count = s->count - at < s->rule->batch ? s->count - at : s->rule->batch;
        const NnInput input = {.values = s->values + (size_t)at * (size_t)s->inputs};
        network_forward(network, &input, count, room);
        network_get_activations(network, 1, count, s->told + (size_t)at * (size_t)s->units);
    }
}

static bool train_denoising(Stage *s, Error *error)
{
    char text[80];
    NnSpec spec;
    snprintf(text, sizeof text, "dense %d, sigmoid, dense %d, sigmoid", s->units, s->inputs);
    if (!nn_spec_parse(&spec, text, (NnShape){s->inputs, 1, 1}, error))
        return false;
    Network *network = network_create(&spec, s->rule->batch, NN_BACKEND_AUTO, NULL, error);
    const size_t batch = (size_t)s->rule->batch * (size_t)s->inputs;
    float *room = malloc((2 * batch + nn_spec_parameters(&spec)) * sizeof *room);
    const bool done = network != NULL && room != NULL;
    if (done) {
        network_initialise(network, NN_INIT_GLOROT, s->random);
        train_autoencoder(network, s, room);
        take_first_layer(network, s, room + 2 * batch, room);
    } else if (network != NULL) {
        error_work(error, "no memory for an autoencoder of %d units", s->units);
    }
    free(room);
    network_destroy(network);
    return done;
}

/* Dense layers with a sigmoid after them, from the first on. Returns how many. */
static int count_layers(const NnSpec *spec)
{
    int count = 0;
    for (int l = 0; l + 1 < spec->layer_count; l += 2, count++)
        if (spec->layer[l].kind != NN_DENSE || spec->layer[l + 1].kind != NN_SIGMOID)
            break;
    return count;
}

static bool train_layers(float *parameters, const NnSpec *spec, int layers, DataPart *part,
                         const PretrainRule *rule, Random *random, double *errors, Error *error)
{
    Stage s = {.rule = rule, .count = part->count, .random = random};
    s.inputs = spec->input.channels * spec->input.height * spec->input.width;
    int widest = s.inputs;
    for (int l = 0; l < layers; l++)
        widest = spec->layer[2 * l].outputs > widest ? spec->layer[2 * l].outputs : widest;
    const size_t all = (size_t)part->count * (size_t)widest;
    s.values = malloc(2 * all * sizeof(float));
    s.batch = malloc((size_t)rule->batch * (size_t)widest * sizeof(float));
    s.order = malloc((size_t)part->count * sizeof(int));
    bool done = s.values != NULL && s.batch != NULL && s.order != NULL;
    if (!done)
        error_work(error, "no memory for the values of %d examples", part->count);
    float *two[2] = {s.values, s.values != NULL ? s.values + all : NULL};
    for (int n = 0; done && n < part->count; n++) {
        data_read(part->data, part->index[n], s.values + (size_t)n * (size_t)s.inputs);
        s.order[n] = n;
    }
    for (int l = 0; done && l < layers; l++, s.inputs = s.units) {
        const NnSlice slice = nn_spec_slice(spec, 2 * l);
        s.units = spec->layer[2 * l].outputs;
        s.values = two[l % 2];
        s.told = two[1 - l % 2];
        s.weights = parameters + slice.offset;
        s.biases = s.weights + slice.weights;
        done = rule->kind == PRETRAIN_RBM ? train_rbm(&s, error) : train_denoising(&s, error);
        if (errors != NULL)
            errors[l] = s.error;
    }
    free(two[0]), free(s.batch), free(s.order);
    return done;
}

bool pretrain(Network *network, DataPart *part, const PretrainRule *rule, uint64_t seed,
              double *errors, Error *error)
{
    const NnSpec *spec = network_spec(network);
    const int layers = count_layers(spec);
    if (layers == 0)
        return error_input(error, "pre-training is for networks that begin with 'dense UNITS, "
                                  "sigmoid'; this one does not");
    float *parameters = malloc(nn_spec_parameters(spec) * sizeof *parameters);
    if (parameters == NULL)
        return error_work(error, "no memory for %zu parameters", nn_spec_parameters(spec));
    Random random = random_stream(seed, "pretrain");
    network_get_parameters(network, parameters);
    const bool done = train_layers(parameters, spec, layers, part, rule, &random, errors, error);
    if (done)
        network_set_parameters(network, parameters);
    free(parameters);
    return done;
}
