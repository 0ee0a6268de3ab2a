/* States as bytes: what is loaded is what was saved, and nothing else is taken for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/state.h"

typedef struct {
    int32_t number;
    double real;
    uint8_t text[13]; /* no multiple of 8 */
} Thing;

static const Thing sample = {-7, 0.1, "hello, world"};

static void thing_walk(Thing *thing, State *state)
{
    STATE_FIELD(state, "number", thing->number);
    STATE_FIELD(state, "real", thing->real);
    STATE_FIELD(state, "text", thing->text);
}

static void shorter_walk(Thing *thing, State *state)
{
    STATE_FIELD(state, "number", thing->number);
    STATE_FIELD(state, "real", thing->real);
}

static void renamed_walk(Thing *thing, State *state)
{
    STATE_FIELD(state, "number", thing->number);
    STATE_FIELD(state, "imaginary", thing->real);
}

static void resized_walk(Thing *thing, State *state)
{
    STATE_FIELD(state, "number", thing->number);
    state_field(state, "real", &thing->real, sizeof(float));
}

static State save(void)
{
    static Error error;
    State state = {0};
    Thing thing = sample;
    state_begin_save(&state, &error);
    thing_walk(&thing, &state);
    assert_false(state.failed);
    return state;
}

static void what_is_loaded_is_what_was_saved(void **unused)
{
    (void)unused;
    Error error = {0};
    State saved = save(), state;
    Thing thing = {0};
    state_begin_load(&state, saved.bytes, saved.count, &error);
    thing_walk(&thing, &state);
    assert_true(state_end_load(&state));
    assert_int_equal(thing.number, sample.number);
    assert_true(thing.real == sample.real);
    assert_memory_equal(thing.text, sample.text, sizeof sample.text);
    state_free(&saved);
}

/* By hand from the table in state.h: 24 bytes of name, the count, the bytes, zeros up to 8. */
static void a_field_lies_in_the_bytes_as_the_manual_says(void **unused)
{
    (void)unused;
    State saved = save();
    uint8_t first[40] = "number";
    first[24] = 4;
    memset(first + 32, 0xff, 4);
    first[32] = 0xf9;
    assert_int_equal(saved.count, (32 + 8) + (32 + 8) + (32 + 16));
    assert_memory_equal(saved.bytes, first, sizeof first);
    state_free(&saved);
}

static void refused(void (*walk)(Thing *, State *), size_t bytes, const char *part)
{
    Error error = {0};
    State saved = save(), state;
    Thing thing = {0};
    state_begin_load(&state, saved.bytes, bytes == 0 ? saved.count : bytes, &error);
    walk(&thing, &state);
    assert_false(state_end_load(&state));
    assert_int_equal(error.kind, ERROR_INPUT);
    if (strstr(error.text, part) == NULL)
        fail_msg("'%s' should contain '%s'", error.text, part);
    assert_true(thing.real == 0 || walk == shorter_walk); /* nothing after the first wrong one */
    state_free(&saved);
}

static void a_state_of_another_shape_is_refused(void **unused)
{
    (void)unused;
    refused(shorter_walk, 0, "more fields than are known");
    refused(renamed_walk, 0, "'imaginary' of 8 bytes should follow, not 'real' of 8");
    refused(resized_walk, 0, "'real' of 4 bytes should follow, not 'real' of 8");
    for (size_t bytes = 1; bytes < 72; bytes++)
        refused(thing_walk, bytes, "should follow");
}

static uint64_t digest_of_thing(Thing thing)
{
    State state;
    state_begin_digest(&state);
    thing_walk(&thing, &state);
    return state_digest(&state);
}

static void the_digest_is_of_the_values(void **unused)
{
    (void)unused;
    Thing other = sample;
    assert_true(digest_of_thing(sample) == digest_of_thing(other));
    other.text[12] = 1;
    assert_true(digest_of_thing(sample) != digest_of_thing(other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_loaded_is_what_was_saved),
        cmocka_unit_test(a_field_lies_in_the_bytes_as_the_manual_says),
        cmocka_unit_test(a_state_of_another_shape_is_refused),
        cmocka_unit_test(the_digest_is_of_the_values),
    };
    return cmocka_run_group_tests_name("base/state", tests, NULL, NULL);
}
