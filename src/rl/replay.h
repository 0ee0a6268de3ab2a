/*
 * replay.h - the memory: what happened, each frame kept once.
 *
 * A transition is (s_t, a_t, r_t, s_t+1, ended_t). Both states are stacks of `history` frames, so
 * neighbouring transitions share almost all their bytes: the memory keeps single frames, packed or
 * as they are (frame_store.h), and gives stacks as pointers.
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
 * last transition. Each environment that is played in has slots of its own.
 *
 *     replay_begin(replay, 0, x_0, &error);
 *     replay_add(replay, 0, &(ReplayStep){a_0, r_0, REPLAY_GOES_ON}, x_1, &error);
 *     replay_sample(replay, &random, 32, team, &batch);
 */
#ifndef DEEPQ_RL_REPLAY_H
#define DEEPQ_RL_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/parallel.h"
#include "base/random.h"
#include "base/state.h"

enum { REPLAY_HISTORY_MAX = 16, REPLAY_RETURN_STEPS_MAX = 32 };

typedef struct Replay Replay;

typedef struct {
    int64_t capacity; /* transitions of all environments together */
    size_t frame_bytes;
    int history; /* at most REPLAY_HISTORY_MAX */
    int envs;    /* environments; each gets its share of the capacity, rounded up */
    bool packed;
    int return_steps; /* n, 1 .. REPLAY_RETURN_STEPS_MAX; s_next is n steps on */
    double gamma;     /* discount for each of them */
    bool prioritised; /* drawn by priorities; else uniformly */
} ReplaySetup;

typedef enum {
    REPLAY_GOES_ON,
    REPLAY_ENDED, /* the game, or what the learner takes for its end: s_t+1 has no value */
    REPLAY_CUT,   /* time is over: s_t+1 has a value, and the next frame begins a new episode */
} ReplayEnd;

typedef struct {
    int action; /* 0 .. 255 */
    float reward;
    ReplayEnd end;
} ReplayStep;

/* Samples, with returns of n = return_steps:
 *
 *     reward     r_t + gamma r_t+1 + ... as far as the return goes: n steps, or until it ends, or
 *                until time is over, or to the newest frame
 *     discount   of the value of s_next, where it stopped: gamma^k after k steps, 0 if it ended
 *     chance     with which the transition was drawn
 *
 * The arrays are the caller's: count of each, count * history planes for s_t and for s_next, oldest
 * frame first, and replay_room bytes of room. Planes point into the room or into the memory and
 * hold until the next add.
 */
typedef struct {
    int *action;
    double *reward;
    double *discount;
    double *chance;
    int64_t *place; /* for replay_prioritise */
    const uint8_t **state;
    const uint8_t **next_state;
    uint8_t *room;
} ReplayBatch;

/* A batch with arrays for `count` samples from `replay`, in one block. */
bool replay_batch_create(ReplayBatch *batch, const Replay *replay, int count, Error *error);
void replay_batch_destroy(ReplayBatch *batch); /* all NULL is fine */

/* Memory is taken as it fills. ERROR_INPUT if the full size is not to be expected to fit into the
 * machine's memory: the sentence says what would. */
Replay *replay_create(const ReplaySetup *setup, Error *error);
void replay_destroy(Replay *replay); /* NULL is fine */

/* An episode's first frame. ERROR_WORK, here and in replay_add, if the machine's memory is full. */
bool replay_begin(Replay *replay, int env, const uint8_t *frame, Error *error);

/* What the action from the newest frame brought, and the frame that followed. After REPLAY_ENDED
 * `frame` begins a new stack (a lost life), unless replay_begin follows and takes its place; after
 * REPLAY_CUT replay_begin follows. */
bool replay_add(Replay *replay, int env, const ReplayStep *step, const uint8_t *frame,
                Error *error);

/* Transitions that can be drawn; memory that is taken by all that is stored. */
int64_t replay_count(const Replay *replay);
int64_t replay_bytes(const Replay *replay);

/* `count` transitions, each drawn from all that can be drawn, with replacement: uniformly, or in
 * proportion to their priorities. Needs replay_count > 0. Frames are unpacked on the threads of
 * `team`; NULL: on this one. */
void replay_sample(const Replay *replay, Random *random, int count, Parallel *team,
                   ReplayBatch *batch);
size_t replay_room(const Replay *replay, int count); /* bytes; 0: none is needed */

/* Looking at slots in order (rollout.h); their numbers are those of saving, below. What was done in
 * `slot`; false: nothing, for time was over there, or it is the newest. `end` tells REPLAY_ENDED
 * from REPLAY_GOES_ON only. */
bool replay_step_at(const Replay *replay, int env, int64_t slot, ReplayStep *step);

/* The state there: history planes, as in ReplayBatch; replay_room(replay, 1) bytes of room. Of the
 * slots that lie at most the capacity's share of an environment behind the newest. */
void replay_state_at(const Replay *replay, int env, int64_t slot, uint8_t *room,
                     const uint8_t **planes);

/* Set the priorities of the `count` transitions of the batch that was drawn last. What was not
 * drawn yet has the highest that there has been, so that everything is seen once. */
enum { REPLAY_PRIORITY_MAX = 1 << 20 };
void replay_prioritise(Replay *replay, const ReplayBatch *batch, int count,
                       const double *priorities);

/*
 * Saving. The slots of an environment are counted from the first that ever was: oldest .. newest
 * are kept, and of these only the newest, the open one, will still change. So a memory is saved by
 * writing down each slot once, when it is no longer the newest, and is loaded by putting them back
 * in order:
 *
 *     replay_restart(replay, env, oldest);
 *     for each slot from oldest to before the newest:
 *         replay_put(replay, env, &what, frame, &error);
 *     replay_walk(replay, &state);              the open slots; checks the others' digest
 */
typedef struct {
    float reward;
    uint8_t action;
    uint8_t flags; /* the memory's own */
} ReplaySlot;

const ReplaySetup *replay_setup(const Replay *replay);
int64_t replay_oldest(const Replay *replay, int env);
int64_t replay_newest(const Replay *replay, int env); /* -1: there is none yet */

/* A slot from oldest to newest; `frame` gets frame_bytes. */
void replay_get(const Replay *replay, int env, int64_t slot, ReplaySlot *what, uint8_t *frame);

/* Forget everything of that environment; its next slot is number `slot`. */
void replay_restart(Replay *replay, int env, int64_t slot);

/* Put back the next slot. The last one that is put counts as the open one. */
bool replay_put(Replay *replay, int env, const ReplaySlot *what, const uint8_t *frame,
                Error *error);

/* Save the open slots and the digest of the others; load the open slots, where those before them
 * have been put back, and check them by the digest; or take the digest of all that is kept, the
 * same for packed frames and others. None of it grows with the memory: the digest is a sum over
 * slots and kept up to date. */
void replay_walk(Replay *replay, State *state);

#endif
