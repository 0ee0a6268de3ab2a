#include "rl/replay.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Slots are counted from the first ever written; slot n lies at n % slots of the ring. */
struct Replay {
    int64_t capacity;
    int64_t slots;  /* of the ring: capacity, the frames before the oldest transition, and the open
                       slot */
    int64_t opened; /* slots ever opened; the last one is open: it has no action yet */
    int64_t restarted; /* the first slot of all, or since replay_restart */
    int64_t no_action; /* slots without one among the last `capacity` before the open one */
    uint64_t contents; /* sum of the digests of all kept slots but the open one */
    size_t frame_bytes;
    int history;
    uint8_t *frame;
    uint64_t *digest; /* of the slot; of the open one: of its frame */
    uint8_t *action;
    float *reward;
    uint8_t *flags;
};

enum {
    FLAG_FIRST = 1, /* a stack begins here */
    FLAG_ENDED = 2,
    FLAG_NO_ACTION = 4, /* an episode's last frame: nothing was done from here */
};

static bool fits_machine(int64_t slots, size_t slot_bytes, Error *error)
{
    const double machine_bytes = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    const double bytes = (double)slots * (double)slot_bytes;
    if (bytes <= machine_bytes)
        return true;
    return error_input(error,
                       "a replay memory of %lld steps needs %.1f GB and this machine has %.1f; "
                       "%lld steps would fit",
                       (long long)slots, bytes * 1e-9, machine_bytes * 1e-9,
                       (long long)(0.8 * machine_bytes / (double)slot_bytes));
}

Replay *replay_create(int64_t capacity, size_t frame_bytes, int history, Error *error)
{
    assert(capacity > 0 && frame_bytes > 0 && history > 0);
    const int64_t slots = capacity + history;
    const size_t slot_bytes = frame_bytes + sizeof(uint64_t) + sizeof(float) + 2;
    if (!fits_machine(slots, slot_bytes, error))
        return NULL;
    Replay *replay = calloc(1, sizeof *replay);
    uint8_t *block = calloc((size_t)slots, slot_bytes); /* zero pages cost nothing until written */
    if (replay == NULL || block == NULL) {
        free(replay);
        free(block);
        error_work(error, "no memory for a replay memory of %lld steps", (long long)capacity);
        return NULL;
    }
    *replay = (Replay){
        .capacity = capacity,
        .slots = slots,
        .frame_bytes = frame_bytes,
        .history = history,
        .digest = (uint64_t *)(void *)block,
        .reward = (float *)(void *)(block + (size_t)slots * sizeof(uint64_t)),
        .action = block + (size_t)slots * (sizeof(uint64_t) + sizeof(float)),
        .flags = block + (size_t)slots * (sizeof(uint64_t) + sizeof(float) + 1),
        .frame = block + (size_t)slots * (sizeof(uint64_t) + sizeof(float) + 2),
    };
    return replay;
}

void replay_destroy(Replay *replay)
{
    if (replay == NULL)
        return;
    free(replay->digest);
    free(replay);
}

static int64_t at(const Replay *replay, int64_t slot)
{
    return slot % replay->slots;
}

static int64_t first_drawable(const Replay *replay)
{
    const int64_t first = replay->opened - 1 - replay->capacity;
    return first > 0 ? first : 0;
}

static void put_frame(Replay *replay, int64_t slot, const uint8_t *frame, uint8_t flags)
{
    const int64_t i = at(replay, slot);
    uint8_t *place = replay->frame + (size_t)i * replay->frame_bytes;
    memmove(place, frame, replay->frame_bytes); /* loading has it there already */
    replay->digest[i] = digest_of(frame, replay->frame_bytes);
    replay->flags[i] = flags;
    replay->action[i] = 0;
    replay->reward[i] = 0;
}

static uint64_t slot_digest(const Replay *replay, int64_t slot)
{
    const int64_t i = at(replay, slot);
    struct {
        int64_t slot;
        uint64_t frame;
        float reward;
        uint8_t action, flags, none[2];
    } all = {slot, replay->digest[i], replay->reward[i], replay->action[i], replay->flags[i], {0}};
    return digest_of(&all, sizeof all);
}

/* Before slot `opened` is opened: the one before it changes no more, the one a ring ago goes. */
static void count_contents(Replay *replay)
{
    const int64_t next = replay->opened;
    if (next - replay->slots >= replay->restarted)
        replay->contents -= replay->digest[at(replay, next)];
    if (next > replay->restarted) {
        const uint64_t closed = slot_digest(replay, next - 1);
        replay->digest[at(replay, next - 1)] = closed;
        replay->contents += closed;
    }
}

static void open_slot(Replay *replay, const uint8_t *frame, uint8_t flags)
{
    const int64_t leaving = first_drawable(replay); /* it may fall out of what can be drawn */
    const bool no_action =
        replay->opened > 0 && (replay->flags[at(replay, leaving)] & FLAG_NO_ACTION);
    count_contents(replay);
    replay->opened++;
    if (first_drawable(replay) > leaving && no_action)
        replay->no_action--;
    put_frame(replay, replay->opened - 1, frame, flags);
}

void replay_begin(Replay *replay, const uint8_t *frame)
{
    const int64_t open = replay->opened - 1;
    if (replay->opened == 0) {
        open_slot(replay, frame, FLAG_FIRST);
    } else if (replay->flags[at(replay, open)] & FLAG_FIRST) {
        put_frame(replay, open, frame,
                  FLAG_FIRST); /* what followed an end has no value: nobody needs it */
    } else {
        replay->flags[at(replay, open)] |= FLAG_NO_ACTION;
        replay->no_action++;
        open_slot(replay, frame, FLAG_FIRST);
    }
}

void replay_add(Replay *replay, int action, float reward, ReplayEnd end, const uint8_t *frame)
{
    assert(replay->opened > 0 && action >= 0 && action < 256);
    const int64_t i = at(replay, replay->opened - 1);
    replay->action[i] = (uint8_t)action;
    replay->reward[i] = reward;
    if (end == REPLAY_ENDED)
        replay->flags[i] |= FLAG_ENDED;
    open_slot(replay, frame, end == REPLAY_ENDED ? FLAG_FIRST : 0);
}

int64_t replay_count(const Replay *replay)
{
    if (replay->opened == 0)
        return 0;
    return replay->opened - 1 - first_drawable(replay) - replay->no_action;
}

static void stack(const Replay *replay, int64_t slot, const uint8_t **planes)
{
    bool before_first = false;
    for (int k = replay->history - 1; k >= 0; k--, slot--) {
        const int64_t i = before_first ? 0 : at(replay, slot);
        planes[k] = before_first ? NULL : replay->frame + (size_t)i * replay->frame_bytes;
        before_first = before_first || (replay->flags[i] & FLAG_FIRST) || slot == 0;
    }
}

/* Slots without an action are drawn again, which leaves the others equally likely. They are at most
 * every other one, since no two are neighbours, so two draws on average are the worst. */
static int64_t draw_slot(const Replay *replay, Random *random)
{
    const int64_t first = first_drawable(replay);
    const int64_t drawable = replay->opened - 1 - first;
    for (;;) {
        const int64_t slot = first + (int64_t)random_below(random, (uint32_t)drawable);
        if (!(replay->flags[at(replay, slot)] & FLAG_NO_ACTION))
            return slot;
    }
}

void replay_sample(const Replay *replay, Random *random, int count, ReplayBatch *batch)
{
    assert(replay_count(replay) > 0);
    for (int n = 0; n < count; n++) {
        const int64_t slot = draw_slot(replay, random);
        const int64_t i = at(replay, slot);
        batch->action[n] = replay->action[i];
        batch->reward[n] = replay->reward[i];
        batch->ended[n] = replay->flags[i] & FLAG_ENDED;
        stack(replay, slot, batch->state + n * replay->history);
        stack(replay, slot + 1, batch->next_state + n * replay->history);
    }
}

/* ---- saving ---- */

int64_t replay_oldest(const Replay *replay)
{
    const int64_t oldest = replay->opened - replay->slots;
    return oldest > replay->restarted ? oldest : replay->restarted;
}

int64_t replay_newest(const Replay *replay)
{
    return replay->opened - 1;
}

void replay_get(const Replay *replay, int64_t slot, ReplaySlot *what, uint8_t *frame)
{
    assert(slot >= replay_oldest(replay) && slot <= replay_newest(replay));
    const int64_t i = at(replay, slot);
    *what = (ReplaySlot){replay->reward[i], replay->action[i], replay->flags[i]};
    memcpy(frame, replay->frame + (size_t)i * replay->frame_bytes, replay->frame_bytes);
}

void replay_restart(Replay *replay, int64_t slot)
{
    assert(slot >= 0);
    memset(replay->flags, 0, (size_t)replay->slots);
    replay->opened = replay->restarted = slot;
    replay->no_action = 0;
    replay->contents = 0;
}

void replay_put(Replay *replay, const ReplaySlot *what, const uint8_t *frame)
{
    open_slot(replay, frame, what->flags);
    const int64_t i = at(replay, replay->opened - 1);
    replay->reward[i] = what->reward;
    replay->action[i] = what->action;
    replay->no_action += (what->flags & FLAG_NO_ACTION) != 0;
}

/* Loading: the slots before the open one are there, and it is not yet. */
static void load_open_slot(Replay *replay, State *state)
{
    const int64_t i = at(replay, replay->opened);
    uint8_t *frame = replay->frame + (size_t)i * replay->frame_bytes;
    ReplaySlot what = {0};
    uint64_t contents = 0;
    STATE_FIELD(state, "replay reward", what.reward);
    STATE_FIELD(state, "replay action", what.action);
    STATE_FIELD(state, "replay flags", what.flags);
    state_field(state, "replay frame", frame, replay->frame_bytes);
    STATE_FIELD(state, "replay contents", contents);
    if (!state_loaded(state))
        return;
    replay_put(replay, &what, frame);
    if (contents != replay->contents)
        state_fail(state, "the replay memory is not the one that was saved");
}

static void walk_open_slot(Replay *replay, State *state)
{
    const int64_t i = at(replay, replay->opened - 1);
    STATE_FIELD(state, "replay reward", replay->reward[i]);
    STATE_FIELD(state, "replay action", replay->action[i]);
    STATE_FIELD(state, "replay flags", replay->flags[i]);
    state_field(state, "replay frame", replay->frame + (size_t)i * replay->frame_bytes,
                replay->frame_bytes);
    STATE_FIELD(state, "replay contents", replay->contents);
}

void replay_walk(Replay *replay, State *state)
{
    int64_t newest = replay_newest(replay);
    STATE_FIELD(state, "replay newest", newest);
    if (newest < 0)
        return;
    if (state->work != STATE_LOAD)
        walk_open_slot(replay, state);
    else if (newest == replay->opened)
        load_open_slot(replay, state);
    else
        state_fail(state, "the replay memory does not end where the state of the run goes on");
}
