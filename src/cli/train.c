#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/learning_curve.h"
#include "cli/problem.h"
#include "cli/progress.h"
#include "cli/wiring.h"
#include "cli/worlds.h"
#include "run/run.h"

static const OptionsHelp help = {
    "train",
    "GAME|ROM",
    "Learns a game from its pixels and keeps what it learns in a folder: the configuration, a row\n"
    "for each game and each epoch, the newest and the best weights, a summary. GAME is a name\n"
    "that `deepq games` lists, ROM the file of a cartridge. Ctrl-C stops at the next step and "
    "saves.\n\n"
    "example: deepq train bricks --frames 400000 --set learning_rate=0.0001 --run runs/mine\n",
};

/* Set by SIGINT and SIGTERM, looked at after each step: a handler can do no more. */
static volatile sig_atomic_t stop_asked;

static void ask_to_stop(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
}

/* The second Ctrl-C kills at once, as without us. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = ask_to_stop, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to report, not a death */
}

/* A run and all that it needs. */
typedef struct {
    RunConfig config;
    Problem problem;
    Worlds worlds;
    Parallel *team;
    Training *training;
    Run run;
    bool begun; /* the folder is there */
    Progress progress;
    LearningCurve curve;
    Error error; /* of the observer: why it stopped the run */
    double begin_seconds;
} Job;

/* ---- what the training tells ---- */

static bool told_progress(void *context, const TrainProgress *now)
{
    Job *job = context;
    progress_show(&job->progress, now);
    return !stop_asked;
}

static bool told_episode(void *context, const TrainEpisode *episode)
{
    Job *job = context;
    progress_episode(&job->progress, episode);
    return run_add_episode(&job->run, episode, &job->error);
}

static bool told_epoch(void *context, const TrainEpoch *epoch)
{
    Job *job = context;
    progress_epoch(&job->progress, epoch);
    learning_curve_add(&job->curve, epoch);
    return run_add_epoch(&job->run, epoch, &job->error) &&
           run_save_weights(&job->run, training_network(job->training), &job->config,
                            epoch->progress.frames, epoch->best, &job->error);
}

/* ---- life ---- */

static bool prepare(Job *job, const char *folder, Error *error)
{
    const RunConfig *config = &job->config;
    if (folder != NULL && file_exists(folder)) /* before the memory is allocated and filled */
        return run_begin(&job->run, folder, config, error);
    job->team = parallel_create(config->threads, error);
    if (job->team == NULL || !worlds_create(&job->worlds, &job->problem, config, error))
        return false;
    job->training = training_create(&(TrainSetup){.config = config->dqn,
                                                  .seed = config->seed,
                                                  .envs = job->worlds.envs,
                                                  .eval_env = job->worlds.eval_env,
                                                  .backend = config->backend,
                                                  .team = job->team},
                                    error);
    char path[RUN_PATH_BYTES];
    run_default_path(path, config);
    job->begun = job->training != NULL &&
                 run_begin(&job->run, folder != NULL ? folder : path, config, error);
    return job->begun;
}

static void clean_up(Job *job)
{
    if (job->begun)
        run_end(&job->run);
    training_destroy(job->training);
    worlds_destroy(&job->worlds);
    parallel_destroy(job->team);
    problem_free(&job->problem);
}

/* ---- the run ---- */

static void say_begin(const Job *job)
{
    const RunConfig *config = &job->config;
    if (job->progress.loudness == PROGRESS_QUIET)
        return;
    printf("learning %s, preset %s, seed %" PRIu64 ", %" PRId64 " frames, %s, %d thread%s\n"
           "run folder: %s\n",
           config->game, config->preset, config->seed, config->dqn.train_frames,
           network_backend_name(training_network(job->training)), config->threads,
           config->threads == 1 ? "" : "s", job->run.path);
    fflush(stdout);
}

static void say_end(const Job *job, TrainEnd end, const TrainProgress *now, double seconds)
{
    if (end == TRAIN_STOPPED)
        printf("stopped after %" PRId64 " frames; `deepq eval %s --last` plays with the weights as "
               "they are, and `deepq train %s --seed %" PRIu64 "` begins again\n",
               now->frames, job->run.path, job->config.game, job->config.seed);
    else if (job->progress.loudness != PROGRESS_QUIET) {
        learning_curve_print(&job->curve);
        printf("done: %" PRId64 " frames and %" PRId64 " updates in %.0f s, %.0f frames/s\n"
               "`deepq eval %s` plays with the best weights\n",
               now->frames, now->updates, seconds, (double)now->frames / seconds, job->run.path);
    }
}

/* Save what there is, however the run ended; after a failure the weights of before stay, as they
 * were good. `error` already says what failed, if something has. */
static int finish(Job *job, TrainEnd end, Error *error)
{
    const TrainProgress now = training_progress(job->training);
    const RunEnd run_end_facts = {
        .end = end,
        .progress = now,
        .seconds = clock_seconds() - job->begin_seconds,
        .digest = training_digest(job->training),
    };
    const bool failed_before = error->kind != ERROR_NONE;
    Error later = {0};
    progress_end(&job->progress);
    if ((end != TRAIN_FAILED && !run_save_weights(&job->run, training_network(job->training),
                                                  &job->config, now.frames, false, &later)) ||
        !run_write_summary(&job->run, &job->config, &run_end_facts, &later))
        *error = failed_before ? *error : later;
    if (error->kind != ERROR_NONE)
        return options_fail(error);
    say_end(job, end, &now, run_end_facts.seconds);
    return end == TRAIN_STOPPED ? STATUS_INTERRUPTED : STATUS_DONE;
}

static int train(Job *job, const char *folder, ProgressLoudness loudness, Error *error)
{
    catch_signals();
    if (!prepare(job, folder, error))
        return options_fail(error);
    const TrainObserver observer = {
        .context = job,
        .progress = told_progress,
        .episode = told_episode,
        .epoch = told_epoch,
        .progress_steps = 1,
    };
    job->progress = progress_begin(loudness, job->config.dqn.train_frames);
    job->begin_seconds = clock_seconds();
    say_begin(job);
    TrainEnd end = training_run(job->training, &observer, error);
    if (end == TRAIN_STOPPED && job->error.kind != ERROR_NONE) {
        *error = job->error;
        end = TRAIN_FAILED;
    }
    return finish(job, end, error);
}

int command_train(int argc, const char **argv)
{
    RunRequest request = {0};
    const char *folder = NULL;
    int quiet = 0, verbose = 0, resume = 0;
    struct poptOption table[] = {
        WIRING_OPTION_PRESET(request),
        WIRING_OPTION_SET(request),
        WIRING_OPTION_FRAMES(request),
        WIRING_OPTION_SEED(request),
        WIRING_OPTION_THREADS(request),
        WIRING_OPTION_ENVS(request),
        PROBLEM_OPTION_ROMS(request.cartridge),
        PROBLEM_OPTION_TYPE(request.cartridge),
        {"run", 0, POPT_ARG_STRING, &folder, 0,
         "the run's folder, a new one (default runs/GAME-PRESET-SEED)", "DIR"},
        {"resume", 0, POPT_ARG_NONE, &resume, 0, "refused: a run cannot be resumed yet", NULL},
        {"quiet", 'q', POPT_ARG_NONE, &quiet, 0, "say nothing but errors", NULL},
        {"verbose", 'v', POPT_ARG_NONE, &verbose, 0, "also say each game's score", NULL},
        POPT_TABLEEND,
    };
    Options options;
    Job job = {0};
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    if (resume) {
        error_input(&error, "'--resume' is not possible yet: train again from the beginning, in "
                            "another folder with --run");
        status = options_fail(&error);
    } else if (!problem_find(&job.problem, options.argument[0], &request.cartridge, &error) ||
               !wiring_config(&job.config, &request, job.problem.name, &error)) {
        status = options_fail(&error);
    } else {
        strcpy(job.config.rom, job.problem.rom);
        strcpy(job.config.cartridge_type, job.problem.cartridge_type);
        status = train(&job, folder,
                       quiet     ? PROGRESS_QUIET
                       : verbose ? PROGRESS_VERBOSE
                                 : PROGRESS_NORMAL,
                       &error);
    }
    clean_up(&job);
    options_free(&options);
    return status;
}
