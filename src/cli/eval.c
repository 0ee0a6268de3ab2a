#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/player.h"
#include "report/papers.h"
#include "rl/evaluate.h"
#include "rl/statistics.h"
#include "run/json.h"

static const OptionsHelp help = {
    "eval",
    "RUN...",
    "Plays whole games with the weights of a run and counts: mean true score, half the width of "
    "its\n"
    "95 % confidence interval, median, best. With --random, a player who only acts at random is\n"
    "counted, too, in the same environment. Of several runs, which differ in their seeds or "
    "games,\n"
    "it also says what they come to together, with intervals by bootstrap over the runs.\n\n"
    "With --protocol it counts as a paper did:\n"
    "  2013   games until 10,000 steps are done, epsilon 0.05, no no-ops\n"
    "  2015   30 games of at most 5 minutes, epsilon 0.05, up to 30 no-ops\n"
    "  2018   games of at most 5 minutes until 125,000 steps are done, epsilon 0.001, sticky\n"
    "         actions 0.25\n\n"
    "example: deepq eval runs/bricks-quick-1 --random --episodes 30\n",
};

typedef struct {
    int64_t episodes, steps; /* 0: no such limit */
    double epsilon;          /* negative: the run's own */
    int64_t seed;
    const Protocol *protocol; /* NULL: as asked for */
    RunWeights weights;
    CartridgeRequest cartridge;
    bool random;
    bool json;
    const char *output; /* NULL: none */
} EvalPlan;

typedef struct {
    Evaluation evaluation;
    double standard_error, iqm; /* of the games' scores */
} Counted;

/* What came of a run. */
typedef struct {
    const char *path;
    RunConfig config;
    double epsilon;
    Counted agent, random;
    double normalised; /* per cent; NaN: nobody counted people at this game */
} EvalResult;

/* ---- for programs ---- */

static cJSON *object_of(const Counted *counted)
{
    const Evaluation *evaluation = &counted->evaluation;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "mean", evaluation->mean);
    cJSON_AddNumberToObject(object, "ci95", evaluation->ci95);
    cJSON_AddNumberToObject(object, "standard_error", counted->standard_error);
    cJSON_AddNumberToObject(object, "median", evaluation->median);
    cJSON_AddNumberToObject(object, "iqm", counted->iqm);
    cJSON_AddNumberToObject(object, "best", evaluation->best);
    cJSON_AddNumberToObject(object, "games", evaluation->games);
    cJSON_AddNumberToObject(object, "frames", (double)evaluation->frames);
    return object;
}

static void add_normalised(cJSON *object, double per_cent)
{
    if (isnan(per_cent))
        return;
    cJSON_AddNumberToObject(object, "human_normalised_percent", per_cent);
    cJSON_AddStringToObject(object, "human_normalised_by",
                            "random and human of Hessel et al. 2018");
}

/* {"game", "epsilon", ..., "agent": {...}}, and "random" where it played. */
static cJSON *result_of(const EvalResult *result, const EvalPlan *plan)
{
    cJSON *object = cJSON_CreateObject();
    if (plan->random)
        cJSON_AddItemToObject(object, "random", object_of(&result->random));
    cJSON_AddItemToObject(object, "agent", object_of(&result->agent));
    cJSON_AddStringToObject(object, "run", result->path);
    cJSON_AddStringToObject(object, "game", result->config.game);
    cJSON_AddStringToObject(object, "preset", result->config.preset);
    cJSON_AddNumberToObject(object, "training_seed", (double)result->config.seed);
    cJSON_AddStringToObject(object, "protocol",
                            plan->protocol != NULL ? plan->protocol->name : "own");
    cJSON_AddNumberToObject(object, "epsilon", result->epsilon);
    cJSON_AddNumberToObject(object, "seed", (double)plan->seed);
    add_normalised(object, result->normalised);
    return object;
}

/* ---- runs together ---- */

static const struct {
    const char *name, *text;
    Statistic *statistic;
} statistics[] = {
    {"mean", "mean", statistic_mean},
    {"median", "median", statistic_median},
    {"iqm", "interquartile mean", statistic_iqm},
};

enum { STATISTICS = sizeof statistics / sizeof statistics[0] };

/* All runs, those of a game beside each other: scores of one game, human-normalised of several. */
typedef struct {
    double values[OPTIONS_ARGUMENTS_MAX];
    int runs[OPTIONS_ARGUMENTS_MAX];
    int count, games;
    const char *unit;
    double standard_error; /* of the mean of one game's runs; of several games: 0 */
    StatisticInterval interval[STATISTICS];
} Together;

static bool same_game(const EvalResult *a, const EvalResult *b)
{
    return strcmp(a->config.game, b->config.game) == 0;
}

static bool is_first_of_game(const EvalResult *results, int i)
{
    for (int before = 0; before < i; before++)
        if (same_game(&results[before], &results[i]))
            return false;
    return true;
}

static void gather(Together *together, const EvalResult *results, int count)
{
    for (int i = 0; i < count; i++)
        together->games += is_first_of_game(results, i);
    const bool normalised = together->games > 1;
    together->unit = normalised ? "human-normalised per cent" : "score";
    int game = 0;
    for (int i = 0; i < count; i++) {
        if (!is_first_of_game(results, i))
            continue;
        for (int run = i; run < count; run++) {
            if (!same_game(&results[run], &results[i]))
                continue;
            together->values[together->count++] =
                normalised ? results[run].normalised : results[run].agent.evaluation.mean;
            together->runs[game]++;
        }
        game++;
    }
}

static void put_together(Together *together, const EvalResult *results, int count, int64_t seed)
{
    *together = (Together){0};
    gather(together, results, count);
    if (together->games == 1)
        together->standard_error = standard_error(together->values, together->count);
    Random random = random_stream((uint64_t)seed, "bootstrap");
    const StrataScores scores = {together->values, together->runs, together->games};
    for (int i = 0; i < STATISTICS; i++)
        together->interval[i] = bootstrap(&scores, statistics[i].statistic, &random);
}

static cJSON *together_of(const Together *together)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "of", together->unit);
    cJSON_AddNumberToObject(object, "runs", together->count);
    cJSON_AddNumberToObject(object, "games", together->games);
    if (together->games == 1)
        cJSON_AddNumberToObject(object, "standard_error", together->standard_error);
    for (int i = 0; i < STATISTICS; i++) {
        const StatisticInterval *interval = &together->interval[i];
        const double ends[] = {interval->low, interval->high};
        cJSON *part = cJSON_AddObjectToObject(object, statistics[i].name);
        cJSON_AddNumberToObject(part, "value", interval->value);
        cJSON_AddItemToObject(part, "interval95", cJSON_CreateDoubleArray(ends, 2));
    }
    return object;
}

/* ---- for people ---- */

static void print_row(const char *who, const Counted *counted)
{
    const Evaluation *evaluation = &counted->evaluation;
    printf("%-8s %6d %12.2f  +- %-8.2f %10.1f %10.1f\n", who, evaluation->games, evaluation->mean,
           evaluation->ci95, evaluation->median, evaluation->best);
}

static void print_result(const EvalResult *result, const EvalPlan *plan, bool named)
{
    if (named)
        printf("%s: %s\n", result->path, result->config.game);
    printf("%-8s %6s %12s  %-11s %10s %10s\n", "player", "games", "mean score", "95 %", "median",
           "best");
    if (plan->random)
        print_row("random", &result->random);
    print_row("agent", &result->agent);
    if (!isnan(result->normalised))
        printf("human-normalised %.1f %%, by random and human of Hessel et al. 2018\n",
               result->normalised);
}

static void print_together(const Together *together)
{
    printf("\n%d runs of %d game%s, %s of each; 95 %% by bootstrap over the runs of each game\n",
           together->count, together->games, together->games == 1 ? "" : "s", together->unit);
    for (int i = 0; i < STATISTICS; i++)
        printf("%-18s %10.2f   [%.2f, %.2f]\n", statistics[i].text, together->interval[i].value,
               together->interval[i].low, together->interval[i].high);
    if (together->games == 1)
        printf("%-18s %10.2f\n", "standard error", together->standard_error);
}

/* ---- work ---- */

static Counted count(Player *player, Agent *agent, const EvaluationPlan *games, uint64_t seed,
                     const char *stream, double *scores)
{
    Random random = random_stream(seed, stream);
    Counted counted = {.evaluation = evaluate(player->env, agent, games, &random, scores)};
    counted.standard_error = standard_error(scores, counted.evaluation.games);
    counted.iqm = statistic_iqm(scores, counted.evaluation.games);
    return counted;
}

/* `beginning`: env_state_bytes of room. */
static void play(Player *player, const EvalPlan *plan, EvalResult *result, double *scores,
                 void *beginning)
{
    const EvaluationPlan games = {
        .games = (int)plan->episodes,
        .steps = plan->steps,
        .epsilon = plan->epsilon >= 0 ? plan->epsilon : player->config.dqn.eval_epsilon,
    };
    const uint64_t seed = (uint64_t)plan->seed;
    PaperScores papers;
    result->config = player->config;
    result->epsilon = games.epsilon;
    env_save(player->env, beginning);
    if (plan->random)
        result->random = count(player, player->random_agent, &games, seed, "random player", scores);
    env_load(player->env, beginning); /* the agent's games do not depend on whether others played */
    result->agent = count(player, player->agent, &games, seed, "evaluate", scores);
    result->normalised = papers_find(&papers, player->config.game)
                             ? papers_normalised(&papers, result->agent.evaluation.mean)
                             : NAN;
}

static bool evaluate_run(const EvalPlan *plan, const char *path, EvalResult *result, Error *error)
{
    static double scores[EVALUATION_GAMES_MAX];
    Player player = {0};
    result->path = path;
    bool done = player_open_protocol(&player, path, plan->weights, &plan->cartridge, plan->protocol,
                                     (uint64_t)plan->seed, error);
    void *beginning = done ? malloc(env_state_bytes(player.env)) : NULL;
    if (done && beginning == NULL)
        done = error_work(error, "no memory to evaluate '%s'", path);
    if (done)
        play(&player, plan, result, scores, beginning);
    free(beginning);
    player_close(&player);
    return done;
}

/* One run's object as it is; of several a list, and what they come to together. */
static cJSON *json_of(const EvalResult *results, int runs, const Together *together,
                      const EvalPlan *plan)
{
    if (runs == 1)
        return result_of(&results[0], plan);
    cJSON *object = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(object, "runs");
    for (int i = 0; i < runs; i++)
        cJSON_AddItemToArray(list, result_of(&results[i], plan));
    cJSON_AddItemToObject(object, "together", together_of(together));
    return object;
}

static bool report(const EvalResult *results, int runs, const Together *together,
                   const EvalPlan *plan, Error *error)
{
    char *text = json_text(json_of(results, runs, together, plan), false, error);
    if (text == NULL)
        return false;
    if (plan->json) {
        printf("%s", text);
    } else {
        if (plan->protocol != NULL)
            printf("protocol %s: %s\n\n", plan->protocol->name, plan->protocol->text);
        else
            printf("protocol own: as the run was evaluated, but for what was asked\n\n");
        for (int i = 0; i < runs; i++)
            print_result(&results[i], plan, runs > 1);
        if (runs > 1)
            print_together(together);
    }
    const bool done = plan->output == NULL || file_replace(plan->output, text, strlen(text), error);
    free(text);
    return done;
}

/* What can be refused is refused before the first game is played. */
static bool check_runs(const EvalPlan *plan, const Options *options, Error *error)
{
    char first[CONFIG_NAME_BYTES] = "", unknown[CONFIG_NAME_BYTES] = "";
    bool several = false;
    for (int i = 0; i < options->argument_count; i++) {
        RunConfig config;
        PaperScores papers;
        if (!run_load_config(&config, options->argument[i], error) ||
            !player_protocol_fits(plan->protocol, config.game, error))
            return false;
        if (i == 0)
            strcpy(first, config.game);
        several = several || strcmp(config.game, first) != 0;
        if (!papers_find(&papers, config.game))
            strcpy(unknown, config.game);
    }
    return !several || unknown[0] == 0 ||
           error_input(
               error,
               "runs of several games are compared by what people reach, and nobody counted "
               "that for '%s'",
               unknown);
}

static bool eval(const EvalPlan *plan, const Options *options, Error *error)
{
    static EvalResult results[OPTIONS_ARGUMENTS_MAX];
    static Together together;
    const int runs = options->argument_count;
    if (!check_runs(plan, options, error))
        return false;
    for (int i = 0; i < runs; i++)
        if (!evaluate_run(plan, options->argument[i], &results[i], error))
            return false;
    if (runs > 1)
        put_together(&together, results, runs, plan->seed);
    return report(results, runs, &together, plan, error);
}

/* A protocol says how many games there are and how they are played. */
static bool take_protocol(EvalPlan *plan, const char *name, bool otherwise, Error *error)
{
    if (name == NULL)
        return true;
    plan->protocol = protocol_find(name);
    if (plan->protocol == NULL)
        return error_input(error, "there is no protocol '%.60s': there are 2013, 2015, 2018", name);
    if (otherwise)
        return error_input(error,
                           "protocol '%s' says itself how many games there are and with "
                           "which epsilon: '--episodes' and '--epsilon' cannot go with it",
                           name);
    plan->episodes = plan->protocol->games;
    plan->steps = plan->protocol->steps;
    return true;
}

int command_eval(int argc, const char **argv)
{
    const char *episodes = NULL, *epsilon = NULL, *seed = NULL, *protocol = NULL;
    int random = 0, json = 0, last = 0;
    EvalPlan plan = {.episodes = 30, .seed = 1, .epsilon = -1};
    struct poptOption table[] = {
        {"episodes", 0, POPT_ARG_STRING, &episodes, 0, "whole games to play (default 30)", "N"},
        {"epsilon", 0, POPT_ARG_STRING, &epsilon, 0,
         "probability of a random action (default: eval_epsilon of the run)", "E"},
        {"protocol", 0, POPT_ARG_STRING, &protocol, 0, "count as in 2013, 2015 or 2018", "YEAR"},
        {"seed", 0, POPT_ARG_STRING, &seed, 0, "of the games played here (default 1)", "N"},
        {"random", 0, POPT_ARG_NONE, &random, 0, "count a random player, too", NULL},
        {"last", 0, POPT_ARG_NONE, &last, 0, "the newest weights, not the best", NULL},
        {"json", 0, POPT_ARG_NONE, &json, 0, "print one JSON object", NULL},
        {"output", 'o', POPT_ARG_STRING, &plan.output, 0, "write that object to a file, too",
         "FILE"},
        PROBLEM_OPTION_ROMS(plan.cartridge),
        PROBLEM_OPTION_TYPE(plan.cartridge),
        POPT_TABLEEND,
    };
    Options options;
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    plan.random = random;
    plan.json = json;
    plan.weights = last ? RUN_WEIGHTS_LAST : RUN_WEIGHTS_BEST;
    const bool done =
        options_count(&plan.episodes, episodes, "episodes", 1, EVALUATION_GAMES_MAX, &error) &&
        options_count(&plan.seed, seed, "seed", 0, INT64_MAX, &error) &&
        options_real(&plan.epsilon, epsilon, "epsilon", 0, 1, &error) &&
        take_protocol(&plan, protocol, episodes != NULL || epsilon != NULL, &error) &&
        eval(&plan, &options, &error);
    if (!done)
        status = options_fail(&error);
    options_free(&options);
    return status;
}
