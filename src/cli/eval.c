#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/evaluated.h"
#include "cli/options.h"
#include "cli/player.h"
#include "run/json.h"

static const OptionsHelp help = {
    "eval",
    "RUN...",
    "Plays whole games with the weights of a run and counts: mean true score, half the width of "
    "its\n"
    "95 % confidence interval, median, best, standard error, interquartile mean. With --random, a\n"
    "player who only acts at random is counted, too, in the same environment. Of several runs\n"
    "(seeds of a recipe, games), also what they say together, with 95 % bootstrap intervals.\n"
    "--protocol counts as a paper did:\n\n"
    "  2013  10,000 agent steps, epsilon 0.05, no no-ops\n"
    "  2015  30 games of at most 5 minutes, epsilon 0.05, up to 30 no-ops\n"
    "  2018  125,000 agent steps, sticky actions 0.25, epsilon 0.001, games of 30 minutes\n\n"
    "example: deepq eval runs/bricks-quick-1 --random --episodes 30\n"
    "         deepq eval runs/breakout-quick-* --protocol 2015\n\n"
    "With -o RUN/evaluation-2015.json the report of that run shows the 2015 evaluation.\n",
};

typedef struct {
    int64_t episodes;
    double epsilon; /* NaN: that of each run */
    int64_t seed;
    RunWeights weights;
    const Protocol *protocol; /* NULL: the run's environment, `episodes` games */
    CartridgeRequest cartridge;
    bool random;
    bool json;
    const char *output; /* NULL: none */
} EvalPlan;

/* Both players in one run's game, with the same dice for every run. */
static void play(Player *player, const EvalPlan *plan, double *scores, Evaluated *run)
{
    const Protocol *protocol = plan->protocol;
    const EvaluationPlan games = {
        .games = protocol != NULL ? protocol->games : (int)plan->episodes,
        .steps = protocol != NULL ? protocol->steps : 0,
        .epsilon = run->config.dqn.eval_epsilon,
    };
    double *scratch = scores + EVALUATION_GAMES_MAX;
    const char *game = run->config.game;
    Random stream = random_stream((uint64_t)plan->seed, "random player");
    if (plan->random) {
        const Evaluation random =
            evaluate(player->env, player->random_agent, &games, &stream, scores);
        run->random = counted_of(game, &random, scores, scratch);
    }
    stream = random_stream((uint64_t)plan->seed, "evaluate");
    const Evaluation agent = evaluate(player->env, player->agent, &games, &stream, scores);
    run->agent = counted_of(game, &agent, scores, scratch);
}

static bool evaluate_run(Evaluated *run, const char *path, const EvalPlan *plan, double *scores,
                         Error *error)
{
    Player player = {0};
    const bool done = player_open_by(&player, path, plan->weights, &plan->cartridge, plan->protocol,
                                     (uint64_t)plan->seed, error);
    if (done) {
        *run = (Evaluated){.path = path, .config = player.config};
        if (isfinite(plan->epsilon))
            run->config.dqn.eval_epsilon = plan->epsilon;
        if (plan->protocol != NULL)
            run->config.dqn.eval_epsilon = plan->protocol->epsilon;
        play(&player, plan, scores, run);
    }
    player_close(&player);
    return done;
}

static bool report(const Evaluated *runs, int count, const EvalPlan *plan, Error *error)
{
    char own[80];
    snprintf(own, sizeof own, "%" PRId64 " games, environment and epsilon as the run has them",
             plan->episodes);
    if (isfinite(plan->epsilon))
        snprintf(own, sizeof own, "%" PRId64 " games, environment as the run has it, epsilon %g",
                 plan->episodes, plan->epsilon);
    const Protocol *protocol = plan->protocol;
    const EvaluatedHow how = {
        .protocol = protocol != NULL ? protocol->name : NULL,
        .text = protocol != NULL ? protocol->text : own,
        .seed = plan->seed,
    };
    char *text = json_text(evaluated_object(runs, count, &how), false, error);
    if (text == NULL)
        return false;
    if (plan->json)
        printf("%s", text);
    else
        evaluated_print(runs, count, &how);
    const bool done = plan->output == NULL || file_replace(plan->output, text, strlen(text), error);
    free(text);
    return done;
}

/* Whether all can be played by the protocol, before the first is. */
static bool check_runs(const Options *options, const EvalPlan *plan, Error *error)
{
    for (int i = 0; i < options->argument_count; i++) {
        RunConfig config;
        if (!run_load_config(&config, options->argument[i], error))
            return false;
        const bool atari = game_by_name(config.game) != NULL;
        if (plan->protocol != NULL && !protocol_apply(plan->protocol, &config, atari, error))
            return false;
    }
    return true;
}

static bool evaluate_all(const Options *options, const EvalPlan *plan, Error *error)
{
    const int count = options->argument_count;
    Evaluated *runs = calloc((size_t)count, sizeof *runs);
    double *scores = calloc(2 * EVALUATION_GAMES_MAX, sizeof *scores);
    bool done = runs != NULL && scores != NULL;
    if (!done)
        error_work(error, "no memory for the scores");
    done = done && check_runs(options, plan, error);
    for (int i = 0; done && i < count; i++)
        done = evaluate_run(&runs[i], options->argument[i], plan, scores, error);
    done = done && report(runs, count, plan, error);
    free(runs);
    free(scores);
    return done;
}

/* A protocol says itself how much is played, and with which epsilon. */
static bool take_protocol(EvalPlan *plan, const char *name, const char *episodes,
                          const char *epsilon, Error *error)
{
    if (name == NULL)
        return true;
    plan->protocol = protocol_find(name, error);
    if (plan->protocol != NULL && (episodes != NULL || epsilon != NULL))
        return error_input(error,
                           "'--protocol %s' and '--%s' cannot go together: the protocol is %s",
                           name, episodes != NULL ? "episodes" : "epsilon", plan->protocol->text);
    return plan->protocol != NULL;
}

int command_eval(int argc, const char **argv)
{
    const char *episodes = NULL, *epsilon = NULL, *seed = NULL, *protocol = NULL;
    int random = 0, json = 0, last = 0;
    EvalPlan plan = {.episodes = 30, .seed = 1, .epsilon = NAN};
    struct poptOption table[] = {
        {"episodes", 0, POPT_ARG_STRING, &episodes, 0, "whole games to play (default 30)", "N"},
        {"epsilon", 0, POPT_ARG_STRING, &epsilon, 0,
         "probability of a random action (default: eval_epsilon of the run)", "E"},
        {"protocol", 0, POPT_ARG_STRING, &protocol, 0, "2013, 2015 or 2018: see above", "NAME"},
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
    if (!options_count(&plan.episodes, episodes, "episodes", 1, EVALUATION_GAMES_MAX, &error) ||
        !options_count(&plan.seed, seed, "seed", 0, INT64_MAX, &error) ||
        !options_real(&plan.epsilon, epsilon, "epsilon", 0, 1, &error) ||
        !take_protocol(&plan, protocol, episodes, epsilon, &error) ||
        !evaluate_all(&options, &plan, &error))
        status = options_fail(&error);
    options_free(&options);
    return status;
}
