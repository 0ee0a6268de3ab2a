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
        return error_work(error, "no memory for a replay memory of %lld steps",
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
    const size_t envs = (size_t)setup->envs;
    Replay *replay = calloc(1, sizeof *replay + envs * sizeof replay->lane[0]);
    if (replay == NULL) {
        error_work(error, "no memory for the replay memory of %d environments", setup->envs);
        return NULL;
    }
    replay->setup = *setup;
    replay->capacity = (setup->capacity + setup->envs - 1) / setup->envs;
    replay->slots = replay->capacity + setup->history;
    replay->frame = malloc(2 * setup->frame_bytes);
    bool taken = replay->frame != NULL ||
                 error_work(error, "no memory for frames of %zu bytes", setup->frame_bytes);
    for (int env = 0; taken && env < setup->envs; env++)
        taken = take_lane(&replay->lane[env], replay, error);
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
    free(replay->frame);
    free(replay);
}

/* ---- filling ---- */

static int64_t first_drawable(const Replay *replay, const Lane *lane)
{
    const int64_t first = lane->opened - 1 - replay->capacity;
    return first > 0 ? first : 0;
}

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

bool replay_open_slot(Replay *replay, Lane *lane, const uint8_t *frame, uint8_t flags, Error *error)
{
    const int64_t leaving = first_drawable(replay, lane); /* may fall out of what can be drawn */
    const bool no_action =
        lane->opened > 0 && (lane->flags[replay_at(replay, leaving)] & FLAG_NO_ACTION);
    count_contents(replay, lane);
    if (!put_frame(replay, lane, lane->opened, frame, flags, error))
        return false;
    lane->opened++;
    if (first_drawable(replay, lane) > leaving && no_action)
        lane->no_action--;
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
    return replay_open_slot(replay, lane, frame, step->end == REPLAY_ENDED ? FLAG_FIRST : 0, error);
}

/* ---- drawing ---- */

/* Slots before the open one, with an action or without. */
static int64_t slots_before_open(const Replay *replay, const Lane *lane)
{
    return lane->opened == 0 ? 0 : lane->opened - 1 - first_drawable(replay, lane);
}

int64_t replay_count(const Replay *replay)
{
    int64_t count = 0;
    for (int env = 0; env < replay->setup.envs; env++)
        count += slots_before_open(replay, &replay->lane[env]) - replay->lane[env].no_action;
    return count;
}

int64_t replay_bytes(const Replay *replay)
{
    int64_t bytes = 0;
    for (int env = 0; env < replay->setup.envs; env++) {
        const Lane *lane = &replay->lane[env];
        const int64_t slots = lane->opened < replay->slots ? lane->opened : replay->slots;
        bytes += frame_store_bytes(lane->frames) + slots * SLOT_BYTES;
    }
    return bytes;
}

typedef struct {
    const Lane *lane;
    int64_t slot;
} Place;

/* Slot number `index` of all that lie before the open ones. */
static Place place_of(const Replay *replay, int64_t index)
{
    const Lane *lane = replay->lane;
    for (; index >= slots_before_open(replay, lane); lane++)
        index -= slots_before_open(replay, lane);
    return (Place){lane, first_drawable(replay, lane) + index};
}

/* Slots without an action are drawn again, which leaves the others equally likely. They are at most
 * every other one, since no two are neighbours, so two draws on average are the worst. */
static Place draw_place(const Replay *replay, Random *random)
{
    int64_t slots = 0;
    for (int env = 0; env < replay->setup.envs; env++)
        slots += slots_before_open(replay, &replay->lane[env]);
    for (;;) {
        const Place place = place_of(replay, (int64_t)random_below(random, (uint32_t)slots));
        if (!(place.lane->flags[replay_at(replay, place.slot)] & FLAG_NO_ACTION))
            return place;
    }
}

/* How many frames the stack that ends with `slot` has. */
static int stack_height(const Replay *replay, Place place)
{
    int height = 1;
    for (int64_t slot = place.slot; height < replay->setup.history; height++, slot--)
        if (slot == 0 || (place.lane->flags[replay_at(replay, slot)] & FLAG_FIRST))
            break;
    return height;
}

/* The `height` planes before `end` as a stack, with NULL beneath. */
static void stack(int history, int height, const uint8_t *const *end, const uint8_t **planes)
{
    for (int k = 0; k < history; k++)
        planes[k] = k < history - height ? NULL : end[k - history];
}

enum { DRAWN_MAX = 64 };

/* Transitions that were drawn, to be read by several threads. */
typedef struct {
    const Replay *replay;
    ReplayBatch *batch;
    int first; /* place[0]'s number in the batch */
    Place place[DRAWN_MAX];
} Drawn;

static void read_drawn(void *context, int index)
{
    const Drawn *drawn = context;
    const Replay *replay = drawn->replay;
    const Place place = drawn->place[index], next = {place.lane, place.slot + 1};
    const int n = drawn->first + index, history = replay->setup.history;
    const int height = stack_height(replay, place);
    const int64_t i = replay_at(replay, place.slot);
    ReplayBatch *batch = drawn->batch;
    batch->action[n] = place.lane->action[i];
    batch->reward[n] = place.lane->reward[i];
    batch->ended[n] = place.lane->flags[i] & FLAG_ENDED;

    const uint8_t *frames[REPLAY_HISTORY_MAX + 1];
    uint8_t *room = batch->room + (size_t)n * replay_room(replay, 1);
    frame_store_read(place.lane->frames, next.slot - height, height + 1, room, frames);
    stack(history, height, frames + height, batch->state + n * history);
    stack(history, stack_height(replay, next), frames + height + 1,
          batch->next_state + n * history);
}

void replay_sample(const Replay *replay, Random *random, int count, Parallel *team,
                   ReplayBatch *batch)
{
    assert(replay_count(replay) > 0);
    Drawn drawn = {.replay = replay, .batch = batch};
    while (drawn.first < count) {
        int places = 0;
        while (places < DRAWN_MAX && drawn.first + places < count)
            drawn.place[places++] = draw_place(replay, random);
        if (team != NULL && replay->setup.packed)
            parallel_run(team, places, read_drawn, &drawn);
        else
            for (int i = 0; i < places; i++)
                read_drawn(&drawn, i);
        drawn.first += places;
    }
}

size_t replay_room(const Replay *replay, int count)
{
    return (size_t)count * frame_store_room(replay->lane[0].frames, replay->setup.history + 1);
}
