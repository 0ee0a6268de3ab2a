/*
 * What an update and an action cost, of the network alone: no environment, no replay memory; the
 * pictures are there before.
 *
 * An update is the target's forward pass, the learner's forward pass, backward, descent, over a
 * minibatch of 32; the median of many is reported, so that what else runs on the machine hardly
 * matters.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/commands.h"
#include "cli/measure.h"
#include "cli/options.h"
#include "cli/precision.h"
#include "cli/problem.h"
#include "cli/wiring.h"
#include "run/config.h"

enum {
    BATCH = 32,
    ACTIONS = 4,
    SIDE = 84,
    FRAMES = 2000, /* of random play, 14 MB: more than the caches hold, as a replay memory is */
    REPEATS_MAX = 400,
    WARM_UP = 3,
};

static const double budget_seconds = 4; /* for each of the two numbers */

static const OptionsHelp help = {
    "bench net",
    "",
    "Measures one update (both forward passes, backward, descent; minibatch of 32) and the choice\n"
    "of one action, of a preset's network with four actions, on 84x84 pictures of random play. "
    "The\n"
    "first layer's work is what changes between frames: --game noise, where every pixel always\n"
    "changes, is the slowest there can be. Medians.\n\n"
    "example: deepq bench net --preset nature2015 --threads 2 --json\n",
};

typedef struct {
    Network *learner, *target;
    NnOptimiser optimiser;
    Random random;
    int history;
    uint8_t *frames;                       /* [FRAMES][SIDE][SIDE] */
    const uint8_t **planes, **next_planes; /* of a minibatch's states, and a step later */
    float outputs[BATCH * ACTIONS];
} Bench;

/* A minibatch from anywhere in the play. */
static void draw_planes(Bench *bench)
{
    for (int n = 0; n < BATCH; n++) {
        const uint32_t first = random_below(&bench->random, (uint32_t)(FRAMES - bench->history));
        for (int c = 0; c < bench->history; c++) {
            const size_t frame = first + (uint32_t)c;
            bench->planes[n * bench->history + c] = bench->frames + frame * SIDE * SIDE;
            bench->next_planes[n * bench->history + c] = bench->frames + (frame + 1) * SIDE * SIDE;
        }
    }
}

static void train_step(Bench *bench)
{
    const NnInput input = {.planes = bench->planes}, next_input = {.planes = bench->next_planes};
    network_forward(bench->target, &next_input, BATCH, bench->outputs);
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
    draw_planes(bench);
    for (int i = 0; i < WARM_UP; i++)
        work(bench);
    const double begin = clock_seconds();
    while (count < REPEATS_MAX && (count == 0 || clock_seconds() < begin + budget_seconds)) {
        draw_planes(bench);
        const double before = clock_seconds();
        work(bench);
        ms[count++] = 1e3 * (clock_seconds() - before);
    }
    return measure_median(ms, count);
}

static void fill_with_noise(Bench *bench)
{
    for (size_t i = 0; i < (size_t)FRAMES * SIDE * SIDE; i++)
        bench->frames[i] = (uint8_t)random_bits(&bench->random);
}

static bool fill_with_play(Bench *bench, const RunConfig *config, const char *game,
                           const CartridgeRequest *cartridge, Error *error)
{
    Problem problem = {0};
    if (!problem_find(&problem, game, cartridge, error))
        return false;
    Env *env = problem_env(&problem, &config->environment, config->seed, error);
    bool filled = env != NULL;
    if (filled && (env->spec.frame_height != SIDE || env->spec.frame_width != SIDE))
        filled = error_input(error, "%s is %dx%d pixels: bench net needs 84x84", problem.name,
                             env->spec.frame_width, env->spec.frame_height);
    EnvStep step = {.game_over = true};
    for (size_t i = 0; filled && i < FRAMES; i++) {
        const int action = (int)random_below(&bench->random, (uint32_t)env->spec.actions);
        if (step.game_over || step.time_over)
            env_reset(env);
        env_step(env, &action, &step);
        memcpy(bench->frames + i * SIDE * SIDE, env_frame(env), SIDE * SIDE);
    }
    env_destroy(env);
    problem_free(&problem);
    return filled;
}

static bool make_pictures(Bench *bench, const RunConfig *config, const char *game,
                          const CartridgeRequest *cartridge, Error *error)
{
    const size_t planes = (size_t)BATCH * (size_t)bench->history;
    bench->frames = malloc((size_t)FRAMES * SIDE * SIDE);
    bench->planes = malloc(2 * planes * sizeof bench->planes[0]);
    if (bench->frames == NULL || bench->planes == NULL)
        return error_work(error, "no memory for %d pictures", FRAMES);
    bench->next_planes = bench->planes + planes;
    if (strcmp(game, "noise") != 0)
        return fill_with_play(bench, config, game, cartridge, error);
    fill_with_noise(bench);
    return true;
}

static bool prepare(Bench *bench, const RunConfig *config, Parallel *team, const char *game,
                    const CartridgeRequest *cartridge, Error *error)
{
    NnSpec spec;
    char layers[DQN_NETWORK_TEXT_BYTES + 32];
    const NnShape input = {config->dqn.history, SIDE, SIDE};
    snprintf(layers, sizeof layers, "%s, dense %d", config->dqn.network, ACTIONS);
    bench->random = random_stream(config->seed, "bench");
    if (!nn_spec_parse(&spec, layers, input, error) ||
        (bench->learner = network_create(&spec, BATCH, config_backend(config), team, error)) ==
            NULL ||
        (bench->target = network_create(&spec, BATCH, config_backend(config), team, error)) == NULL)
        return false;
    network_initialise(bench->learner, config->dqn.init, &bench->random);
    network_copy_parameters(bench->target, bench->learner);
    bench->optimiser = config->dqn.optimiser;
    bench->history = config->dqn.history;
    return make_pictures(bench, config, game, cartridge, error);
}

static bool measure(RunConfig *config, const char *game, const CartridgeRequest *cartridge,
                    bool json, Error *error)
{
    Parallel *team = parallel_create(config->threads, error);
    Bench bench = {0};
    const bool done = team != NULL && precision_settle(config, SIDE, SIDE, error) &&
                      prepare(&bench, config, team, game, cartridge, error);
    if (done) {
        const Measure measures[] = {
            {"preset", 0, config->preset},
            {"game", 0, game},
            {"precision", 0, precision_name(config)},
            {"backend", 0, network_backend_name(bench.learner)},
            {"threads", config->threads, NULL},
            {"train_step_ms", median_ms(&bench, train_step), NULL},
            {"act_ms", median_ms(&bench, act), NULL},
        };
        measure_print(measures, sizeof measures / sizeof measures[0], json);
    }
    network_destroy(bench.learner);
    network_destroy(bench.target);
    free(bench.frames);
    free(bench.planes);
    parallel_destroy(team);
    return done;
}

int bench_net(int argc, const char **argv)
{
    RunRequest request = {0};
    const char *game = NULL;
    int json = 0;
    struct poptOption table[] = {
        WIRING_OPTION_PRESET(request),
        WIRING_OPTION_THREADS(request),
        WIRING_OPTION_PRECISION(request),
        WIRING_OPTION_SET(request),
        PROBLEM_OPTION_ROMS(request.cartridge),
        PROBLEM_OPTION_TYPE(request.cartridge),
        {"game", 0, POPT_ARG_STRING, &game, 0,
         "whose pictures: a GAME, a ROM or noise (default bricks)", "NAME"},
        {"json", 0, POPT_ARG_NONE, &json, 0, "print one JSON object", NULL},
        POPT_TABLEEND,
    };
    Options options;
    RunConfig config;
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    if (!wiring_config(&config, &request, "none", &error) ||
        !measure(&config, measure_game(game), &request.cartridge, json, &error))
        status = options_fail(&error);
    options_free(&options);
    return status;
}
