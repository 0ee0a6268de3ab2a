#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/player.h"
#include "rl/evaluate.h"
#include "run/json.h"

static const OptionsHelp help = {
    "eval",
    "RUN",
    "Plays whole games with the weights of a run and counts: mean true score, half the width of "
    "its\n"
    "95 % confidence interval, median, best. With --random, a player who only acts at random is\n"
    "counted, too, in the same environment.\n\n"
    "example: deepq eval runs/bricks-quick-1 --random --episodes 30\n",
};

typedef struct {
    int64_t episodes;
    double epsilon;
    int64_t seed;
    bool random;
    bool json;
    const char *output; /* NULL: none */
} EvalPlan;

static cJSON *object_of(const Evaluation *evaluation)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "mean", evaluation->mean);
    cJSON_AddNumberToObject(object, "ci95", evaluation->ci95);
    cJSON_AddNumberToObject(object, "median", evaluation->median);
    cJSON_AddNumberToObject(object, "best", evaluation->best);
    cJSON_AddNumberToObject(object, "games", evaluation->games);
    cJSON_AddNumberToObject(object, "frames", (double)evaluation->frames);
    return object;
}

/* {"game", "epsilon", ..., "agent": {...}}, and "random" where it played. */
static cJSON *result_of(const Player *player, const EvalPlan *plan, const Evaluation *random,
                        const Evaluation *agent)
{
    cJSON *object = cJSON_CreateObject();
    if (plan->random)
        cJSON_AddItemToObject(object, "random", object_of(random));
    cJSON_AddItemToObject(object, "agent", object_of(agent));
    cJSON_AddStringToObject(object, "game", player->config.game);
    cJSON_AddStringToObject(object, "preset", player->config.preset);
    cJSON_AddNumberToObject(object, "training_seed", (double)player->config.seed);
    cJSON_AddNumberToObject(object, "epsilon", plan->epsilon);
    cJSON_AddNumberToObject(object, "seed", (double)plan->seed);
    return object;
}

static void print_row(const char *who, const Evaluation *evaluation)
{
    printf("%-8s %6d %12.2f  +- %-8.2f %10.1f %10.1f\n", who, evaluation->games, evaluation->mean,
           evaluation->ci95, evaluation->median, evaluation->best);
}

static void print_table(const EvalPlan *plan, const Evaluation *random, const Evaluation *agent)
{
    printf("%-8s %6s %12s  %-11s %10s %10s\n", "player", "games", "mean score", "95 %", "median",
           "best");
    if (plan->random)
        print_row("random", random);
    print_row("agent", agent);
}

static bool report(const Player *player, const EvalPlan *plan, const Evaluation *random,
                   const Evaluation *agent, Error *error)
{
    char *text = json_text(result_of(player, plan, random, agent), false, error);
    if (text == NULL)
        return false;
    if (plan->json)
        printf("%s", text);
    else
        print_table(plan, random, agent);
    const bool done = plan->output == NULL || file_replace(plan->output, text, strlen(text), error);
    free(text);
    return done;
}

static bool play(Player *player, const EvalPlan *plan, Error *error)
{
    double *scores = calloc(EVALUATION_GAMES_MAX, sizeof *scores);
    if (scores == NULL)
        return error_work(error, "no memory for the scores");
    const EvaluationPlan games = {.games = (int)plan->episodes, .epsilon = plan->epsilon};
    Evaluation random = {0};
    Random stream = random_stream((uint64_t)plan->seed, "random player");
    if (plan->random)
        random = evaluate(player->env, player->random_agent, &games, &stream, scores);
    stream = random_stream((uint64_t)plan->seed, "evaluate");
    const Evaluation agent = evaluate(player->env, player->agent, &games, &stream, scores);
    free(scores);
    return report(player, plan, &random, &agent, error);
}

int command_eval(int argc, const char **argv)
{
    const char *episodes = NULL, *epsilon = NULL, *seed = NULL;
    CartridgeRequest request = {0};
    int random = 0, json = 0, last = 0;
    EvalPlan plan = {.episodes = 30, .seed = 1};
    struct poptOption table[] = {
        {"episodes", 0, POPT_ARG_STRING, &episodes, 0, "whole games to play (default 30)", "N"},
        {"epsilon", 0, POPT_ARG_STRING, &epsilon, 0,
         "probability of a random action (default: eval_epsilon of the run)", "E"},
        {"seed", 0, POPT_ARG_STRING, &seed, 0, "of the games played here (default 1)", "N"},
        {"random", 0, POPT_ARG_NONE, &random, 0, "count a random player, too", NULL},
        {"last", 0, POPT_ARG_NONE, &last, 0, "the newest weights, not the best", NULL},
        {"json", 0, POPT_ARG_NONE, &json, 0, "print one JSON object", NULL},
        {"output", 'o', POPT_ARG_STRING, &plan.output, 0, "write that object to a file, too",
         "FILE"},
        PROBLEM_OPTION_ROMS(request),
        PROBLEM_OPTION_TYPE(request),
        POPT_TABLEEND,
    };
    Options options;
    Player player = {0};
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    plan.random = random;
    plan.json = json;
    bool done =
        options_count(&plan.episodes, episodes, "episodes", 1, EVALUATION_GAMES_MAX, &error) &&
        options_count(&plan.seed, seed, "seed", 0, INT64_MAX, &error) &&
        options_real(&plan.epsilon, epsilon, "epsilon", 0, 1, &error) &&
        player_open(&player, options.argument[0], last ? RUN_WEIGHTS_LAST : RUN_WEIGHTS_BEST,
                    &request, (uint64_t)plan.seed, &error);
    if (done && epsilon == NULL)
        plan.epsilon = player.config.dqn.eval_epsilon;
    if (!done || !play(&player, &plan, &error))
        status = options_fail(&error);
    player_close(&player);
    options_free(&options);
    return status;
}
