#include "rl/agent.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct Agent {
    Network *network;
    int history;
    Head head;
    size_t frame_bytes;
    int newest; /* which of the frames was seen last */
    int seen;   /* how many of them hold something */
    const uint8_t **planes;
    float *values;   /* of actions; then room for what the head combines; then the outputs */
    uint8_t *frames; /* history of them, a ring */
};

Agent *agent_create(Network *network, const Head *head, int history, size_t frame_bytes,
                    Error *error)
{
    assert(history > 0 && head->actions > 0);
    const size_t planes_bytes = (size_t)history * sizeof(uint8_t *);
    const size_t values_bytes =
        (size_t)(head->actions * (1 + head->atoms) + head_outputs(head)) * sizeof(float);
    uint8_t *block =
        calloc(1, sizeof(Agent) + planes_bytes + values_bytes + (size_t)history * frame_bytes);
    if (block == NULL) {
        error_work(error, "no memory for an agent");
        return NULL;
    }
    Agent *agent = (Agent *)(void *)block;
    *agent = (Agent){
        .network = network,
        .history = history,
        .head = *head,
        .frame_bytes = frame_bytes,
        .planes = (const uint8_t **)(void *)(block + sizeof(Agent)),
        .values = (float *)(void *)(block + sizeof(Agent) + planes_bytes),
        .frames = block + sizeof(Agent) + planes_bytes + values_bytes,
    };
    return agent;
}

void agent_destroy(Agent *agent)
{
    free(agent);
}

static void order_planes(Agent *agent)
{
    for (int age = 0; age < agent->history; age++) {
        const int at = (agent->newest - age + agent->history) % agent->history;
        agent->planes[agent->history - 1 - age] =
            age < agent->seen ? agent->frames + (size_t)at * agent->frame_bytes : NULL;
    }
}

void agent_begin(Agent *agent, const uint8_t *frame)
{
    agent->seen = 0;
    agent_see(agent, frame);
}

void agent_see(Agent *agent, const uint8_t *frame)
{
    agent->newest = (agent->newest + 1) % agent->history;
    if (agent->seen < agent->history)
        agent->seen++;
    memcpy(agent->frames + (size_t)agent->newest * agent->frame_bytes, frame, agent->frame_bytes);
    order_planes(agent);
}

const uint8_t *const *agent_state(const Agent *agent)
{
    return agent->planes;
}

const float *agent_values_of(Agent *agent, const uint8_t *const *planes)
{
    const Head *head = &agent->head;
    float *x = agent->values + head->actions, *outputs = x + head->actions * head->atoms;
    if (agent->network == NULL)
        return agent->values;
    network_forward(agent->network, &(NnInput){.planes = planes}, 1, outputs);
    head_output_values(head, outputs, x, agent->values);
    return agent->values;
}

const float *agent_values(Agent *agent)
{
    return agent_values_of(agent, agent->planes);
}

int agent_explore(double epsilon, int actions, Random *random)
{
    if (random_unit(random) < epsilon)
        return (int)random_below(random, (uint32_t)actions);
    return AGENT_CHOOSES;
}

int agent_best(const float *values, int actions)
{
    int best = 0;
    for (int action = 1; action < actions; action++)
        if (values[action] > values[best])
            best = action;
    return best;
}

int agent_act(Agent *agent, double epsilon, Random *random)
{
    if (agent->network == NULL)
        return (int)random_below(random, (uint32_t)agent->head.actions);
    const int action = agent_explore(epsilon, agent->head.actions, random);
    return action != AGENT_CHOOSES ? action : agent_best(agent_values(agent), agent->head.actions);
}

void agent_walk(Agent *agent, State *state)
{
    int newest = agent->newest, seen = agent->seen;
    STATE_FIELD(state, "agent newest frame", newest);
    STATE_FIELD(state, "agent frames seen", seen);
    if (newest < 0 || newest >= agent->history || seen < 0 || seen > agent->history) {
        state_fail(state, "the agent has seen more frames than it can");
        return;
    }
    state_field(state, "agent frames", agent->frames, (size_t)agent->history * agent->frame_bytes);
    if (!state_loaded(state))
        return;
    agent->newest = newest;
    agent->seen = seen;
    order_planes(agent);
}
