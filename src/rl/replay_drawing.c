#include <assert.h>
#include <stdlib.h>

#include "rl/replay_private.h"

/* Slots before the open one, with an action or without. */
static int64_t slots_before_open(const Replay *replay, const Lane *lane)
{
    return lane->opened == 0 ? 0 : lane->opened - 1 - replay_first_drawable(replay, lane);
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
    return (Place){lane, replay_first_drawable(replay, lane) + index};
}

/* Slots without an action are drawn again, which leaves the others equally likely. They are at most
 * every other one, since no two are neighbours, so two draws on average are the worst. */
static Place draw_uniformly(const Replay *replay, Random *random)
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

/* The newest slot at that place of the rings. */
static Place place_in_rings(const Replay *replay, int64_t index)
{
    const Lane *lane = &replay->lane[index / replay->slots];
    const int64_t newest = lane->opened - 1;
    const int64_t back = replay_at(replay, newest - index % replay->slots + replay->slots);
    return (Place){lane, newest - back};
}

static int64_t index_of(const Replay *replay, Place place)
{
    return (place.lane - replay->lane) * replay->slots + replay_at(replay, place.slot);
}

static Place draw_place(const Replay *replay, Random *random)
{
    if (replay->priorities == NULL)
        return draw_uniformly(replay, random);
    return place_in_rings(replay, sum_tree_draw(replay->priorities, random));
}

static double chance_of(const Replay *replay, int64_t index)
{
    if (replay->priorities == NULL)
        return 1.0 / (double)replay_count(replay);
    return sum_tree_get(replay->priorities, index) / sum_tree_total(replay->priorities);
}

void replay_prioritise(Replay *replay, const ReplayBatch *batch, int count,
                       const double *priorities)
{
    assert(replay->priorities != NULL);
    for (int n = 0; n < count; n++) {
        sum_tree_set(replay->priorities, batch->place[n], priorities[n]);
        if (priorities[n] > replay->highest)
            replay->highest = priorities[n];
    }
}

/* ---- returns ---- */

typedef struct {
    double reward, discount;
    int64_t end; /* the slot of s_next */
} Return;

static Return return_from(const Replay *replay, Place place)
{
    const Lane *lane = place.lane;
    Return sum = {.discount = 1, .end = place.slot};
    for (int k = 0; k < replay->setup.return_steps; k++) {
        const int64_t i = replay_at(replay, sum.end);
        if (sum.end == lane->opened - 1 || (lane->flags[i] & FLAG_NO_ACTION))
            break; /* nothing was done from here, or not yet: never at the first */
        sum.reward += sum.discount * (double)lane->reward[i];
        sum.discount *= replay->setup.gamma;
        sum.end++;
        if (lane->flags[i] & FLAG_ENDED) {
            sum.discount = 0;
            break;
        }
    }
    return sum;
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

bool replay_step_at(const Replay *replay, int env, int64_t slot, ReplayStep *step)
{
    const Lane *lane = &replay->lane[env];
    const int64_t i = replay_at(replay, slot);
    if (slot == lane->opened - 1 || (lane->flags[i] & FLAG_NO_ACTION))
        return false;
    *step = (ReplayStep){lane->action[i], lane->reward[i],
                         lane->flags[i] & FLAG_ENDED ? REPLAY_ENDED : REPLAY_GOES_ON};
    return true;
}

void replay_state_at(const Replay *replay, int env, int64_t slot, uint8_t *room,
                     const uint8_t **planes)
{
    const Place place = {&replay->lane[env], slot};
    const uint8_t *frames[REPLAY_HISTORY_MAX];
    const int height = stack_height(replay, place);
    frame_store_read(place.lane->frames, slot - height + 1, height, room, frames);
    stack(replay->setup.history, height, frames + height, planes);
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
    const Place place = drawn->place[index];
    const Return sum = return_from(replay, place);
    const Place next = {place.lane, sum.end};
    const int n = drawn->first + index, history = replay->setup.history;
    const int height = stack_height(replay, place), steps = (int)(next.slot - place.slot);
    ReplayBatch *batch = drawn->batch;
    batch->action[n] = place.lane->action[replay_at(replay, place.slot)];
    batch->reward[n] = sum.reward;
    batch->discount[n] = sum.discount;
    batch->place[n] = index_of(replay, place);
    batch->chance[n] = chance_of(replay, batch->place[n]);

    const uint8_t *frames[REPLAY_HISTORY_MAX + REPLAY_RETURN_STEPS_MAX];
    uint8_t *room = batch->room + (size_t)n * replay_room(replay, 1);
    frame_store_read(place.lane->frames, place.slot - height + 1, height + steps, room, frames);
    stack(history, height, frames + height, batch->state + n * history);
    stack(history, stack_height(replay, next), frames + height + steps,
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

/* A block that begins with what is aligned most. */
bool replay_batch_create(ReplayBatch *batch, const Replay *replay, int count, Error *error)
{
    const size_t n = (size_t)count, planes = n * (size_t)replay->setup.history;
    const size_t numbers = n * (3 * sizeof(double) + sizeof(int64_t));
    const size_t pointers = 2 * planes * sizeof(uint8_t *), actions = n * sizeof(int);
    char *block = calloc(1, numbers + pointers + actions + replay_room(replay, count));
    if (block == NULL)
        return error_work(error, "no memory for minibatches of %d", count);
    *batch = (ReplayBatch){
        .reward = (double *)(void *)block,
        .state = (const uint8_t **)(void *)(block + numbers),
        .action = (int *)(void *)(block + numbers + pointers),
        .room = (uint8_t *)(block + numbers + pointers + actions),
    };
    batch->discount = batch->reward + n;
    batch->chance = batch->reward + 2 * n;
    batch->place = (int64_t *)(void *)(batch->reward + 3 * n);
    batch->next_state = batch->state + planes;
    return true;
}

void replay_batch_destroy(ReplayBatch *batch)
{
    free(batch->reward);
    *batch = (ReplayBatch){0};
}

size_t replay_room(const Replay *replay, int count)
{
    return (size_t)count * frame_store_room(replay->lane[0].frames,
                                            replay->setup.history + replay->setup.return_steps);
}
