#include "cli/worlds.h"

#include <stdio.h>

static Env *create(const Problem *problem, const RunConfig *config, const char *stream,
                   Error *error)
{
    Random random = random_stream(config->seed, stream);
    return problem_env(problem, &config->environment, random_bits(&random), error);
}

bool worlds_create(Worlds *worlds, const Problem *problem, const RunConfig *config, Error *error)
{
    *worlds = (Worlds){.eval_env = create(problem, config, "evaluation environment", error)};
    bool created = worlds->eval_env != NULL;
    for (int i = 0; created && i < config->dqn.envs; i++) {
        char stream[32] = "environment";
        if (i > 0)
            snprintf(stream, sizeof stream, "environment %d", i);
        worlds->envs[i] = create(problem, config, stream, error);
        created = worlds->envs[i] != NULL;
    }
    return created;
}

void worlds_destroy(Worlds *worlds)
{
    for (int i = 0; i < DQN_ENVS_MAX; i++)
        env_destroy(worlds->envs[i]);
    env_destroy(worlds->eval_env);
    *worlds = (Worlds){0};
}
