#include "cli/sweep.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "cli/child.h"
#include "cli/options.h"
#include "report/figure.h"
#include "rl/statistics.h"

/* ---- the table ---- */

/* What the runs of a game and a preset that are done come to; they lie beside each other. */
typedef struct {
    int runs;
    StatisticInterval mean, iqm, median;
    double standard_error;
    double hours; /* of a run, on average */
} Group;

static Group gather(const Sweep *sweep, int first)
{
    double means[SWEEP_LIST_MAX], seconds = 0;
    Group group = {0};
    for (int i = first; i < first + sweep->plan.seeds.count; i++)
        if (sweep->entry[i].stage == RUN_DONE) {
            means[group.runs++] = sweep->entry[i].mean;
            seconds += sweep->entry[i].seconds;
        }
    if (group.runs == 0)
        return group;
    Random random = random_stream(1, "bootstrap");
    const StrataScores scores = {means, &group.runs, 1};
    group.mean = bootstrap(&scores, statistic_mean, &random);
    group.iqm = bootstrap(&scores, statistic_iqm, &random);
    group.median = bootstrap(&scores, statistic_median, &random);
    group.standard_error = standard_error(means, group.runs);
    group.hours = seconds / 3600 / group.runs;
    return group;
}

static void print_interval(const StatisticInterval *interval)
{
    char text[64];
    snprintf(text, sizeof text, "[%.2f, %.2f]", interval->low, interval->high);
    printf(" %9.2f %-20s", interval->value, text);
}

static void print_group(const SweepEntry *entry, const Group *group)
{
    printf("%-16s %-12s %4d", entry->game, entry->preset, group->runs);
    print_interval(&group->mean);
    print_interval(&group->iqm);
    printf(" %9.2f %8.2f %7.2f\n", group->median.value, group->standard_error, group->hours);
}

static void write_interval(FILE *csv, const StatisticInterval *interval)
{
    fprintf(csv, ",%.6g,%.6g,%.6g", interval->value, interval->low, interval->high);
}

static void write_group(FILE *csv, const Sweep *sweep, const SweepEntry *entry, const Group *group)
{
    fprintf(csv, "%s,%s,%s,%d", entry->game, entry->preset, sweep_protocol_name(sweep),
            group->runs);
    write_interval(csv, &group->mean);
    write_interval(csv, &group->iqm);
    write_interval(csv, &group->median);
    fprintf(csv, ",%.6g,%.4g\n", group->standard_error, group->hours);
}

static void tell_groups(const Sweep *sweep, FILE *csv)
{
    printf("\nprotocol %s: %s; 95 %% by bootstrap over the runs\n\n", sweep_protocol_name(sweep),
           sweep->plan.protocol != NULL ? sweep->plan.protocol->text
                                        : "30 games as each run was evaluated");
    printf("%-16s %-12s %4s %9s %-20s %9s %-20s %9s %8s %7s\n", "game", "preset", "runs", "mean",
           "", "iqm", "", "median", "error", "hours");
    fprintf(csv, "game,preset,protocol,runs,mean,mean_low,mean_high,iqm,iqm_low,iqm_high,median,"
                 "median_low,median_high,standard_error,hours\n");
    for (int i = 0; i < sweep->count; i += sweep->plan.seeds.count) {
        const Group group = gather(sweep, i);
        if (group.runs == 0)
            continue;
        print_group(&sweep->entry[i], &group);
        write_group(csv, sweep, &sweep->entry[i], &group);
    }
    printf("\nhours: of a run, with %lld thread%s\n", (long long)sweep->threads,
           sweep->threads == 1 ? "" : "s");
}

static bool write_table(const Sweep *sweep, Error *error)
{
    char *text = NULL;
    size_t bytes = 0;
    char path[SWEEP_PATH_BYTES];
    FILE *csv = open_memstream(&text, &bytes);
    if (csv == NULL)
        return error_work(error, "no memory for a table of %d runs", sweep->count);
    tell_groups(sweep, csv);
    bool done = !ferror(csv);
    done = fclose(csv) == 0 && done;
    snprintf(path, sizeof path, "%s/sweep.csv", sweep->folder);
    done = done ? file_replace(path, text, bytes, error)
                : error_work(error, "no memory for a table of %d runs", sweep->count);
    if (done)
        printf("%s: the same\n", path);
    free(text);
    return done;
}

/* ---- pages ---- */

/* One page for the runs of a game, as many as a report takes. */
static bool write_report(const Sweep *sweep, int first, int count, Error *error)
{
    char output[SWEEP_PATH_BYTES];
    SweepArguments arguments = {{"report"}, 1};
    int status = STATUS_DONE, runs = 0;
    snprintf(output, sizeof output, "%s/%s.html", sweep->folder, sweep->entry[first].game);
    for (int i = first; i < first + count && runs < OPTIONS_ARGUMENTS_MAX; i++)
        if (sweep->entry[i].stage == RUN_DONE) {
            sweep_add(&arguments, NULL, sweep->entry[i].path);
            runs++;
        }
    if (runs == 0)
        return true;
    sweep_add(&arguments, "--output", output);
    sweep_add(&arguments, "--roms", sweep->roms);
    if (child_start(arguments.word, error) < 0)
        return false;
    while (child_wait(&status) == 0)
        ;
    if (status == STATUS_DONE)
        printf("%s: %d runs\n", output, runs);
    return status == STATUS_DONE ||
           error_work(error, "the report '%s' could not be written", output);
}

/* ---- figures ---- */

/* All runs that are done, or as many as a figure takes of each game. */
static int list_done(const Sweep *sweep, const char **paths)
{
    const int each = sweep->count / sweep->plan.games.count;
    int count = 0;
    for (int first = 0; first < sweep->count; first += each)
        for (int i = first, of_game = 0; i < first + each && of_game < OPTIONS_ARGUMENTS_MAX; i++)
            if (sweep->entry[i].stage == RUN_DONE) {
                paths[count++] = sweep->entry[i].path;
                of_game++;
            }
    return count;
}

/* More presets or games than a figure has room for are no failure of the sweep. */
static bool write_figure(const Sweep *sweep, const char *const *paths, int count, bool over_minutes,
                         Error *error)
{
    char output[SWEEP_PATH_BYTES];
    Error why = {0};
    snprintf(output, sizeof output, "%s/%s.png", sweep->folder,
             over_minutes ? "minutes" : "frames");
    if (figure_write(paths, count, over_minutes, output, &why)) {
        printf("%s: %d runs\n", output, count);
        return true;
    }
    if (why.kind != ERROR_INPUT) {
        *error = why;
        return false;
    }
    printf("no %s: %s\n", output, why.text);
    return true;
}

static bool write_figures(const Sweep *sweep, Error *error)
{
    static const char *paths[SWEEP_RUNS_MAX]; /* 32 KB: too much for the stack */
    const int count = list_done(sweep, paths);
    return count == 0 || (write_figure(sweep, paths, count, false, error) &&
                          write_figure(sweep, paths, count, true, error));
}

bool sweep_tell(const Sweep *sweep, Error *error)
{
    const int each = sweep->count / sweep->plan.games.count;
    if (!write_table(sweep, error))
        return false;
    for (int i = 0; i < sweep->count; i += each)
        if (!write_report(sweep, i, each, error))
            return false;
    return write_figures(sweep, error);
}
