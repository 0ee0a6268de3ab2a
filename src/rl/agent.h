/*
 * agent.h - who acts: the last frames as a state, the network's values of it, epsilon-greedy
 * choice.
 *
 *     agent_begin(agent, env_frame(env));                after a reset
 *     action = agent_act(agent, epsilon, &random);       looks at the state
 *     agent_see(agent, env_frame(env));                  after a step
 */
#ifndef DEEPQ_RL_AGENT_H
#define DEEPQ_RL_AGENT_H

#include "base/error.h"
#include "base/random.h"
#include "base/state.h"
#include "nn/network.h"
#include "rl/head.h"

typedef struct Agent Agent;

/* `network` is used, not owned; it has history planes of input and the outputs that `head` reads.
 * NULL: an agent that only acts at random, head->actions of them. */
Agent *agent_create(Network *network, const Head *head, int history, size_t frame_bytes,
                    Error *error);
void agent_destroy(Agent *agent); /* NULL is fine */

void agent_begin(Agent *agent, const uint8_t *frame); /* forget all, see this */
void agent_see(Agent *agent, const uint8_t *frame);

/* With probability epsilon an action drawn uniformly, else the one of the highest value, the first
 * of equals: agent_explore, then agent_best. */
enum { AGENT_CHOOSES = -1 };
int agent_explore(double epsilon, int actions, Random *random); /* AGENT_CHOOSES: not at random */
int agent_best(const float *values, int actions);
int agent_act(Agent *agent, double epsilon, Random *random);

/* The network's value of each action in the present state; zeros without a network. Valid until the
 * next call. */
const float *agent_values(Agent *agent);
const float *agent_values_of(Agent *agent, const uint8_t *const *planes); /* of another state */

/* What it has seen, saved, loaded or digested (base/state.h). */
void agent_walk(Agent *agent, State *state);

/* The state: history planes, oldest first, NULL where nothing was seen. */
const uint8_t *const *agent_state(const Agent *agent);

#endif
