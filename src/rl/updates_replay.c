/*
 * updates_replay.c - learning from what is drawn from the memory.
 */
#include <stdlib.h>

#include "rl/schedule.h"
#include "rl/updates_private.h"

static ReplaySetup memory(const DqnConfig *config, size_t frame_bytes)
{
    return (ReplaySetup){.capacity = config->replay_steps,
                         .frame_bytes = frame_bytes,
                         .history = config->history,
                         .envs = config->envs,
                         .packed = config->replay_packed,
                         .return_steps = config->return_steps,
                         .gamma = config->gamma,
                         .prioritised = config->prioritised};
}

static Updates *create(const UpdatesSetup *setup, Error *error)
{
    (void)setup;
    Updates *updates = calloc(1, sizeof *updates);
    if (updates == NULL)
        error_work(error, "no memory to learn from a replay memory");
    return updates;
}

static void destroy(Updates *updates)
{
    free(updates);
}

static bool update(const Updates *updates, const UpdatesDue *due, Error *error)
{
    LearnerStep step;
    Learner *learner = updates->setup.learner;
    if (!learner_prepare(learner, updates->setup.replay, due->progress, due->random, &step, error))
        return false;
    due->change(due->context);
    learner_descend(learner, due->now);
    due->done(due->context, &step);
    return true;
}

static bool make(Updates *updates, const UpdatesDue *due, Error *error)
{
    const DqnConfig *config = updates->setup.config;
    const int64_t started = config->learn_start_steps - 1;
    const int64_t before = due->before > started ? due->before : started;
    int64_t left =
        due->now > started ? schedule_due(before, due->now, config->update_every_steps) : 0;
    for (; left > 0; left--)
        if (!update(updates, due, error))
            return false;
    if (config->target_every_steps > 0 &&
        schedule_due(due->before, due->now, config->target_every_steps) > 0)
        learner_copy_target(updates->setup.learner);
    return true;
}

const UpdatesType updates_from_replay = {
    .memory = memory, .create = create, .destroy = destroy, .make = make};
