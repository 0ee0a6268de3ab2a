/*
 * updates_rollouts.c - learning from what was just played, all of it and in a random order.
 */
#include <assert.h>
#include <stdlib.h>

#include "rl/rollout.h"
#include "rl/schedule.h"
#include "rl/updates_private.h"

typedef struct {
    Updates updates;
    RolloutState *states;
    int state_count;
    int *order; /* the states with a step, shuffled; then the actions of a minibatch */
    int *action;
    double *number; /* values or returns of a minibatch */
    const uint8_t **planes;
    uint8_t *room;
} FromRollouts;

/* Room for the rollout's steps, and as many times that ended between them. */
static ReplaySetup memory(const DqnConfig *config, size_t frame_bytes)
{
    return (ReplaySetup){.capacity = (int64_t)config->envs * 2 * config->rollout_steps,
                         .frame_bytes = frame_bytes,
                         .history = config->history,
                         .envs = config->envs,
                         .packed = config->replay_packed,
                         .return_steps = 1,
                         .gamma = config->gamma};
}

static void destroy(Updates *updates)
{
    FromRollouts *from = (FromRollouts *)updates;
    free(from->states);
    free(from->order);
    free(from->number);
    free(from->planes);
    free(from->room);
    free(from);
}

static Updates *create(const UpdatesSetup *setup, Error *error)
{
    const DqnConfig *config = setup->config;
    const int steps = config->rollout_steps * config->envs;
    const size_t minibatch = (size_t)config->minibatch;
    assert(steps % config->minibatch == 0);
    FromRollouts *from = calloc(1, sizeof *from);
    if (from == NULL) {
        error_work(error, "no memory to learn from rollouts");
        return NULL;
    }
    from->states = calloc((size_t)rollout_states_max(config->rollout_steps, config->envs),
                          sizeof *from->states);
    from->order = calloc((size_t)steps + minibatch, sizeof *from->order);
    from->number = calloc(minibatch, sizeof *from->number);
    from->planes = calloc(minibatch * (size_t)config->history, sizeof *from->planes);
    from->room = calloc(replay_room(setup->replay, config->minibatch) + 1, 1);
    if (!from->states || !from->order || !from->number || !from->planes || !from->room) {
        error_work(error, "no memory for rollouts of %d steps", steps);
        destroy(&from->updates);
        return NULL;
    }
    from->action = from->order + steps;
    return &from->updates;
}

/* State number `index` becomes number n of the minibatch. */
static void put_state(FromRollouts *from, int n, int index)
{
    const Replay *replay = from->updates.setup.replay;
    const RolloutState *state = &from->states[index];
    replay_state_at(replay, state->env, state->slot,
                    from->room + (size_t)n * replay_room(replay, 1),
                    from->planes + n * from->updates.setup.config->history);
}

static void find_values(FromRollouts *from)
{
    const int minibatch = from->updates.setup.config->minibatch;
    for (int begin = 0; begin < from->state_count; begin += minibatch) {
        const int left = from->state_count - begin, count = left < minibatch ? left : minibatch;
        for (int n = 0; n < count; n++)
            put_state(from, n, begin + n);
        learner_best_values(from->updates.setup.learner, from->planes, count, from->number);
        for (int n = 0; n < count; n++)
            from->states[begin + n].value = from->number[n];
    }
}

/* The states with a step. Returns how many. */
static int find_steps(FromRollouts *from)
{
    int count = 0;
    for (int i = 0; i < from->state_count; i++)
        if (from->states[i].acted)
            from->order[count++] = i;
    return count;
}

/* Every order is as likely: the last is drawn from all, the one before it from all others ... */
static void shuffle(int *order, int count, Random *random)
{
    for (int i = count - 1; i > 0; i--) {
        const int other = (int)random_below(random, (uint32_t)i + 1), swap = order[i];
        order[i] = order[other];
        order[other] = swap;
    }
}

static bool update(FromRollouts *from, const int *order, const UpdatesDue *due, Error *error)
{
    LearnerStep step;
    Learner *learner = from->updates.setup.learner;
    for (int n = 0; n < from->updates.setup.config->minibatch; n++) {
        put_state(from, n, order[n]);
        from->action[n] = from->states[order[n]].action;
        from->number[n] = from->states[order[n]].lambda_return;
    }
    if (!learner_prepare_towards(learner, from->planes, from->action, from->number, due->random,
                                 &step, error))
        return false;
    due->change(due->context);
    learner_descend(learner, due->now);
    due->done(due->context, &step);
    return true;
}

static bool make(Updates *updates, const UpdatesDue *due, Error *error)
{
    FromRollouts *from = (FromRollouts *)updates;
    const DqnConfig *config = updates->setup.config;
    if (schedule_due(due->before, due->now, config->rollout_steps * config->envs) == 0)
        return true;
    from->state_count = rollout_take(updates->setup.replay, config->rollout_steps, from->states);
    find_values(from);
    rollout_returns(from->states, from->state_count, config->gamma, config->lambda);
    const int steps = find_steps(from);
    for (int epoch = 0; epoch < config->rollout_epochs; epoch++) {
        shuffle(from->order, steps, due->random);
        for (int begin = 0; begin < steps; begin += config->minibatch)
            if (!update(from, from->order + begin, due, error))
                return false;
    }
    return true;
}

const UpdatesType updates_from_rollouts = {
    .memory = memory, .create = create, .destroy = destroy, .make = make};
