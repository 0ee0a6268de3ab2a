#include "env/batch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct Batch {
    int count, players;
    size_t frame_bytes;
    Parallel *team;
    const int *actions; /* of the step that is being done; NULL: all begin anew */
    EnvStep *steps;
    uint8_t *frames;
    struct {
        Env *env;
        bool ended;
    } place[];
};

static void destroy_all(Env *const envs[], int count)
{
    for (int i = 0; i < count; i++)
        env_destroy(envs[i]);
}

Batch *batch_create(Env *const envs[], int count, Parallel *team, Error *error)
{
    assert(count >= 1 && count <= PARALLEL_PIECES_MAX);
    Batch *batch = calloc(1, sizeof *batch + (size_t)count * sizeof batch->place[0]);
    if (batch == NULL) {
        destroy_all(envs, count);
        error_work(error, "no memory for a batch of %d environments", count);
        return NULL;
    }
    const EnvSpec *first = &envs[0]->spec;
    batch->count = count;
    batch->players = first->players;
    batch->frame_bytes = (size_t)first->frame_height * (size_t)first->frame_width;
    batch->team = team;
    for (int i = 0; i < count; i++) {
        assert(envs[i]->spec.players == first->players &&
               envs[i]->spec.frame_height == first->frame_height &&
               envs[i]->spec.frame_width == first->frame_width);
        batch->place[i].env = envs[i];
    }
    return batch;
}

void batch_destroy(Batch *batch)
{
    if (batch == NULL)
        return;
    for (int i = 0; i < batch->count; i++)
        env_destroy(batch->place[i].env);
    free(batch);
}

int batch_count(const Batch *batch)
{
    return batch->count;
}

Env *batch_env(const Batch *batch, int index)
{
    return batch->place[index].env;
}

static void step_one(void *context, int i)
{
    Batch *batch = context;
    Env *env = batch->place[i].env;
    EnvStep step = {0};
    if (batch->actions == NULL || batch->place[i].ended)
        env_reset(env);
    else
        env_step(env, batch->actions + (size_t)i * (size_t)batch->players, &step);
    batch->place[i].ended = step.game_over || step.time_over;
    if (batch->steps != NULL)
        batch->steps[i] = step;
    memcpy(batch->frames + (size_t)i * batch->frame_bytes, env_frame(env), batch->frame_bytes);
}

static void step_all(Batch *batch, const int *actions, EnvStep *steps, uint8_t *frames)
{
    batch->actions = actions;
    batch->steps = steps;
    batch->frames = frames;
    if (batch->team != NULL) {
        parallel_run(batch->team, batch->count, step_one, batch);
        return;
    }
    for (int i = 0; i < batch->count; i++)
        step_one(batch, i);
}

void batch_reset(Batch *batch, uint8_t *frames)
{
    step_all(batch, NULL, NULL, frames);
}

void batch_step(Batch *batch, const int *actions, EnvStep *steps, uint8_t *frames)
{
    step_all(batch, actions, steps, frames);
}
