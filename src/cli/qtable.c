#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "run/json.h"
#include "tabular/qtable.h"

static const OptionsHelp help = {
    "qtable",
    "[WORLD]",
    "Q-learning where Q is still a table: a small world (chain, cliff, lake, catch; default: "
    "cliff),\n"
    "the exact Q* of it, and two ways there, both from zeros: Bellman's iteration, which knows "
    "the\n"
    "world, and Watkins' Q-learning, which only lives in it. Shows the largest |Q - Q*| sweep by\n"
    "sweep, what the table says to do, and where a table ends. docs/q-learning.md tells the "
    "story.\n\n"
    "example: deepq qtable lake --gamma 0.99 --sweeps 2000\n",
};

typedef struct {
    int64_t sweeps;
    int64_t seed;
    double gamma, alpha, epsilon;
    bool json, quiet;
} QTablePlan;

enum { SWEEPS_MAX = 100000, VALUES_COLUMNS_MAX = 12 };

/* What the two came to. */
typedef struct {
    World world;
    QTable exact, bellman, learnt;
    int exact_sweeps;
    double *bellman_error, *learnt_error; /* by sweep, from 0 */
} Comparison;

static const char *name_of_mark(char mark)
{
    return mark == 'o'   ? "stay"
           : mark == '<' ? "left"
           : mark == '>' ? "right"
           : mark == '^' ? "up"
                         : "down";
}

/* ---- the table, drawn ---- */

/* The best action; '=' where all are worth the same. */
static char mark_of(const World *world, const QTable *table, int state)
{
    const double same = 1e-9, best = qtable_value(table, world, state);
    double worst = best;
    for (int action = 0; action < world->actions; action++)
        worst = fmin(worst, table->q[state][action]);
    return best - worst < same ? '=' : world->marks[qtable_best(table, world, state)];
}

static void draw_row(const Comparison *comparison, const QTable *table, int row)
{
    const World *world = &comparison->world;
    for (int column = 0; column < world->columns; column++) {
        const int state = row * world->columns + column;
        putchar(world_is_live(world, state) ? mark_of(world, table, state) : '#');
    }
    for (int column = 0; column < world->columns && world->columns <= VALUES_COLUMNS_MAX;
         column++) {
        const int state = row * world->columns + column;
        if (world_is_live(world, state))
            printf(" %6.2f", qtable_value(table, world, state));
        else
            printf("      #");
    }
    putchar('\n');
}

static void draw(const Comparison *comparison, const QTable *table, const char *title)
{
    printf("\n%s\n", title);
    for (int row = 0; row < comparison->world.rows; row++) {
        printf("    ");
        draw_row(comparison, table, row);
    }
}

static void draw_legend(const World *world)
{
    printf("\nThe best action in each state");
    if (world->columns <= VALUES_COLUMNS_MAX)
        printf(", and what it is worth");
    for (const char *mark = world->marks; *mark != 0; mark++)
        printf("%s %c %s", mark == world->marks ? ":" : ",", *mark, name_of_mark(*mark));
    printf(", = all the same, # nobody is there");
    if (strcmp(world->name, "catch") == 0)
        printf("\nA row for each row of the ball; five columns of the paddle for each of the ball");
    puts(".");
}

/* ---- sweep by sweep ---- */

/* Sweeps 0, 1, 2, 4, 8 ... and the last are shown, and the table at a few of them. */
static bool is_shown(int64_t sweep, int64_t last)
{
    return sweep == last || (sweep & (sweep - 1)) == 0;
}

static void compare(Comparison *comparison, const QTablePlan *plan)
{
    const World *world = &comparison->world;
    const QLearnerPlan learning = {plan->gamma, plan->alpha, plan->epsilon, (uint64_t)plan->seed};
    QLearner learner = qlearner_begin(world, &learning);
    const bool draws = !plan->json && !plan->quiet;
    comparison->exact_sweeps = qtable_solve(&comparison->exact, world, plan->gamma);
    if (draws)
        draw_legend(world);
    for (int64_t sweep = 0;; sweep++) {
        comparison->bellman_error[sweep] =
            qtable_distance(&comparison->bellman, &comparison->exact, world);
        comparison->learnt_error[sweep] =
            qtable_distance(&comparison->learnt, &comparison->exact, world);
        char title[80];
        snprintf(title, sizeof title, "Q-learning after sweep %" PRId64, sweep);
        if (draws && (sweep == 1 || sweep == 16 || sweep == plan->sweeps))
            draw(comparison, &comparison->learnt, title);
        if (sweep == plan->sweeps)
            break;
        const QTable before = comparison->bellman;
        qtable_bellman(&comparison->bellman, &before, world, plan->gamma);
        qlearner_sweep(&learner, &comparison->learnt);
    }
    if (draws)
        draw(comparison, &comparison->exact, "Q*");
}

static void print_errors(const Comparison *comparison, const QTablePlan *plan)
{
    printf("\nmax |Q - Q*|   Bellman's iteration   Q-learning\n");
    for (int64_t sweep = 0; sweep <= plan->sweeps; sweep++)
        if (is_shown(sweep, plan->sweeps))
            printf("sweep %6" PRId64 "   %19.3g   %10.3g\n", sweep,
                   comparison->bellman_error[sweep], comparison->learnt_error[sweep]);
}

static int live_states(const World *world)
{
    int live = 0;
    for (int state = 0; state < world->states; state++)
        live += world_is_live(world, state);
    return live;
}

/* 84 x 84 x 4 bytes: what an agent sees of Atari, as all recipes have it. */
static void print_limits(const World *world)
{
    const int bytes = 84 * 84 * 4, live = live_states(world);
    printf(
        "\nThis table: %d states x %d actions = %d numbers.\n"
        "Atari's states are pictures, 84 x 84 x 4 = %d bytes of 256 values: 256^%d =\n"
        "10^(%d x log10 256) = 10^%.0f rows. No table; and no two pictures that are alike would\n"
        "learn from each other. So Q becomes a network (`deepq train catch`, `deepq train "
        "bricks`).\n",
        live, world->actions, live * world->actions, bytes, bytes, bytes,
        floor(bytes * log10(256)));
}

/* ---- as JSON ---- */

static bool print_json(const Comparison *comparison, const QTablePlan *plan, Error *error)
{
    const int count = (int)plan->sweeps + 1;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "world", comparison->world.name);
    cJSON_AddNumberToObject(object, "states", live_states(&comparison->world));
    cJSON_AddNumberToObject(object, "actions", comparison->world.actions);
    cJSON_AddNumberToObject(object, "gamma", plan->gamma);
    if (plan->alpha > 0)
        cJSON_AddNumberToObject(object, "alpha", plan->alpha);
    else
        cJSON_AddStringToObject(object, "alpha", "1 / (1 + (1 - gamma) visits)");
    cJSON_AddNumberToObject(object, "epsilon", plan->epsilon);
    cJSON_AddNumberToObject(object, "seed", (double)plan->seed);
    cJSON_AddNumberToObject(object, "sweeps", (double)plan->sweeps);
    cJSON_AddNumberToObject(object, "exact_sweeps", comparison->exact_sweeps);
    cJSON_AddItemToObject(object, "bellman",
                          cJSON_CreateDoubleArray(comparison->bellman_error, count));
    cJSON_AddItemToObject(object, "q_learning",
                          cJSON_CreateDoubleArray(comparison->learnt_error, count));
    char *text = json_text(object, false, error);
    if (text != NULL)
        printf("%s", text);
    free(text);
    return text != NULL;
}

static bool report(Comparison *comparison, const QTablePlan *plan, Error *error)
{
    const size_t count = (size_t)plan->sweeps + 1;
    comparison->bellman_error = calloc(count, sizeof(double));
    comparison->learnt_error = calloc(count, sizeof(double));
    bool done = comparison->bellman_error != NULL && comparison->learnt_error != NULL;
    if (!done)
        return error_work(error, "no memory for %zu sweeps", count);
    if (!plan->json && !plan->quiet)
        printf("%s: gamma %g, epsilon %g, seed %" PRId64 "\n", comparison->world.name, plan->gamma,
               plan->epsilon, plan->seed);
    compare(comparison, plan);
    if (plan->json)
        return print_json(comparison, plan, error);
    print_errors(comparison, plan);
    if (!plan->quiet)
        print_limits(&comparison->world);
    return true;
}

/* ---- the request ---- */

static bool find_world(World *world, const char *name, Error *error)
{
    char names[200] = "";
    for (size_t i = 0; world_name(i) != NULL; i++) {
        if (strcmp(world_name(i), name) == 0) {
            world_fill(world, i);
            return true;
        }
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", i > 0 ? ", " : "",
                 world_name(i));
    }
    return error_input(error, "there is no world '%.60s': there are %s", name, names);
}

static bool run(Comparison *comparison, const char *name, const QTablePlan *plan, Error *error)
{
    return find_world(&comparison->world, name, error) && report(comparison, plan, error);
}

int command_qtable(int argc, const char **argv)
{
    QTablePlan plan = {.sweeps = 1000, .seed = 1, .gamma = 0.95, .epsilon = 0.5};
    const char *sweeps = NULL, *seed = NULL, *gamma = NULL, *alpha = NULL, *epsilon = NULL;
    int json = 0, quiet = 0;
    struct poptOption table[] = {
        {"sweeps", 0, POPT_ARG_STRING, &sweeps, 0,
         "each as many updates as the table has entries (default 1000)", "N"},
        {"gamma", 0, POPT_ARG_STRING, &gamma, 0, "discount (default 0.95)", "G"},
        {"alpha", 0, POPT_ARG_STRING, &alpha, 0,
         "step of Q-learning (default 0: 1 / (1 + (1 - gamma) n) after n visits)", "A"},
        {"epsilon", 0, POPT_ARG_STRING, &epsilon, 0,
         "probability of a random action in Q-learning (default 0.5)", "E"},
        {"seed", 0, POPT_ARG_STRING, &seed, 0, "of what happens there (default 1)", "N"},
        {"json", 0, POPT_ARG_NONE, &json, 0, "print one JSON object", NULL},
        {"quiet", 'q', POPT_ARG_NONE, &quiet, 0, "only the differences", NULL},
        POPT_TABLEEND,
    };
    static Comparison comparison; /* the tables of a world: too much for some stacks */
    Options options;
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    plan.json = json;
    plan.quiet = quiet;
    const char *name = options.argument[0] != NULL ? options.argument[0] : "cliff";
    if (!options_count(&plan.sweeps, sweeps, "sweeps", 1, SWEEPS_MAX, &error) ||
        !options_count(&plan.seed, seed, "seed", 0, INT64_MAX, &error) ||
        !options_real(&plan.gamma, gamma, "gamma", 0, QTABLE_GAMMA_MAX, &error) ||
        !options_real(&plan.alpha, alpha, "alpha", 0, 1, &error) ||
        !options_real(&plan.epsilon, epsilon, "epsilon", 0, 1, &error) ||
        !run(&comparison, name, &plan, &error))
        status = options_fail(&error);
    free(comparison.bellman_error);
    free(comparison.learnt_error);
    options_free(&options);
    return status;
}
