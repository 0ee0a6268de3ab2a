#include "cli/inspection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/layers.h"
#include "cli/pace.h"

enum { WINDOWS = 3 }; /* of a dense unit, in each side of a frame */

/* ---- life ---- */

/* Do its units each see a part of the picture? */
static bool is_map(const NnSpec *spec, int layer)
{
    return nn_spec_field(spec, layer).step > 0;
}

static NnField field_of(const NnSpec *spec, int layer)
{
    const NnShape picture = spec->input;
    if (is_map(spec, layer))
        return nn_spec_field(spec, layer);
    return (NnField){(picture.height + WINDOWS - 1) / WINDOWS,
                     (picture.width + WINDOWS - 1) / WINDOWS, 0};
}

static bool prepare_patches(Inspection *inspection, const NnSpec *spec, Error *error)
{
    int shown[NN_LAYERS_MAX];
    const int count = layers_shown(spec, shown);
    inspection->hidden = count > 0 ? shown[count - 1] : -1;
    for (int i = 0; i < count; i++) {
        const int layer = shown[i];
        const NnField field = field_of(spec, layer);
        const PatchesPlan plan = {nn_spec_shape(spec, layer).channels, spec->input.height,
                                  spec->input.width, field.height, field.width};
        inspection->field[layer] = field;
        inspection->patches[layer] = patches_create(&plan, error);
        if (inspection->patches[layer] == NULL)
            return false;
    }
    return inspection->hidden >= 0 ||
           error_input(error, "the network of '%s' has no hidden layer to look into",
                       inspection->player->config.game);
}

static bool prepare_map(Inspection *inspection, const NnSpec *spec, Error *error)
{
    const size_t states = (size_t)inspection->plan.states;
    const NnShape shape = nn_spec_shape(spec, inspection->hidden);
    inspection->dimensions = shape.channels * shape.height * shape.width;
    inspection->coordinates = calloc(states * (size_t)inspection->dimensions, sizeof(float));
    inspection->values = calloc(states, sizeof(float));
    inspection->frames = calloc(states, (size_t)spec->input.height * (size_t)spec->input.width);
    return (inspection->coordinates != NULL && inspection->values != NULL &&
            inspection->frames != NULL) ||
           error_work(error, "no memory for '%zu' states", states);
}

static bool prepare(Inspection *inspection, Error *error)
{
    const Network *network = inspection->player->network;
    const NnSpec *spec = network_spec(network);
    if (!prepare_patches(inspection, spec, error) || !prepare_map(inspection, spec, error))
        return false;
    inspection->activations = calloc(layers_floats(spec), sizeof(float));
    inspection->choice = calloc(layers_floats(spec), sizeof(float));
    if (inspection->activations == NULL || inspection->choice == NULL)
        return error_work(error, "no memory for a layer of '%s'", inspection->player->config.game);
    inspection->saliency = saliency_create(spec, error);
    if (inspection->saliency != NULL)
        saliency_renew(inspection->saliency, network);
    return inspection->saliency != NULL;
}

Inspection *inspection_create(Player *player, const InspectionPlan *plan, Error *error)
{
    Inspection *inspection = calloc(1, sizeof *inspection);
    if (inspection == NULL) {
        error_work(error, "no memory to look into '%s'", player->config.game);
        return NULL;
    }
    inspection->plan = *plan;
    inspection->player = player;
    if (prepare(inspection, error))
        return inspection;
    inspection_destroy(inspection);
    return NULL;
}

void inspection_destroy(Inspection *inspection)
{
    if (inspection == NULL)
        return;
    for (int layer = 0; layer < NN_LAYERS_MAX; layer++)
        patches_destroy(inspection->patches[layer]);
    saliency_destroy(inspection->saliency);
    free(inspection->activations);
    free(inspection->choice);
    free(inspection->coordinates);
    free(inspection->values);
    free(inspection->frames);
    free(inspection);
}

/* ---- gathering ---- */

/* Where a unit is most excited: of a map a pixel, behind quantiles a tau, of a dense layer 0. */
static int best_place(const float *values, int places)
{
    int best = 0;
    for (int i = 1; i < places; i++)
        best = values[i] > values[best] ? i : best;
    return best;
}

/* Where a unit's map is highest, offered with the field it looked at there. */
static void offer_map(Inspection *inspection, int layer, int unit, int moment, const uint8_t *frame)
{
    const NnShape shape = nn_spec_shape(network_spec(inspection->player->network), layer);
    const int step = inspection->field[layer].step, places = shape.height * shape.width;
    const float *map = inspection->activations + unit * places;
    const int best = best_place(map, places);
    const Patch patch = {map[best], best / shape.width * step, best % shape.width * step, moment};
    patches_offer(inspection->patches[layer], unit, &patch, frame);
}

/* How much the pixels of a window matter, all frames of the state together. */
static double mattering(const float *slope, NnShape state, const NnField *field, int row,
                        int column)
{
    double sum = 0;
    for (int c = 0; c < state.channels; c++)
        for (int y = row; y < row + field->height; y++)
            for (int x = column; x < column + field->width; x++)
                sum += fabs((double)slope[(c * state.height + y) * state.width + x]);
    return sum;
}

/* The window that matters most, of those that lie a quarter of their size apart. */
static void place_window(const float *slope, NnShape state, const NnField *field, Patch *patch)
{
    const int down = (field->height + 3) / 4, right = (field->width + 3) / 4;
    double most = -1;
    for (int row = 0; row + field->height <= state.height; row += down)
        for (int column = 0; column + field->width <= state.width; column += right) {
            const double matters = mattering(slope, state, field, row, column);
            if (matters > most) {
                most = matters;
                patch->row = row;
                patch->column = column;
            }
        }
}

/* A unit that sees all, offered with the window that made it what it is. */
static void offer_unit(Inspection *inspection, int layer, int unit, int moment,
                       const uint8_t *frame)
{
    const Network *network = inspection->player->network;
    const NnShape shape = nn_spec_shape(network_spec(network), layer);
    const int places = shape.height * shape.width;
    const int at = unit * places + best_place(inspection->activations + unit * places, places);
    Patch patch = {.value = inspection->activations[at], .moment = moment};
    if (!patches_want(inspection->patches[layer], unit, patch.value, moment))
        return;
    inspection->choice[at] = 1;
    const float *slope = saliency_look(inspection->saliency, network, layer, inspection->choice);
    inspection->choice[at] = 0;
    place_window(slope, network_spec(network)->input, &inspection->field[layer], &patch);
    patches_offer(inspection->patches[layer], unit, &patch, frame);
}

/* Some states for the map, evenly from all of the time. */
static void keep_state(Inspection *inspection, int moment, float value, const uint8_t *frame)
{
    const InspectionPlan *plan = &inspection->plan;
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
        const int units = nn_spec_shape(spec, layer).channels;
        for (int unit = 0; unit < units && !pace_stopped(); unit++)
            if (is_map(spec, layer))
                offer_map(inspection, layer, unit, moment, frame);
            else
                offer_unit(inspection, layer, unit, moment, frame);
    }
}

bool inspection_play(Inspection *inspection)
{
    Player *player = inspection->player;
    Random random = random_stream((uint64_t)inspection->plan.seed, "evaluate");
    EnvStep step = {.game_over = true};
    for (int moment = 0; moment < inspection->plan.steps && !pace_stopped(); moment++) {
        if (step.game_over || step.time_over) {
            env_reset(player->env);
            agent_begin(player->agent, env_frame(player->env));
            inspection->games++;
        }
        look(inspection, moment);
        const int actions[ENV_PLAYERS_MAX] = {
            agent_act(player->agent, inspection->plan.epsilon, &random)};
        env_step(player->env, actions, &step);
        agent_see(player->agent, env_frame(player->env));
    }
    return !pace_stopped();
}
