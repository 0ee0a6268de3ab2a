#include "base/state.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "states are little-endian; this code copies numbers as they are");

typedef struct {
    char name[STATE_NAME_BYTES];
    uint64_t count;
} FieldHead;

static size_t padding(size_t count)
{
    return (8 - count % 8) % 8;
}

void state_begin_save(State *state, Error *error)
{
    *state = (State){
        .work = STATE_SAVE, .bytes = state->bytes, .room = state->room, .error = error};
}

void state_begin_load(State *state, const uint8_t *bytes, size_t count, Error *error)
{
    /* Loading only reads; the one pointer serves both. */
    *state = (State){
        .work = STATE_LOAD, .bytes = (uint8_t *)(uintptr_t)bytes, .count = count, .error = error};
}

void state_begin_digest(State *state)
{
    *state = (State){.work = STATE_DIGEST, .digest = digest_start()};
}

/* ---- saving ---- */

static bool make_room(State *state, size_t more)
{
    if (state->room - state->count >= more)
        return true;
    const size_t room = 2 * (state->count + more);
    uint8_t *bytes = realloc(state->bytes, room);
    if (bytes == NULL) {
        state_fail(state, "no memory to save the state of the run");
        return false;
    }
    state->bytes = bytes;
    state->room = room;
    return true;
}

static void put(State *state, const void *value, size_t count)
{
    memcpy(state->bytes + state->count, value, count);
    state->count += count;
}

static void save_field(State *state, const FieldHead *head, const void *value, size_t count)
{
    static const uint8_t zeros[8];
    if (!make_room(state, sizeof *head + count + sizeof zeros))
        return;
    put(state, head, sizeof *head);
    if (count > 0)
        put(state, value, count);
    put(state, zeros, padding(count));
}

bool state_append(State *state, const void *bytes, size_t count)
{
    assert(state->work == STATE_SAVE);
    if (state->failed || !make_room(state, count))
        return false;
    put(state, bytes, count);
    return true;
}

/* ---- loading ---- */

static void load_field(State *state, const FieldHead *head, void *value, size_t count)
{
    const size_t left = state->count - state->at;
    const uint8_t *at = state->bytes + state->at;
    FieldHead found = {0};
    if (left >= sizeof found)
        memcpy(&found, at, sizeof found);
    if (left < sizeof found || memcmp(found.name, head->name, sizeof found.name) != 0 ||
        found.count != count || left - sizeof found < count + padding(count)) {
        error_input(state->error,
                    "a state of another kind: '%.23s' of %zu bytes should follow, not '%.23s' of "
                    "%llu",
                    head->name, count, found.name, (unsigned long long)found.count);
        state->failed = true;
        return;
    }
    if (count > 0)
        memcpy(value, at + sizeof found, count);
    state->at += sizeof found + count + padding(count);
}

void state_field(State *state, const char *name, void *value, size_t count)
{
    FieldHead head = {.count = count};
    const size_t length = strlen(name);
    assert(length < sizeof head.name);
    memcpy(head.name, name, length);
    if (state->failed)
        return;
    switch (state->work) {
    case STATE_SAVE: save_field(state, &head, value, count); break;
    case STATE_LOAD: load_field(state, &head, value, count); break;
    case STATE_DIGEST: digest_add(&state->digest, value, count); break;
    }
}

bool state_loaded(const State *state)
{
    return state->work == STATE_LOAD && !state->failed;
}

void state_fail(State *state, const char *what)
{
    if (state->failed)
        return;
    if (state->work == STATE_LOAD)
        error_input(state->error, "%s", what);
    else
        error_work(state->error, "%s", what);
    state->failed = true;
}

bool state_end_load(State *state)
{
    if (!state->failed && state->at != state->count)
        state_fail(state, "a state of another kind: it has more fields than are known");
    return !state->failed;
}

uint64_t state_digest(const State *state)
{
    assert(state->work == STATE_DIGEST);
    return digest_value(&state->digest);
}

void state_free(State *state)
{
    free(state->bytes);
    *state = (State){0};
}
