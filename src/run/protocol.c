#include "run/protocol.h"

#include <stdio.h>
#include <string.h>

static const Protocol protocols[] = {
    {
        .name = "2013",
        .text = "10,000 agent steps, epsilon 0.05, no no-ops (Mnih et al. 2013)",
        .steps = 10000,
        .epsilon = 0.05,
    },
    {
        .name = "2015",
        .text = "30 games of at most 5 minutes, epsilon 0.05, up to 30 no-ops (Mnih et al. 2015)",
        .games = 30,
        .epsilon = 0.05,
        .noop_max = 30,
        .max_episode_frames = 5 * 60 * 60,
    },
    {
        .name = "2018",
        .text = "125,000 agent steps, games of at most 30 minutes, epsilon 0.001, sticky actions "
                "0.25 (Machado et al. 2018, as Dopamine counts)",
        .steps = 125000,
        .epsilon = 0.001,
        .sticky = 0.25,
        .max_episode_frames = 30 * 60 * 60,
    },
};

enum { PROTOCOLS = sizeof protocols / sizeof protocols[0] };

const Protocol *protocol_at(size_t index)
{
    return index < PROTOCOLS ? &protocols[index] : NULL;
}

const Protocol *protocol_find(const char *name, Error *error)
{
    char names[CONFIG_TEXT_BYTES] = "";
    for (size_t i = 0; i < PROTOCOLS; i++) {
        if (strcmp(protocols[i].name, name) == 0)
            return &protocols[i];
        const size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "", protocols[i].name);
    }
    error_input(error, "there is no protocol '%.60s': there are %s", name, names);
    return NULL;
}

bool protocol_apply(const Protocol *protocol, RunConfig *config, bool atari, Error *error)
{
    AtariEnvConfig *environment = &config->environment;
    if (!atari && protocol->sticky > 0)
        return error_input(error,
                           "protocol '%s' does not fit '%s': sticky actions repeat frames of an "
                           "Atari 2600, and it has none",
                           protocol->name, config->game);
    if (!atari && protocol->noop_max > 0)
        return error_input(error,
                           "protocol '%s' does not fit '%s': no-ops and time limits are counted in "
                           "frames of an Atari 2600, and it has none",
                           protocol->name, config->game);
    environment->noop_max = protocol->noop_max;
    environment->noops_after_life = false;
    environment->fire_at_reset = false;
    environment->sticky = protocol->sticky;
    if (protocol->max_episode_frames > 0)
        environment->max_episode_frames = protocol->max_episode_frames;
    return true;
}

void protocol_path(const Protocol *protocol, const char *run, char path[], size_t bytes)
{
    snprintf(path, bytes, "%s/evaluation-%s.json", run, protocol->name);
}
