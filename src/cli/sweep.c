#include "run/sweep.h"

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
#include "rl/statistics.h"
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
    "  protocol = 2015               ; how they are counted: see `deepq eval --help`\n"
    "  set = learning_rate=0.0001    ; may be repeated\n\n"
    "example: deepq sweep sweep.ini --jobs 2\n",
};

enum { JOBS_MAX = 64, PATH_BYTES = CSV_PATH_BYTES, NAME_BYTES = 128, JSON_BYTES_MAX = 1 << 20 };

typedef enum { RUN_WAITS, RUN_TRAINS, RUN_IS_COUNTED, RUN_DONE, RUN_STOPPED, RUN_FAILED } Stage;

/* A run of the sweep. */
typedef struct {
    SweepRun what;
    char game[NAME_BYTES]; /* its name, where `what` has a file */
    char path[PATH_BYTES];
    Stage stage;
    pid_t child;
    double mean, ci95; /* of the games that were counted */
    int games;
} Entry;

typedef struct {
    SweepPlan plan;
    const char *file;
    char folder[PATH_BYTES / 2];
    const char *roms;
    int64_t jobs, threads;
    int count, done, failed;
    Entry *entry;
} Sweep;

static volatile sig_atomic_t stop_asked;

static const char *protocol_name(const Sweep *sweep)
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
static void preset_name(char name[NAME_BYTES], const char *preset)
{
    snprintf(name, NAME_BYTES, "%s", file_name(preset));
    char *dot = strrchr(name, '.');
    if (dot != NULL && strcmp(dot, ".ini") == 0)
        *dot = 0;
}

/* Every game must be there, and go with every preset, before anything starts. */
static bool find_game(const Sweep *sweep, int game, char name[NAME_BYTES], Error *error)
{
    const CartridgeRequest request = {.roms = sweep->roms};
    const SweepList *games = &sweep->plan.games;
    Problem problem;
    Error why = {0};
    if (!problem_find(&problem, games->word[game], &request, &why))
        return error_input(error, "'%.80s', line %d: %.300s", sweep->file, games->line, why.text);
    snprintf(name, NAME_BYTES, "%s", problem.name);
    const bool toy = problem.game == NULL;
    problem_free(&problem);
    if (toy && sweep->plan.protocol != NULL)
        return error_input(error,
                           "'%.80s', line %d: protocol '%s' is for Atari's games, '%s' is a toy: "
                           "protocol = own",
                           sweep->file, games->line, protocol_name(sweep), name);
    return true;
}

/* A run that is there already must be the one that the plan means. */
static bool check_run(const Sweep *sweep, const Entry *entry, Error *error)
{
    RunConfig wanted, there;
    char path[PATH_BYTES + 32], is[CONFIG_TEXT_BYTES], asked[CONFIG_TEXT_BYTES];
    if (!sweep_config(&wanted, &sweep->plan, &entry->what, sweep->file, entry->game, error))
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

static bool list_runs(Sweep *sweep, Error *error)
{
    sweep->count = sweep_count(&sweep->plan);
    sweep->entry = calloc((size_t)sweep->count, sizeof *sweep->entry);
    if (sweep->entry == NULL)
        return error_work(error, "no memory for %d runs", sweep->count);
    const int each = sweep->count / sweep->plan.games.count;
    for (int i = 0; i < sweep->count; i++) {
        Entry *entry = &sweep->entry[i];
        char preset[NAME_BYTES];
        entry->what = sweep_run(&sweep->plan, i);
        if (i % each != 0)
            strcpy(entry->game, sweep->entry[i - 1].game);
        else if (!find_game(sweep, i / each, entry->game, error))
            return false;
        preset_name(preset, entry->what.preset);
        snprintf(entry->path, sizeof entry->path, "%s/%s-%s-%s", sweep->folder, entry->game, preset,
                 entry->what.seed);
        if (!check_run(sweep, entry, error))
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

static bool is_trained(const Entry *entry)
{
    char path[PATH_BYTES + 32];
    snprintf(path, sizeof path, "%s/summary.json", entry->path);
    cJSON *summary = read_json(path);
    const char *end = cJSON_GetStringValue(cJSON_GetObjectItem(summary, "end"));
    const bool done = end != NULL && strcmp(end, "done") == 0;
    cJSON_Delete(summary);
    return done;
}

static void eval_path(char path[PATH_BYTES + 32], const Sweep *sweep, const Entry *entry)
{
    if (sweep->plan.protocol != NULL)
        protocol_path(sweep->plan.protocol, entry->path, path, PATH_BYTES + 32);
    else
        snprintf(path, PATH_BYTES + 32, "%s/eval-own.json", entry->path);
}

/* False: it was not counted yet. */
static bool read_counted(const Sweep *sweep, Entry *entry)
{
    char path[PATH_BYTES + 32];
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

enum { ARGUMENTS_MAX = 160 };

typedef struct {
    const char *word[ARGUMENTS_MAX];
    int count;
} Arguments;

static void add(Arguments *arguments, const char *option, const char *value)
{
    if (value == NULL || arguments->count + 3 > ARGUMENTS_MAX)
        return;
    if (option != NULL)
        arguments->word[arguments->count++] = option;
    arguments->word[arguments->count++] = value;
}

static pid_t start_training(const Sweep *sweep, const Entry *entry, Error *error)
{
    char threads[24], checkpoints[PATH_BYTES + 32];
    const SweepPlan *plan = &sweep->plan;
    Arguments arguments = {{"train"}, 1};
    snprintf(threads, sizeof threads, "%" PRId64, sweep->threads);
    snprintf(checkpoints, sizeof checkpoints, "%s/checkpoints", entry->path);
    add(&arguments, "--run", entry->path);
    add(&arguments, NULL, "--quiet");
    add(&arguments, "--threads", threads);
    add(&arguments, "--roms", sweep->roms);
    if (file_exists(checkpoints)) {
        add(&arguments, NULL, "--resume");
    } else {
        add(&arguments, NULL, entry->what.game);
        add(&arguments, "--preset", entry->what.preset);
        add(&arguments, "--seed", entry->what.seed);
        add(&arguments, "--frames", plan->frames[0] != 0 ? plan->frames : NULL);
        for (int i = 0; i < plan->sets.count; i++)
            add(&arguments, "--set", plan->sets.word[i]);
    }
    return child_start(arguments.word, error);
}

static pid_t start_counting(const Sweep *sweep, const Entry *entry, Error *error)
{
    char output[PATH_BYTES + 32];
    Arguments arguments = {{"eval", entry->path}, 2};
    eval_path(output, sweep, entry);
    add(&arguments, "--protocol", sweep->plan.protocol != NULL ? sweep->plan.protocol->name : NULL);
    add(&arguments, "--output", output);
    add(&arguments, "--roms", sweep->roms);
    return child_start(arguments.word, error);
}

static void tell_done(Sweep *sweep, const Entry *entry)
{
    printf("[%d of %d] %s: %.2f +- %.2f in %d games\n", ++sweep->done, sweep->count,
           file_name(entry->path), entry->mean, entry->ci95, entry->games);
    fflush(stdout);
}

/* The next thing to do for a run. */
static bool advance(Sweep *sweep, Entry *entry, Error *error)
{
    if (read_counted(sweep, entry)) {
        entry->stage = RUN_DONE;
        tell_done(sweep, entry);
        return true;
    }
    const bool trained = is_trained(entry);
    entry->stage = trained ? RUN_IS_COUNTED : RUN_TRAINS;
    entry->child = (trained ? start_counting : start_training)(sweep, entry, error);
    return entry->child > 0;
}

static bool ended(Sweep *sweep, Entry *entry, int status, Error *error)
{
    const Stage was = entry->stage;
    entry->child = 0;
    if (status == STATUS_INTERRUPTED) {
        entry->stage = RUN_STOPPED;
    } else if (status != STATUS_DONE || (was == RUN_TRAINS && !is_trained(entry)) ||
               (was == RUN_IS_COUNTED && !read_counted(sweep, entry))) {
        entry->stage = RUN_FAILED;
        sweep->failed++;
        fprintf(stderr, "deepq: '%s' failed with status %d; the others go on\n", entry->path,
                status);
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

/* ---- what came of it ---- */

/* The runs of a game and a preset that are done; they lie beside each other. */
static int gather(const Sweep *sweep, int first, double *means)
{
    int count = 0;
    for (int i = first; i < first + sweep->plan.seeds.count; i++)
        if (sweep->entry[i].stage == RUN_DONE)
            means[count++] = sweep->entry[i].mean;
    return count;
}

static bool write_group(const Sweep *sweep, int first, FILE *csv)
{
    double means[SWEEP_LIST_MAX];
    char preset[NAME_BYTES];
    const Entry *entry = &sweep->entry[first];
    const int runs = gather(sweep, first, means);
    if (runs == 0)
        return true;
    Random random = random_stream(1, "bootstrap");
    const StrataScores scores = {means, &runs, 1};
    const StatisticInterval mean = bootstrap(&scores, statistic_mean, &random);
    const StatisticInterval iqm = bootstrap(&scores, statistic_iqm, &random);
    preset_name(preset, entry->what.preset);
    printf("%-16s %-12s %5d %10.2f  [%.2f, %.2f]%*s %10.2f  [%.2f, %.2f]\n", entry->game, preset,
           runs, mean.value, mean.low, mean.high, 1, "", iqm.value, iqm.low, iqm.high);
    return fprintf(csv, "%s,%s,%s,%d,%.6g,%.6g,%.6g,%.6g,%.6g,%.6g\n", entry->game, preset,
                   protocol_name(sweep), runs, mean.value, mean.low, mean.high, iqm.value, iqm.low,
                   iqm.high) > 0;
}

static bool write_table(const Sweep *sweep, Error *error)
{
    char *text = NULL;
    size_t bytes = 0;
    char path[PATH_BYTES];
    FILE *csv = open_memstream(&text, &bytes);
    if (csv == NULL)
        return error_work(error, "no memory for a table of %d runs", sweep->count);
    fprintf(csv, "game,preset,protocol,runs,mean,mean_low,mean_high,iqm,iqm_low,iqm_high\n");
    printf("\nprotocol %s: %s; 95 %% by bootstrap over the runs\n\n", protocol_name(sweep),
           sweep->plan.protocol != NULL ? sweep->plan.protocol->text
                                        : "30 games as each run was evaluated");
    printf("%-16s %-12s %5s %10s  %-18s %10s\n", "game", "preset", "runs", "mean", "", "iqm");
    bool done = true;
    for (int i = 0; i < sweep->count; i += sweep->plan.seeds.count)
        done = write_group(sweep, i, csv) && done;
    done = fclose(csv) == 0 && done;
    snprintf(path, sizeof path, "%s/sweep.csv", sweep->folder);
    done = done ? file_replace(path, text, bytes, error)
                : error_work(error, "no memory for a table of %d runs", sweep->count);
    free(text);
    return done;
}

/* One page for the runs of a game, as many as a report takes. */
static bool write_report(const Sweep *sweep, int first, int count, Error *error)
{
    char output[PATH_BYTES];
    Arguments arguments = {{"report"}, 1};
    int status = STATUS_DONE, runs = 0;
    snprintf(output, sizeof output, "%s/%s.html", sweep->folder, sweep->entry[first].game);
    for (int i = first; i < first + count && runs < OPTIONS_ARGUMENTS_MAX; i++)
        if (sweep->entry[i].stage == RUN_DONE) {
            add(&arguments, NULL, sweep->entry[i].path);
            runs++;
        }
    if (runs == 0)
        return true;
    add(&arguments, "--output", output);
    add(&arguments, "--roms", sweep->roms);
    if (child_start(arguments.word, error) < 0)
        return false;
    while (child_wait(&status) == 0)
        ;
    if (status == STATUS_DONE)
        printf("%s: %d runs\n", output, runs);
    return status == STATUS_DONE ||
           error_work(error, "the report '%s' could not be written", output);
}

static bool tell_all(const Sweep *sweep, Error *error)
{
    const int each = sweep->count / sweep->plan.games.count;
    if (!write_table(sweep, error))
        return false;
    printf("\n%s/sweep.csv: the same\n", sweep->folder);
    for (int i = 0; i < sweep->count; i += each)
        if (!write_report(sweep, i, each, error))
            return false;
    return true;
}

/* ---- the command ---- */

static void default_folder(Sweep *sweep)
{
    char name[NAME_BYTES];
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
    if (!tell_all(sweep, error))
        return options_fail(error);
    return sweep->failed > 0 ? STATUS_FAILED : STATUS_DONE;
}

int command_sweep(int argc, const char **argv)
{
    const char *folder = NULL, *jobs = NULL, *threads = NULL;
    Sweep sweep = {.jobs = sysconf(_SC_NPROCESSORS_ONLN), .threads = 1};
    struct poptOption table[] = {
        {"run", 0, POPT_ARG_STRING, &folder, 0, "the folder of it all (default runs/FILE's name)",
         "DIR"},
        {"jobs", 'j', POPT_ARG_STRING, &jobs, 0,
         "runs at a time (default: as many as there are processors)", "N"},
        {"threads", 0, POPT_ARG_STRING, &threads, 0, "of each run (default 1)", "N"},
        {"roms", 0, POPT_ARG_STRING, &sweep.roms, 0,
         "where cartridges are (default: see `deepq games --help`)", "DIR"},
        POPT_TABLEEND,
    };
    Options options;
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    sweep.file = options.argument[0];
    sweep.jobs = sweep.jobs < 1 ? 1 : sweep.jobs > JOBS_MAX ? JOBS_MAX : sweep.jobs;
    default_folder(&sweep);
    bool done = options_count(&sweep.jobs, jobs, "jobs", 1, JOBS_MAX, &error) &&
                options_count(&sweep.threads, threads, "threads", 1, PARALLEL_THREADS_MAX, &error);
    if (done && folder != NULL &&
        snprintf(sweep.folder, sizeof sweep.folder, "%s", folder) >= (int)sizeof sweep.folder)
        done = error_input(&error, "'%.60s...' is too long for a folder's name", folder);
    status = done ? sweep_all(&sweep, &error) : options_fail(&error);
    free(sweep.entry);
    options_free(&options);
    return status;
}
