/*
 * replay_private.h - what the replay memory's files share: replay.c fills, replay_drawing.c draws,
 * replay_saving.c saves.
 */
#ifndef DEEPQ_RL_REPLAY_PRIVATE_H
#define DEEPQ_RL_REPLAY_PRIVATE_H

#include "rl/frame_store.h"
#include "rl/replay.h"
#include "rl/sum_tree.h"

/* What one environment filled. Slots are counted from the first ever written; all but the frame of
 * slot n lies at n % slots of the ring. */
typedef struct {
    int64_t opened;    /* slots ever opened; the last one is open: it has no action yet */
    int64_t restarted; /* the first slot of all, or since replay_restart */
    int64_t no_action; /* slots without one among the last `capacity` before the open one */
    uint64_t contents; /* sum of the digests of all kept slots but the open one */
    FrameStore *frames;
    uint64_t *digest; /* of the slot; of the open one: of its frame */
    float *reward;
    uint8_t *action;
    uint8_t *flags;
} Lane;

enum { SLOT_BYTES = sizeof(uint64_t) + sizeof(float) + 2 }; /* of a ring, without the frame */

struct Replay {
    ReplaySetup setup;
    int64_t capacity;    /* of a lane */
    int64_t slots;       /* of a lane's ring: capacity, the frames before the oldest transition, and
                         the open slot */
    uint8_t *frame;      /* room to unpack one, for saving */
    SumTree *priorities; /* of lane e's ring at e * slots; NULL: none */
    double highest;      /* priority so far */
    Lane lane[];
};

enum {
    FLAG_FIRST = 1, /* a stack begins here */
    FLAG_ENDED = 2,
    FLAG_NO_ACTION = 4, /* an episode's last frame: nothing was done from here */
};

static inline int64_t replay_at(const Replay *replay, int64_t slot)
{
    return slot % replay->slots;
}

/* Slots that can be drawn lie from here on, up to the open one. */
static inline int64_t replay_first_drawable(const Replay *replay, const Lane *lane)
{
    const int64_t first = lane->opened - 1 - replay->capacity;
    return first > 0 ? first : 0;
}

/* The slot before `opened` changes no more; open the next one. */
bool replay_open_slot(Replay *replay, Lane *lane, const uint8_t *frame, uint8_t flags,
                      Error *error);

#endif
