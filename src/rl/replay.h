/*
 * replay.h - the replay memory: what the agent saw and did, each frame kept once.
 *
 * A ring of slots. A slot holds one frame, as bytes, the action taken on seeing it, the reward that
 * brought, and flags. Stacks of frames, the learner's states, are put together at sampling, as
 * pointers to the frames where they lie; nothing is copied.
 *
 *     slot     0   1   2   3   4   5   6   7   8 ...                         history 3
 *     frame    A0  A1  A2  A3  B0  B1  B2  C0  C1
 *     action   a   a   a   a   a   a   -   a   a      A: over at step 3     B: cut by a time limit
 *     ended    .   .   .   x   .   .   .   .   .
 *
 *     transition 1:  s = 0  A0 A1    s_next = A0 A1 A2      0: the NULL plane, all zeros
 *     transition 3:  s = A1 A2 A3    ended: what would follow has no value, s_next is 0 0 0
 *     transition 5:  s = 0  B0 B1    s_next = B0 B1 B2      B2 was seen, but nothing was done
 * there: its slot is never drawn as an s
 *
 * Within a stack the oldest frame comes first. No stack reaches over the start of an episode, and
 * none over the write position: once the ring is full, the oldest history-1 slots only complete the
 * stacks of those after them. The ring has capacity_steps + history slots, so that capacity_steps
 * transitions can be drawn however far the writer has come, fewer by the final frames of episodes
 * that were cut.
 *
 *     replay_see(replay, env_frame(env), true);              an episode's first frame
 *     replay_stack(replay, planes);                          the state to act in
 *     env_step(env, &action, &step);
 *     replay_act(replay, action, step.reward[0], step.game_over);
 *     replay_see(replay, env_frame(env), false);             and so on, in turn
 *
 * A lost life that is to count as an end is an end like any other: replay_act with `ended`, then
 * replay_see with `first`.
 *
 * Memory is asked for once and touched only as it fills: a million frames of 84x84 bytes are
 * 7.06 GB in the end and next to nothing at first. All of it is one block, in one layout, without
 * pointers in it but to itself.
 *
 * Where other memories would go: sampling is split into choosing slots (uniform here; by priority,
 * it would be a sum tree over the same slots) and assembling them (the same for any choice); a
 * return over n steps would be assembled from n slots where now it is from one.
 */
#ifndef DEEPQ_RL_REPLAY_H
#define DEEPQ_RL_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/random.h"

typedef struct {
    int64_t capacity_steps; /* transitions, at least 1 */
    int history;            /* frames in a stack, at least 1 */
    int frame_height;       /* pixels, a byte each */
    int frame_width;
} ReplaySpec;

/* A minibatch: arrays of the caller's, filled by replay_sample. A plane is frame_height *
 * frame_width bytes in the memory, valid until the next replay_see, or NULL for zeros; the arrays
 * of planes are what NnInput.planes takes. */
typedef struct {
    const uint8_t **state; /* count * history planes: s_t */
    const uint8_t **next;  /* count * history planes: s_t+1; all NULL where ended */
    int *action;           /* count: a_t */
    float *reward;         /* count: r_t as it was given to replay_act */
    bool *ended;           /* count: nothing after r_t has a value */
} ReplayBatch;

typedef struct Replay Replay;

/* The bytes that a memory of this size takes when full; SIZE_MAX where that does not fit a size_t.
 */
size_t replay_bytes(const ReplaySpec *spec);

/* NULL with ERROR_INPUT if more than 7/8 of the machine's memory would be needed (the rest is for
 * the network and the system); the sentence says how much is needed, how much is there and how many
 * steps would fit. */
Replay *replay_create(const ReplaySpec *spec, Error *error);
void replay_destroy(Replay *replay); /* NULL is fine */

/* Copy in the frame that the agent sees now. `first`: it begins a stack anew. Not after a
 * replay_see without replay_act, unless `first`; and where the last replay_act did not end
 * anything, not `first`: the frame that followed has to be seen before. */
void replay_see(Replay *replay, const uint8_t *frame, bool first);

/* What was done on the frame seen last, and what it brought. 0 <= action <= 255. */
void replay_act(Replay *replay, int action, double reward, bool ended);

/* The stack that ends with the frame seen last: `history` planes, oldest first. */
void replay_stack(const Replay *replay, const uint8_t **planes);

/* Transitions that can be drawn now. */
int64_t replay_count(const Replay *replay);

/* Draw `count` transitions, each uniformly from all replay_count of them (which must not be 0),
 * with replacement. Some random numbers and `history` pointers each: below a microsecond. */
void replay_sample(const Replay *replay, Random *random, int count, ReplayBatch *batch);

/* Add everything that sampling depends on to the digest. Reads all frames: 0.1 s a gigabyte. */
void replay_digest(const Replay *replay, Digest *digest);

#endif
