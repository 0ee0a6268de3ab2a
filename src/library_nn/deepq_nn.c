/*
 * deepq_nn.c - the face of libdeepq-nn, over nn/network.h.
 */
#include "deepq_nn.h"

#include <stdlib.h>
#include <string.h>

#include "nn/loss.h"
#include "nn/network.h"
#include "nn/rate.h"
#include "nn/weights.h"

#define PUBLIC __attribute__((visibility("default")))

struct DeepqNn {
    Parallel *team;
    Network *network;
    Random dropout;
    size_t outputs;
};

_Static_assert((int)DEEPQ_NN_SMALL == (int)NN_INIT_SMALL, "initialisers in one order");
_Static_assert((int)DEEPQ_NN_COSINE == (int)NN_RATE_COSINE, "schedules in one order");

/* ---- life ---- */

static void tell(DeepqNnError *told, const Error *error)
{
    if (told != NULL)
        memcpy(told->text, error->text, sizeof told->text);
}

static bool check(int channels, int height, int width, int batch_max, int threads, Error *error)
{
    enum { SIDE_MAX = 1 << 20, BATCH_MAX = 1 << 20 };
    if (channels < 1 || height < 1 || width < 1 || channels > SIDE_MAX || height > SIDE_MAX ||
        width > SIDE_MAX || (double)channels * height * width > 1e8)
        return error_input(error, "inputs cannot be %d x %d x %d", channels, height, width);
    if (batch_max < 1 || batch_max > BATCH_MAX)
        return error_input(error, "batch_max cannot be %d: it is 1 to %d", batch_max,
                           (int)BATCH_MAX);
    if (threads < 1 || threads > PARALLEL_THREADS_MAX)
        return error_input(error, "threads cannot be %d: it is 1 to %d", threads,
                           (int)PARALLEL_THREADS_MAX);
    return true;
}

static bool build(DeepqNn *nn, const char *layers, NnShape input, int batch_max, int threads,
                  Error *error)
{
    NnSpec spec;
    if (!nn_spec_parse(&spec, layers, input, error) ||
        (nn->team = parallel_create(threads, error)) == NULL ||
        (nn->network = network_create(&spec, batch_max, NN_BACKEND_AUTO, nn->team, error)) == NULL)
        return false;
    const NnShape out = nn_spec_shape(&spec, spec.layer_count - 1);
    nn->outputs = (size_t)out.channels * (size_t)out.height * (size_t)out.width;
    nn->dropout = random_stream(0, "dropout");
    return true;
}

PUBLIC DeepqNn *deepq_nn_create(const char *layers, int channels, int height, int width,
                                int batch_max, int threads, DeepqNnError *told)
{
    Error error = {0};
    DeepqNn *nn = NULL;
    const NnShape input = {channels, height, width};
    if (check(channels, height, width, batch_max, threads, &error)) {
        nn = calloc(1, sizeof *nn);
        if (nn == NULL)
            error_work(&error, "no memory for a network");
        else if (build(nn, layers, input, batch_max, threads, &error))
            return nn;
    }
    tell(told, &error);
    deepq_nn_destroy(nn);
    return NULL;
}

PUBLIC void deepq_nn_destroy(DeepqNn *nn)
{
    if (nn == NULL)
        return;
    network_destroy(nn->network);
    parallel_destroy(nn->team);
    free(nn);
}

PUBLIC void deepq_nn_initialise(DeepqNn *nn, DeepqNnInit init, uint64_t seed)
{
    Random random = random_stream(seed, "init");
    network_initialise(nn->network, (NnInit)init, &random);
    nn->dropout = random_stream(seed, "dropout");
}

/* ---- work ---- */

PUBLIC void deepq_nn_forward(DeepqNn *nn, const float *inputs, int batch, float *outputs)
{
    network_forward(nn->network, &(NnInput){.values = inputs}, batch, outputs);
}

PUBLIC void deepq_nn_forward_train(DeepqNn *nn, const float *inputs, int batch, float *outputs)
{
    network_forward_train(nn->network, &(NnInput){.values = inputs}, batch, outputs, &nn->dropout);
}

PUBLIC void deepq_nn_backward(DeepqNn *nn, const float *d_outputs)
{
    network_backward(nn->network, d_outputs);
}

PUBLIC double deepq_nn_clip(DeepqNn *nn, double limit)
{
    return network_clip_gradients(nn->network, limit);
}

PUBLIC DeepqNnOptimiser deepq_nn_sgd(double rate, double momentum)
{
    return (DeepqNnOptimiser){.rule = DEEPQ_NN_SGD, .rate = rate, .momentum = momentum};
}

PUBLIC DeepqNnOptimiser deepq_nn_adam(double rate)
{
    return (DeepqNnOptimiser){DEEPQ_NN_ADAM, rate, 0.9, 0.999, 1e-8, 0};
}

static NnOptimiserKind kind_of(DeepqNnRule rule)
{
    switch (rule) {
    case DEEPQ_NN_NESTEROV: return NN_NESTEROV;
    case DEEPQ_NN_ADAGRAD: return NN_ADAGRAD;
    case DEEPQ_NN_RMSPROP: return NN_RMSPROP;
    case DEEPQ_NN_ADAM: return NN_ADAM;
    case DEEPQ_NN_ADAMW: return NN_ADAMW;
    default: return NN_SGD;
    }
}

PUBLIC void deepq_nn_update(DeepqNn *nn, const DeepqNnOptimiser *optimiser)
{
    const NnOptimiser rule = {
        .kind = kind_of(optimiser->rule),
        .learning_rate = optimiser->rate,
        .momentum = optimiser->momentum,
        .decay = optimiser->decay,
        .epsilon = optimiser->epsilon,
        .weight_decay = optimiser->weight_decay,
    };
    network_update(nn->network, &rule);
}

PUBLIC double deepq_nn_schedule(DeepqNnSchedule schedule, int64_t update, int64_t updates,
                                int64_t warm_up)
{
    return nn_rate((NnRate)schedule, update, updates, warm_up);
}

/* ---- losses ---- */

static double lose(NnLoss loss, const float *outputs, const float *targets, int batch, int each,
                   float *d_outputs)
{
    const size_t count = (size_t)batch * (size_t)each;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const double d = (double)outputs[i] - targets[i];
        sum += nn_loss(loss, d);
        d_outputs[i] = (float)(nn_loss_gradient(loss, d) / batch);
    }
    return sum / batch;
}

PUBLIC double deepq_nn_squared(const float *outputs, const float *targets, int batch,
                               int outputs_each, float *d_outputs)
{
    return lose(NN_LOSS_SQUARED, outputs, targets, batch, outputs_each, d_outputs);
}

PUBLIC double deepq_nn_huber(const float *outputs, const float *targets, int batch,
                             int outputs_each, float *d_outputs)
{
    return lose(NN_LOSS_HUBER, outputs, targets, batch, outputs_each, d_outputs);
}

PUBLIC double deepq_nn_cross_entropy(const float *outputs, const int *labels, int batch,
                                     int classes, float *d_outputs)
{
    return nn_cross_entropy_batch(outputs, labels, batch, classes, d_outputs);
}

/* ---- parameters ---- */

PUBLIC size_t deepq_nn_outputs(const DeepqNn *nn)
{
    return nn->outputs;
}

PUBLIC size_t deepq_nn_parameters(const DeepqNn *nn)
{
    return nn_spec_parameters(network_spec(nn->network));
}

PUBLIC void deepq_nn_get(const DeepqNn *nn, float *parameters)
{
    network_get_parameters(nn->network, parameters);
}

PUBLIC void deepq_nn_set(DeepqNn *nn, const float *parameters)
{
    network_set_parameters(nn->network, parameters);
}

PUBLIC void deepq_nn_get_gradients(const DeepqNn *nn, float *gradients)
{
    network_get_gradients(nn->network, gradients);
}

PUBLIC bool deepq_nn_save(const DeepqNn *nn, const char *path, DeepqNnError *told)
{
    Error error = {0};
    const bool done = weights_save(nn->network, path, NULL, 0, &error);
    if (!done)
        tell(told, &error);
    return done;
}

PUBLIC bool deepq_nn_load(DeepqNn *nn, const char *path, DeepqNnError *told)
{
    Error error = {0};
    const bool done = weights_load(nn->network, path, &error);
    if (!done)
        tell(told, &error);
    return done;
}
