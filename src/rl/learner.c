#include "rl/learner.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rl/agent.h"

struct Learner {
    DqnConfig config;
    int actions;
    Network *network;
    Network *target; /* NULL: none, the network is its own */
    ReplayBatch batch;
    Parallel *team;
    float *q;        /* [minibatch][actions] of s_t */
    float *q_next;   /* of s_t+1, by the target */
    float *q_choice; /* of s_t+1, by the network: chooses the action where double_q asks for it */
    float *d_q;
    float *scratch; /* parameters or optimiser, for learner_walk */
    int64_t updates;
};

bool learner_network_spec(NnSpec *spec, const DqnConfig *config, NnShape input, int actions,
                          Error *error)
{
    char text[DQN_NETWORK_TEXT_BYTES + 32];
    const char *separator = config->network[0] == 0 ? "" : ", ";
    snprintf(text, sizeof text, "%s%sdense %d", config->network, separator, actions);
    return nn_spec_parse(spec, text, input, error);
}

/* All the arrays; false if one is missing. */
static bool take_arrays(Learner *learner, size_t parameters)
{
    const size_t n = (size_t)learner->config.minibatch;
    const size_t values = n * (size_t)learner->actions,
                 planes = n * (size_t)learner->config.history;
    ReplayBatch *batch = &learner->batch;
    batch->action = calloc(n, sizeof *batch->action);
    batch->reward = calloc(n, sizeof *batch->reward);
    batch->ended = calloc(n, sizeof *batch->ended);
    batch->state = calloc(planes, sizeof *batch->state);
    batch->next_state = calloc(planes, sizeof *batch->next_state);
    learner->q = calloc(4 * values, sizeof *learner->q);
    learner->scratch = calloc(3 * parameters, sizeof *learner->scratch);
    if (!batch->action || !batch->reward || !batch->ended || !batch->state || !batch->next_state ||
        !learner->q || !learner->scratch)
        return false;
    learner->q_next = learner->q + values;
    learner->q_choice = learner->q + 2 * values;
    learner->d_q = learner->q + 3 * values;
    return true;
}

static bool take_networks(Learner *learner, const NnSpec *spec, NnBackend backend, Parallel *team,
                          Error *error)
{
    const int batch_max = learner->config.minibatch;
    learner->network = network_create(spec, batch_max, backend, team, error);
    if (learner->network == NULL)
        return false;
    if (learner->config.target_every_steps == 0)
        return true;
    learner->target = network_create(spec, batch_max, backend, team, error);
    return learner->target != NULL;
}

Learner *learner_create(const DqnConfig *config, int frame_height, int frame_width, int actions,
                        NnBackend backend, Parallel *team, Random *random, Error *error)
{
    NnSpec spec;
    if (!learner_network_spec(&spec, config, (NnShape){config->history, frame_height, frame_width},
                              actions, error))
        return NULL;
    Learner *learner = calloc(1, sizeof *learner);
    if (learner != NULL) {
        learner->config = *config;
        learner->team = team;
        learner->actions = actions;
    }
    if (learner == NULL || !take_arrays(learner, nn_spec_parameters(&spec))) {
        error_work(error, "no memory for a learner with minibatches of %d", config->minibatch);
        learner_destroy(learner);
        return NULL;
    }
    if (!take_networks(learner, &spec, backend, team, error)) {
        learner_destroy(learner);
        return NULL;
    }
    network_initialise(learner->network, config->init, random);
    learner_copy_target(learner);
    return learner;
}

void learner_destroy(Learner *learner)
{
    if (learner == NULL)
        return;
    network_destroy(learner->network);
    network_destroy(learner->target);
    free(learner->batch.action);
    free(learner->batch.reward);
    free(learner->batch.ended);
    free(learner->batch.state);
    free(learner->batch.next_state);
    free(learner->batch.room);
    free(learner->q);
    free(learner->scratch);
    free(learner);
}

Network *learner_network(Learner *learner)
{
    return learner->network;
}

void learner_copy_target(Learner *learner)
{
    if (learner->target != NULL)
        network_copy_parameters(learner->target, learner->network);
}

/* The network's view of the next states must come before its view of the present ones: the training
 * pass keeps what the backward pass needs. */
static void evaluate_batch(Learner *learner)
{
    const int n = learner->config.minibatch;
    const NnInput state = {.planes = learner->batch.state},
                  next = {.planes = learner->batch.next_state};
    Network *target = learner->target != NULL ? learner->target : learner->network;
    network_forward(target, &next, n, learner->q_next);
    if (learner->config.double_q)
        network_forward(learner->network, &next, n, learner->q_choice);
    network_forward_train(learner->network, &state, n, learner->q, NULL);
}

static double target_value(const Learner *learner, int n)
{
    const size_t row = (size_t)n * (size_t)learner->actions;
    double y = learner->batch.reward[n];
    if (!learner->batch.ended[n]) {
        const float *choice = learner->config.double_q ? learner->q_choice : learner->q_next;
        y += learner->config.gamma *
             learner->q_next[row + (size_t)agent_best(choice + row, learner->actions)];
    }
    return y;
}

/* Room to unpack a minibatch into, once the memory that it comes from is known. */
static bool take_room(Learner *learner, const Replay *replay, Error *error)
{
    const size_t bytes = replay_room(replay, learner->config.minibatch);
    if (bytes == 0 || learner->batch.room != NULL)
        return true;
    learner->batch.room = malloc(bytes);
    return learner->batch.room != NULL || error_work(error, "no memory for a minibatch's frames");
}

bool learner_prepare(Learner *learner, const Replay *replay, Random *random, LearnerStep *step,
                     Error *error)
{
    const DqnConfig *config = &learner->config;
    const int minibatch = config->minibatch;
    const double scale = config->reduce == DQN_REDUCE_MEAN ? 1.0 / minibatch : 1.0;
    if (!take_room(learner, replay, error))
        return false;
    replay_sample(replay, random, minibatch, learner->team, &learner->batch);
    evaluate_batch(learner);
    memset(learner->d_q, 0, (size_t)minibatch * (size_t)learner->actions * sizeof *learner->d_q);
    double loss = 0, q_sum = 0;
    for (int n = 0; n < minibatch; n++) {
        const int at = n * learner->actions + learner->batch.action[n];
        const double error_n = learner->q[at] - target_value(learner, n);
        loss += nn_loss(config->loss, error_n);
        q_sum += learner->q[at];
        learner->d_q[at] = (float)(scale * nn_loss_gradient(config->loss, error_n));
    }
    if (!isfinite(loss))
        return error_work(
            error,
            "the loss is not a finite number at update %lld: a smaller learning_rate would help",
            (long long)learner->updates + 1);
    network_backward(learner->network, learner->d_q);
    *step = (LearnerStep){.loss = loss / minibatch, .mean_q = q_sum / minibatch};
    return true;
}

void learner_descend(Learner *learner)
{
    network_update(learner->network, &learner->config.optimiser);
    learner->updates++;
}

bool learner_update(Learner *learner, const Replay *replay, Random *random, LearnerStep *step,
                    Error *error)
{
    if (!learner_prepare(learner, replay, random, step, error))
        return false;
    learner_descend(learner);
    return true;
}

static void walk_weights(Learner *learner, Network *network, const char *name, State *state)
{
    const size_t count = nn_spec_parameters(network_spec(network));
    network_get_parameters(network, learner->scratch);
    state_field(state, name, learner->scratch, count * sizeof(float));
    if (state_loaded(state))
        network_set_parameters(network, learner->scratch);
}

static void walk_optimiser(Learner *learner, State *state)
{
    int64_t updates;
    const size_t count = network_optimiser_floats(learner->network);
    assert(count <= 3 * nn_spec_parameters(network_spec(learner->network)));
    network_get_optimiser(learner->network, learner->scratch, &updates);
    state_field(state, "optimiser", learner->scratch, count * sizeof(float));
    STATE_FIELD(state, "optimiser updates", updates);
    if (state_loaded(state))
        network_set_optimiser(learner->network, learner->scratch, updates);
}

void learner_walk(Learner *learner, State *state)
{
    walk_weights(learner, learner->network, "weights", state);
    if (learner->target != NULL)
        walk_weights(learner, learner->target, "target weights", state);
    walk_optimiser(learner, state);
    STATE_FIELD(state, "learner updates", learner->updates);
}
