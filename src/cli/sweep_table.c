/*
 * What a sweep came to: a table, printed and as CSV, and a page for each game.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/sweep.h"
#include "cli/version.h"
#include "report/page.h"
#include "report/text.h"
#include "rl/statistics.h"

/* The runs of one game that have anything to show; what the subject has of run i is at[i]. */
typedef struct {
    Subject *subject; /* NULL: none has */
    const SubjectRun *at[SWEEP_RUNS_MAX];
} GameRuns;

static bool has_metrics(const SweepRun *run)
{
    char path[SWEEP_FOLDER_BYTES + 16];
    snprintf(path, sizeof path, "%s/metrics.csv", run->folder);
    return file_exists(path);
}

static bool read_game(GameRuns *runs, const Sweep *sweep, const char *name, Error *error)
{
    const char *paths[SUBJECT_RUNS_MAX];
    int count = 0, owner[SUBJECT_RUNS_MAX];
    *runs = (GameRuns){0};
    for (int i = 0; i < sweep->run_count && count < SUBJECT_RUNS_MAX; i++)
        if (strcmp(sweep->run[i].name, name) == 0 && has_metrics(&sweep->run[i])) {
            owner[count] = i;
            paths[count++] = sweep->run[i].folder;
        }
    if (count == 0)
        return true;
    runs->subject = subject_create(paths, count, error);
    for (int i = 0; runs->subject != NULL && i < count; i++)
        runs->at[owner[i]] = &runs->subject->run[i];
    return runs->subject != NULL;
}

/* What is compared: by the sweep's protocol, or the last evaluation of training. */
static SubjectScore score_of(const Sweep *sweep, const SubjectRun *run)
{
    const SubjectScore none = {.mean = NAN, .ci95 = NAN};
    if (run == NULL)
        return none;
    for (size_t i = 0; sweep->protocol != NULL && i < SUBJECT_PROTOCOLS_MAX; i++)
        if (protocol_at(i) == sweep->protocol)
            return run->by_protocol[i];
    return run->last;
}

static const char *end_of(const SweepRun *run)
{
    return run->state == SWEEP_DONE ? "done" : run->state == SWEEP_FAILED ? "failed" : "begun";
}

static void add_number(Text *csv, double number)
{
    if (isfinite(number))
        text_add(csv, ",%.10g", number);
    else
        text_add_plain(csv, ",");
}

static void add_row(Text *csv, const Sweep *sweep, const SweepRun *run, const SubjectRun *found)
{
    const SubjectScore score = score_of(sweep, found);
    printf("%-14s %-12s %6s %-7s", run->name, file_name(run->preset), run->seed, end_of(run));
    if (isfinite(score.mean))
        printf(" %10.2f  +- %-8.2f %6d", score.mean, score.ci95, score.games);
    printf("\n");
    text_add(csv, "%s,%s,%s,%s,%s,%s", run->name, file_name(run->preset), run->seed, run->folder,
             end_of(run), sweep->protocol != NULL ? sweep->protocol->name : "run");
    text_add(csv, ",%" PRId64 ",%d", found != NULL ? found->last.frames : 0, score.games);
    add_number(csv, score.mean);
    add_number(csv, score.ci95);
    add_number(csv, found != NULL ? found->best.mean : NAN);
    text_add_plain(csv, "\n");
}

/* Over the seeds of a game and preset that have a score. */
static void print_statistics(const Sweep *sweep, const GameRuns *runs, const char *preset)
{
    double score[SUBJECT_RUNS_MAX], scratch[2 * SUBJECT_RUNS_MAX];
    int count = 0;
    for (int i = 0; i < sweep->run_count; i++) {
        const double mean = score_of(sweep, runs->at[i]).mean;
        if (runs->at[i] != NULL && strcmp(sweep->run[i].preset, preset) == 0 && isfinite(mean))
            score[count++] = mean;
    }
    if (count < 2)
        return;
    Random random = random_stream(1, "bootstrap");
    const Statistics found = statistics_of(&(StatisticsSample){score, &count, 1}, &random, scratch);
    printf("%-14s %-12s %d seeds: mean %.2f [%.2f, %.2f]  median %.2f  IQM %.2f [%.2f, %.2f]  "
           "standard error %.2f\n",
           runs->subject->run[0].config.game, file_name(preset), count, found.point.mean,
           found.low.mean, found.high.mean, found.point.median, found.point.iqm, found.low.iqm,
           found.high.iqm, found.standard_error);
}

static bool write_page(const Sweep *sweep, const GameRuns *runs, const char *name, Error *error)
{
    char path[CSV_PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s.html", sweep->folder, name);
    const PageExtras extras = {.program = version_text};
    return page_write(runs->subject, &extras, path, error);
}

static bool show_game(const Sweep *sweep, const char *name, Text *csv, Error *error)
{
    GameRuns runs;
    if (!read_game(&runs, sweep, name, error))
        return false;
    for (int i = 0; i < sweep->run_count; i++)
        if (strcmp(sweep->run[i].name, name) == 0)
            add_row(csv, sweep, &sweep->run[i], runs.at[i]);
    for (int i = 0; runs.subject != NULL && i < sweep->presets.count; i++)
        print_statistics(sweep, &runs, sweep->presets.word[i]);
    const bool done = runs.subject == NULL || write_page(sweep, &runs, name, error);
    subject_destroy(runs.subject);
    return done;
}

static bool is_first_of_game(const Sweep *sweep, int index)
{
    for (int i = 0; i < index; i++)
        if (strcmp(sweep->run[i].name, sweep->run[index].name) == 0)
            return false;
    return true;
}

bool sweep_show(const Sweep *sweep, Error *error)
{
    char path[CSV_PATH_BYTES];
    Text csv = {0};
    bool done = true;
    text_add_plain(&csv, "game,preset,seed,run,end,protocol,frames,eval_games,eval_mean_score,"
                         "eval_ci95,best_mean_score\n");
    printf("\nprotocol %s\n", sweep->protocol != NULL
                                  ? sweep->protocol->text
                                  : "of the runs: the last evaluation of training");
    printf("%-14s %-12s %6s %-7s %10s  %-11s %6s\n", "game", "preset", "seed", "end", "mean score",
           "95 %", "games");
    for (int i = 0; i < sweep->run_count && done; i++)
        if (is_first_of_game(sweep, i))
            done = show_game(sweep, sweep->run[i].name, &csv, error);
    snprintf(path, sizeof path, "%s/sweep.csv", sweep->folder);
    if (done && csv.failed)
        done = error_work(error, "no memory for the table");
    done = done && file_replace(path, csv.bytes, csv.count, error);
    if (done)
        printf("table: %s\nreports: %s/GAME.html\n", path, sweep->folder);
    text_free(&csv);
    return done;
}
