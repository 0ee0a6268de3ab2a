#include "cli/sweep.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/child.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/problem.h"
#include "nn/network.h"
#include "run/checkpoint.h"
#include "run/run.h"

static const OptionsHelp help = {
    "sweep",
    "FILE",
    "Makes many runs: every game with every preset and every seed that FILE lists, side by side "
    "on\n"
    "the machine's cores, counts them all by one protocol, and says what each preset comes to. "
    "The\n"
    "runs, sweep.csv and a report for each game go to one folder. What is done is not done again:\n"
    "after Ctrl-C, a crash or a longer list of seeds the same command goes on.\n\n"
    "FILE:\n"
    "  [sweep]\n"
    "  games = bricks, rally         ; names, or cartridges' files\n"
    "  presets = quick, nips2013     ; or files ending in .ini (default quick)\n"
    "  seeds = 1, 2, 3               ; (default 1)\n"
    "  frames = 3000000              ; of each run (default the preset's)\n"
    "  protocol = 2015               ; how they are counted: 2013, 2015 or 2018, or own: as each\n"
    "                                ; run was evaluated (default 2015; see `deepq eval --help`)\n"
    "  set = learning_rate=0.0001    ; may be repeated; precision=bf16 as well\n\n"
    "In the end there are, beside the table, sweep.csv with the same, a page for each game, and "
    "two\n"
    "pictures of how all of them learnt: frames.png and minutes.png.\n\n"
    "example: deepq sweep sweep.ini --jobs 2 --threads 1 --drop-checkpoints\n",
};

enum { JOBS_MAX = 64, JSON_BYTES_MAX = 1 << 20 };

static volatile sig_atomic_t stop_asked;

const char *sweep_protocol_name(const Sweep *sweep)
{
    return sweep->plan.protocol != NULL ? sweep->plan.protocol->name : "own";
}

static void ask_to_stop(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
}

/* Without SA_RESTART: waiting for children ends, too. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = ask_to_stop};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* ---- the list ---- */

/* "nips2013", or of a file's path its name without .ini. */
static void preset_name(char name[SWEEP_NAME_BYTES], const char *preset)
{
    snprintf(name, SWEEP_NAME_BYTES, "%s", file_name(preset));
    if (file_ends_in(name, ".ini"))
        name[strlen(name) - strlen(".ini")] = 0;
}

/* Every game must be there, and go with every preset, before anything starts. */
static bool find_game(const Sweep *sweep, int game, char name[SWEEP_NAME_BYTES], Error *error)
{
    const CartridgeRequest request = {.roms = sweep->roms};
    const SweepList *games = &sweep->plan.games;
    Problem problem;
    Error why = {0};
    if (!problem_find(&problem, games->word[game], &request, &why))
        return error_input(error, "'%.80s', line %d: %.300s", sweep->file, games->line, why.text);
    snprintf(name, SWEEP_NAME_BYTES, "%s", problem.name);
    const bool toy = problem.game == NULL;
    problem_free(&problem);
    if (toy && sweep->plan.protocol != NULL)
        return error_input(error,
                           "'%.80s', line %d: protocol '%s' is for Atari's games, '%s' is a toy: "
                           "protocol = own",
                           sweep->file, games->line, sweep_protocol_name(sweep), name);
    return true;
}

/* What this machine cannot multiply is said of the line that asks for it. */
static bool check_precision(const Sweep *sweep, const RunConfig *wanted, Error *error)
{
    Error why = {0};
    if (wanted->precision != RUN_PRECISION_BF16 || network_has_bf16(&why))
        return true;
    const int line = sweep->plan.sets.count > 0 ? sweep->plan.sets.line : sweep->plan.presets.line;
    return error_input(error, "'%.80s', line %d: %.300s", sweep->file, line, why.text);
}

/* A run that is there already must be the one that the plan means. */
static bool check_run(const Sweep *sweep, const SweepEntry *entry, Error *error)
{
    RunConfig wanted, there;
    char path[SWEEP_PATH_BYTES + 32], is[CONFIG_TEXT_BYTES], asked[CONFIG_TEXT_BYTES];
    if (!sweep_config(&wanted, &sweep->plan, &entry->what, sweep->file, entry->game, error) ||
        !check_precision(sweep, &wanted, error))
        return false;
    snprintf(path, sizeof path, "%s/config.ini", entry->path);
    if (!file_exists(path))
        return true;
    if (!run_load_config(&there, entry->path, error))
        return false;
    const ConfigKey *key = config_difference(&wanted, &there);
    return key == NULL ||
           error_input(error,
                       "'%s' was made with %s = %s, and '%s' asks for %s: choose another --run",
                       entry->path, key->name, config_value(&there, key, is), sweep->file,
                       config_value(&wanted, key, asked));
}

/* Two words of a list may mean one run; it would be counted as if it were two. */
static bool check_others(const Sweep *sweep, int index, Error *error)
{
    const SweepEntry *entry = &sweep->entry[index], *other = sweep->entry;
    while (other < entry && strcmp(other->path, entry->path) != 0)
        other++;
    if (other == entry)
        return true;
    const SweepPlan *plan = &sweep->plan;
    const SweepRun *a = &other->what, *b = &entry->what;
    const struct {
        const char *one, *two;
        int line;
    } lists[] = {{a->game, b->game, plan->games.line},
                 {a->preset, b->preset, plan->presets.line},
                 {a->seed, b->seed, plan->seeds.line}};
    int which = 0; /* words of one list are different places in its text, whatever they say */
    while (which < 2 && lists[which].one == lists[which].two)
        which++;
    return error_input(error, "'%.80s', line %d: '%.60s' and '%.60s' would be one run, '%s'",
                       sweep->file, lists[which].line, lists[which].one, lists[which].two,
                       file_name(entry->path));
}

static bool list_runs(Sweep *sweep, Error *error)
{
    sweep->count = sweep_count(&sweep->plan);
    sweep->entry = calloc((size_t)sweep->count, sizeof *sweep->entry);
    if (sweep->entry == NULL)
        return error_work(error, "no memory for %d runs", sweep->count);
    const int each = sweep->count / sweep->plan.games.count;
    for (int i = 0; i < sweep->count; i++) {
        SweepEntry *entry = &sweep->entry[i];
        entry->what = sweep_run(&sweep->plan, i);
        if (i % each != 0)
            strcpy(entry->game, sweep->entry[i - 1].game);
        else if (!find_game(sweep, i / each, entry->game, error))
            return false;
        preset_name(entry->preset, entry->what.preset);
        snprintf(entry->path, sizeof entry->path, "%s/%s-%s-%s", sweep->folder, entry->game,
                 entry->preset, entry->what.seed);
        if (!check_others(sweep, i, error) || !check_run(sweep, entry, error))
            return false;
    }
    return true;
}

/* ---- what is done ---- */

static cJSON *read_json(const char *path)
{
    FileBytes file;
    Error error = {0};
    if (!file_exists(path) || !file_read(&file, path, JSON_BYTES_MAX, &error))
        return NULL;
    cJSON *object = cJSON_Parse((const char *)file.bytes);
    file_free(&file);
    return object;
}

/* And how long it took. */
static bool is_trained(SweepEntry *entry)
{
    char path[SWEEP_PATH_BYTES + 32];
    snprintf(path, sizeof path, "%s/summary.json", entry->path);
    cJSON *summary = read_json(path);
    const char *end = cJSON_GetStringValue(cJSON_GetObjectItem(summary, "end"));
    const bool done = end != NULL && strcmp(end, "done") == 0;
    entry->seconds = cJSON_GetNumberValue(cJSON_GetObjectItem(summary, "seconds"));
    cJSON_Delete(summary);
    return done;
}

static void eval_path(char path[SWEEP_PATH_BYTES + 32], const Sweep *sweep, const SweepEntry *entry)
{
    if (sweep->plan.protocol != NULL)
        protocol_path(sweep->plan.protocol, entry->path, path, SWEEP_PATH_BYTES + 32);
    else
        snprintf(path, SWEEP_PATH_BYTES + 32, "%s/eval-own.json", entry->path);
}

/* False: it was not counted yet. */
static bool read_counted(const Sweep *sweep, SweepEntry *entry)
{
    char path[SWEEP_PATH_BYTES + 32];
    eval_path(path, sweep, entry);
    cJSON *result = read_json(path);
    const cJSON *agent = cJSON_GetObjectItem(result, "agent");
    const bool done = cJSON_IsNumber(cJSON_GetObjectItem(agent, "mean"));
    if (done) {
        entry->mean = cJSON_GetNumberValue(cJSON_GetObjectItem(agent, "mean"));
        entry->ci95 = cJSON_GetNumberValue(cJSON_GetObjectItem(agent, "ci95"));
        entry->games = (int)cJSON_GetNumberValue(cJSON_GetObjectItem(agent, "games"));
    }
    cJSON_Delete(result);
    return done;
}

/* ---- children ---- */

void sweep_add(SweepArguments *arguments, const char *option, const char *value)
{
    if (value == NULL || arguments->count + 3 > SWEEP_ARGUMENTS_MAX)
        return;
    if (option != NULL)
        arguments->word[arguments->count++] = option;
    arguments->word[arguments->count++] = value;
}

/* What a run came to before it was done says nothing of it now. */
static void forget_count(const Sweep *sweep, const SweepEntry *entry)
{
    char path[SWEEP_PATH_BYTES + 32];
    eval_path(path, sweep, entry);
    unlink(path);
}

/* What was killed before its first checkpoint is in the way of a new beginning, and holds nothing.
 * False if it cannot be cleared, as when another trains there. */
static bool clear_the_way(const SweepEntry *entry, Error *error)
{
    if (checkpoints_are_there(entry->path))
        return true;
    char config[SWEEP_PATH_BYTES + 32], weights[SWEEP_PATH_BYTES + 32];
    snprintf(config, sizeof config, "%s/config.ini", entry->path);
    run_weights_path(weights, entry->path, RUN_WEIGHTS_LAST);
    return !file_exists(config) || file_exists(weights) || run_remove(entry->path, error);
}

static pid_t start_training(const Sweep *sweep, const SweepEntry *entry, Error *error)
{
    char threads[24];
    const SweepPlan *plan = &sweep->plan;
    SweepArguments arguments = {{"train"}, 1};
    forget_count(sweep, entry);
    snprintf(threads, sizeof threads, "%" PRId64, sweep->threads);
    sweep_add(&arguments, "--run", entry->path);
    sweep_add(&arguments, NULL, "--quiet");
    sweep_add(&arguments, "--threads", threads);
    sweep_add(&arguments, "--roms", sweep->roms);
    if (checkpoints_are_there(entry->path)) {
        sweep_add(&arguments, NULL, "--resume");
    } else {
        sweep_add(&arguments, NULL, entry->what.game);
        sweep_add(&arguments, "--preset", entry->what.preset);
        sweep_add(&arguments, "--seed", entry->what.seed);
        sweep_add(&arguments, "--frames", plan->frames[0] != 0 ? plan->frames : NULL);
        for (int i = 0; i < plan->sets.count; i++)
            sweep_add(&arguments, "--set", plan->sets.word[i]);
    }
    return child_start(arguments.word, error);
}

static pid_t start_counting(const Sweep *sweep, const SweepEntry *entry, Error *error)
{
    char output[SWEEP_PATH_BYTES + 32];
    SweepArguments arguments = {{"eval", entry->path}, 2};
    eval_path(output, sweep, entry);
    sweep_add(&arguments, "--protocol",
              sweep->plan.protocol != NULL ? sweep->plan.protocol->name : NULL);
    sweep_add(&arguments, "--output", output);
    sweep_add(&arguments, "--roms", sweep->roms);
    return child_start(arguments.word, error);
}

static void tell_done(Sweep *sweep, const SweepEntry *entry)
{
    printf("[%d of %d] %s: %.2f +- %.2f in %d games\n", ++sweep->done, sweep->count,
           file_name(entry->path), entry->mean, entry->ci95, entry->games);
    fflush(stdout);
}

static void tell_failed(Sweep *sweep, SweepEntry *entry, const char *why)
{
    entry->stage = RUN_FAILED;
    sweep->failed++;
    fprintf(stderr, "deepq: '%s' failed: %s; the others go on\n", entry->path, why);
}

/* The next thing to do for a run. */
static bool advance(Sweep *sweep, SweepEntry *entry, Error *error)
{
    const bool trained = is_trained(entry);
    if (trained && read_counted(sweep, entry)) {
        entry->stage = RUN_DONE;
        tell_done(sweep, entry);
        return !sweep->drops_checkpoints || checkpoints_remove(entry->path, error);
    }
    Error why = {0};
    if (!trained && !clear_the_way(entry, &why)) {
        tell_failed(sweep, entry, why.text);
        return true;
    }
    entry->stage = trained ? RUN_IS_COUNTED : RUN_TRAINS;
    entry->child = (trained ? start_counting : start_training)(sweep, entry, error);
    return entry->child > 0;
}

static bool ended(Sweep *sweep, SweepEntry *entry, int status, Error *error)
{
    const SweepStage was = entry->stage;
    entry->child = 0;
    if (status == STATUS_INTERRUPTED) {
        entry->stage = RUN_STOPPED;
    } else if (status != STATUS_DONE || (was == RUN_TRAINS && !is_trained(entry)) ||
               (was == RUN_IS_COUNTED && !read_counted(sweep, entry))) {
        char why[32];
        snprintf(why, sizeof why, "status %d", status);
        tell_failed(sweep, entry, why);
    } else if (stop_asked) {
        entry->stage = RUN_STOPPED;
    } else {
        return advance(sweep, entry, error);
    }
    return true;
}

static int busy(const Sweep *sweep)
{
    int count = 0;
    for (int i = 0; i < sweep->count; i++)
        count += sweep->entry[i].child > 0;
    return count;
}

static void stop_all(const Sweep *sweep)
{
    for (int i = 0; i < sweep->count; i++)
        if (sweep->entry[i].child > 0)
            kill(sweep->entry[i].child, SIGTERM);
}

static bool wait_for_one(Sweep *sweep, Error *error)
{
    int status;
    const pid_t child = child_wait(&status);
    if (child == 0 && stop_asked)
        stop_all(sweep);
    for (int i = 0; child > 0 && i < sweep->count; i++)
        if (sweep->entry[i].child == child)
            return ended(sweep, &sweep->entry[i], status, error);
    return true;
}

static bool run_all(Sweep *sweep, Error *error)
{
    bool done = true;
    for (int next = 0; done && next < sweep->count && !stop_asked;)
        if (busy(sweep) < sweep->jobs)
            done = advance(sweep, &sweep->entry[next++], error);
        else
            done = wait_for_one(sweep, error);
    if (!done)
        stop_all(sweep);
    while (busy(sweep) > 0) {
        Error later = {0};
        wait_for_one(sweep, &later);
    }
    return done;
}

/* ---- the command ---- */

static int64_t default_jobs(int64_t threads)
{
    const int64_t fit = sysconf(_SC_NPROCESSORS_ONLN) / threads;
    return fit < 1 ? 1 : fit > JOBS_MAX ? JOBS_MAX : fit;
}

static void default_folder(Sweep *sweep)
{
    char name[SWEEP_NAME_BYTES];
    preset_name(name, sweep->file);
    snprintf(sweep->folder, sizeof sweep->folder, "runs/%s", name);
}

static int sweep_all(Sweep *sweep, Error *error)
{
    if (!sweep_read(&sweep->plan, sweep->file, error) || !list_runs(sweep, error) ||
        !file_make_folder(sweep->folder, error))
        return options_fail(error);
    printf("%d runs, %" PRId64 " at a time, in %s\n", sweep->count, sweep->jobs, sweep->folder);
    fflush(stdout);
    catch_signals();
    if (!run_all(sweep, error))
        return options_fail(error);
    if (stop_asked) {
        printf("stopped; the same command goes on\n");
        return STATUS_INTERRUPTED;
    }
    if (!sweep_tell(sweep, error))
        return options_fail(error);
    return sweep->failed > 0 ? STATUS_FAILED : STATUS_DONE;
}

int command_sweep(int argc, const char **argv)
{
    const char *folder = NULL, *jobs = NULL, *threads = NULL;
    int drops_checkpoints = 0;
    Sweep sweep = {.threads = 1};
    struct poptOption table[] = {
        {"run", 0, POPT_ARG_STRING, &folder, 0, "the folder of it all (default runs/FILE's name)",
         "DIR"},
        {"jobs", 'j', POPT_ARG_STRING, &jobs, 0,
         "runs at a time (default: as many as there are processors for their threads)", "N"},
        {"threads", 0, POPT_ARG_STRING, &threads, 0, "of each run (default 1)", "N"},
        {"drop-checkpoints", 0, POPT_ARG_NONE, &drops_checkpoints, 0,
         "remove those of runs that are done: nothing goes on from them, and they are most of a "
         "run's bytes",
         NULL},
        {"roms", 0, POPT_ARG_STRING, &sweep.roms, 0,
         "where cartridges are (see `deepq games --help`)", "DIR"},
        POPT_TABLEEND,
    };
    Options options;
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    sweep.file = options.argument[0];
    sweep.drops_checkpoints = drops_checkpoints;
    default_folder(&sweep);
    bool done = options_count(&sweep.threads, threads, "threads", 1, PARALLEL_THREADS_MAX, &error);
    sweep.jobs = default_jobs(sweep.threads);
    done = done && options_count(&sweep.jobs, jobs, "jobs", 1, JOBS_MAX, &error);
    if (done && folder != NULL &&
        snprintf(sweep.folder, sizeof sweep.folder, "%s", folder) >= (int)sizeof sweep.folder)
        done = error_input(&error, "'%.60s...' is too long for a folder's name", folder);
    status = done ? sweep_all(&sweep, &error) : options_fail(&error);
    free(sweep.entry);
    options_free(&options);
    return status;
}
