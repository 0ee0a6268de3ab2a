/*
 * The whole of learning, timed: playing, remembering, updating. The rate is taken after the learner
 * has started, so that the random play before it does not make it look faster than it is.
 */
#include <string.h>

#include "base/clock.h"
#include "cli/commands.h"
#include "cli/measure.h"
#include "cli/precision.h"
#include "cli/problem.h"
#include "cli/wiring.h"
#include "cli/worlds.h"
#include "rl/train.h"

static const OptionsHelp help = {
    "bench train",
    "[GAME|ROM]",
    "Trains for some frames without keeping anything. frames_per_second and updates_per_second "
    "are\n"
    "those from the first update on; evaluation is left out. Random play before the first update "
    "is\n"
    "shortened to what the held-out minibatch needs, unless --set learn_start_steps says "
    "otherwise.\n"
    "Without a game it is bricks.\n\n"
    "example: deepq bench train bricks --preset nips2013 --frames 40000 --threads 2 --json\n",
};

typedef struct {
    double begin_seconds;
    TrainProgress begin; /* when learning began; updates 0: not yet */
    TrainProgress end;
} Timing;

static bool told_progress(void *context, const TrainProgress *now)
{
    Timing *timing = context;
    if (timing->begin.updates == 0 && now->updates > 0) {
        timing->begin = *now;
        timing->begin_seconds = clock_seconds();
    }
    timing->end = *now;
    return true;
}

static void print_timing(const RunConfig *config, const Timing *timing, bool json)
{
    const double seconds = clock_seconds() - timing->begin_seconds;
    const double frames = (double)(timing->end.frames - timing->begin.frames);
    const double updates = (double)(timing->end.updates - timing->begin.updates);
    const Measure measures[] = {
        {"game", 0, config->game},
        {"preset", 0, config->preset},
        {"precision", 0, precision_name(config)},
        {"threads", config->threads, NULL},
        {"envs", config->dqn.envs, NULL},
        {"frames", frames, NULL},
        {"seconds", seconds, NULL},
        {"frames_per_second", frames / seconds, NULL},
        {"updates_per_second", updates / seconds, NULL},
        {"resident_bytes", (double)measure_resident_bytes(), NULL},
    };
    measure_print(measures, sizeof measures / sizeof measures[0], json);
}

static bool measure(RunConfig *config, const Problem *problem, bool json, Error *error)
{
    Timing timing = {.begin_seconds = clock_seconds()};
    const TrainObserver observer = {
        .context = &timing, .progress = told_progress, .progress_steps = 1};
    Parallel *team = parallel_create(config->threads, error);
    Worlds worlds = {0};
    Training *training = NULL;
    if (team != NULL && worlds_create(&worlds, problem, config, error) &&
        precision_settle(config, worlds.eval_env->spec.frame_height,
                         worlds.eval_env->spec.frame_width, error))
        training = training_create(&(TrainSetup){.config = config->dqn,
                                                 .seed = config->seed,
                                                 .envs = worlds.envs,
                                                 .eval_env = worlds.eval_env,
                                                 .backend = config_backend(config),
                                                 .team = team},
                                   error);
    const bool done = training != NULL && training_run(training, &observer, error) != TRAIN_FAILED;
    if (done)
        print_timing(config, &timing, json);
    training_destroy(training);
    worlds_destroy(&worlds);
    parallel_destroy(team);
    return done;
}

static bool prepare(RunConfig *config, Problem *problem, const char *what,
                    const RunRequest *request, Error *error)
{
    enum { SHORT_START_STEPS = 100 };
    if (!problem_find(problem, what, &request->cartridge, error) ||
        !wiring_config(config, request, problem->name, error))
        return false;
    bool start_given = false;
    for (char **set = request->set; set != NULL && *set != NULL; set++)
        start_given = start_given || strncmp(*set, "learn_start_steps=", 18) == 0;
    if (!start_given && config->dqn.minibatch <= SHORT_START_STEPS)
        config->dqn.learn_start_steps = SHORT_START_STEPS;
    config->dqn.eval_steps = 0;
    config->dqn.heldout_states = 0;
    if (request->frames == NULL)
        config->dqn.train_frames = 40000;
    return true;
}

int bench_train(int argc, const char **argv)
{
    RunRequest request = {0};
    int json = 0;
    struct poptOption table[] = {
        WIRING_OPTION_PRESET(request),
        WIRING_OPTION_SET(request),
        WIRING_OPTION_FRAMES(request),
        WIRING_OPTION_SEED(request),
        WIRING_OPTION_THREADS(request),
        WIRING_OPTION_PRECISION(request),
        WIRING_OPTION_ENVS(request),
        PROBLEM_OPTION_ROMS(request.cartridge),
        PROBLEM_OPTION_TYPE(request.cartridge),
        {"json", 0, POPT_ARG_NONE, &json, 0, "print one JSON object", NULL},
        POPT_TABLEEND,
    };
    Options options;
    RunConfig config;
    Problem problem = {0};
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    if (!prepare(&config, &problem, measure_game(options.argument[0]), &request, &error) ||
        !measure(&config, &problem, json, &error))
        status = options_fail(&error);
    problem_free(&problem);
    options_free(&options);
    return status;
}
