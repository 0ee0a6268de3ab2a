#include "run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "nn/weights.h"
#include "run/checkpoint.h"
#include "run/json.h"

static const char episodes_header[] = "game,frames,agent_steps,frames_so_far,score\n";
static const char metrics_header[] =
    "epoch,frames,agent_steps,updates,games,mean_score_100_games,epsilon,mean_loss,mean_q,"
    "heldout_q,eval_games,eval_mean_score,eval_ci95,eval_median_score,best,dead_units\n";

static const char weights_best[] = "weights-best.safetensors";
static const char weights_last[] = "weights.safetensors";

enum { NUMBER_BYTES = 32 };

static void file_in(char file[CSV_PATH_BYTES], const char *folder, const char *name)
{
    snprintf(file, CSV_PATH_BYTES, "%s/%s", folder, name);
}

void run_weights_path(char file[CSV_PATH_BYTES], const char *path, RunWeights which)
{
    file_in(file, path, which == RUN_WEIGHTS_BEST ? weights_best : weights_last);
}

void run_init_path(char file[CSV_PATH_BYTES], const char *path)
{
    file_in(file, path, "init.safetensors");
}

/* ---- life ---- */

void run_default_path(char path[RUN_PATH_BYTES], const RunConfig *config)
{
    int used = snprintf(path, RUN_PATH_BYTES, "runs/%s-%s-%" PRIu64, config->game, config->preset,
                        config->seed);
    for (int number = 2; file_exists(path); number++)
        snprintf(path + used, RUN_PATH_BYTES - (size_t)used, "-%d", number);
}

/* The folder itself must be new; those above it need not be. */
static bool make_new_folder(const char *path, Error *error)
{
    char parent[RUN_PATH_BYTES];
    if (file_exists(path))
        return error_input(error,
                           "'%s' is there already: go on with it with --resume, or name another "
                           "folder with --run",
                           path);
    snprintf(parent, sizeof parent, "%.*s", (int)(file_name(path) - path), path);
    if (parent[0] != 0 && strcmp(parent, "/") != 0 && !file_make_folder(parent, error))
        return false;
    if (mkdir(path, 0755) != 0)
        return error_work(error, "cannot make the folder '%s': %s", path, strerror(errno));
    return true;
}

/* The kernel frees the lock however the process ends. */
static bool take_lock(Run *run, Error *error)
{
    char file[CSV_PATH_BYTES];
    file_in(file, run->path, "lock");
    run->lock = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (run->lock < 0)
        return error_work(error, "cannot make '%s': %s", file, strerror(errno));
    if (flock(run->lock, LOCK_EX | LOCK_NB) == 0)
        return true;
    const int why = errno;
    close(run->lock);
    if (why == EWOULDBLOCK)
        return error_input(error, "another process trains in '%s': let it end, or stop it first",
                           run->path);
    return error_work(error, "cannot lock '%s': %s", file, strerror(why));
}

static bool fill_folder(Run *run, const RunConfig *config, Error *error)
{
    char file[CSV_PATH_BYTES];
    if (!take_lock(run, error))
        return false;
    file_in(file, run->path, "config.ini");
    if (!config_save(config, file, error))
        return false;
    file_in(file, run->path, "episodes.csv");
    if (!csv_create(&run->episodes, file, episodes_header, error))
        return false;
    file_in(file, run->path, "metrics.csv");
    run->has_dead = true;
    if (csv_create(&run->metrics, file, metrics_header, error))
        return true;
    csv_close(&run->episodes);
    return false;
}

static void remove_folder(const char *path)
{
    static const char *const names[] = {"config.ini",
                                        "config.ini.new",
                                        "init.safetensors",
                                        "init.safetensors.new",
                                        "episodes.csv",
                                        "metrics.csv",
                                        "lock"};
    char file[CSV_PATH_BYTES];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        file_in(file, path, names[i]);
        unlink(file);
    }
    rmdir(path);
}

static bool set_path(Run *run, const char *path, Error *error)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (length == 0 || length >= sizeof run->path)
        return error_input(error, "'%.60s' is no path for a run's folder", path);
    memcpy(run->path, path, length);
    run->path[length] = 0;
    return true;
}

bool run_begin(Run *run, const char *path, const RunConfig *config, Error *error)
{
    Run fresh = {0};
    if (!set_path(&fresh, path, error) || !make_new_folder(fresh.path, error))
        return false;
    if (!fill_folder(&fresh, config, error)) {
        remove_folder(fresh.path);
        return false;
    }
    *run = fresh;
    return true;
}

bool run_open(Run *run, const char *path, Error *error)
{
    Run fresh = {0};
    char file[CSV_PATH_BYTES];
    if (!set_path(&fresh, path, error) || !take_lock(&fresh, error))
        return false;
    file_in(file, fresh.path, "episodes.csv");
    bool done = csv_open(&fresh.episodes, file, error);
    file_in(file, fresh.path, "metrics.csv");
    if (done && !csv_open(&fresh.metrics, file, error)) {
        csv_close(&fresh.episodes);
        done = false;
    }
    if (!done) {
        close(fresh.lock);
        return false;
    }
    fresh.has_dead = csv_begins_with(&fresh.metrics, metrics_header);
    *run = fresh;
    return true;
}

bool run_remove(const char *path, Error *error)
{
    Run run = {0};
    if (!set_path(&run, path, error) || !take_lock(&run, error))
        return false;
    const bool done = checkpoints_remove(run.path, error);
    if (done)
        remove_folder(run.path);
    close(run.lock);
    return done;
}

void run_end(Run *run)
{
    csv_close(&run->episodes);
    csv_close(&run->metrics);
    close(run->lock);
}

bool run_load_config(RunConfig *config, const char *path, Error *error)
{
    char file[CSV_PATH_BYTES];
    struct stat status;
    if (strlen(path) >= RUN_PATH_BYTES)
        return error_input(error, "'%.60s...' is no path for a run's folder", path);
    if (stat(path, &status) != 0)
        return error_input(error, "there is no run '%s': %s", path, strerror(errno));
    file_in(file, path, "config.ini");
    if (!S_ISDIR(status.st_mode) || !file_exists(file))
        return error_input(error, "'%s' is not the folder of a run: it has no config.ini", path);
    RunConfig loaded;
    if (!config_load(&loaded, file, error))
        return false;
    if (loaded.precision == RUN_PRECISION_AUTO)
        return error_input(
            error, "'precision' is auto in '%.200s': a run that began has f32 or bf16", file);
    *config = loaded;
    return true;
}

/* ---- rows ---- */

/* Six digits say more than any score's noise; what is not a number is left out. */
static const char *number(char text[NUMBER_BYTES], double value)
{
    text[0] = 0;
    if (isfinite(value))
        snprintf(text, NUMBER_BYTES, "%.6g", value);
    return text;
}

bool run_add_episode(Run *run, const TrainEpisode *episode, Error *error)
{
    return csv_append(&run->episodes, error,
                      "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%.10g", episode->episode,
                      episode->frames, episode->steps, episode->frames_so_far, episode->score);
}

bool run_add_epoch(Run *run, const TrainEpoch *epoch, Error *error)
{
    const TrainProgress *progress = &epoch->progress;
    const Evaluation *evaluation = &epoch->evaluation;
    const bool evaluated = evaluation->games > 0;
    char recent[NUMBER_BYTES], epsilon[NUMBER_BYTES], loss[NUMBER_BYTES], q[NUMBER_BYTES],
        heldout[NUMBER_BYTES], mean[NUMBER_BYTES], ci95[NUMBER_BYTES], median[NUMBER_BYTES],
        dead[NUMBER_BYTES];
    if (epoch->best)
        run->best = *evaluation;
    return csv_append(&run->metrics, error,
                      "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64
                      ",%s,%s,%s,%s,%s,%d,%s,%s,%s,%d%s%s",
                      epoch->epoch, progress->frames, progress->steps, progress->updates,
                      progress->episodes, number(recent, progress->recent_score),
                      number(epsilon, progress->epsilon), number(loss, progress->loss),
                      number(q, progress->mean_q), number(heldout, epoch->heldout.mean_q),
                      evaluation->games, number(mean, evaluated ? evaluation->mean : NAN),
                      number(ci95, evaluated ? evaluation->ci95 : NAN),
                      number(median, evaluated ? evaluation->median : NAN), epoch->best,
                      run->has_dead ? "," : "",
                      number(dead, run->has_dead ? epoch->heldout.dead : NAN));
}

/* ---- weights and the end ---- */

bool run_check_weights(const Network *network, Error *error)
{
    if (network_is_finite(network))
        return true;
    return error_work(error, "the weights are not finite numbers any more: a smaller "
                             "learning_rate would help");
}

bool run_save_weights(Run *run, const Network *network, const RunConfig *config, int64_t frames,
                      bool best, Error *error)
{
    char file[CSV_PATH_BYTES], frames_text[NUMBER_BYTES], seed_text[NUMBER_BYTES];
    snprintf(frames_text, sizeof frames_text, "%" PRId64, frames);
    snprintf(seed_text, sizeof seed_text, "%" PRIu64, config->seed);
    const WeightsNote notes[] = {{"game", config->game},
                                 {"preset", config->preset},
                                 {"seed", seed_text},
                                 {"frames", frames_text}};
    const int count = (int)(sizeof notes / sizeof notes[0]);
    if (!run_check_weights(network, error))
        return false;
    run_weights_path(file, run->path, RUN_WEIGHTS_LAST);
    if (!weights_save(network, file, notes, count, error))
        return false;
    if (!best && run->has_best)
        return true;
    run_weights_path(file, run->path, RUN_WEIGHTS_BEST);
    if (!weights_save(network, file, notes, count, error))
        return false;
    run->has_best = true;
    return true;
}

static void add_digest(cJSON *object, const char *name, uint64_t digest)
{
    char text[NUMBER_BYTES];
    snprintf(text, sizeof text, "%016" PRIx64, digest);
    cJSON_AddStringToObject(object, name, text);
}

/* How the best weights played. */
static void add_agent(cJSON *object, const Evaluation *best)
{
    if (best->games == 0)
        return;
    cJSON *agent = cJSON_AddObjectToObject(object, "agent");
    cJSON_AddNumberToObject(agent, "mean", best->mean);
    cJSON_AddNumberToObject(agent, "ci95", best->ci95);
    cJSON_AddNumberToObject(agent, "games", best->games);
}

static cJSON *summary_object(const Run *run, const RunConfig *config, const RunEnd *end)
{
    static const char *const ends[] = {
        [TRAIN_DONE] = "done", [TRAIN_STOPPED] = "interrupted", [TRAIN_FAILED] = "failed"};
    const TrainProgress *progress = &end->progress;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "end", ends[end->end]);
    cJSON_AddStringToObject(object, "program", end->program);
    cJSON_AddStringToObject(object, "game", config->game);
    cJSON_AddStringToObject(object, "preset", config->preset);
    cJSON_AddNumberToObject(object, "seed", (double)config->seed);
    cJSON_AddNumberToObject(object, "frames", (double)progress->frames);
    cJSON_AddNumberToObject(object, "agent_steps", (double)progress->steps);
    cJSON_AddNumberToObject(object, "updates", (double)progress->updates);
    cJSON_AddNumberToObject(object, "games", (double)progress->episodes);
    cJSON_AddNumberToObject(object, "mean_score_100_games", progress->recent_score);
    add_agent(object, &run->best);
    cJSON_AddNumberToObject(object, "seconds", end->seconds);
    add_digest(object, "state_digest", end->digest);
    add_digest(object, "episodes_digest", digest_value(&run->episodes.digest));
    add_digest(object, "metrics_digest", digest_value(&run->metrics.digest));
    return object;
}

bool run_write_summary(const Run *run, const RunConfig *config, const RunEnd *end, Error *error)
{
    char file[CSV_PATH_BYTES];
    file_in(file, run->path, "summary.json");
    char *text = json_text(summary_object(run, config, end), true, error);
    if (text == NULL)
        return false;
    const bool done = file_replace(file, text, strlen(text), error);
    free(text);
    return done;
}
