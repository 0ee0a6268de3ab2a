#include "rl/qtable.h"

#include <stdio.h>

#include "cli/commands.h"
#include "cli/options.h"

static const OptionsHelp help = {
    "qtable",
    "[WORLD]",
    "Q-learning as a table, on a world so small that the best values are known: chain, cliff, ice\n"
    "(the default) or catch. Beside each other, by sweeps: how far the Bellman iteration is from\n"
    "them, which knows the world, and Q-learning, which only plays in it. docs/q-learning.md "
    "tells\n"
    "the story from here to the network.\n\n"
    "example: deepq qtable cliff --sweeps 1000\n",
};

enum { SWEEPS = 1000, SWEEPS_MAX = 1000000, SHOWN_MAX = 8 };

typedef struct {
    const SmallWorld *world;
    int64_t sweeps, seed;
    double gamma, alpha;
    bool json;
} QTablePlan;

/* Both on their way. */
typedef struct {
    QTable best, bellman;
    QLearner learner;
    double bellman_error, learner_error;
    int shown;
    int64_t shown_sweep[SHOWN_MAX]; /* of Q-learning, to be shown at the end */
    QTable shown_table[SHOWN_MAX];
} Race;

static void begin(Race *race, const QTablePlan *plan)
{
    *race = (Race){0};
    qtable_solve(plan->world, plan->gamma, &race->best);
    qlearner_begin(&race->learner, plan->world, plan->gamma, plan->alpha, (uint64_t)plan->seed);
    race->bellman_error = race->learner_error =
        qtable_distance(plan->world, &race->bellman, &race->best);
}

static void sweep(Race *race, const QTablePlan *plan)
{
    const QTable before = race->bellman;
    qtable_bellman(plan->world, plan->gamma, &before, &race->bellman);
    qlearner_sweep(&race->learner);
    race->bellman_error = qtable_distance(plan->world, &race->bellman, &race->best);
    race->learner_error = qtable_distance(plan->world, &race->learner.table, &race->best);
}

/* ---- for programs ---- */

static void print_json(Race *race, const QTablePlan *plan)
{
    printf("{\"world\": \"%s\", \"states\": %d, \"actions\": %d, \"gamma\": %g, \"by_sweep\": [",
           plan->world->name, plan->world->states, plan->world->actions, plan->gamma);
    for (int64_t i = 0; i <= plan->sweeps; i++) {
        if (i > 0)
            sweep(race, plan);
        printf("%s\n  {\"sweep\": %lld, \"bellman\": %.9g, \"q_learning\": %.9g}", i > 0 ? "," : "",
               (long long)i, race->bellman_error, race->learner_error);
    }
    printf("\n]}\n");
}

/* ---- for people ---- */

/* A row of the world: in each place the best action and its value, or the map's letter. */
static void print_row(const SmallWorld *world, const QTable *table, int row)
{
    for (int column = 0; column < world->columns; column++) {
        const int state = world->state_at(world, row, column);
        if (!small_world_alive(world, state))
            printf("    %c  ", world->map[state]);
        else
            printf("%c%6.2f", world->arrows[qtable_best(world, table, state)],
                   qtable_max(world, table, state));
    }
}

static void print_table(const SmallWorld *world, const QTable *table)
{
    for (int row = 0; row < world->rows; row++) {
        printf("    ");
        print_row(world, table, row);
        printf("\n");
    }
    printf("\n");
}

/* 1, 2, 5, 10, 20, 50 ... : the first digit, if the others are 0; else 0. */
static int round_digit(int64_t sweep)
{
    while (sweep >= 10 && sweep % 10 == 0)
        sweep /= 10;
    return sweep < 10 ? (int)sweep : 0;
}

static void tell(Race *race, const QTablePlan *plan, int64_t sweep)
{
    const int digit = round_digit(sweep);
    const bool last = sweep == plan->sweeps;
    if (sweep == 0 || digit == 1 || digit == 2 || digit == 5 || last)
        printf("%7lld    %-12.4g  %-12.4g\n", (long long)sweep, race->bellman_error,
               race->learner_error);
    if ((digit == 1 || last) && race->shown < SHOWN_MAX) {
        race->shown_sweep[race->shown] = sweep;
        race->shown_table[race->shown++] = race->learner.table;
    }
}

static void print_end(const Race *race, const QTablePlan *plan)
{
    const SmallWorld *world = plan->world;
    printf("\nThe table of Q-learning: the best action in each place, and its value.\n\n");
    for (int i = 0; i < race->shown; i++) {
        printf("after %lld sweep%s\n\n", (long long)race->shown_sweep[i],
               race->shown_sweep[i] == 1 ? "" : "s");
        print_table(world, &race->shown_table[i]);
    }
    printf("Q*, which Bellman's equation leaves as it is\n\n");
    print_table(world, &race->best);
    printf(
        "%s has %d states: a table of %d numbers. Four frames of 84 x 84 bytes have 256^28224\n"
        "states, a number of 67,971 digits: there no table fits, and most states are never seen\n"
        "twice. A network takes its place, which has something to say of states it never saw:\n"
        "`deepq train catch`, and from an Atari's pixels `deepq train bricks`.\n",
        world->name, world->states, world->states * world->actions);
}

static void print_race(Race *race, const QTablePlan *plan)
{
    const SmallWorld *world = plan->world;
    printf("%s: %s\n%d states, %d actions, gamma %g\n\n", world->name, world->text, world->states,
           world->actions, plan->gamma);
    printf("  sweep    largest |Q - Q*|\n           Bellman       Q-learning\n");
    for (int64_t i = 0; i <= plan->sweeps; i++) {
        if (i > 0)
            sweep(race, plan);
        tell(race, plan, i);
    }
    print_end(race, plan);
}

int command_qtable(int argc, const char **argv)
{
    static Race race; /* large */
    const char *sweeps = NULL, *seed = NULL, *gamma = NULL, *alpha = NULL;
    int json = 0;
    QTablePlan plan = {.sweeps = SWEEPS, .seed = 1};
    struct poptOption table[] = {
        {"sweeps", 0, POPT_ARG_STRING, &sweeps, 0,
         "of both; one of Q-learning is as many steps as the table has numbers (default 1000)",
         "N"},
        {"gamma", 0, POPT_ARG_STRING, &gamma, 0, "discount of a step (default: the world's usual)",
         "G"},
        {"alpha", 0, POPT_ARG_STRING, &alpha, 0,
         "Q-learning's rate (default: 1 / (1 + (1 - gamma) visits))", "A"},
        {"seed", 0, POPT_ARG_STRING, &seed, 0, "of play (default 1)", "N"},
        {"json", 0, POPT_ARG_NONE, &json, 0, "one object: the largest |Q - Q*| by sweep", NULL},
        POPT_TABLEEND,
    };
    Options options;
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    const char *name = options.argument[0] != NULL ? options.argument[0] : "ice";
    plan.world = small_world_find(name);
    bool done =
        plan.world != NULL ||
        error_input(&error, "there is no world '%.60s': there are chain, cliff, ice, catch", name);
    plan.gamma = done ? plan.world->gamma : 0;
    done = done && options_count(&plan.sweeps, sweeps, "sweeps", 1, SWEEPS_MAX, &error) &&
           options_count(&plan.seed, seed, "seed", 0, INT64_MAX, &error) &&
           options_real(&plan.gamma, gamma, "gamma", 0, 0.9999, &error) &&
           options_real(&plan.alpha, alpha, "alpha", 0, 1, &error);
    if (done) {
        begin(&race, &plan);
        (json ? print_json : print_race)(&race, &plan);
    } else {
        status = options_fail(&error);
    }
    options_free(&options);
    return status;
}
