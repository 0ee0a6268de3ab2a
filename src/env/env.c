#include "env/env.h"

#include <assert.h>

void env_reset(Env *env)
{
    env->type->reset(env);
}

void env_step(Env *env, const int actions[], EnvStep *step)
{
    for (int player = 0; player < env->spec.players; player++)
        assert(actions[player] >= 0 && actions[player] < env->spec.actions);
    env->type->step(env, actions, step);
}

const uint8_t *env_frame(const Env *env)
{
    return env->type->frame(env);
}

void env_draw(const Env *env, uint8_t *rgb)
{
    env->type->draw(env, rgb);
}

size_t env_state_bytes(const Env *env)
{
    return env->type->state_bytes(env);
}

void env_save(const Env *env, void *state)
{
    env->type->save(env, state);
}

void env_load(Env *env, const void *state)
{
    env->type->load(env, state);
}

void env_walk(Env *env, const char *name, void *room, State *state)
{
    env_save(env, room);
    state_field(state, name, room, env_state_bytes(env));
    if (state_loaded(state))
        env_load(env, room);
}

void env_destroy(Env *env)
{
    if (env != NULL)
        env->type->destroy(env);
}
