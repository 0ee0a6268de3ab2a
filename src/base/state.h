/*
 * state.h - a state as bytes: one walk over its fields saves it, loads it or takes its digest.
 *
 * What belongs to a state is written down once, so that saving, loading and the digest cannot
 * disagree:
 *
 *     void thing_walk(Thing *thing, State *state)
 *     {
 *         STATE_FIELD(state, "thing count", thing->count);
 *         state_field(state, "thing values", thing->value, thing->count * sizeof *thing->value);
 *     }
 *
 *     State state = {0};
 *     state_begin_save(&state, &error);   thing_walk(&thing, &state);   ... state.bytes ...
 *     state_begin_load(&state, bytes, count, &error);   thing_walk(&thing, &state);
 *     if (!state_end_load(&state)) ...
 *     state_begin_digest(&state);         thing_walk(&thing, &state);   state_digest(&state)
 *
 * As bytes, a field is
 *
 *     offset   bytes   what
 *          0      24   its name, ASCII, filled up with zeros
 *         24       8   n, the count of its bytes, little-endian
 *         32       n   the bytes, as they lie in memory; then zeros up to a multiple of 8
 *
 * A digest is taken of the bytes alone.
 */
#ifndef DEEPQ_BASE_STATE_H
#define DEEPQ_BASE_STATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"

enum { STATE_NAME_BYTES = 24 };

typedef enum { STATE_SAVE, STATE_LOAD, STATE_DIGEST } StateWork;

typedef struct {
    StateWork work;
    uint8_t *bytes; /* saving: the state's own, kept from save to save; loading: the caller's */
    size_t count;   /* of them that hold something */
    size_t room;    /* saving: of them that there are */
    size_t at;      /* loading: where the next field begins */
    Digest digest;
    Error *error; /* gets the first thing that is wrong */
    bool failed;  /* nothing is done any more */
} State;

/* Begin a walk. `state` is all 0 or was used before for saving; room it has is used again. */
void state_begin_save(State *state, Error *error);
void state_begin_load(State *state, const uint8_t *bytes, size_t count, Error *error);
void state_begin_digest(State *state);

/* The next field: `count` bytes at `value`, saved, filled or digested. `name`: fewer than
 * STATE_NAME_BYTES characters. Loading anything but a field of that name and size fails, and leaves
 * this value and all later ones as they were. */
void state_field(State *state, const char *name, void *value, size_t count);
#define STATE_FIELD(state, name, value) state_field(state, name, &(value), sizeof(value))

/* Saving: put plain bytes behind the fields. False without memory, which is said. */
bool state_append(State *state, const void *bytes, size_t count);

/* Whether values have just been filled, so that what follows from them must be, too. */
bool state_loaded(const State *state);

/* Loading: what was filled makes no sense. Saving: it cannot be done. `what` is a sentence. */
void state_fail(State *state, const char *what);

/* True if nothing failed and no field is left over. */
bool state_end_load(State *state);

uint64_t state_digest(const State *state);

void state_free(State *state); /* after saving */

#endif
