/*
 * What exact resume costs: checkpoints of a full replay memory, and going on from one.
 *
 * The memory is filled with some real steps of random play, over and over: to the disk they are as
 * good as new ones, since a chunk of the log is packed by itself.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/commands.h"
#include "cli/measure.h"
#include "cli/precision.h"
#include "cli/problem.h"
#include "cli/wiring.h"
#include "cli/worlds.h"
#include "run/checkpoint.h"

static const OptionsHelp help = {
    "bench checkpoint",
    "[GAME|ROM]",
    "Fills the replay memory, trains a little, makes checkpoints, and goes on from the last one:\n"
    "what is written (bytes), what a step pays for it (follow_microseconds), how long training\n"
    "stands still at a checkpoint (stall_seconds, median and most), what both cost of training's\n"
    "speed with a checkpoint every five minutes (cost_percent), and how long it takes to go on\n"
    "(resume_seconds, resume_cpu_seconds). Writes into a folder that is removed afterwards.\n"
    "Without a game it is bricks.\n\n"
    "example: deepq bench checkpoint bricks --preset nature2015 --run /tmp/bench --json\n",
};

enum {
    REAL_STEPS = 5000,     /* of random play that fill the memory */
    TIMED_STEPS = 400,     /* of training at speed */
    STEPS_BETWEEN = 20000, /* put into the memory between two checkpoints */
    SAVES = 5,
};
static const double seconds_between_checkpoints = 300;

typedef struct {
    RunConfig config;
    Problem problem;
    Worlds worlds;
    Parallel *team;
    Training *training;
    Run run;
    Checkpoints *checkpoints;
    int64_t stop_after_steps;
    double follow_seconds, steps_per_second, stall_seconds[SAVES];
    double resume_seconds, resume_cpu_seconds;
    int64_t followed_steps;
    Error error;
} Bench;

static bool make_training(Bench *bench, Error *error)
{
    const RunConfig *config = &bench->config;
    if (!worlds_create(&bench->worlds, &bench->problem, config, error))
        return false;
    const EnvSpec *seen = &bench->worlds.eval_env->spec;
    if (!precision_settle(&bench->config, seen->frame_height, seen->frame_width, error))
        return false;
    bench->training = training_create(&(TrainSetup){.config = config->dqn,
                                                    .seed = config->seed,
                                                    .envs = bench->worlds.envs,
                                                    .eval_env = bench->worlds.eval_env,
                                                    .backend = config_backend(config),
                                                    .team = bench->team},
                                      error);
    if (bench->training == NULL)
        return false;
    const CheckpointRun parts = {&bench->run, config, bench->training};
    bench->checkpoints = checkpoints_create(&parts, error);
    return bench->checkpoints != NULL;
}

static void free_training(Bench *bench)
{
    checkpoints_destroy(bench->checkpoints);
    training_destroy(bench->training);
    worlds_destroy(&bench->worlds);
    bench->checkpoints = NULL;
    bench->training = NULL;
}

static bool follow(Bench *bench, Error *error)
{
    const double begin = clock_seconds();
    const bool done = checkpoints_follow(bench->checkpoints, error);
    bench->follow_seconds += clock_seconds() - begin;
    bench->followed_steps++;
    return done;
}

static bool told_progress(void *context, const TrainProgress *now)
{
    Bench *bench = context;
    return follow(bench, &bench->error) && now->steps < bench->stop_after_steps;
}

/* Train for so many steps. False: it failed. */
static bool train(Bench *bench, int64_t steps, Error *error)
{
    const TrainObserver observer = {
        .context = bench, .progress = told_progress, .progress_steps = 1};
    bench->stop_after_steps = training_progress(bench->training).steps + steps;
    if (training_run(bench->training, &observer, error) == TRAIN_FAILED)
        return false;
    if (bench->error.kind != ERROR_NONE)
        *error = bench->error;
    return bench->error.kind == ERROR_NONE;
}

/* Put back what is already there, from its oldest slot on, `steps` times in all. */
static bool put_again(Bench *bench, int64_t steps, Error *error)
{
    Replay *replay = training_replay(bench->training);
    uint8_t *frame = malloc(replay_setup(replay)->frame_bytes);
    if (frame == NULL)
        return error_work(error, "no memory for a frame");
    bool done = true;
    for (int64_t i = 0; i < steps && done; i++) {
        ReplaySlot what;
        replay_get(replay, 0, replay_newest(replay, 0) - REAL_STEPS + 1, &what, frame);
        done = replay_put(replay, 0, &what, frame, error) && follow(bench, error);
    }
    free(frame);
    return done;
}

static bool time_saves(Bench *bench, Error *error)
{
    for (int i = 0; i < SAVES; i++) {
        if (!put_again(bench, STEPS_BETWEEN, error))
            return false;
        const double begin = clock_seconds();
        if (!checkpoints_save(bench->checkpoints, 0, error))
            return false;
        bench->stall_seconds[i] = clock_seconds() - begin;
    }
    return true;
}

static bool time_training(Bench *bench, Error *error)
{
    const double begin = clock_seconds();
    if (!train(bench, TIMED_STEPS, error))
        return false;
    bench->steps_per_second = TIMED_STEPS / (clock_seconds() - begin);
    return true;
}

static bool time_resume(Bench *bench, Error *error)
{
    Resumed resumed;
    free_training(bench);
    const double begin = clock_seconds(), cpu_begin = measure_cpu_seconds();
    if (!make_training(bench, error) || !checkpoints_resume(bench->checkpoints, &resumed, error))
        return false;
    bench->resume_seconds = clock_seconds() - begin;
    bench->resume_cpu_seconds = measure_cpu_seconds() - cpu_begin;
    return true;
}

/* ---- the folder ---- */

/* The bytes of its files, which are removed on the way if that is asked for. */
static double each_file(const char *path, bool removed)
{
    double bytes = 0;
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        struct stat status;
        if (fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(status.st_mode))
            continue;
        bytes += (double)status.st_size;
        if (removed)
            unlinkat(dirfd(folder), entry->d_name, 0);
    }
    if (folder != NULL)
        closedir(folder);
    return bytes;
}

static double checkpoint_bytes(const Bench *bench, bool removed)
{
    char path[CSV_PATH_BYTES];
    snprintf(path, sizeof path, "%s/checkpoints", bench->run.path);
    const double bytes = each_file(path, removed);
    if (removed)
        rmdir(path);
    return bytes;
}

static void remove_folder(const Bench *bench)
{
    checkpoint_bytes(bench, true);
    each_file(bench->run.path, true);
    rmdir(bench->run.path);
}

/* ---- all of it ---- */

static void print_result(Bench *bench, double bytes, bool json)
{
    const RunConfig *config = &bench->config;
    const double per_step = bench->follow_seconds / (double)bench->followed_steps;
    const double median = measure_median(bench->stall_seconds, SAVES);
    const double cost = per_step * bench->steps_per_second + median / seconds_between_checkpoints;
    const Measure measures[] = {
        {"game", 0, config->game},
        {"preset", 0, config->preset},
        {"transitions", (double)replay_count(training_replay(bench->training)), NULL},
        {"bytes", bytes, NULL},
        {"follow_microseconds", 1e6 * per_step, NULL},
        {"stall_seconds", median, NULL},
        {"stall_most_seconds", bench->stall_seconds[SAVES - 1], NULL},
        {"steps_per_second", bench->steps_per_second, NULL},
        {"cost_percent", 100 * cost, NULL},
        {"resume_seconds", bench->resume_seconds, NULL},
        {"resume_cpu_seconds", bench->resume_cpu_seconds, NULL},
        {"resident_bytes", (double)measure_resident_bytes(), NULL},
    };
    measure_print(measures, sizeof measures / sizeof measures[0], json);
}

static bool measure(Bench *bench, const char *folder, bool json, Error *error)
{
    bench->team = parallel_create(bench->config.threads, error);
    if (bench->team == NULL || !run_begin(&bench->run, folder, &bench->config, error))
        return false;
    const int64_t capacity = bench->config.dqn.replay_steps;
    const bool done = make_training(bench, error) && train(bench, REAL_STEPS + 10, error) &&
                      put_again(bench, capacity, error) && time_saves(bench, error) &&
                      time_training(bench, error) && checkpoints_save(bench->checkpoints, 0, error);
    const double bytes = checkpoint_bytes(bench, false);
    if (done && time_resume(bench, error))
        print_result(bench, bytes, json);
    free_training(bench);
    run_end(&bench->run);
    remove_folder(bench);
    return error->kind == ERROR_NONE;
}

static bool prepare(Bench *bench, const char *what, const RunRequest *request, Error *error)
{
    DqnConfig *dqn = &bench->config.dqn;
    if (!problem_find(&bench->problem, what, &request->cartridge, error) ||
        !wiring_config(&bench->config, request, bench->problem.name, error))
        return false;
    if (dqn->replay_steps < 2 * STEPS_BETWEEN)
        return error_input(error, "'replay_steps' is %lld: this benchmark needs %d",
                           (long long)dqn->replay_steps, 2 * STEPS_BETWEEN);
    dqn->envs = 1;
    dqn->learn_start_steps = REAL_STEPS + 20;
    dqn->eval_steps = 0;
    dqn->heldout_states = 0;
    dqn->train_frames = (int64_t)1 << 40;
    return true;
}

int bench_checkpoint(int argc, const char **argv)
{
    RunRequest request = {0};
    const char *folder = NULL;
    int json = 0;
    struct poptOption table[] = {
        WIRING_OPTION_PRESET(request),
        WIRING_OPTION_SET(request),
        WIRING_OPTION_SEED(request),
        WIRING_OPTION_THREADS(request),
        PROBLEM_OPTION_ROMS(request.cartridge),
        PROBLEM_OPTION_TYPE(request.cartridge),
        {"run", 0, POPT_ARG_STRING, &folder, 0,
         "the folder to write into, a new one (default runs/GAME-PRESET-SEED)", "DIR"},
        {"json", 0, POPT_ARG_NONE, &json, 0, "print one JSON object", NULL},
        POPT_TABLEEND,
    };
    Options options;
    Bench bench = {0};
    Error error = {0};
    char path[RUN_PATH_BYTES];
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    const bool ready = prepare(&bench, measure_game(options.argument[0]), &request, &error);
    run_default_path(path, &bench.config);
    if (!ready || !measure(&bench, folder != NULL ? folder : path, json, &error))
        status = options_fail(&error);
    parallel_destroy(bench.team);
    problem_free(&bench.problem);
    options_free(&options);
    return status;
}
