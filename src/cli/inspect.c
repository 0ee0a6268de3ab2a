#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/layers.h"
#include "cli/options.h"
#include "cli/pace.h"
#include "cli/player.h"
#include "nn/inspect.h"
#include "report/filters.h"
#include "viewer/patches.h"
#include "viewer/png.h"
#include "viewer/state_map.h"
#include "viewer/tsne.h"

static const OptionsHelp help = {
    "inspect",
    "RUN",
    "Shows what the network of a run has learnt, as pictures and a page that holds them: the\n"
    "filters of each convolution; for each of its units the pieces of frames that excite it most,\n"
    "from games that the agent plays; and a map of the states by what the last hidden layer makes\n"
    "of them, coloured by value.\n\n"
    "example: deepq inspect runs/bricks-quick-1 -o inside && xdg-open inside/index.html\n",
};

enum {
    STEPS = 6000,
    STATES = 1000,
    STEPS_MAX = 1000000,
    FILTERS_WIDTH = 900,
    MAP_ITERATIONS = 600,
    PATH_BYTES = CSV_PATH_BYTES + 64,
    PAGE_BYTES = 16 * 1024,
};

typedef struct {
    const char *output;
    int64_t steps, states, seed;
    double epsilon;
    bool last;
    CartridgeRequest cartridge;
} InspectPlan;

/* What is gathered while the agent plays. */
typedef struct {
    const InspectPlan *plan;
    Player *player;
    Patches *patches[NN_LAYERS_MAX]; /* of shown convolutions, else NULL */
    float *activations;              /* of one layer */
    int hidden;                      /* the last layer before the outputs */
    int dimensions;                  /* its units */
    int states;                      /* kept for the map so far */
    float *coordinates;              /* states x dimensions */
    float *values;                   /* states */
    uint8_t *frames;                 /* states of them, the newest of each */
    double *places;                  /* states x 2 */
    int64_t games;
    char page[PAGE_BYTES];
} Inspection;

/* ---- life ---- */

static bool is_convolution(const NnSpec *spec, int layer)
{
    return layers_shows(spec, layer) && spec->layer[layers_learner(spec, layer)].kind == NN_CONV2D;
}

static int last_hidden(const NnSpec *spec)
{
    int hidden = -1;
    for (int layer = 0; layer < spec->layer_count; layer++)
        if (layers_shows(spec, layer))
            hidden = layer;
    return hidden;
}

static bool prepare_patches(Inspection *inspection, const NnSpec *spec, Error *error)
{
    for (int layer = 0; layer < spec->layer_count; layer++) {
        if (!is_convolution(spec, layer))
            continue;
        const NnField field = nn_spec_field(spec, layer);
        const PatchesPlan plan = {nn_spec_shape(spec, layer).channels, spec->input.height,
                                  spec->input.width, field.height, field.width};
        inspection->patches[layer] = patches_create(&plan, error);
        if (inspection->patches[layer] == NULL)
            return false;
    }
    return true;
}

static bool prepare(Inspection *inspection, Error *error)
{
    const NnSpec *spec = network_spec(inspection->player->network);
    const size_t states = (size_t)inspection->plan->states;
    inspection->hidden = last_hidden(spec);
    if (inspection->hidden < 0)
        return error_input(error, "the network of '%s' has no hidden layer to look into",
                           inspection->player->config.game);
    const NnShape shape = nn_spec_shape(spec, inspection->hidden);
    inspection->dimensions = shape.channels * shape.height * shape.width;
    inspection->activations = calloc(layers_floats(spec), sizeof(float));
    inspection->coordinates = calloc(states * (size_t)inspection->dimensions, sizeof(float));
    inspection->values = calloc(states, sizeof(float));
    inspection->places = calloc(2 * states, sizeof(double));
    inspection->frames = calloc(states, (size_t)spec->input.height * (size_t)spec->input.width);
    if (inspection->activations == NULL || inspection->coordinates == NULL ||
        inspection->values == NULL || inspection->places == NULL || inspection->frames == NULL)
        return error_work(error, "no memory for '%zu' states", states);
    return prepare_patches(inspection, spec, error);
}

static void inspection_destroy(Inspection *inspection)
{
    for (int layer = 0; layer < NN_LAYERS_MAX; layer++)
        patches_destroy(inspection->patches[layer]);
    free(inspection->activations);
    free(inspection->coordinates);
    free(inspection->values);
    free(inspection->places);
    free(inspection->frames);
    free(inspection);
}

/* ---- gathering ---- */

/* Where a unit's map is highest, offered with the field it looked at there. */
static void offer_unit(Inspection *inspection, int layer, int unit, int moment,
                       const uint8_t *frame)
{
    const NnSpec *spec = network_spec(inspection->player->network);
    const NnShape shape = nn_spec_shape(spec, layer);
    const NnField field = nn_spec_field(spec, layer);
    const float *map = inspection->activations + unit * shape.height * shape.width;
    int best = 0;
    for (int i = 1; i < shape.height * shape.width; i++)
        best = map[i] > map[best] ? i : best;
    const Patch patch = {map[best], best / shape.width * field.step,
                         best % shape.width * field.step, moment};
    patches_offer(inspection->patches[layer], unit, &patch, frame);
}

/* Some states for the map, evenly from all of the time. */
static void keep_state(Inspection *inspection, int moment, float value, const uint8_t *frame)
{
    const InspectPlan *plan = inspection->plan;
    const NnSpec *spec = network_spec(inspection->player->network);
    const size_t pixels = (size_t)spec->input.height * (size_t)spec->input.width;
    const size_t at = (size_t)inspection->states;
    if (moment * plan->states / plan->steps < inspection->states)
        return;
    network_get_activations(inspection->player->network, inspection->hidden, 1,
                            inspection->coordinates + at * (size_t)inspection->dimensions);
    memcpy(inspection->frames + at * pixels, frame, pixels);
    inspection->values[at] = value;
    inspection->states++;
}

static void look(Inspection *inspection, int moment)
{
    Player *player = inspection->player;
    const NnSpec *spec = network_spec(player->network);
    const float *values = agent_values(player->agent);
    const uint8_t *frame = agent_state(player->agent)[player->config.dqn.history - 1];
    keep_state(inspection, moment, values[agent_best(values, player->env->spec.actions)], frame);
    for (int layer = 0; layer < spec->layer_count; layer++) {
        if (inspection->patches[layer] == NULL)
            continue;
        network_get_activations(player->network, layer, 1, inspection->activations);
        for (int unit = 0; unit < nn_spec_shape(spec, layer).channels; unit++)
            offer_unit(inspection, layer, unit, moment, frame);
    }
}

/* False: interrupted. */
static bool play(Inspection *inspection)
{
    Player *player = inspection->player;
    Random random = random_stream((uint64_t)inspection->plan->seed, "evaluate");
    EnvStep step = {.game_over = true};
    for (int moment = 0; moment < inspection->plan->steps && !pace_stopped(); moment++) {
        if (step.game_over || step.time_over) {
            env_reset(player->env);
            agent_begin(player->agent, env_frame(player->env));
            inspection->games++;
        }
        look(inspection, moment);
        const int actions[ENV_PLAYERS_MAX] = {
            agent_act(player->agent, inspection->plan->epsilon, &random)};
        env_step(player->env, actions, &step);
        agent_see(player->agent, env_frame(player->env));
    }
    return !pace_stopped();
}

/* ---- pictures, and the page that holds them ---- */

static void add_to_page(Inspection *inspection, const char *name, const char *title,
                        const char *text)
{
    char *page = inspection->page;
    const size_t length = strlen(page);
    snprintf(page + length, PAGE_BYTES - length,
             "<section><h2>%s</h2><p>%s</p><a href=\"%s\"><img src=\"%s\" alt=\"%s\"></a>"
             "</section>\n",
             title, text, name, name, title);
}

/* Save the picture, which is destroyed whatever happens; NULL: it could not be made. */
static bool save(Inspection *inspection, Picture *picture, const char *name, Error *error)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", inspection->plan->output, name);
    const bool done = picture != NULL && png_save(path, picture, error);
    picture_destroy(picture);
    return done;
}

static bool save_filters(Inspection *inspection, int layer, int number, Error *error)
{
    char name[64], title[96], text[256];
    const NnSpec *spec = network_spec(inspection->player->network);
    float *parameters = malloc(nn_spec_parameters(spec) * sizeof *parameters);
    if (parameters == NULL)
        return error_work(error, "no memory for the weights of layer '%d'", number);
    network_get_parameters(inspection->player->network, parameters);
    Picture *picture = filters_draw(&(FilterSource){spec, parameters}, layer,
                                    filters_scale(spec, layer, FILTERS_WIDTH), error);
    free(parameters);
    snprintf(name, sizeof name, "filters-%d.png", number);
    snprintf(title, sizeof title, "Layer %d: filters", number);
    filters_describe(spec, layer, text, sizeof text);
    add_to_page(inspection, name, title, text);
    return save(inspection, picture, name, error);
}

static bool save_patches(Inspection *inspection, int layer, int number, Error *error)
{
    char name[64], title[96], text[512];
    const NnField field = nn_spec_field(network_spec(inspection->player->network), layer);
    snprintf(name, sizeof name, "patches-%d.png", number);
    snprintf(title, sizeof title, "Layer %d: what excites its units most", number);
    snprintf(text, sizeof text,
             "A row for each unit: the newest frame of the state that excited it most, with the "
             "%d x %d pixels that it looked at; those, and the next best ones. One of each "
             "stretch of %d steps; an empty row: nothing excited it.",
             field.width, field.height, PATCHES_STRETCH);
    add_to_page(inspection, name, title, text);
    return save(inspection, patches_draw(inspection->patches[layer], error), name, error);
}

static bool save_map(Inspection *inspection, Error *error)
{
    char text[256];
    const NnSpec *spec = network_spec(inspection->player->network);
    Random random = random_stream((uint64_t)inspection->plan->seed, "map");
    const TsnePlan plan = {inspection->states, inspection->dimensions, inspection->coordinates, 30,
                           MAP_ITERATIONS};
    if (!tsne_place(&plan, &random, inspection->places, error))
        return false;
    const StateMap map = {inspection->states, inspection->places, inspection->values,
                          spec->input.height, spec->input.width,  inspection->frames};
    snprintf(text, sizeof text,
             "%d states of %" PRId64 " games, placed by t-SNE of the last hidden layer's %d "
             "units, coloured by the value of the best action.",
             inspection->states, inspection->games, inspection->dimensions);
    add_to_page(inspection, "states.png", "States, as the last hidden layer sees them", text);
    return save(inspection, state_map_draw(&map, error), "states.png", error);
}

static void begin_page(Inspection *inspection)
{
    snprintf(inspection->page, PAGE_BYTES,
             "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
             "<meta name=\"viewport\" content=\"width=device-width\">"
             "<title>%s: what each layer has learnt</title>\n"
             "<style>body{background:#12141a;color:#c8ccd4;font:16px/1.5 sans-serif;max-width:"
             "1500px;margin:2em auto;padding:0 1em}img{max-width:100%%;image-rendering:pixelated}"
             "h2{font-size:1.1em;margin:2em 0 0}p{color:#969ca8;margin:.2em 0 .6em}</style>"
             "</head><body><h1>%s: what each layer has learnt</h1>\n",
             inspection->player->config.game, inspection->player->config.game);
}

static bool save_page(Inspection *inspection, Error *error)
{
    char path[PATH_BYTES];
    char *page = inspection->page;
    const size_t length = strlen(page);
    snprintf(page + length, PAGE_BYTES - length, "</body></html>\n");
    snprintf(path, sizeof path, "%s/index.html", inspection->plan->output);
    return file_replace(path, page, strlen(page), error);
}

static bool save_all(Inspection *inspection, Error *error)
{
    const NnSpec *spec = network_spec(inspection->player->network);
    int number = 0;
    begin_page(inspection);
    for (int layer = 0; layer < spec->layer_count; layer++) {
        if (!is_convolution(spec, layer))
            continue;
        number++;
        if (!save_filters(inspection, layers_learner(spec, layer), number, error) ||
            !save_patches(inspection, layer, number, error))
            return false;
    }
    return save_map(inspection, error) && save_page(inspection, error);
}

/* ---- the command ---- */

static bool inspect(Player *player, const InspectPlan *plan, Error *error)
{
    Inspection *inspection = calloc(1, sizeof *inspection);
    if (inspection == NULL)
        return error_work(error, "no memory to look into '%s'", player->config.game);
    inspection->plan = plan;
    inspection->player = player;
    const bool done = prepare(inspection, error) && file_make_folder(plan->output, error) &&
                      (!play(inspection) || save_all(inspection, error));
    if (done && !pace_stopped())
        printf("%s/index.html: %" PRId64 " steps of %" PRId64 " games, %d states on the map\n",
               plan->output, plan->steps, inspection->games, inspection->states);
    inspection_destroy(inspection);
    return done;
}

int command_inspect(int argc, const char **argv)
{
    const char *steps = NULL, *states = NULL, *seed = NULL, *epsilon = NULL;
    int last = 0;
    InspectPlan plan = {.steps = STEPS, .states = STATES, .seed = 1, .epsilon = -1};
    struct poptOption table[] = {
        {"output", 'o', POPT_ARG_STRING, &plan.output, 0, "folder of the page and its pictures",
         "DIR"},
        {"steps", 0, POPT_ARG_STRING, &steps, 0, "of the agent, to look at (default 6000)", "N"},
        {"states", 0, POPT_ARG_STRING, &states, 0, "of them on the map (default 1000)", "N"},
        {"epsilon", 0, POPT_ARG_STRING, &epsilon, 0,
         "probability of a random action (default: eval_epsilon of the run)", "E"},
        {"seed", 0, POPT_ARG_STRING, &seed, 0, "of what is played here (default 1)", "N"},
        {"last", 0, POPT_ARG_NONE, &last, 0, "the newest weights, not the best", NULL},
        PROBLEM_OPTION_ROMS(plan.cartridge),
        PROBLEM_OPTION_TYPE(plan.cartridge),
        POPT_TABLEEND,
    };
    Options options;
    Player player = {0};
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    pace_catch_signals();
    bool done =
        (plan.output != NULL || error_input(&error, "the folder's name is missing: -o DIR")) &&
        options_count(&plan.steps, steps, "steps", 2, STEPS_MAX, &error) &&
        options_count(&plan.states, states, "states", 2, TSNE_POINTS_MAX, &error) &&
        options_count(&plan.seed, seed, "seed", 0, INT64_MAX, &error) &&
        options_real(&plan.epsilon, epsilon, "epsilon", 0, 1, &error);
    if (done && strlen(plan.output) >= CSV_PATH_BYTES)
        done = error_input(&error, "'%.60s...' is too long for a folder's name", plan.output);
    if (plan.states > plan.steps)
        plan.states = plan.steps;
    done = done &&
           player_open(&player, options.argument[0], last ? RUN_WEIGHTS_LAST : RUN_WEIGHTS_BEST,
                       &plan.cartridge, (uint64_t)plan.seed, &error);
    if (plan.epsilon < 0)
        plan.epsilon = player.config.dqn.eval_epsilon;
    if (!done || !inspect(&player, &plan, &error))
        status = options_fail(&error);
    else if (pace_stopped())
        status = STATUS_INTERRUPTED;
    player_close(&player);
    options_free(&options);
    return status;
}
