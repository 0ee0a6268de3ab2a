/*
 * heldout.h - states set aside before learning, and what a network makes of them as it learns.
 *
 *     Heldout *heldout = heldout_create(&setup, agent, &error);        random play
 *     HeldoutView view = heldout_look(heldout, agent, network);        after an epoch
 *
 * The mean maximal Q of such states is the smoothest curve of a training [Mnih2013, 5.1]. Units
 * that none of them excites are dead, or nearly: what is 0 everywhere has no gradient, and comes
 * back only if the layers beneath it change [Sokar2023]. Many are so at first; it is a rise that
 * tells.
 */
#ifndef DEEPQ_RL_HELDOUT_H
#define DEEPQ_RL_HELDOUT_H

#include "env/env.h"
#include "rl/agent.h"

typedef struct Heldout Heldout;

typedef struct {
    Env *env; /* where they are played; used for that alone, and left where play ended */
    int states, history;
    uint64_t seed;
} HeldoutSetup;

/* What a network makes of them. */
typedef struct {
    double mean_q; /* of max_a Q(s, a); NaN without states */
    double dead;   /* part of the last ReLUs that are 0 in every state, each with each tau where
                      quantiles are implicit; NaN without states or such a layer */
} HeldoutView;

/* `agent` plays, at random. */
Heldout *heldout_create(const HeldoutSetup *setup, Agent *agent, Error *error);
void heldout_destroy(Heldout *heldout); /* NULL is fine */

/* `agent` is of the network. */
HeldoutView heldout_look(const Heldout *heldout, Agent *agent, const Network *network);

#endif
