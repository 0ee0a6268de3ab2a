#include "cli/evaluated.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "report/papers.h"

/* What papers_normalised goes by. */
static const char human_column[] = "random and human of Hessel et al. 2018, no-op starts";

Counted counted_of(const char *game, const Evaluation *games, const double *scores, double *scratch)
{
    PaperScores papers;
    const double count = games->games;
    const StatisticsSample sample = {scores, &games->games, 1};
    double squares = 0;
    for (int i = 0; i < games->games; i++)
        squares += (scores[i] - games->mean) * (scores[i] - games->mean);
    return (Counted){
        .games = *games,
        .standard_error = count > 1 ? sqrt(squares / (count - 1) / count) : 0,
        .iqm = statistics_point(&sample, scratch).iqm,
        .normalised = papers_find(&papers, game) ? papers_normalised(&papers, games->mean) : NAN,
    };
}

/* ---- together ---- */

/* The runs' mean scores by game, games in the order of their first run. */
typedef struct {
    int games;
    const char *name[OPTIONS_ARGUMENTS_MAX];
    int counts[OPTIONS_ARGUMENTS_MAX];
    double score[OPTIONS_ARGUMENTS_MAX], normalised[OPTIONS_ARGUMENTS_MAX];
    bool all_normalised;
} ByGame;

static bool came_before(const Evaluated *runs, int index)
{
    for (int i = 0; i < index; i++)
        if (strcmp(runs[i].config.game, runs[index].config.game) == 0)
            return true;
    return false;
}

static ByGame by_game(const Evaluated *runs, int count)
{
    ByGame by = {.all_normalised = true};
    for (int first = 0, filled = 0; first < count; first++) {
        if (came_before(runs, first))
            continue;
        by.name[by.games] = runs[first].config.game;
        for (int i = first; i < count; i++)
            if (strcmp(runs[i].config.game, by.name[by.games]) == 0) {
                by.score[filled] = runs[i].agent.games.mean;
                by.normalised[filled++] = runs[i].agent.normalised;
                by.all_normalised = by.all_normalised && isfinite(runs[i].agent.normalised);
                by.counts[by.games]++;
            }
        by.games++;
    }
    return by;
}

static Statistics statistics_by(const double *values, const int *counts, int strata, int64_t seed)
{
    double scratch[2 * OPTIONS_ARGUMENTS_MAX];
    Random random = random_stream((uint64_t)seed, "bootstrap");
    return statistics_of(&(StatisticsSample){values, counts, strata}, &random, scratch);
}

/* Game number `game` of them. */
static Statistics statistics_of_game(const ByGame *by, int game, int64_t seed)
{
    int first = 0;
    for (int i = 0; i < game; i++)
        first += by->counts[i];
    return statistics_by(by->score + first, &by->counts[game], 1, seed);
}

/* ---- printed ---- */

static void print_row(const char *who, const Counted *counted)
{
    printf("%-8s %6d %12.2f  +- %-8.2f %10.1f %10.1f %10.2f %10.1f", who, counted->games.games,
           counted->games.mean, counted->games.ci95, counted->games.median, counted->games.best,
           counted->standard_error, counted->iqm);
    if (isfinite(counted->normalised))
        printf(" %8.1f %%", counted->normalised);
}

static void print_estimate(const char *name, double value, double low, double high,
                           const char *unit)
{
    printf("  %s %.2f [%.2f, %.2f]%s", name, value, low, high, unit);
}

static void print_statistics(const char *name, int runs, const Statistics *found, const char *unit)
{
    printf("%s, %d run%s:", name, runs, runs == 1 ? "" : "s");
    print_estimate("mean", found->point.mean, found->low.mean, found->high.mean, unit);
    print_estimate("median", found->point.median, found->low.median, found->high.median, unit);
    print_estimate("IQM", found->point.iqm, found->low.iqm, found->high.iqm, unit);
    printf("  standard error %.2f%s\n", found->standard_error, unit);
}

static void print_together(const ByGame *by, int runs, int64_t seed)
{
    printf("\nover runs, 95 %% intervals by the stratified bootstrap\n");
    for (int game = 0; game < by->games; game++) {
        const Statistics found = statistics_of_game(by, game, seed);
        print_statistics(by->name[game], by->counts[game], &found, "");
    }
    if (by->all_normalised) {
        const Statistics found = statistics_by(by->normalised, by->counts, by->games, seed);
        print_statistics("human-normalised", runs, &found, " %");
    }
}

void evaluated_print(const Evaluated *runs, int count, const EvaluatedHow *how)
{
    bool normalised = false;
    const ByGame by = by_game(runs, count);
    printf("protocol %s: %s\n", how->protocol != NULL ? how->protocol : "of the run", how->text);
    printf("%-8s %6s %12s  %-11s %10s %10s %10s %10s\n", "player", "games", "mean score", "95 %",
           "median", "best", "std. error", "IQM");
    for (int i = 0; i < count; i++) {
        if (runs[i].random.games.games > 0) {
            print_row("random", &runs[i].random);
            printf(count > 1 ? "  %s\n" : "\n", runs[i].path);
        }
        print_row("agent", &runs[i].agent);
        printf(count > 1 ? "  %s\n" : "\n", runs[i].path);
        normalised = normalised || isfinite(runs[i].agent.normalised);
    }
    if (count > 1)
        print_together(&by, count, how->seed);
    if (normalised)
        printf("%% are human-normalised, by %s\n", human_column);
}

/* ---- as an object ---- */

static void add_number(cJSON *object, const char *name, double number)
{
    if (isfinite(number))
        cJSON_AddNumberToObject(object, name, number);
}

static cJSON *object_of_counted(const Counted *counted)
{
    const Evaluation *games = &counted->games;
    cJSON *object = cJSON_CreateObject();
    add_number(object, "mean", games->mean);
    add_number(object, "ci95", games->ci95);
    add_number(object, "standard_error", counted->standard_error);
    add_number(object, "median", games->median);
    add_number(object, "iqm", counted->iqm);
    add_number(object, "best", games->best);
    add_number(object, "games", games->games);
    add_number(object, "frames", (double)games->frames);
    add_number(object, "human_normalised", counted->normalised);
    return object;
}

/* {"random": {...}, "agent": {...}, "game", ...} */
static void add_run(cJSON *object, const Evaluated *run)
{
    if (run->random.games.games > 0)
        cJSON_AddItemToObject(object, "random", object_of_counted(&run->random));
    cJSON_AddItemToObject(object, "agent", object_of_counted(&run->agent));
    cJSON_AddStringToObject(object, "game", run->config.game);
    cJSON_AddStringToObject(object, "preset", run->config.preset);
    add_number(object, "training_seed", (double)run->config.seed);
    add_number(object, "epsilon", run->config.dqn.eval_epsilon);
}

static void add_interval(cJSON *object, const char *name, double low, double high)
{
    const double ends[] = {low, high};
    cJSON_AddItemToObject(object, name, cJSON_CreateDoubleArray(ends, 2));
}

static cJSON *object_of_statistics(int runs, const Statistics *found)
{
    cJSON *object = cJSON_CreateObject();
    add_number(object, "runs", runs);
    add_number(object, "mean", found->point.mean);
    add_interval(object, "mean_interval", found->low.mean, found->high.mean);
    add_number(object, "median", found->point.median);
    add_interval(object, "median_interval", found->low.median, found->high.median);
    add_number(object, "iqm", found->point.iqm);
    add_interval(object, "iqm_interval", found->low.iqm, found->high.iqm);
    add_number(object, "standard_error", found->standard_error);
    return object;
}

static void add_together(cJSON *object, const ByGame *by, int runs, int64_t seed)
{
    cJSON *games = cJSON_AddObjectToObject(object, "games");
    for (int game = 0; game < by->games; game++) {
        const Statistics found = statistics_of_game(by, game, seed);
        cJSON_AddItemToObject(games, by->name[game],
                              object_of_statistics(by->counts[game], &found));
    }
    if (by->all_normalised) {
        const Statistics found = statistics_by(by->normalised, by->counts, by->games, seed);
        cJSON_AddItemToObject(object, "human_normalised", object_of_statistics(runs, &found));
    }
}

static void add_runs(cJSON *object, const Evaluated *runs, int count)
{
    cJSON *list = cJSON_AddArrayToObject(object, "runs");
    for (int i = 0; i < count; i++) {
        cJSON *run = cJSON_CreateObject();
        cJSON_AddStringToObject(run, "run", runs[i].path);
        add_run(run, &runs[i]);
        cJSON_AddItemToArray(list, run);
    }
}

cJSON *evaluated_object(const Evaluated *runs, int count, const EvaluatedHow *how)
{
    cJSON *object = cJSON_CreateObject();
    bool normalised = false;
    for (int i = 0; i < count; i++)
        normalised = normalised || isfinite(runs[i].agent.normalised);
    if (count == 1) {
        add_run(object, &runs[0]);
    } else {
        const ByGame by = by_game(runs, count);
        add_runs(object, runs, count);
        add_together(object, &by, count, how->seed);
    }
    add_number(object, "seed", (double)how->seed);
    cJSON_AddStringToObject(object, "protocol", how->protocol != NULL ? how->protocol : "run");
    cJSON_AddStringToObject(object, "protocol_text", how->text);
    if (normalised)
        cJSON_AddStringToObject(object, "human_column", human_column);
    return object;
}
