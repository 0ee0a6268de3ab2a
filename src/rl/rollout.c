#include "rl/rollout.h"

#include <assert.h>

/* No two states without a step are neighbours (replay.h). */
int rollout_states_max(int steps, int envs)
{
    return envs * (2 * steps + 1);
}

static RolloutState state_at(const Replay *replay, int env, int64_t slot)
{
    ReplayStep step = {0};
    RolloutState state = {.env = env, .slot = slot};
    state.acted = replay_step_at(replay, env, slot, &step);
    state.action = step.action;
    state.reward = (double)step.reward;
    state.ended = step.end == REPLAY_ENDED;
    return state;
}

static int64_t first_slot(const Replay *replay, int env, int steps)
{
    ReplayStep step;
    int64_t slot = replay_newest(replay, env);
    for (int found = 0; found < steps; found += replay_step_at(replay, env, slot, &step)) {
        slot--;
        assert(slot >= replay_oldest(replay, env));
    }
    return slot;
}

int rollout_take(const Replay *replay, int steps, RolloutState *states)
{
    int count = 0;
    for (int env = 0; env < replay_setup(replay)->envs; env++)
        for (int64_t slot = first_slot(replay, env, steps); slot <= replay_newest(replay, env);
             slot++)
            states[count++] = state_at(replay, env, slot);
    return count;
}

void rollout_returns(RolloutState *states, int count, double gamma, double lambda)
{
    for (int i = count - 1; i >= 0; i--) {
        RolloutState *now = &states[i];
        const RolloutState *next = now + 1;
        now->lambda_return = now->acted ? now->reward : now->value;
        if (now->acted && !now->ended)
            now->lambda_return +=
                gamma * ((1 - lambda) * next->value + lambda * next->lambda_return);
    }
}
