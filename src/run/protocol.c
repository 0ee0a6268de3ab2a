#include "run/protocol.h"

#include <string.h>

static const Protocol protocols[] = {
    {
        .name = "2013",
        .text = "games until 10,000 steps are done, epsilon 0.05, no no-ops",
        .steps = 10000,
        .epsilon = 0.05,
    },
    {
        .name = "2015",
        .text = "30 games of at most 5 minutes, epsilon 0.05, up to 30 no-ops",
        .games = 30,
        .epsilon = 0.05,
        .noop_max = 30,
        .max_episode_frames = 18000,
    },
    {
        .name = "2018",
        .text = "games of at most 5 minutes until 125,000 steps are done, epsilon 0.001, sticky "
                "actions 0.25, no no-ops",
        .steps = 125000,
        .epsilon = 0.001,
        .sticky = 0.25,
        .max_episode_frames = 18000,
    },
};

const Protocol *protocol_find(const char *name)
{
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++)
        if (strcmp(protocols[i].name, name) == 0)
            return &protocols[i];
    return NULL;
}

void protocol_apply(const Protocol *protocol, RunConfig *config)
{
    config->environment.noop_max = protocol->noop_max;
    config->environment.sticky = protocol->sticky;
    config->environment.max_episode_frames = protocol->max_episode_frames;
    config->dqn.eval_epsilon = protocol->epsilon;
}
