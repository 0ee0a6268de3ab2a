/*
 * protocol.h - how the papers counted scores: scores of different protocols are not comparable.
 *
 *     2013   games until 10,000 agent steps are done, epsilon 0.05, no no-ops, no time limit; mean
 *            [Mnih2013, figure 2 and section 5]
 *     2015   30 games of at most 5 minutes, up to 30 no-ops at the start, epsilon 0.05; mean
 *            [Mnih2015, evaluation procedure]
 *     2018   games until 125,000 agent steps are done, each of at most 5 minutes, sticky actions
 *            with probability 0.25 instead of no-ops, no life lost ends a game [Machado2018];
 *            epsilon 0.001 and the number of steps as in Dopamine [Castro2018]
 *
 * Eyes, frame skip and actions stay those that the agent learnt with. Nobody presses FIRE for it,
 * and a lost life is no start: no no-ops come after it.
 */
#ifndef DEEPQ_RUN_PROTOCOL_H
#define DEEPQ_RUN_PROTOCOL_H

#include "run/config.h"

typedef struct {
    const char *name;
    const char *text;           /* in a sentence */
    int64_t games;              /* 0: as many as the steps allow */
    int64_t steps;              /* 0: as many as the games take */
    double epsilon;             /* probability of a random action */
    int noop_max;               /* frames */
    double sticky;              /* probability */
    int64_t max_episode_frames; /* 0: no limit */
} Protocol;

const Protocol *protocol_at(size_t index);       /* NULL past the last */
const Protocol *protocol_find(const char *name); /* NULL: there is none */

/* Put the protocol's environment and epsilon into the configuration. */
void protocol_apply(const Protocol *protocol, RunConfig *config);

/* RUN/eval-2015.json: where `deepq sweep` keeps what a run came to, and reports look for it. */
void protocol_path(const Protocol *protocol, const char *run, char path[], size_t bytes);

#endif
