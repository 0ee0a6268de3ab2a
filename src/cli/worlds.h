/*
 * worlds.h - the environments of a run: those to learn in, and the one to be evaluated in.
 */
#ifndef DEEPQ_CLI_WORLDS_H
#define DEEPQ_CLI_WORLDS_H

#include "cli/problem.h"
#include "run/config.h"

typedef struct {
    Env *envs[DQN_ENVS_MAX]; /* config->dqn.envs of them; the others NULL */
    Env *eval_env;
} Worlds;

/* Each with a random stream of its own, made from the run's seed. The problem must outlive them.
 * What was made before a failure is there to be destroyed, too. */
bool worlds_create(Worlds *worlds, const Problem *problem, const RunConfig *config, Error *error);
void worlds_destroy(Worlds *worlds); /* all NULL is fine */

#endif
