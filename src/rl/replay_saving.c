#include <assert.h>
#include <string.h>

#include "rl/replay_private.h"

const ReplaySetup *replay_setup(const Replay *replay)
{
    return &replay->setup;
}

int64_t replay_oldest(const Replay *replay, int env)
{
    const Lane *lane = &replay->lane[env];
    const int64_t oldest = lane->opened - replay->slots;
    return oldest > lane->restarted ? oldest : lane->restarted;
}

int64_t replay_newest(const Replay *replay, int env)
{
    return replay->lane[env].opened - 1;
}

void replay_get(const Replay *replay, int env, int64_t slot, ReplaySlot *what, uint8_t *frame)
{
    assert(slot >= replay_oldest(replay, env) && slot <= replay_newest(replay, env));
    const Lane *lane = &replay->lane[env];
    const int64_t i = replay_at(replay, slot);
    const uint8_t *stored;
    *what = (ReplaySlot){lane->reward[i], lane->action[i], lane->flags[i]};
    frame_store_read(lane->frames, slot, 1, replay->frame, &stored);
    memmove(frame, stored, replay->setup.frame_bytes); /* it may have been unpacked there */
}

void replay_restart(Replay *replay, int env, int64_t slot)
{
    assert(slot >= 0);
    Lane *lane = &replay->lane[env];
    memset(lane->flags, 0, (size_t)replay->slots);
    frame_store_restart(lane->frames, slot);
    lane->opened = lane->restarted = slot;
    lane->no_action = 0;
    lane->contents = 0;
}

bool replay_put(Replay *replay, int env, const ReplaySlot *what, const uint8_t *frame, Error *error)
{
    Lane *lane = &replay->lane[env];
    if (!replay_open_slot(replay, lane, frame, what->flags, error))
        return false;
    const int64_t i = replay_at(replay, lane->opened - 1);
    lane->reward[i] = what->reward;
    lane->action[i] = what->action;
    lane->no_action += (what->flags & FLAG_NO_ACTION) != 0;
    return true;
}

/* The open slot, from `what` and replay->frame or to them. */
static void walk_slot(Replay *replay, ReplaySlot *what, State *state)
{
    STATE_FIELD(state, "replay reward", what->reward);
    STATE_FIELD(state, "replay action", what->action);
    STATE_FIELD(state, "replay flags", what->flags);
    state_field(state, "replay frame", replay->frame, replay->setup.frame_bytes);
}

/* The slots before the open one are there, and it is not yet. */
static void load_open_slot(Replay *replay, int env, State *state)
{
    ReplaySlot what = {0};
    uint64_t contents = 0;
    walk_slot(replay, &what, state);
    STATE_FIELD(state, "replay contents", contents);
    if (!state_loaded(state))
        return;
    Error full;
    if (!replay_put(replay, env, &what, replay->frame, &full))
        state_fail(state, full.text);
    else if (contents != replay->lane[env].contents)
        state_fail(state, "the replay memory is not the one that was saved");
}

static void save_open_slot(Replay *replay, int env, State *state)
{
    ReplaySlot what;
    replay_get(replay, env, replay_newest(replay, env), &what, replay->frame);
    walk_slot(replay, &what, state);
    STATE_FIELD(state, "replay contents", replay->lane[env].contents);
}

static void walk_lane(Replay *replay, int env, State *state)
{
    int64_t newest = replay_newest(replay, env);
    STATE_FIELD(state, "replay newest", newest);
    if (newest < 0)
        return;
    if (state->work != STATE_LOAD && newest >= replay_oldest(replay, env))
        save_open_slot(replay, env, state);
    else if (state->work != STATE_LOAD)
        return; /* only its number is known, since a restart */
    else if (newest == replay->lane[env].opened)
        load_open_slot(replay, env, state);
    else
        state_fail(state, "the replay memory does not end where the state of the run goes on");
}

void replay_walk(Replay *replay, State *state)
{
    for (int env = 0; env < replay->setup.envs; env++)
        walk_lane(replay, env, state);
    if (replay->priorities != NULL) {
        sum_tree_walk(replay->priorities, state);
        STATE_FIELD(state, "highest priority", replay->highest);
    }
}
