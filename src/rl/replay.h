/*
 * replay.h - the memory: what happened, each frame kept once.
 *
 * A transition is (s_t, a_t, r_t, s_t+1, ended_t). Both states are stacks of `history` frames, so
 * neighbouring transitions share almost all their bytes: the memory keeps single frames in a ring
 * and gives stacks as pointers, without copying a byte.
 *
 *     slot         i-3    i-2    i-1     i     i+1
 *     frame       x_t-3  x_t-2  x_t-1   x_t   x_t+1
 *     action                            a_t
 *     reward                            r_t
 *     ended                             0/1          1: the value of s_t+1 is taken as 0
 *                  '-------- s_t --------'
 *                         '-------- s_t+1 -----'
 *
 * Stacks are zero (NULL planes) before an episode's first frame. They never reach across an
 * episode's start or the ring's write position. The newest slot is open: it has a frame and no
 * action yet. An episode cut short by time leaves its open slot behind, as the true s_t+1 of its
 * last transition.
 *
 *     replay_begin(replay, x_0);
 *     replay_add(replay, a_0, r_0, REPLAY_GOES_ON, x_1);
 *     replay_sample(replay, &random, 32, &batch);
 */
#ifndef DEEPQ_RL_REPLAY_H
#define DEEPQ_RL_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/random.h"
#include "base/state.h"

typedef struct Replay Replay;

typedef enum {
    REPLAY_GOES_ON,
    REPLAY_ENDED, /* the game, or what the learner takes for its end: s_t+1 has no value */
    REPLAY_CUT,   /* time is over: s_t+1 has a value, and the next frame begins a new episode */
} ReplayEnd;

/* Samples. The arrays are the caller's: count actions, rewards and ends, count * history planes for
 * s_t and for s_t+1, oldest frame first. Planes point into the memory and hold until the next add.
 */
typedef struct {
    int *action;
    float *reward;
    bool *ended;
    const uint8_t **state;
    const uint8_t **next_state;
} ReplayBatch;

/* Room for `capacity` transitions of frames of frame_bytes. Memory is taken as it fills.
 * ERROR_INPUT if the full size would not fit into the machine's memory: the sentence says what
 * would. */
Replay *replay_create(int64_t capacity, size_t frame_bytes, int history, Error *error);
void replay_destroy(Replay *replay); /* NULL is fine */

/* An episode's first frame. */
void replay_begin(Replay *replay, const uint8_t *frame);

/* What the action from the newest frame brought, and the frame that followed. After REPLAY_ENDED
 * `frame` begins a new stack (a lost life), unless replay_begin follows and takes its place; after
 * REPLAY_CUT replay_begin follows. */
void replay_add(Replay *replay, int action, float reward, ReplayEnd end, const uint8_t *frame);

/* Transitions that can be drawn. */
int64_t replay_count(const Replay *replay);

/* `count` transitions, each drawn uniformly from all that can be drawn, with replacement. Needs
 * replay_count > 0. */
void replay_sample(const Replay *replay, Random *random, int count, ReplayBatch *batch);

/*
 * Saving. Slots are counted from the first that ever was: oldest .. newest are kept, and of these
 * only the newest, the open one, will still change. So a memory is saved by writing down each slot
 * once, when it is no longer the newest, and is loaded by putting them back in order:
 *
 *     replay_restart(replay, oldest);
 *     for each slot from oldest to before the newest: replay_put(replay, &what, frame);
 *     replay_walk(replay, &state);                  the open slot; checks the others' digest
 */
typedef struct {
    float reward;
    uint8_t action;
    uint8_t flags; /* the memory's own */
} ReplaySlot;

int64_t replay_oldest(const Replay *replay);
int64_t replay_newest(const Replay *replay); /* -1: there is none yet */

/* A slot from oldest to newest; `frame` gets frame_bytes. */
void replay_get(const Replay *replay, int64_t slot, ReplaySlot *what, uint8_t *frame);

/* Forget everything; the next slot is number `slot`. */
void replay_restart(Replay *replay, int64_t slot);

/* Put back the next slot. The last one that is put counts as the open one. */
void replay_put(Replay *replay, const ReplaySlot *what, const uint8_t *frame);

/* Save the open slot and the digest of the others; load the open slot, where those before it have
 * been put back, and check them by the digest; or take the digest of all that is kept. None of it
 * grows with the memory: the digest is a sum over slots and kept up to date. */
void replay_walk(Replay *replay, State *state);

#endif
