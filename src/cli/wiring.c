#include "cli/wiring.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "run/run.h"

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

static bool apply_request(RunConfig *config, const RunRequest *request, Error *error)
{
    for (char **set = request->set; set != NULL && *set != NULL; set++)
        if (!config_assign(config, *set, error))
            return false;
    return set_if_given(config, "threads", request->threads, error) &&
           set_if_given(config, "envs", request->envs, error) &&
           set_if_given(config, "precision", request->precision, error) &&
           set_if_given(config, "seed", request->seed, error) &&
           set_if_given(config, "train_frames", request->frames, error);
}

bool wiring_config(RunConfig *config, const RunRequest *request, const char *game, Error *error)
{
    RunConfig fresh;
    if (!config_preset(&fresh, request->preset != NULL ? request->preset : "quick", game, error))
        return false;
    fresh.threads = default_threads();
    if (!apply_request(&fresh, request, error) || !config_check(&fresh, error))
        return false;
    *config = fresh;
    return true;
}

/* What the request would make of a run that is there: with a preset, all but [run] is the preset's.
 */
static bool wanted_config(RunConfig *wanted, const RunConfig *there, const RunRequest *request,
                          Error *error)
{
    RunConfig fresh = *there;
    if (request->preset != NULL) {
        if (!config_preset(&fresh, request->preset, there->game, error))
            return false;
        fresh.seed = there->seed;
        fresh.backend = there->backend;
        fresh.precision = there->precision;
        strcpy(fresh.cartridge_type, there->cartridge_type);
    }
    if (!apply_request(&fresh, request, error) ||
        !set_if_given(&fresh, "cartridge_type", request->cartridge.cartridge_type, error))
        return false;
    if (fresh.precision == RUN_PRECISION_AUTO) /* which was settled then */
        fresh.precision = there->precision;
    *wanted = fresh;
    return true;
}

bool wiring_resume(RunConfig *config, const RunRequest *request, const char *folder, Error *error)
{
    RunConfig there, wanted;
    char is[CONFIG_TEXT_BYTES], asked[CONFIG_TEXT_BYTES];
    if (!run_load_config(&there, folder, error) || !config_check(&there, error) ||
        !wanted_config(&wanted, &there, request, error))
        return false;
    const ConfigKey *key = config_difference(&there, &wanted);
    if (key != NULL)
        return error_input(error,
                           "'%s' is %s in '%.200s', and %s was asked for: a run goes on as it "
                           "began",
                           key->name, config_value(&there, key, is), folder,
                           config_value(&wanted, key, asked));
    if (request->threads != NULL)
        there.threads = wanted.threads;
    *config = there;
    return true;
}
