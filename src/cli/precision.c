#include "cli/precision.h"

#include <stdlib.h>

#include "base/clock.h"
#include "rl/learner.h"

/* Turns: the quickest of each counts, so that what else runs on the machine does not. Less than
 * WORTH_IT of the time is worth the rounding. */
enum { TURNS = 9, ACTIONS = 4 };
static const double budget_seconds = 1, worth_it = 0.95;

typedef struct {
    Network *network;
    double quickest_seconds;
} Candidate;

typedef struct {
    const RunConfig *config;
    const uint8_t **planes; /* all NULL: black pictures */
    float *outputs;
} Trial;

/* As the learner does it: the target's forward pass, and an update. */
static void update(const Trial *trial, Network *network)
{
    const int batch = trial->config->dqn.minibatch;
    const NnInput input = {.planes = trial->planes};
    network_forward(network, &input, batch, trial->outputs);
    network_forward_train(network, &input, batch, trial->outputs, NULL);
    network_backward(network, trial->outputs);
    network_update(network, &trial->config->dqn.optimiser);
}

static void run_turns(const Trial *trial, Candidate candidate[2])
{
    const double begin = clock_seconds();
    for (int turn = 0; turn < TURNS && (turn < 2 || clock_seconds() < begin + budget_seconds);
         turn++)
        for (int i = 0; i < 2; i++) {
            const double before = clock_seconds();
            update(trial, candidate[i].network);
            const double seconds = clock_seconds() - before;
            if (turn == 0 || seconds < candidate[i].quickest_seconds)
                candidate[i].quickest_seconds = seconds;
        }
}

static bool make_candidate(Candidate *candidate, const RunConfig *config, const NnSpec *spec,
                           NnBackend backend, Parallel *team, Error *error)
{
    candidate->network = network_create(spec, config->dqn.minibatch, backend, team, error);
    if (candidate->network == NULL)
        return false;
    Random random = random_stream(config->seed, "precision");
    network_initialise(candidate->network, config->dqn.init, &random);
    return true;
}

/* False where there is no telling, for want of memory or of a layer: then it is f32. */
static bool bf16_is_faster(const RunConfig *config, const NnSpec *spec, Parallel *team)
{
    Error ignored = {0};
    Candidate candidate[2] = {{0}};
    const size_t pictures = (size_t)config->dqn.minibatch;
    const NnShape out = nn_spec_shape(spec, spec->layer_count - 1);
    const Trial trial = {
        .config = config,
        .planes = calloc(pictures * (size_t)config->dqn.history, sizeof *trial.planes),
        .outputs = calloc(pictures * (size_t)(out.channels * out.height * out.width),
                          sizeof *trial.outputs)};
    const bool made =
        trial.planes != NULL && trial.outputs != NULL &&
        make_candidate(&candidate[0], config, spec, config->backend, team, &ignored) &&
        make_candidate(&candidate[1], config, spec, NN_BACKEND_BF16, team, &ignored);
    if (made)
        run_turns(&trial, candidate);
    for (int i = 0; i < 2; i++)
        network_destroy(candidate[i].network);
    free(trial.planes);
    free(trial.outputs);
    return made && candidate[1].quickest_seconds < worth_it * candidate[0].quickest_seconds;
}

static RunPrecision measured(const RunConfig *config, const NnSpec *spec)
{
    Error ignored = {0};
    Parallel *team = network_has_bf16(&ignored) ? parallel_create(config->threads, &ignored) : NULL;
    const bool bf16 = team != NULL && bf16_is_faster(config, spec, team);
    parallel_destroy(team);
    return bf16 ? RUN_PRECISION_BF16 : RUN_PRECISION_F32;
}

bool precision_settle(RunConfig *config, int frame_height, int frame_width, Error *error)
{
    NnSpec spec;
    const NnShape input = {config->dqn.history, frame_height, frame_width};
    if (config->precision == RUN_PRECISION_BF16)
        return network_has_bf16(error);
    if (config->precision == RUN_PRECISION_F32)
        return true;
    if (!learner_network_spec(&spec, &config->dqn, input, ACTIONS, error))
        return false;
    config->precision = measured(config, &spec);
    return true;
}

const char *precision_name(const RunConfig *config)
{
    return config->precision == RUN_PRECISION_BF16 ? "bf16" : "f32";
}
