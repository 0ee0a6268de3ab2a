#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/epoch_log.h"
#include "cli/learning_curve.h"
#include "cli/precision.h"
#include "cli/problem.h"
#include "cli/progress.h"
#include "cli/version.h"
#include "cli/wiring.h"
#include "cli/worlds.h"
#include "nn/weights.h"
#include "run/checkpoint.h"
#include "run/run.h"

static const OptionsHelp help = {
    "train",
    "[GAME|ROM]",
    "Learns a game from its pixels and keeps what it learns in a folder: the configuration, a row\n"
    "for each game and each epoch, the newest and the best weights, a summary, and checkpoints.\n"
    "GAME is a name that `deepq games` lists, ROM the file of a cartridge. Ctrl-C stops at the\n"
    "next step and saves. --resume goes on with a run that was stopped, killed or cut off, from\n"
    "its newest checkpoint, and comes to the same as if nothing had happened.\n\n"
    "example: deepq train bricks --frames 400000 --set learning_rate=0.0001 --run runs/mine\n"
    "         deepq train --resume --run runs/mine\n",
};

enum { INIT_BYTES_MAX = 1 << 30 };

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
    signal(SIGPIPE, SIG_IGN); /* `deepq train pong | head`: the run goes on without a listener */
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to report, not a death */
}

/* What was asked for, beside the run's configuration. */
typedef struct {
    RunRequest request;
    const char *game;   /* or cartridge; NULL: the run's, where it is resumed */
    const char *folder; /* NULL: one by its name */
    const char *init;   /* weights of first layers to begin with; NULL: none */
    bool resume;
    ProgressLoudness loudness;
    double checkpoint_minutes;
} TrainRequest;

/* A run and all that it needs. */
typedef struct {
    RunConfig config;
    Problem problem;
    Worlds worlds;
    Parallel *team;
    Training *training;
    Run run;
    bool begun;      /* the folder is there */
    int init_layers; /* that began with weights from elsewhere */
    Checkpoints *checkpoints;
    double checkpoint_seconds; /* between two */
    double next_checkpoint;    /* when it is due */
    Progress progress;
    LearningCurve curve;
    EpochLog log;
    Error error;          /* of the observer: why it stopped the run */
    double begin_seconds; /* a resumed run's lie so far back as it has taken */
} Job;

/* ---- what the training tells ---- */

static bool save_checkpoint(Job *job, Error *error)
{
    const double now = clock_seconds();
    if (!checkpoints_save(job->checkpoints, now - job->begin_seconds, error))
        return false;
    job->next_checkpoint = clock_seconds() + job->checkpoint_seconds;
    return true;
}

/* After each step. When there is a checkpoint may depend on the clock: nothing else does. */
static bool told_progress(void *context, const TrainProgress *now)
{
    Job *job = context;
    progress_show(&job->progress, now);
    if (job->error.kind != ERROR_NONE || !checkpoints_follow(job->checkpoints, &job->error))
        return false;
    if (!stop_asked && clock_seconds() >= job->next_checkpoint)
        return save_checkpoint(job, &job->error);
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
                            epoch->progress.frames, epoch->best, &job->error) &&
           epoch_log_add(&job->log, epoch, training_network(job->training),
                         clock_seconds() - job->begin_seconds, &job->error);
}

/* ---- life ---- */

/* The game, its environments and the memory: what a run is made of before it has a folder. */
static bool make_training(Job *job, Error *error)
{
    const RunConfig *config = &job->config;
    job->team = parallel_create(config->threads, error);
    if (job->team == NULL || !worlds_create(&job->worlds, &job->problem, config, error))
        return false;
    const EnvSpec *seen = &job->worlds.eval_env->spec;
    if (!precision_settle(&job->config, seen->frame_height, seen->frame_width, error))
        return false;
    job->training = training_create(&(TrainSetup){.config = config->dqn,
                                                  .seed = config->seed,
                                                  .envs = job->worlds.envs,
                                                  .eval_env = job->worlds.eval_env,
                                                  .backend = config_backend(config),
                                                  .team = job->team},
                                    error);
    return job->training != NULL;
}

static bool make_checkpoints(Job *job, Error *error)
{
    const CheckpointRun parts = {&job->run, &job->config, job->training};
    job->checkpoints = checkpoints_create(&parts, error);
    return job->checkpoints != NULL;
}

/* Whatever becomes of that file: the run keeps what it began with. */
static bool keep_init(const Job *job, const char *init, Error *error)
{
    char path[CSV_PATH_BYTES];
    FileBytes file;
    run_init_path(path, job->run.path);
    if (!file_read(&file, init, INIT_BYTES_MAX, error))
        return false;
    const bool done = file_replace(path, file.bytes, file.count, error);
    file_free(&file);
    return done;
}

/* Before there is a folder, so that a file that does not fit leaves none. */
static bool take_init(Job *job, const char *init, Error *error)
{
    if (init == NULL)
        return true;
    if (!weights_load_first(training_network(job->training), init, &job->init_layers, error))
        return false;
    training_take_weights(job->training);
    return true;
}

/* A folder without a checkpoint could not be gone on with. */
static void undo_begin(Job *job)
{
    Error ignored = {0};
    run_end(&job->run);
    run_remove(job->run.path, &ignored);
    job->begun = false;
}

static bool begin(Job *job, const TrainRequest *asked, Error *error)
{
    CartridgeRequest cartridge = asked->request.cartridge;
    char path[RUN_PATH_BYTES];
    if (!problem_find(&job->problem, asked->game, &cartridge, error) ||
        !wiring_config(&job->config, &asked->request, job->problem.name, error))
        return false;
    strcpy(job->config.rom, job->problem.rom);
    strcpy(job->config.cartridge_type, job->problem.cartridge_type);
    if (asked->folder != NULL && file_exists(asked->folder)) /* before the memory is allocated */
        return run_begin(&job->run, asked->folder, &job->config, error);
    if (!make_training(job, error) || !take_init(job, asked->init, error))
        return false;
    run_default_path(path, &job->config);
    job->begun =
        run_begin(&job->run, asked->folder != NULL ? asked->folder : path, &job->config, error);
    job->begin_seconds = clock_seconds();
    if (!job->begun)
        return false;
    if ((asked->init == NULL || keep_init(job, asked->init, error)) &&
        make_checkpoints(job, error) && save_checkpoint(job, error))
        return true;
    undo_begin(job);
    return false;
}

/* The run's game, found where it was then unless somebody says otherwise. */
static bool find_game_again(Job *job, const TrainRequest *asked, Error *error)
{
    const RunConfig *config = &job->config;
    CartridgeRequest cartridge = asked->request.cartridge;
    cartridge.cartridge_type = config->cartridge_type;
    cartridge.hint = config->rom;
    if (!problem_find(&job->problem, asked->game != NULL ? asked->game : config->game, &cartridge,
                      error))
        return false;
    if (strcmp(job->problem.name, config->game) == 0)
        return true;
    return error_input(error, "'game' is %s in '%.200s', and %s was asked for", config->game,
                       asked->folder, job->problem.name);
}

static bool resume(Job *job, const TrainRequest *asked, Error *error)
{
    Resumed resumed;
    if (!wiring_resume(&job->config, &asked->request, asked->folder, error) ||
        !find_game_again(job, asked, error))
        return false;
    job->begun = run_open(&job->run, asked->folder, error); /* the lock comes before the memory */
    if (!job->begun || !make_training(job, error) || !make_checkpoints(job, error) ||
        !checkpoints_resume(job->checkpoints, &resumed, error))
        return false;
    for (char *line = strtok(resumed.note, "\n"); line != NULL; line = strtok(NULL, "\n"))
        fprintf(stderr, "deepq: %s\n", line);
    job->begin_seconds = clock_seconds() - resumed.seconds;
    job->next_checkpoint = clock_seconds() + job->checkpoint_seconds;
    return true;
}

static void clean_up(Job *job)
{
    checkpoints_destroy(job->checkpoints);
    epoch_log_end(&job->log);
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
    const int64_t frames = training_progress(job->training).frames;
    if (job->progress.loudness == PROGRESS_QUIET)
        return;
    printf("learning %s, preset %s, seed %" PRIu64 ", %" PRId64 " frames, %s, %d thread%s\n"
           "run folder: %s\n",
           config->game, config->preset, config->seed, config->dqn.train_frames,
           network_backend_name(training_network(job->training)), config->threads,
           config->threads == 1 ? "" : "s", job->run.path);
    if (job->init_layers > 0)
        printf("the first %d layers begin as in %s/init.safetensors\n", job->init_layers,
               job->run.path);
    if (frames > 0)
        printf("going on from frame %" PRId64 "\n", frames);
    fflush(stdout);
}

static void say_end(const Job *job, TrainEnd end, const TrainProgress *now, double seconds)
{
    if (end == TRAIN_STOPPED)
        printf("stopped after %" PRId64 " frames, and saved; `deepq train --resume --run %s` goes "
               "on, `deepq eval %s --last` plays with the weights as they are\n",
               now->frames, job->run.path, job->run.path);
    else if (job->progress.loudness != PROGRESS_QUIET) {
        learning_curve_print(&job->curve);
        printf("done: %" PRId64 " frames and %" PRId64 " updates in %.0f s, %.0f frames/s\n"
               "`deepq eval %s` plays with the best weights\n",
               now->frames, now->updates, seconds, (double)now->frames / seconds, job->run.path);
    }
}

/* The checkpoint comes first: what is saved after it is made again when the run goes on. */
static bool save_all(Job *job, const TrainProgress *now, Error *error)
{
    return save_checkpoint(job, error) &&
           run_save_weights(&job->run, training_network(job->training), &job->config, now->frames,
                            false, error);
}

/* Save what there is, however the run ended; after a failure the weights and checkpoints of before
 * stay, as they were good. `error` already says what failed, if something has. */
static int finish(Job *job, TrainEnd end, Error *error)
{
    const TrainProgress now = training_progress(job->training);
    const RunEnd run_end_facts = {
        .end = end,
        .progress = now,
        .seconds = clock_seconds() - job->begin_seconds,
        .digest = training_digest(job->training),
        .program = version_text,
    };
    const bool failed_before = error->kind != ERROR_NONE;
    Error later = {0};
    progress_end(&job->progress);
    if ((end != TRAIN_FAILED && !save_all(job, &now, &later)) ||
        !run_write_summary(&job->run, &job->config, &run_end_facts, &later))
        *error = failed_before ? *error : later;
    if (error->kind != ERROR_NONE)
        return options_fail(error);
    say_end(job, end, &now, run_end_facts.seconds);
    return end == TRAIN_STOPPED ? STATUS_INTERRUPTED : STATUS_DONE;
}

static int train(Job *job, const TrainRequest *asked, Error *error)
{
    catch_signals();
    job->checkpoint_seconds = 60 * asked->checkpoint_minutes;
    if (!(asked->resume ? resume : begin)(job, asked, error) ||
        !epoch_log_begin(&job->log, job->run.path, training_progress(job->training).frames,
                         clock_seconds() - job->begin_seconds, error))
        return options_fail(error);
    const TrainObserver observer = {
        .context = job,
        .progress = told_progress,
        .episode = told_episode,
        .epoch = told_epoch,
        .progress_steps = 1,
    };
    job->progress = progress_begin(asked->loudness, training_progress(job->training).frames,
                                   job->config.dqn.train_frames);
    say_begin(job);
    TrainEnd end = training_run(job->training, &observer, error);
    if (end == TRAIN_STOPPED && job->error.kind != ERROR_NONE) {
        *error = job->error;
        end = TRAIN_FAILED;
    }
    return finish(job, end, error);
}

static bool check_request(const TrainRequest *asked, Error *error)
{
    if (asked->resume && asked->folder == NULL)
        return error_input(error, "'--resume' goes on with the run in the folder that --run names");
    if (!asked->resume && asked->game == NULL)
        return error_input(error, "something is missing of 'GAME|ROM': `deepq train --help` shows "
                                  "what is right");
    if (asked->resume && asked->init != NULL)
        return error_input(error, "'--init' is for a new run: '--resume' goes on with the weights "
                                  "that there are");
    return true;
}

int command_train(int argc, const char **argv)
{
    TrainRequest asked = {.checkpoint_minutes = 5};
    RunRequest *request = &asked.request;
    const char *minutes = NULL;
    int quiet = 0, verbose = 0, resumes = 0;
    struct poptOption table[] = {
        WIRING_OPTION_PRESET(*request),
        WIRING_OPTION_SET(*request),
        WIRING_OPTION_FRAMES(*request),
        WIRING_OPTION_SEED(*request),
        WIRING_OPTION_THREADS(*request),
        WIRING_OPTION_PRECISION(*request),
        WIRING_OPTION_ENVS(*request),
        PROBLEM_OPTION_ROMS(request->cartridge),
        PROBLEM_OPTION_TYPE(request->cartridge),
        {"run", 0, POPT_ARG_STRING, &asked.folder, 0,
         "the run's folder, a new one (default runs/GAME-PRESET-SEED)", "DIR"},
        {"init", 0, POPT_ARG_STRING, &asked.init, 0,
         "weights to begin with, as far as the layers are the same: of another run, or of `deepq "
         "learn`",
         "FILE"},
        {"resume", 0, POPT_ARG_NONE, &resumes, 0, "go on with the run in that folder", NULL},
        {"checkpoint-minutes", 0, POPT_ARG_STRING, &minutes, 0,
         "between checkpoints; results do not depend on it (default 5; 0: after each step)", "N"},
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
    asked.game = options.argument[0];
    asked.resume = resumes;
    asked.loudness = quiet ? PROGRESS_QUIET : verbose ? PROGRESS_VERBOSE : PROGRESS_NORMAL;
    if (!options_real(&asked.checkpoint_minutes, minutes, "checkpoint-minutes", 0, 1e6, &error) ||
        !check_request(&asked, &error))
        status = options_fail(&error);
    else
        status = train(&job, &asked, &error);
    clean_up(&job);
    options_free(&options);
    return status;
}
