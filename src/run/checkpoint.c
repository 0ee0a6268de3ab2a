#include "run/checkpoint.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/state.h"
#include "nn/weights.h"
#include "run/replay_log.h"

enum { LISTED_MAX = 64, CHECKSUM_BYTES = 8, OTHER_BYTES_MAX = 1 << 20 };

static const char name_format[] = "checkpoint-%012" PRId64 ".bin";

typedef struct {
    int64_t oldest, newest; /* the newest is open: it is in the training's state */
} Slots;

struct Checkpoints {
    CheckpointRun parts;
    char folder[CSV_PATH_BYTES];
    ReplayLog *log;
    State saving; /* its room is kept */
    int envs;
    Slots *slots;         /* of each environment: what this checkpoint needs of the memory */
    int64_t *oldest_kept; /* ... from where on the checkpoint before it does */
};

/* What a checkpoint says beside the training's own state. */
typedef struct {
    CsvMark episodes, metrics;
    Evaluation best;
    double seconds;
    bool has_best;
    uint64_t state_digest;
} Facts;

/* ---- life ---- */

Checkpoints *checkpoints_create(const CheckpointRun *parts, Error *error)
{
    Checkpoints *checkpoints = calloc(1, sizeof *checkpoints);
    if (checkpoints == NULL) {
        error_work(error, "no memory for checkpoints");
        return NULL;
    }
    checkpoints->parts = *parts;
    snprintf(checkpoints->folder, sizeof checkpoints->folder, "%s/checkpoints", parts->run->path);
    const size_t envs = (size_t)parts->config->dqn.envs;
    checkpoints->envs = parts->config->dqn.envs;
    checkpoints->slots = calloc(envs, sizeof *checkpoints->slots);
    checkpoints->oldest_kept = calloc(envs, sizeof *checkpoints->oldest_kept);
    if (checkpoints->slots == NULL || checkpoints->oldest_kept == NULL)
        error_work(error, "no memory for checkpoints of %zu environments", envs);
    else if (file_make_folder(checkpoints->folder, error))
        checkpoints->log =
            replay_log_create(checkpoints->folder, training_replay(parts->training), error);
    if (checkpoints->log == NULL) {
        checkpoints_destroy(checkpoints);
        return NULL;
    }
    return checkpoints;
}

void checkpoints_destroy(Checkpoints *checkpoints)
{
    if (checkpoints == NULL)
        return;
    replay_log_destroy(checkpoints->log);
    state_free(&checkpoints->saving);
    free(checkpoints->slots);
    free(checkpoints->oldest_kept);
    free(checkpoints);
}

/* ---- files ---- */

static void checkpoint_path(const Checkpoints *checkpoints, int64_t steps,
                            char path[CSV_PATH_BYTES])
{
    const int used = snprintf(path, CSV_PATH_BYTES, "%s/", checkpoints->folder);
    snprintf(path + used, CSV_PATH_BYTES - (size_t)used, name_format, steps);
}

/* "checkpoint-000000040000.bin": its agent steps, and what stands behind; NULL: another name. */
static const char *read_name(const char *name, int64_t *steps)
{
    int end = 0;
    const bool ours = sscanf(name, "checkpoint-%12" SCNd64 ".bin%n", steps, &end) == 1 && end > 0;
    return ours ? name + end : NULL;
}

static int newer_first(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a < b) - (a > b);
}

/* The agent steps of the checkpoints that are there, the newest first; what a kill left of one that
 * was being written is removed on the way. Returns how many. */
static int list_checkpoints(const Checkpoints *checkpoints, int64_t steps[LISTED_MAX])
{
    int count = 0;
    DIR *folder = opendir(checkpoints->folder);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        int64_t number;
        const char *behind = read_name(entry->d_name, &number);
        if (behind != NULL && strcmp(behind, ".new") == 0)
            unlinkat(dirfd(folder), entry->d_name, 0);
        else if (behind != NULL && behind[0] == 0 && count < LISTED_MAX)
            steps[count++] = number;
    }
    if (folder != NULL)
        closedir(folder);
    qsort(steps, (size_t)count, sizeof steps[0], newer_first);
    return count;
}

static void remove_checkpoint(const Checkpoints *checkpoints, int64_t steps)
{
    char path[CSV_PATH_BYTES];
    checkpoint_path(checkpoints, steps, path);
    unlink(path);
}

/* ---- what is in a checkpoint ---- */

/* Each key that results depend on, by its name: a folder's config.ini must say the same. */
static void walk_config(const RunConfig *config, State *state)
{
    for (size_t i = 0; i < config_key_count(); i++) {
        const ConfigKey *key = config_key_at(i);
        if (!config_key_matters(key))
            continue;
        char now[CONFIG_TEXT_BYTES] = "", then[CONFIG_TEXT_BYTES];
        config_value(config, key, now);
        memcpy(then, now, sizeof then);
        state_field(state, key->name, then, sizeof then);
        if (state_loaded(state) && memcmp(now, then, sizeof now) != 0) {
            char what[3 * CONFIG_TEXT_BYTES];
            then[sizeof then - 1] = 0;
            snprintf(what, sizeof what,
                     "'%s' was %s when the checkpoint was made and is %s in config.ini", key->name,
                     then, now);
            state_fail(state, what);
        }
    }
}

static void walk_facts(Facts *facts, State *state)
{
    STATE_FIELD(state, "seconds", facts->seconds);
    STATE_FIELD(state, "episodes.csv bytes", facts->episodes.size_bytes);
    STATE_FIELD(state, "episodes.csv XXH64", facts->episodes.digest);
    STATE_FIELD(state, "metrics.csv bytes", facts->metrics.size_bytes);
    STATE_FIELD(state, "metrics.csv XXH64", facts->metrics.digest);
    STATE_FIELD(state, "has best weights", facts->has_best);
    STATE_FIELD(state, "best mean score", facts->best.mean);
    STATE_FIELD(state, "best interval", facts->best.ci95);
    STATE_FIELD(state, "best games", facts->best.games);
    STATE_FIELD(state, "state digest", facts->state_digest);
}

static void walk_slots(Checkpoints *checkpoints, State *state)
{
    for (int env = 0; env < checkpoints->envs; env++) {
        Slots *slots = &checkpoints->slots[env];
        STATE_FIELD(state, "replay oldest slot", slots->oldest);
        STATE_FIELD(state, "replay open slot", slots->newest);
        if (slots->oldest < 0 || slots->newest < slots->oldest - 1)
            state_fail(state, "its replay memory ends before it begins");
    }
}

static void walk_version(State *state)
{
    uint64_t version = CHECKPOINT_VERSION;
    STATE_FIELD(state, "deepq checkpoint", version);
    if (version == CHECKPOINT_VERSION)
        return;
    char what[100];
    snprintf(what, sizeof what, "it has version %" PRIu64 " of the format; this deepq reads %d",
             version, CHECKPOINT_VERSION);
    state_fail(state, what);
}

/* ---- saving ---- */

bool checkpoints_follow(Checkpoints *checkpoints, Error *error)
{
    return replay_log_follow(checkpoints->log, error);
}

static Facts facts_of_now(const CheckpointRun *parts, double seconds)
{
    return (Facts){
        .episodes = csv_mark(&parts->run->episodes),
        .metrics = csv_mark(&parts->run->metrics),
        .best = parts->run->best,
        .has_best = parts->run->has_best,
        .seconds = seconds,
        .state_digest = training_digest(parts->training),
    };
}

static bool collect(Checkpoints *checkpoints, Facts *facts, Error *error)
{
    State *state = &checkpoints->saving;
    const Replay *replay = training_replay(checkpoints->parts.training);
    for (int env = 0; env < checkpoints->envs; env++)
        checkpoints->slots[env] = (Slots){replay_oldest(replay, env), replay_newest(replay, env)};
    state_begin_save(state, error);
    walk_version(state);
    walk_config(checkpoints->parts.config, state);
    walk_facts(facts, state);
    walk_slots(checkpoints, state);
    training_walk(checkpoints->parts.training, state);
    if (state->failed)
        return false;
    uint64_t checksum = digest_of(state->bytes, state->count);
    return state_append(state, &checksum, sizeof checksum);
}

/* The newest are kept, and of the memory what the oldest of those needs. */
static void remove_old(Checkpoints *checkpoints)
{
    int64_t steps[LISTED_MAX];
    const int count = list_checkpoints(checkpoints, steps);
    for (int i = CHECKPOINTS_KEPT; i < count; i++)
        remove_checkpoint(checkpoints, steps[i]);
    for (int env = 0; env < checkpoints->envs; env++) {
        replay_log_forget(checkpoints->log, env, checkpoints->oldest_kept[env]);
        checkpoints->oldest_kept[env] = checkpoints->slots[env].oldest;
    }
}

bool checkpoints_save(Checkpoints *checkpoints, double seconds, Error *error)
{
    const CheckpointRun *parts = &checkpoints->parts;
    char path[CSV_PATH_BYTES];
    if (!run_check_weights(training_network(parts->training), error))
        return false;
    Facts facts = facts_of_now(parts, seconds);
    checkpoint_path(checkpoints, training_progress(parts->training).steps, path);
    if (!replay_log_flush(checkpoints->log, error) || !csv_flush(&parts->run->episodes, error) ||
        !csv_flush(&parts->run->metrics, error) || !collect(checkpoints, &facts, error) ||
        !file_replace(path, checkpoints->saving.bytes, checkpoints->saving.count, error))
        return false;
    remove_old(checkpoints);
    return true;
}

/* ---- going on ---- */

/* A bound on what is sensible to read: a state of this training has about as many bytes. Of one
 * that nothing was loaded into yet: a load that fails leaves what cannot be saved. */
static size_t bytes_max(Checkpoints *checkpoints)
{
    Error error;
    State *state = &checkpoints->saving;
    state_begin_save(state, &error);
    training_walk(checkpoints->parts.training, state);
    return state->count + OTHER_BYTES_MAX;
}

static bool check_file(const FileBytes *file, Error *error)
{
    uint64_t checksum;
    if (file->count < CHECKSUM_BYTES)
        return error_input(error, "it has only %zu bytes", file->count);
    memcpy(&checksum, file->bytes + file->count - CHECKSUM_BYTES, CHECKSUM_BYTES);
    if (checksum != digest_of(file->bytes, file->count - CHECKSUM_BYTES))
        return error_input(error, "its checksum does not fit its %zu bytes", file->count);
    return true;
}

static bool load_replay(Checkpoints *checkpoints, Error *error)
{
    for (int env = 0; env < checkpoints->envs; env++) {
        const Slots slots = checkpoints->slots[env];
        if (!replay_log_load(checkpoints->log, env, slots.oldest, slots.newest, error))
            return false;
    }
    return true;
}

static bool load_state(Checkpoints *checkpoints, Facts *facts, State *state, Error *error)
{
    const CheckpointRun *parts = &checkpoints->parts;
    walk_version(state);
    walk_config(parts->config, state);
    walk_facts(facts, state);
    walk_slots(checkpoints, state);
    if (state->failed || !csv_has(&parts->run->episodes, facts->episodes, error) ||
        !csv_has(&parts->run->metrics, facts->metrics, error) || !load_replay(checkpoints, error))
        return false;
    training_walk(parts->training, state);
    if (!state_end_load(state))
        return false;
    return training_digest(parts->training) == facts->state_digest ||
           error_input(error, "what was loaded has not the digest of what was saved");
}

/* Everything but the training stays as it is. The sentence is about the file, without naming it. */
static bool load_checkpoint(Checkpoints *checkpoints, const char *path, size_t most_bytes,
                            Facts *facts, Error *error)
{
    FileBytes file;
    State state;
    if (!file_read(&file, path, most_bytes, error))
        return false;
    bool done = check_file(&file, error);
    if (done) {
        state_begin_load(&state, file.bytes, file.count - CHECKSUM_BYTES, error);
        done = load_state(checkpoints, facts, &state, error);
    }
    file_free(&file);
    return done;
}

static void note(Resumed *resumed, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void note(Resumed *resumed, const char *format, ...)
{
    const size_t used = strlen(resumed->note);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(resumed->note + used, sizeof resumed->note - used, format, arguments);
    va_end(arguments);
}

/* The best weights are no part of a checkpoint. `why` says what is wrong with them; the training's
 * network is used to try them, and is loaded later. */
static void try_best_weights(const Checkpoints *checkpoints, Error *why)
{
    char path[CSV_PATH_BYTES];
    run_weights_path(path, checkpoints->parts.run->path, RUN_WEIGHTS_BEST);
    weights_load(training_network(checkpoints->parts.training), path, why);
}

static bool take_up(Checkpoints *checkpoints, const Facts *facts, const Error *best_why,
                    Resumed *resumed, Error *error)
{
    Run *run = checkpoints->parts.run;
    if (!csv_cut(&run->episodes, facts->episodes, error) ||
        !csv_cut(&run->metrics, facts->metrics, error))
        return false;
    run->has_best = facts->has_best && best_why->kind == ERROR_NONE;
    if (facts->has_best && !run->has_best)
        note(resumed, "%s; the next epoch's weights take their place\n", best_why->text);
    run->best = facts->best;
    for (int env = 0; env < checkpoints->envs; env++)
        checkpoints->oldest_kept[env] = checkpoints->slots[env].oldest;
    resumed->seconds = facts->seconds;
    return true;
}

bool checkpoints_resume(Checkpoints *checkpoints, Resumed *resumed, Error *error)
{
    int64_t steps[LISTED_MAX];
    const int count = list_checkpoints(checkpoints, steps);
    Error first = {0}, best_why = {0};
    *resumed = (Resumed){0};
    const size_t most_bytes = bytes_max(checkpoints);
    try_best_weights(checkpoints, &best_why);
    for (int i = 0; i < count; i++) {
        char path[CSV_PATH_BYTES];
        Error why = {0};
        Facts facts = {0};
        checkpoint_path(checkpoints, steps[i], path);
        if (load_checkpoint(checkpoints, path, most_bytes, &facts, &why)) {
            if (!take_up(checkpoints, &facts, &best_why, resumed, error))
                return false;
            for (int newer = 0; newer < i; newer++)
                remove_checkpoint(checkpoints, steps[newer]);
            return true;
        }
        note(resumed, "the checkpoint of agent step %" PRId64 " cannot be used: %s\n", steps[i],
             why.text);
        if (i == 0)
            first = why;
    }
    if (count == 0)
        return error_input(error, "'%s' has no checkpoint to go on from: train in another folder",
                           checkpoints->parts.run->path);
    return error_input(error, "'%s' cannot go on: %.400s", checkpoints->parts.run->path,
                       first.text);
}

/* ---- of a run that is not open ---- */

bool checkpoints_are_there(const char *path)
{
    char name[CSV_PATH_BYTES];
    int64_t steps;
    bool there = false;
    snprintf(name, sizeof name, "%s/checkpoints", path);
    DIR *folder = opendir(name);
    for (struct dirent *entry; folder != NULL && !there && (entry = readdir(folder)) != NULL;) {
        const char *behind = read_name(entry->d_name, &steps);
        there = behind != NULL && behind[0] == 0;
    }
    if (folder != NULL)
        closedir(folder);
    return there;
}

static bool is_ours(const char *name)
{
    return strncmp(name, "checkpoint-", 11) == 0 || strncmp(name, "replay-", 7) == 0;
}

bool checkpoints_remove(const char *path, Error *error)
{
    char name[CSV_PATH_BYTES];
    bool done = true;
    snprintf(name, sizeof name, "%s/checkpoints", path);
    DIR *folder = opendir(name);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        if (is_ours(entry->d_name) && unlinkat(dirfd(folder), entry->d_name, 0) != 0)
            done = error_work(error, "cannot remove '%s/%s': %s", name, entry->d_name,
                              strerror(errno));
    if (folder != NULL)
        closedir(folder);
    rmdir(name);
    return done;
}
