#include "cli/wiring.h"

#include <stdio.h>
#include <unistd.h>

enum { THREADS_USEFUL = 2 };

static int default_threads(void)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < THREADS_USEFUL ? 1 : THREADS_USEFUL;
}

static bool set_if_given(RunConfig *config, const char *key, const char *value, Error *error)
{
    return value == NULL || config_set(config, key, value, error);
}

bool wiring_config(RunConfig *config, const RunRequest *request, const char *game, Error *error)
{
    RunConfig fresh;
    if (!config_preset(&fresh, request->preset != NULL ? request->preset : "quick", game, error))
        return false;
    fresh.threads = default_threads();
    for (char **set = request->set; set != NULL && *set != NULL; set++)
        if (!config_assign(&fresh, *set, error))
            return false;
    if (!set_if_given(&fresh, "threads", request->threads, error) ||
        !set_if_given(&fresh, "envs", request->envs, error) ||
        !set_if_given(&fresh, "seed", request->seed, error) ||
        !set_if_given(&fresh, "train_frames", request->frames, error) ||
        !config_check(&fresh, error))
        return false;
    *config = fresh;
    return true;
}
