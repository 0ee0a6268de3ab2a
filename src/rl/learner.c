#include "rl/learner.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rl/agent.h"
#include "rl/head.h"
#include "rl/schedule.h"
#include "rl/target.h"

struct Learner {
    DqnConfig config;
    Head head;
    Network *network;
    Network *target; /* NULL: none, the network is its own */
    ReplayBatch batch;
    Parallel *team;
    float *outputs;  /* [minibatch][outputs], of the pass that was made last */
    float *x;        /* [minibatch][actions][atoms] of s_t */
    float *x_state;  /* of s_t, by the target, where Munchausen asks for it */
    float *x_next;   /* of s_next, by the target */
    float *x_choice; /* of s_next, by the network: chooses the action where double_q asks for it */
    float *d_x;      /* [atoms] */
    float *d_outputs;
    double *priorities; /* of the minibatch */
    Target *promised;   /* room for one */
    float *scratch;     /* parameters or optimiser, for learner_walk */
    int64_t updates;
};

/* All the arrays; false if one is missing. */
static bool take_arrays(Learner *learner, size_t parameters)
{
    const Head *head = &learner->head;
    const size_t n = (size_t)learner->config.minibatch;
    const size_t outputs = n * (size_t)head_outputs(head);
    const size_t values = n * (size_t)(head->actions * head->atoms);
    learner->outputs = calloc(2 * outputs + 4 * values + (size_t)head->atoms, sizeof(float));
    learner->priorities = calloc(n, sizeof *learner->priorities);
    learner->promised = calloc(1, sizeof *learner->promised);
    learner->scratch = calloc(3 * parameters, sizeof *learner->scratch);
    if (!learner->outputs || !learner->priorities || !learner->promised || !learner->scratch)
        return false;
    learner->d_outputs = learner->outputs + outputs;
    learner->x = learner->d_outputs + outputs;
    learner->x_state = learner->x + values;
    learner->x_next = learner->x_state + values;
    learner->x_choice = learner->x_next + values;
    learner->d_x = learner->x_choice + values;
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
        learner->head = head_of(config, actions);
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
    replay_batch_destroy(&learner->batch);
    free(learner->outputs);
    free(learner->priorities);
    free(learner->promised);
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

static void combine(Learner *learner, int count, float *x)
{
    const Head *head = &learner->head;
    for (int n = 0; n < count; n++)
        head_combine(head, learner->outputs + n * head_outputs(head),
                     x + n * head->actions * head->atoms);
}

/* Noise and taus from `random`; NULL: none. */
static void look(Learner *learner, Network *network, const uint8_t *const *planes, int count,
                 Random *random, float *x)
{
    network_draw_noise(network, random);
    network_forward(network, &(NnInput){.planes = planes}, count, learner->outputs);
    combine(learner, count, x);
}

/* ... of the minibatch, by the network, which keeps what the backward pass needs. */
static void look_to_learn(Learner *learner, const uint8_t *const *planes, Random *random)
{
    const int minibatch = learner->config.minibatch;
    network_draw_noise(learner->network, random);
    network_forward_train(learner->network, &(NnInput){.planes = planes}, minibatch,
                          learner->outputs, NULL);
    combine(learner, minibatch, learner->x);
}

/* The network's view of the next states must come before its view of the present ones: the training
 * pass keeps what the backward pass needs. */
static void evaluate_batch(Learner *learner, Random *random)
{
    const DqnConfig *config = &learner->config;
    const int count = config->minibatch;
    Network *target = learner->target != NULL ? learner->target : learner->network;
    const ReplayBatch *batch = &learner->batch;
    look(learner, target, batch->next_state, count, random, learner->x_next);
    if (config->munchausen > 0)
        look(learner, target, batch->state, count, random, learner->x_state);
    else if (config->double_q)
        look(learner, learner->network, batch->next_state, count, random, learner->x_choice);
    look_to_learn(learner, batch->state, random);
}

static Promise promise_of(const Learner *learner, int n)
{
    const DqnConfig *config = &learner->config;
    const int row = n * learner->head.actions * learner->head.atoms;
    const bool other = config->double_q && config->munchausen <= 0;
    return (Promise){
        .action = learner->batch.action[n],
        .reward = learner->batch.reward[n],
        .discount = learner->batch.discount[n],
        .x_next = learner->x_next + row,
        .x_choice = (other ? learner->x_choice : learner->x_next) + row,
        .x_state = learner->x_state + row,
    };
}

/* How much the sample counts for: undoes, as far as beta says, that it is drawn more often than
 * others; the one that is drawn least in the minibatch counts for 1 [Schaul2016, 3.4]. */
static double importance(const Learner *learner, double beta, int n)
{
    double least = learner->batch.chance[n];
    if (!learner->config.prioritised)
        return 1;
    for (int i = 0; i < learner->config.minibatch; i++)
        least = fmin(least, learner->batch.chance[i]);
    return pow(least / learner->batch.chance[n], beta);
}

/* Of the last pass over a minibatch; NULL: quantiles are not implicit. */
static const float *learnt_taus(const Learner *learner)
{
    const NnSpec *spec = network_spec(learner->network);
    int layer = spec->layer_count - 1;
    if (learner->head.returns != DQN_RETURNS_IMPLICIT)
        return NULL;
    while (spec->layer[layer].kind != NN_QUANTILES)
        layer--;
    return network_taus(learner->network, layer);
}

/* Loss and gradient of sample n against what is promised, the gradient times `scale`. */
static double learn_towards(Learner *learner, int n, int action, double scale)
{
    const DqnConfig *config = &learner->config;
    const Head *head = &learner->head;
    const float *x = learner->x + (n * head->actions + action) * head->atoms;
    const float *taus = learnt_taus(learner);
    const double loss = target_loss(learner->promised, config, head, taus, x, learner->d_x);
    const double surprise = target_surprise(learner->promised, head, x, loss);
    const double tiny = 1e-3; /* so that nothing is never drawn again */
    for (int i = 0; i < head->atoms; i++)
        learner->d_x[i] = (float)(scale * learner->d_x[i]);
    head_spread(head, action, learner->d_x, learner->d_outputs + n * head_outputs(head));
    learner->priorities[n] =
        fmin(pow(surprise + tiny, config->priority_exponent), REPLAY_PRIORITY_MAX);
    return loss;
}

static double learn_sample(Learner *learner, int n, double scale)
{
    const Promise promise = promise_of(learner, n);
    target_of(learner->promised, &learner->config, &learner->head, &promise);
    return learn_towards(learner, n, promise.action, scale);
}

static double value_of(const Learner *learner, int n, int action)
{
    const Head *head = &learner->head;
    float q[DQN_ACTIONS_MAX];
    head_values(head, learner->x + n * head->actions * head->atoms, q);
    return q[action];
}

static double scale_of(const DqnConfig *config)
{
    return config->reduce == DQN_REDUCE_MEAN ? 1.0 / config->minibatch : 1.0;
}

/* From the outputs' gradients to the weights', where the sum of the losses is a number. */
static bool find_gradients(Learner *learner, const LearnerStep *sums, LearnerStep *step,
                           Error *error)
{
    const DqnConfig *config = &learner->config;
    if (!isfinite(sums->loss))
        return error_work(
            error,
            "the loss is not a finite number at update %lld: a smaller learning_rate would help",
            (long long)learner->updates + 1);
    network_backward(learner->network, learner->d_outputs);
    if (config->max_gradient > 0)
        network_clip_gradients(learner->network, config->max_gradient);
    *step = (LearnerStep){sums->loss / config->minibatch, sums->mean_q / config->minibatch};
    return true;
}

/* Arrays for a minibatch, once the memory that it comes from is known. */
static bool take_batch(Learner *learner, const Replay *replay, Error *error)
{
    return learner->batch.reward != NULL ||
           replay_batch_create(&learner->batch, replay, learner->config.minibatch, error);
}

bool learner_prepare(Learner *learner, Replay *replay, double progress, Random *random,
                     LearnerStep *step, Error *error)
{
    const DqnConfig *config = &learner->config;
    const int minibatch = config->minibatch;
    const double scale = scale_of(config);
    const double beta =
        config->importance_start + progress * (config->importance_end - config->importance_start);
    if (!take_batch(learner, replay, error))
        return false;
    replay_sample(replay, random, minibatch, learner->team, &learner->batch);
    evaluate_batch(learner, random);
    LearnerStep sums = {0};
    for (int n = 0; n < minibatch; n++) {
        sums.loss += learn_sample(learner, n, scale * importance(learner, beta, n));
        sums.mean_q += value_of(learner, n, learner->batch.action[n]);
    }
    if (!find_gradients(learner, &sums, step, error))
        return false;
    if (config->prioritised)
        replay_prioritise(replay, &learner->batch, minibatch, learner->priorities);
    return true;
}

bool learner_prepare_towards(Learner *learner, const uint8_t *const *planes, const int *actions,
                             const double *towards, Random *random, LearnerStep *step, Error *error)
{
    LearnerStep sums = {0};
    look_to_learn(learner, planes, random);
    for (int n = 0; n < learner->config.minibatch; n++) {
        learner->promised->count = 1;
        learner->promised->value[0] = towards[n];
        learner->promised->weight[0] = 1;
        sums.loss += learn_towards(learner, n, actions[n], scale_of(&learner->config));
        sums.mean_q += value_of(learner, n, actions[n]);
    }
    return find_gradients(learner, &sums, step, error);
}

void learner_best_values(Learner *learner, const uint8_t *const *planes, int count, double *best)
{
    const Head *head = &learner->head;
    look(learner, learner->network, planes, count, NULL, learner->x);
    for (int n = 0; n < count; n++) {
        float q[DQN_ACTIONS_MAX];
        head_values(head, learner->x + n * head->actions * head->atoms, q);
        best[n] = (double)q[agent_best(q, head->actions)];
    }
}

void learner_descend(Learner *learner, int64_t steps)
{
    const DqnConfig *config = &learner->config;
    NnOptimiser rule = config->optimiser;
    rule.learning_rate *=
        schedule_linear(1, config->learning_rate_end_share, config->learn_start_steps,
                        config->learning_rate_steps, steps);
    network_update(learner->network, &rule);
    learner->updates++;
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
