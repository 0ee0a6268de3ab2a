#include "rl/updates_private.h"

static const UpdatesType *type_of(const DqnConfig *config)
{
    return config->rollout_steps > 0 ? &updates_from_rollouts : &updates_from_replay;
}

ReplaySetup updates_memory(const DqnConfig *config, size_t frame_bytes)
{
    return type_of(config)->memory(config, frame_bytes);
}

Updates *updates_create(const UpdatesSetup *setup, Error *error)
{
    const UpdatesType *type = type_of(setup->config);
    Updates *updates = type->create(setup, error);
    if (updates == NULL)
        return NULL;
    updates->type = type;
    updates->setup = *setup;
    return updates;
}

void updates_destroy(Updates *updates)
{
    if (updates != NULL)
        updates->type->destroy(updates);
}

bool updates_make(Updates *updates, const UpdatesDue *due, Error *error)
{
    return updates->type->make(updates, due, error);
}
