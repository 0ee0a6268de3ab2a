#include "rl/heldout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct Heldout {
    HeldoutSetup setup;
    size_t frame_bytes;
    uint8_t *frames;
    const uint8_t **planes; /* history of each state, into the frames; NULL: nothing was seen */
};

/* ---- states ---- */

static void keep(Heldout *heldout, const uint8_t *const *state, int index)
{
    const int history = heldout->setup.history;
    for (int k = 0; k < history; k++) {
        const int at = index * history + k;
        uint8_t *copy = heldout->frames + (size_t)at * heldout->frame_bytes;
        heldout->planes[at] = state[k] == NULL ? NULL : copy;
        if (state[k] != NULL)
            memcpy(copy, state[k], heldout->frame_bytes);
    }
}

/* Every so many steps a state is kept. */
static void collect(Heldout *heldout, Agent *agent)
{
    enum { STEPS_BETWEEN = 8 };
    Env *env = heldout->setup.env;
    Random random = random_stream(heldout->setup.seed, "heldout");
    EnvStep step = {.game_over = true};
    for (int kept = 0, steps = 0; kept < heldout->setup.states; steps++) {
        if (step.game_over || step.time_over) {
            env_reset(env);
            agent_begin(agent, env_frame(env));
        }
        int actions[ENV_PLAYERS_MAX] = {agent_act(agent, 1.0, &random)};
        env_step(env, actions, &step);
        agent_see(agent, env_frame(env));
        if (steps % STEPS_BETWEEN == STEPS_BETWEEN - 1)
            keep(heldout, agent_state(agent), kept++);
    }
}

Heldout *heldout_create(const HeldoutSetup *setup, Agent *agent, Error *error)
{
    const EnvSpec *spec = &setup->env->spec;
    const size_t planes = (size_t)setup->states * (size_t)setup->history;
    Heldout *heldout = calloc(1, sizeof *heldout);
    if (heldout != NULL) {
        heldout->setup = *setup;
        heldout->frame_bytes = (size_t)spec->frame_height * (size_t)spec->frame_width;
        heldout->planes = calloc(planes + 1, sizeof *heldout->planes);
        heldout->frames = calloc(planes + 1, heldout->frame_bytes);
    }
    if (heldout == NULL || heldout->planes == NULL || heldout->frames == NULL) {
        heldout_destroy(heldout);
        error_work(error, "no memory for %d held-out states", setup->states);
        return NULL;
    }
    collect(heldout, agent);
    return heldout;
}

void heldout_destroy(Heldout *heldout)
{
    if (heldout == NULL)
        return;
    free(heldout->planes);
    free(heldout->frames);
    free(heldout);
}

/* ---- what a network makes of them ---- */

/* Units after the last ReLU, and which of them a state has excited. */
typedef struct {
    int layer, count;
    float *now; /* of the last state */
    bool *live;
} Units;

static int last_relu(const NnSpec *spec)
{
    int layer = spec->layer_count - 1;
    while (layer >= 0 && spec->layer[layer].kind != NN_RELU)
        layer--;
    return layer;
}

/* Without a ReLU, or memory for it, there are no units to look at. */
static void units_begin(Units *units, const NnSpec *spec)
{
    *units = (Units){.layer = last_relu(spec)};
    if (units->layer < 0)
        return;
    const NnShape shape = nn_spec_shape(spec, units->layer);
    const int count = shape.channels * shape.height * shape.width;
    units->now = calloc((size_t)count, sizeof *units->now);
    units->live = calloc((size_t)count, sizeof *units->live);
    if (units->now != NULL && units->live != NULL)
        units->count = count;
}

static void units_look(Units *units, const Network *network)
{
    if (units->count == 0)
        return;
    network_get_activations(network, units->layer, 1, units->now);
    for (int i = 0; i < units->count; i++)
        units->live[i] |= units->now[i] > 0;
}

static double units_end(Units *units)
{
    int live = 0;
    for (int i = 0; i < units->count; i++)
        live += units->live[i];
    free(units->now);
    free(units->live);
    return units->count == 0 ? NAN : 1 - (double)live / units->count;
}

HeldoutView heldout_look(const Heldout *heldout, Agent *agent, const Network *network)
{
    const HeldoutSetup *setup = &heldout->setup;
    double sum = 0;
    Units units;
    if (setup->states == 0)
        return (HeldoutView){NAN, NAN};
    units_begin(&units, network_spec(network));
    for (int i = 0; i < setup->states; i++) {
        const float *q = agent_values_of(agent, heldout->planes + i * setup->history);
        sum += q[agent_best(q, setup->env->spec.actions)];
        units_look(&units, network);
    }
    return (HeldoutView){sum / setup->states, units_end(&units)};
}
