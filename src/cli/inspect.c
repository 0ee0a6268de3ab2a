#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/inspection.h"
#include "cli/layers.h"
#include "cli/options.h"
#include "cli/pace.h"
#include "report/filters.h"
#include "viewer/png.h"
#include "viewer/state_map.h"
#include "viewer/tsne.h"

static const OptionsHelp help = {
    "inspect",
    "RUN",
    "Shows what the network of a run has learnt, as pictures and a page that holds them: the\n"
    "weights of each hidden layer; for each of its units the pieces of frames that excite it "
    "most,\n"
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
    PAGE_BYTES = 64 * 1024,
};

/* The page as it grows, and the folder that it and its pictures go to. */
typedef struct {
    const char *folder;
    const Inspection *inspection;
    char text[PAGE_BYTES];
} Page;

/* ---- pictures, and the page that holds them ---- */

static void add_to_page(Page *page, const char *name, const char *title, const char *text)
{
    const size_t length = strlen(page->text);
    snprintf(page->text + length, PAGE_BYTES - length,
             "<section><h2>%s</h2><p>%s</p><a href=\"%s\"><img src=\"%s\" alt=\"%s\"></a>"
             "</section>\n",
             title, text, name, name, title);
}

/* Save the picture, which is destroyed whatever happens; NULL: it could not be made. */
static bool save(const Page *page, Picture *picture, const char *name, Error *error)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", page->folder, name);
    const bool done = picture != NULL && png_save(path, picture, error);
    picture_destroy(picture);
    return done;
}

static bool save_filters(Page *page, int layer, int number, Error *error)
{
    char name[64], title[96], text[256];
    const Network *network = page->inspection->player->network;
    const NnSpec *spec = network_spec(network);
    float *parameters = malloc(nn_spec_parameters(spec) * sizeof *parameters);
    if (parameters == NULL)
        return error_work(error, "no memory for the weights of layer '%d'", number);
    network_get_parameters(network, parameters);
    const int by = filters_scale(spec, layer, FILTERS_WIDTH);
    Picture *picture =
        filters_draw(&(FilterSource){spec, parameters}, layer, by > 0 ? by : 1, error);
    free(parameters);
    snprintf(name, sizeof name, "filters-%d.png", number);
    snprintf(title, sizeof title, "Layer %d: %s", number,
             spec->layer[layer].kind == NN_CONV2D ? "filters" : "weights");
    filters_describe(spec, layer, text, sizeof text);
    add_to_page(page, name, title, text);
    return save(page, picture, name, error);
}

/* How many units of the layer live; those that nothing excites do not learn either. */
static void describe_excited(const Inspection *inspection, int layer, char *text, size_t bytes)
{
    const NnSpec *spec = network_spec(inspection->player->network);
    snprintf(text, bytes, "%d of %d units were excited by something",
             patches_excited(inspection->patches[layer]), nn_spec_shape(spec, layer).channels);
}

static bool save_patches(Page *page, int layer, int number, Error *error)
{
    char name[64], title[96], excited[96], text[512];
    const NnField field = page->inspection->field[layer];
    describe_excited(page->inspection, layer, excited, sizeof excited);
    snprintf(name, sizeof name, "patches-%d.png", number);
    snprintf(title, sizeof title, "Layer %d: what excites its units most", number);
    snprintf(text, sizeof text,
             "A row for each unit: the newest frame of the state that excited it most, with the "
             "%d x %d pixels that %s; those, and the next best ones. One of each stretch of %d "
             "steps; an empty row: nothing excited it. %s.",
             field.width, field.height,
             field.step > 0 ? "it looked at" : "mattered most to it, by the gradient",
             PATCHES_STRETCH, excited);
    add_to_page(page, name, title, text);
    return save(page, patches_draw(page->inspection->patches[layer], error), name, error);
}

static bool save_map(Page *page, int64_t seed, Error *error)
{
    char text[256];
    const Inspection *of = page->inspection;
    const NnShape input = network_spec(of->player->network)->input;
    Random random = random_stream((uint64_t)seed, "map");
    const TsnePlan plan = {of->states, of->dimensions, of->coordinates, 30, MAP_ITERATIONS};
    double *places = calloc((size_t)of->states, 2 * sizeof *places);
    if (places == NULL)
        return error_work(error, "no memory for a map of '%d' states", of->states);
    const StateMap map = {of->states, places, of->values, input.height, input.width, of->frames};
    Picture *picture =
        tsne_place(&plan, &random, places, error) ? state_map_draw(&map, error) : NULL;
    free(places);
    snprintf(text, sizeof text,
             "%d states of %" PRId64 " games, placed by t-SNE of the last hidden layer's %d "
             "units, coloured by the value of the best action.",
             of->states, of->games, of->dimensions);
    add_to_page(page, "states.png", "States, as the last hidden layer sees them", text);
    return save(page, picture, "states.png", error);
}

static void begin_page(Page *page)
{
    const char *game = page->inspection->player->config.game;
    snprintf(page->text, PAGE_BYTES,
             "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
             "<meta name=\"viewport\" content=\"width=device-width\">"
             "<title>%s: what each layer has learnt</title>\n"
             "<style>body{background:#12141a;color:#c8ccd4;font:16px/1.5 sans-serif;max-width:"
             "1500px;margin:2em auto;padding:0 1em}img{max-width:100%%;image-rendering:pixelated}"
             "h2{font-size:1.1em;margin:2em 0 0}p{color:#969ca8;margin:.2em 0 .6em}</style>"
             "</head><body><h1>%s: what each layer has learnt</h1>\n",
             game, game);
}

static bool save_page(Page *page, Error *error)
{
    char path[PATH_BYTES];
    const size_t length = strlen(page->text);
    snprintf(page->text + length, PAGE_BYTES - length, "</body></html>\n");
    snprintf(path, sizeof path, "%s/index.html", page->folder);
    return file_replace(path, page->text, strlen(page->text), error);
}

static bool save_all(Page *page, int64_t seed, Error *error)
{
    const NnSpec *spec = network_spec(page->inspection->player->network);
    int shown[NN_LAYERS_MAX];
    const int count = layers_shown(spec, shown);
    begin_page(page);
    for (int i = 0; i < count; i++) {
        const int learner = layers_learner(spec, shown[i]);
        if ((filters_drawable(spec, learner) && !save_filters(page, learner, i + 1, error)) ||
            !save_patches(page, shown[i], i + 1, error))
            return false;
    }
    return save_map(page, seed, error) && save_page(page, error);
}

/* ---- the command ---- */

static void report(const Inspection *inspection, const char *folder)
{
    int shown[NN_LAYERS_MAX];
    const int count = layers_shown(network_spec(inspection->player->network), shown);
    for (int i = 0; i < count; i++) {
        char excited[96];
        describe_excited(inspection, shown[i], excited, sizeof excited);
        printf("layer %d: %s\n", i + 1, excited);
    }
    printf("%s/index.html: %" PRId64 " steps of %" PRId64 " games, %d states on the map\n", folder,
           inspection->plan.steps, inspection->games, inspection->states);
}

static bool inspect(Player *player, const InspectionPlan *plan, const char *folder, Error *error)
{
    Inspection *inspection = inspection_create(player, plan, error);
    Page *page = calloc(1, sizeof *page);
    bool done = inspection != NULL && (page != NULL || error_work(error, "no memory for a page"));
    if (done) {
        page->folder = folder;
        page->inspection = inspection;
        done = file_make_folder(folder, error) &&
               (!inspection_play(inspection) || save_all(page, plan->seed, error));
    }
    if (done && !pace_stopped())
        report(inspection, folder);
    free(page);
    inspection_destroy(inspection);
    return done;
}

int command_inspect(int argc, const char **argv)
{
    const char *steps = NULL, *states = NULL, *seed = NULL, *epsilon = NULL;
    int last = 0;
    const char *folder = NULL;
    CartridgeRequest cartridge = {0};
    InspectionPlan plan = {.steps = STEPS, .states = STATES, .seed = 1, .epsilon = -1};
    struct poptOption table[] = {
        {"output", 'o', POPT_ARG_STRING, &folder, 0, "folder of the page and its pictures", "DIR"},
        {"steps", 0, POPT_ARG_STRING, &steps, 0, "of the agent, to look at (default 6000)", "N"},
        {"states", 0, POPT_ARG_STRING, &states, 0, "of them on the map (default 1000)", "N"},
        {"epsilon", 0, POPT_ARG_STRING, &epsilon, 0,
         "probability of a random action (default: eval_epsilon of the run)", "E"},
        {"seed", 0, POPT_ARG_STRING, &seed, 0, "of what is played here (default 1)", "N"},
        {"last", 0, POPT_ARG_NONE, &last, 0, "the newest weights, not the best", NULL},
        PROBLEM_OPTION_ROMS(cartridge),
        PROBLEM_OPTION_TYPE(cartridge),
        POPT_TABLEEND,
    };
    Options options;
    Player player = {0};
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    pace_catch_signals();
    bool done = (folder != NULL || error_input(&error, "the folder's name is missing: -o DIR")) &&
                options_count(&plan.steps, steps, "steps", 2, STEPS_MAX, &error) &&
                options_count(&plan.states, states, "states", 2, TSNE_POINTS_MAX, &error) &&
                options_count(&plan.seed, seed, "seed", 0, INT64_MAX, &error) &&
                options_real(&plan.epsilon, epsilon, "epsilon", 0, 1, &error);
    if (done && strlen(folder) >= CSV_PATH_BYTES)
        done = error_input(&error, "'%.60s...' is too long for a folder's name", folder);
    if (plan.states > plan.steps)
        plan.states = plan.steps;
    done = done &&
           player_open(&player, options.argument[0], last ? RUN_WEIGHTS_LAST : RUN_WEIGHTS_BEST,
                       &cartridge, (uint64_t)plan.seed, &error);
    if (plan.epsilon < 0)
        plan.epsilon = player.config.dqn.eval_epsilon;
    if (!done || !inspect(&player, &plan, folder, &error))
        status = options_fail(&error);
    else if (pace_stopped())
        status = STATUS_INTERRUPTED;
    player_close(&player);
    options_free(&options);
    return status;
}
