/*
 * protocol.h - how the papers counted: scores of different protocols cannot be compared.
 *
 *              2013 [Mnih2013]    2015 [Mnih2015]   2018 [Machado2018], as [Castro2018] counts
 *     ends     10,000 steps       30 games          125,000 steps
 *     epsilon  0.05               0.05              0.001
 *     no-ops   none               up to 30          none
 *     sticky   0                  0                 0.25
 *     limit    the run's          5 minutes         30 minutes
 *
 * Steps are the agent's; a game that is under way when they are done is played to its end and
 * counts. In all of them a game is whole, no lost life ends it, nobody presses FIRE for the agent,
 * and what the agent sees (eyes, frame skip, actions) stays as the run has it.
 */
#ifndef DEEPQ_RUN_PROTOCOL_H
#define DEEPQ_RUN_PROTOCOL_H

#include "run/config.h"

typedef struct {
    const char *name; /* "2015" */
    const char *text; /* in a line */
    int games;        /* as EvaluationPlan: 0: no such limit */
    int64_t steps;
    double epsilon;
    int noop_max;
    double sticky;
    int64_t max_episode_frames; /* 0: the run's */
} Protocol;

/* Number `index`; NULL past the last. */
const Protocol *protocol_at(size_t index);

/* By its name; NULL with ERROR_INPUT that says which there are. */
const Protocol *protocol_find(const char *name, Error *error);

/* Change the environment of a configuration into the protocol's. ERROR_INPUT, nothing changed,
 * where the game has no frames to repeat or to wait: `atari` false. */
bool protocol_apply(const Protocol *protocol, RunConfig *config, bool atari, Error *error);

/* RUN/evaluation-2015.json: where an evaluation by the protocol is kept, for reports. */
void protocol_path(const Protocol *protocol, const char *run, char path[], size_t bytes);

#endif
