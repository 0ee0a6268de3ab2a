#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rl/replay_private.h"

/* ---- life ---- */

static bool take_lane(Lane *lane, const Replay *replay, Error *error)
{
    const ReplaySetup *setup = &replay->setup;
    const size_t slots = (size_t)replay->slots;
    lane->frames = frame_store_create(replay->slots, setup->frame_bytes, setup->packed, error);
    if (lane->frames == NULL)
        return false;
    lane->digest = calloc(slots, SLOT_BYTES);
    if (lane->digest == NULL)
        return error_work(error, "no memory for a replay memory of %lld transitions",
                          (long long)setup->capacity);
    lane->reward = (float *)(lane->digest + slots);
    lane->action = (uint8_t *)(lane->reward + slots);
    lane->flags = lane->action + slots;
    return true;
}

Replay *replay_create(const ReplaySetup *setup, Error *error)
{
    assert(setup->capacity > 0 && setup->frame_bytes > 0 && setup->envs > 0);
    assert(setup->history > 0 && setup->history <= REPLAY_HISTORY_MAX);
    assert(setup->return_steps > 0 && setup->return_steps <= REPLAY_RETURN_STEPS_MAX);
    if (!frame_store_fits(setup->capacity, setup->frame_bytes, setup->packed, error))
        return NULL;
    const size_t envs = (size_t)setup->envs;
    Replay *replay = calloc(1, sizeof *replay + envs * sizeof replay->lane[0]);
    if (replay == NULL) {
        error_work(error, "no memory for the replay memory of %d environments", setup->envs);
        return NULL;
    }
    replay->setup = *setup;
    replay->highest = 1;
    replay->capacity = (setup->capacity + setup->envs - 1) / setup->envs;
    replay->slots = replay->capacity + setup->history;
    replay->frame = malloc(2 * setup->frame_bytes);
    bool taken = replay->frame != NULL ||
                 error_work(error, "no memory for frames of %zu bytes", setup->frame_bytes);
    for (int env = 0; taken && env < setup->envs; env++)
        taken = take_lane(&replay->lane[env], replay, error);
    if (taken && setup->prioritised) {
        replay->priorities = sum_tree_create(replay->slots * setup->envs, error);
        taken = replay->priorities != NULL;
    }
    if (taken)
        return replay;
    replay_destroy(replay);
    return NULL;
}

void replay_destroy(Replay *replay)
{
    if (replay == NULL)
        return;
    for (int env = 0; env < replay->setup.envs; env++) {
        frame_store_destroy(replay->lane[env].frames);
        free(replay->lane[env].digest);
    }
    sum_tree_destroy(replay->priorities);
    free(replay->frame);
    free(replay);
}

/* ---- filling ---- */

static bool put_frame(Replay *replay, Lane *lane, int64_t slot, const uint8_t *frame, uint8_t flags,
                      Error *error)
{
    const int64_t i = replay_at(replay, slot);
    if (!frame_store_put(lane->frames, slot, frame, error))
        return false;
    lane->digest[i] = digest_of(frame, replay->setup.frame_bytes);
    lane->flags[i] = flags;
    lane->action[i] = 0;
    lane->reward[i] = 0;
    return true;
}

static uint64_t slot_digest(const Replay *replay, const Lane *lane, int64_t slot)
{
    const int64_t i = replay_at(replay, slot);
    struct {
        int64_t slot;
        uint64_t frame;
        float reward;
        uint8_t action, flags, none[2];
    } all = {slot, lane->digest[i], lane->reward[i], lane->action[i], lane->flags[i], {0}};
    return digest_of(&all, sizeof all);
}

/* Before slot `opened` is opened: the one before it changes no more, the one a ring ago goes. */
static void count_contents(const Replay *replay, Lane *lane)
{
    const int64_t next = lane->opened;
    if (next - replay->slots >= lane->restarted)
        lane->contents -= lane->digest[replay_at(replay, next)];
    if (next > lane->restarted) {
        const uint64_t closed = slot_digest(replay, lane, next - 1);
        lane->digest[replay_at(replay, next - 1)] = closed;
        lane->contents += closed;
    }
}

static void set_priority(Replay *replay, const Lane *lane, int64_t slot, double priority)
{
    if (replay->priorities != NULL)
        sum_tree_set(replay->priorities,
                     (lane - replay->lane) * replay->slots + replay_at(replay, slot), priority);
}

bool replay_open_slot(Replay *replay, Lane *lane, const uint8_t *frame, uint8_t flags, Error *error)
{
    const int64_t leaving =
        replay_first_drawable(replay, lane); /* may fall out of what can be drawn */
    const bool no_action =
        lane->opened > 0 && (lane->flags[replay_at(replay, leaving)] & FLAG_NO_ACTION);
    count_contents(replay, lane);
    if (!put_frame(replay, lane, lane->opened, frame, flags, error))
        return false;
    lane->opened++;
    if (replay_first_drawable(replay, lane) > leaving) {
        lane->no_action -= no_action;
        set_priority(replay, lane, leaving, 0);
    }
    return true;
}

bool replay_begin(Replay *replay, int env, const uint8_t *frame, Error *error)
{
    Lane *lane = &replay->lane[env];
    const int64_t open = lane->opened - 1;
    if (lane->opened == 0)
        return replay_open_slot(replay, lane, frame, FLAG_FIRST, error);
    if (lane->flags[replay_at(replay, open)] &
        FLAG_FIRST) /* what followed an end: nobody needs it */
        return put_frame(replay, lane, open, frame, FLAG_FIRST, error);
    lane->flags[replay_at(replay, open)] |= FLAG_NO_ACTION;
    lane->no_action++;
    return replay_open_slot(replay, lane, frame, FLAG_FIRST, error);
}

bool replay_add(Replay *replay, int env, const ReplayStep *step, const uint8_t *frame, Error *error)
{
    Lane *lane = &replay->lane[env];
    assert(lane->opened > 0 && step->action >= 0 && step->action < 256);
    const int64_t i = replay_at(replay, lane->opened - 1);
    lane->action[i] = (uint8_t)step->action;
    lane->reward[i] = step->reward;
    if (step->end == REPLAY_ENDED)
        lane->flags[i] |= FLAG_ENDED;
    set_priority(replay, lane, lane->opened - 1, replay->highest);
    return replay_open_slot(replay, lane, frame, step->end == REPLAY_ENDED ? FLAG_FIRST : 0, error);
}
