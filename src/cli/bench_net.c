/*
 * What an update and an action cost, of the network alone: no environment, no replay memory.
 *
 * An update is the target's forward pass, the learner's forward pass, backward, descent, over a
 * minibatch of 32; the median of many is reported, so that what else runs on the machine hardly
 * matters.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cli/commands.h"
#include "cli/measure.h"
#include "cli/options.h"
#include "cli/wiring.h"
#include "run/config.h"

enum { BATCH = 32, ACTIONS = 4, SIDE = 84, REPEATS_MAX = 400, WARM_UP = 3 };

static const double budget_seconds = 4; /* for each of the two numbers */

static const OptionsHelp help = {
    "bench net",
    "",
    "Measures one update (both forward passes, backward, descent; minibatch of 32) and the choice\n"
    "of one action, of a preset's network with four actions on 84x84 pictures. Medians.\n\n"
    "example: deepq bench net --preset nature2015 --threads 2 --json\n",
};

typedef struct {
    Network *learner, *target;
    NnOptimiser optimiser;
    Random random;
    uint8_t *pixels; /* one picture; the planes of a batch all begin within it */
    const uint8_t **planes;
    float outputs[BATCH * ACTIONS];
} Bench;

static void train_step(Bench *bench)
{
    const NnInput input = {.planes = bench->planes};
    network_forward(bench->target, &input, BATCH, bench->outputs);
    network_forward_train(bench->learner, &input, BATCH, bench->outputs, &bench->random);
    for (int i = 0; i < BATCH * ACTIONS; i++) /* of one action each, as in Q-learning */
        bench->outputs[i] = i % ACTIONS == 0 ? bench->outputs[i] / BATCH : 0;
    network_backward(bench->learner, bench->outputs);
    network_update(bench->learner, &bench->optimiser);
}

static void act(Bench *bench)
{
    const NnInput input = {.planes = bench->planes};
    network_forward(bench->learner, &input, 1, bench->outputs);
}

/* Milliseconds; the median of at most REPEATS_MAX calls within the budget. */
static double median_ms(Bench *bench, void work(Bench *bench))
{
    double ms[REPEATS_MAX];
    size_t count = 0;
    for (int i = 0; i < WARM_UP; i++)
        work(bench);
    const double begin = clock_seconds();
    while (count < REPEATS_MAX && (count == 0 || clock_seconds() < begin + budget_seconds)) {
        const double before = clock_seconds();
        work(bench);
        ms[count++] = 1e3 * (clock_seconds() - before);
    }
    return measure_median(ms, count);
}

static bool fill_planes(Bench *bench, int history, Error *error)
{
    const size_t count = (size_t)BATCH * (size_t)history;
    bench->pixels = malloc(count + SIDE * SIDE);
    bench->planes = malloc(count * sizeof bench->planes[0]);
    if (bench->pixels == NULL || bench->planes == NULL)
        return error_work(error, "no memory for a minibatch of %d", BATCH);
    for (size_t i = 0; i < count + SIDE * SIDE; i++)
        bench->pixels[i] = (uint8_t)random_bits(&bench->random);
    for (size_t i = 0; i < count; i++)
        bench->planes[i] = bench->pixels + i;
    return true;
}

static bool prepare(Bench *bench, const RunConfig *config, Parallel *team, Error *error)
{
    NnSpec spec;
    char layers[DQN_NETWORK_TEXT_BYTES + 32];
    const NnShape input = {config->dqn.history, SIDE, SIDE};
    snprintf(layers, sizeof layers, "%s, dense %d", config->dqn.network, ACTIONS);
    bench->random = random_stream(config->seed, "bench");
    if (!nn_spec_parse(&spec, layers, input, error) ||
        (bench->learner = network_create(&spec, BATCH, config->backend, team, error)) == NULL ||
        (bench->target = network_create(&spec, BATCH, config->backend, team, error)) == NULL)
        return false;
    network_initialise(bench->learner, config->dqn.init, &bench->random);
    network_copy_parameters(bench->target, bench->learner);
    bench->optimiser = config->dqn.optimiser;
    return fill_planes(bench, config->dqn.history, error);
}

static bool measure(const RunConfig *config, bool json, Error *error)
{
    Parallel *team = parallel_create(config->threads, error);
    Bench bench = {0};
    const bool done = team != NULL && prepare(&bench, config, team, error);
    if (done) {
        const Measure measures[] = {
            {"preset", 0, config->preset},
            {"backend", 0, network_backend_name(bench.learner)},
            {"threads", config->threads, NULL},
            {"train_step_ms", median_ms(&bench, train_step), NULL},
            {"act_ms", median_ms(&bench, act), NULL},
        };
        measure_print(measures, sizeof measures / sizeof measures[0], json);
    }
    network_destroy(bench.learner);
    network_destroy(bench.target);
    free(bench.pixels);
    free(bench.planes);
    parallel_destroy(team);
    return done;
}

int bench_net(int argc, const char **argv)
{
    RunRequest request = {0};
    int json = 0;
    struct poptOption table[] = {
        WIRING_OPTION_PRESET(request),
        WIRING_OPTION_THREADS(request),
        WIRING_OPTION_SET(request),
        {"json", 0, POPT_ARG_NONE, &json, 0, "print one JSON object", NULL},
        POPT_TABLEEND,
    };
    Options options;
    RunConfig config;
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    if (!wiring_config(&config, &request, "none", &error) || !measure(&config, json, &error))
        status = options_fail(&error);
    options_free(&options);
    return status;
}
