#include "run/protocol.h"

#include <stdio.h>
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

enum { PROTOCOLS = sizeof protocols / sizeof protocols[0] };

const Protocol *protocol_at(size_t index)
{
    return index < PROTOCOLS ? &protocols[index] : NULL;
}

const Protocol *protocol_find(const char *name)
{
    for (size_t i = 0; i < PROTOCOLS; i++)
        if (strcmp(protocols[i].name, name) == 0)
            return &protocols[i];
    return NULL;
}

void protocol_apply(const Protocol *protocol, RunConfig *config)
{
    config->environment.noop_max = protocol->noop_max;
    config->environment.noops_after_life = false;
    config->environment.fire_at_reset = false;
    config->environment.sticky = protocol->sticky;
    config->environment.max_episode_frames = protocol->max_episode_frames;
    config->dqn.eval_epsilon = protocol->epsilon;
}

void protocol_path(const Protocol *protocol, const char *run, char path[], size_t bytes)
{
    snprintf(path, bytes, "%s/eval-%s.json", run, protocol->name);
}
