/*
 * The replay memory against a naive list of transitions that keeps full stacks.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rl/replay.h"

enum { HISTORY = 4, FRAME = 96, LIST_MAX = 4000, BATCH = 64, ENVS_MAX = 3 };

/* Frames carry their own number, so that every one is different. One in seven is noise that cannot
 * be packed. */
static void make_frame(uint8_t *frame, uint32_t number)
{
    Random noise = random_stream(number, "frame");
    for (int i = 0; i < FRAME; i++) {
        const bool noisy = number % 7 == 0 && i >= 4;
        const uint64_t bits = noisy ? random_bits(&noise) : number >> 8 * (i % 4);
        frame[i] = (uint8_t)bits;
    }
}

typedef struct {
    uint8_t state[HISTORY][FRAME], next[HISTORY][FRAME];
    int action;
    float reward;
    ReplayEnd end;
} Naive;

/* What happened in one environment. */
typedef struct {
    Naive list[LIST_MAX];
    int count;
    uint8_t state[HISTORY][FRAME]; /* the present one */
} Life;

typedef struct {
    Life life[ENVS_MAX];
    ReplaySetup setup;
    int64_t capacity; /* of each environment */
    uint32_t frames;  /* made so far */
    Replay *replay;
    Random random;
} World;

static void push(uint8_t state[HISTORY][FRAME], const uint8_t *frame)
{
    memmove(state[0], state[1], (HISTORY - 1) * FRAME);
    memcpy(state[HISTORY - 1], frame, FRAME);
}

static void begin(World *world, int env)
{
    Error error;
    Life *life = &world->life[env];
    uint8_t frame[FRAME];
    make_frame(frame, ++world->frames);
    memset(life->state, 0, sizeof life->state);
    push(life->state, frame);
    assert_true(replay_begin(world->replay, env, frame, &error));
}

static void step(World *world, int env, ReplayEnd end)
{
    Error error;
    Life *life = &world->life[env];
    Naive *naive = &life->list[life->count++];
    uint8_t frame[FRAME];
    make_frame(frame, ++world->frames);
    memcpy(naive->state, life->state, sizeof naive->state);
    naive->action = (int)random_below(&world->random, 18);
    naive->reward = (float)random_unit(&world->random);
    naive->end = end;
    push(life->state, frame);
    memcpy(naive->next, life->state, sizeof naive->next);
    const ReplayStep happened = {naive->action, naive->reward, end};
    assert_true(replay_add(world->replay, env, &happened, frame, &error));
    if (end == REPLAY_ENDED) { /* the stack begins anew with this frame */
        memset(life->state, 0, sizeof life->state);
        push(life->state, frame);
    }
}

/* Random episodes: lost lives, game overs, time limits. */
static void play(World *world, int steps)
{
    for (int env = 0; env < world->setup.envs; env++)
        begin(world, env);
    for (int i = 0; i < steps; i++) {
        const int env = i % world->setup.envs;
        const uint32_t fate = random_below(&world->random, 20);
        step(world, env,
             fate == 0 || fate == 1 ? REPLAY_ENDED
             : fate == 2            ? REPLAY_CUT
                                    : REPLAY_GOES_ON);
        if (fate == 1 || fate == 2)
            begin(world, env);
    }
}

static bool same_stack(const uint8_t *const *planes, const uint8_t stack[HISTORY][FRAME])
{
    static const uint8_t zeros[FRAME];
    for (int k = 0; k < HISTORY; k++)
        if (memcmp(planes[k] == NULL ? zeros : planes[k], stack[k], FRAME) != 0)
            return false;
    return true;
}

/* The naive transition that a sample is: states are unique by their newest frame. NULL: none of the
 * last `capacity` of any environment. */
static const Naive *find(World *world, const uint8_t *const *planes, const Life **of)
{
    for (int env = 0; env < world->setup.envs; env++) {
        Life *life = &world->life[env];
        *of = life;
        for (int i = life->count - 1; i >= 0 && i >= life->count - world->capacity; i--)
            if (memcmp(planes[HISTORY - 1], life->list[i].state[HISTORY - 1], FRAME) == 0)
                return &life->list[i];
    }
    return NULL;
}

static void check_sample(const World *world, const Life *life, const Naive *naive,
                         const ReplayBatch *batch, int n)
{
    double reward = 0, discount = 1;
    const Naive *last = naive;
    assert_true(same_stack(batch->state + n * HISTORY, naive->state));
    assert_int_equal(batch->action[n], naive->action);
    for (int k = 1;; k++, last++) {
        reward += discount * (double)last->reward;
        discount *= last->end == REPLAY_ENDED ? 0 : world->setup.gamma;
        if (k == world->setup.return_steps || last->end != REPLAY_GOES_ON ||
            last == life->list + life->count - 1)
            break;
    }
    assert_true(batch->reward[n] == reward);
    assert_true(batch->discount[n] == discount);
    if (discount > 0)
        assert_true(same_stack(batch->next_state + n * HISTORY, last->next));
}

static void check_samples(World *world, Parallel *team, int batches, int *hits)
{
    Error error;
    ReplayBatch batch;
    assert_true(replay_batch_create(&batch, world->replay, BATCH, &error));
    for (int b = 0; b < batches; b++) {
        replay_sample(world->replay, &world->random, BATCH, team, &batch);
        for (int n = 0; n < BATCH; n++) {
            const Life *life = NULL;
            const Naive *naive = find(world, batch.state + n * HISTORY, &life);
            assert_non_null(naive);
            check_sample(world, life, naive, &batch, n);
            if (!world->setup.prioritised)
                assert_true(batch.chance[n] == 1.0 / (double)replay_count(world->replay));
            if (hits != NULL)
                hits[naive - world->life[0].list]++;
        }
    }
    replay_batch_destroy(&batch);
}

static World *world_create(ReplaySetup setup, uint64_t seed)
{
    Error error;
    World *world = calloc(1, sizeof *world);
    assert_non_null(world);
    setup.frame_bytes = FRAME;
    setup.history = HISTORY;
    setup.gamma = 0.99;
    if (setup.return_steps == 0)
        setup.return_steps = 1;
    world->setup = setup;
    world->capacity = (setup.capacity + setup.envs - 1) / setup.envs;
    world->random = random_stream(seed, "test");
    world->replay = replay_create(&setup, &error);
    assert_non_null(world->replay);
    return world;
}

static void world_destroy(World *world)
{
    replay_destroy(world->replay);
    free(world);
}

static void check_all_sizes(ReplaySetup setup, Parallel *team)
{
    static const int64_t capacities[] = {1, 2, 5, 64, 500, 5000};
    for (size_t c = 0; c < sizeof capacities / sizeof capacities[0]; c++) {
        for (int steps = 1; steps < 3000; steps = steps * 3 + 1) {
            setup.capacity = capacities[c];
            World *world = world_create(setup, (uint64_t)steps);
            play(world, steps);
            if (replay_count(world->replay) > 0)
                check_samples(world, team, 20, NULL);
            world_destroy(world);
        }
    }
}

static void every_field_of_every_sample_is_what_happened(void **unused)
{
    (void)unused;
    check_all_sizes((ReplaySetup){.envs = 1}, NULL);
    check_all_sizes((ReplaySetup){.envs = 3}, NULL);
}

static void returns_of_several_steps_stop_at_ends_at_cuts_and_at_the_newest_frame(void **unused)
{
    (void)unused;
    check_all_sizes((ReplaySetup){.envs = 1, .return_steps = 3}, NULL);
    check_all_sizes((ReplaySetup){.envs = 2, .return_steps = 20, .packed = true}, NULL);
}

static void packed_frames_come_back_as_they_were(void **unused)
{
    (void)unused;
    Error error;
    Parallel *team = parallel_create(3, &error);
    assert_non_null(team);
    check_all_sizes((ReplaySetup){.envs = 1, .packed = true}, NULL);
    check_all_sizes((ReplaySetup){.envs = 3, .packed = true}, team);
    parallel_destroy(team);
}

static void what_is_drawn_by_priority_is_what_happened(void **unused)
{
    (void)unused;
    check_all_sizes((ReplaySetup){.envs = 1, .prioritised = true}, NULL);
    check_all_sizes((ReplaySetup){.envs = 3, .prioritised = true, .packed = true}, NULL);
}

/* Every transition gets the priority of its action, 0 .. 17; those of priority 0 are never drawn
 * again, and the others as often as their share says. */
static void each_transition_is_drawn_as_often_as_its_priority_says(void **unused)
{
    (void)unused;
    enum { ROUNDS = 4000 };
    Error error;
    ReplayBatch batch;
    double expected[18] = {0}, drawn[18] = {0}, priorities[BATCH], chi_square = 0;
    World *world = world_create((ReplaySetup){.capacity = 100, .envs = 1, .prioritised = true}, 5);
    play(world, 777);
    assert_true(replay_batch_create(&batch, world->replay, BATCH, &error));
    for (int round = 0; round < ROUNDS; round++) {
        replay_sample(world->replay, &world->random, BATCH, NULL, &batch);
        for (int n = 0; n < BATCH; n++) {
            priorities[n] = batch.action[n];
            if (round >= ROUNDS / 2)
                drawn[batch.action[n]]++;
        }
        replay_prioritise(world->replay, &batch, BATCH, priorities);
    }
    double total = 0;
    const int count = world->life[0].count, first = count - (int)replay_count(world->replay);
    for (int i = first; i < count; i++)
        total += world->life[0].list[i].action;
    for (int i = first; i < count; i++) {
        const int action = world->life[0].list[i].action;
        expected[action] += action / total * BATCH * (ROUNDS / 2);
    }
    assert_true(drawn[0] == 0);
    for (int action = 1; action < 18; action++)
        chi_square += expected[action] == 0
                          ? 0
                          : (drawn[action] - expected[action]) *
                                (drawn[action] - expected[action]) / expected[action];
    assert_true(chi_square < 45); /* 16 degrees of freedom: once in ten thousand */
    for (int n = 0; n < BATCH; n++)
        assert_true(fabs(batch.chance[n] - batch.action[n] / total) < 1e-6);
    replay_batch_destroy(&batch);
    world_destroy(world);
}

static void a_surprise_is_drawn_at_once_and_what_is_overwritten_never(void **unused)
{
    (void)unused;
    Error error;
    ReplayBatch batch;
    World *world = world_create((ReplaySetup){.capacity = 50, .envs = 1, .prioritised = true}, 6);
    play(world, 200);
    assert_true(replay_batch_create(&batch, world->replay, BATCH, &error));
    replay_sample(world->replay, &world->random, BATCH, NULL, &batch);
    replay_prioritise(world->replay, &batch, 1, (const double[]){REPLAY_PRIORITY_MAX});
    check_samples(world, NULL, 1, NULL);
    for (int i = 0; i < 300; i++) { /* the newest are as urgent as the most urgent ever was */
        step(world, 0, REPLAY_GOES_ON);
        check_samples(world, NULL, 1, NULL);
    }
    replay_batch_destroy(&batch);
    world_destroy(world);
}

static void each_transition_is_drawn_equally_often(void **unused)
{
    (void)unused;
    enum { CAPACITY = 200, BATCHES = 2000 };
    static int hits[LIST_MAX];
    World *world = world_create((ReplaySetup){.capacity = CAPACITY, .envs = 1}, 7);
    play(world, 1000);
    memset(hits, 0, sizeof hits);
    check_samples(world, NULL, BATCHES, hits);
    const int64_t count = replay_count(world->replay);
    const double expected = (double)BATCHES * BATCH / (double)count;
    double chi_square = 0;
    int drawn = 0;
    for (int i = world->life[0].count - CAPACITY; i < world->life[0].count; i++) {
        drawn += hits[i] > 0;
        if (hits[i] > 0)
            chi_square += (hits[i] - expected) * (hits[i] - expected) / expected;
    }
    assert_int_equal(drawn, count);
    assert_true(chi_square <
                1.5 * (double)count); /* mean count, deviation 20: 1.5 is five of them away */
    assert_true(chi_square > 0.5 * (double)count);
    world_destroy(world);
}

static void a_full_memory_keeps_as_many_transitions_as_it_says(void **unused)
{
    (void)unused;
    for (int envs = 1; envs <= ENVS_MAX; envs++) {
        World *world = world_create((ReplaySetup){.capacity = 100, .envs = envs}, 3);
        for (int env = 0; env < envs; env++) {
            begin(world, env);
            for (int i = 0; i < 1000; i++)
                step(world, env, REPLAY_GOES_ON);
        }
        assert_int_equal(replay_count(world->replay), envs * world->capacity);
        world_destroy(world);
    }
}

static void what_cannot_fit_is_refused_with_a_figure(void **unused)
{
    (void)unused;
    Error error = {0};
    const ReplaySetup setup = {
        .capacity = INT64_C(1) << 40,
        .frame_bytes = 7056,
        .history = 4,
        .envs = 1,
        .return_steps = 1,
    };
    assert_null(replay_create(&setup, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_non_null(strstr(error.text, "GB"));
}

static uint64_t digest_of_replay(Replay *replay)
{
    State state;
    state_begin_digest(&state);
    replay_walk(replay, &state);
    return state_digest(&state);
}

static uint64_t digest_after(uint64_t seed, int steps, bool packed)
{
    World *world = world_create((ReplaySetup){.capacity = 50, .envs = 2, .packed = packed}, seed);
    play(world, steps);
    const uint64_t digest = digest_of_replay(world->replay);
    world_destroy(world);
    return digest;
}

static void the_digest_tells_memories_apart(void **unused)
{
    (void)unused;
    assert_true(digest_after(1, 300, false) == digest_after(1, 300, true));
    assert_true(digest_after(1, 300, false) != digest_after(2, 300, false));
    assert_true(digest_after(1, 300, false) != digest_after(1, 301, false));
}

/* ---- saving ---- */

/* Something to be forgotten: every second slot has no action, every frame is noise. */
static void fill_with_rubbish(Replay *replay)
{
    Error error;
    uint8_t frame[FRAME];
    for (uint32_t i = 0; i < 900; i++) {
        const int env = (int)i % replay_setup(replay)->envs;
        make_frame(frame, 7 * i);
        assert_true(replay_begin(replay, env, frame, &error));
        assert_true(replay_add(replay, env, &(ReplayStep){1, 1, REPLAY_CUT}, frame, &error));
    }
}

/* Put back what `from` holds but for its open slots; `change` bit 0..3: with another frame, action,
 * reward, flags in one slot. */
static void put_back(Replay *to, Replay *from, int change)
{
    for (int env = 0; env < replay_setup(from)->envs; env++) {
        replay_restart(to, env, replay_oldest(from, env));
        for (int64_t slot = replay_oldest(from, env); slot < replay_newest(from, env); slot++) {
            Error error;
            uint8_t frame[FRAME];
            ReplaySlot what;
            replay_get(from, env, slot, &what, frame);
            if (env == 0 && slot == replay_newest(from, env) - 20) {
                frame[FRAME - 1] ^= (uint8_t)(change & 1);
                what.action ^= (uint8_t)(change >> 1 & 1);
                what.reward += (float)(change >> 2 & 1);
                what.flags ^= (uint8_t)(change >> 3 & 1);
            }
            assert_true(replay_put(to, env, &what, frame, &error));
        }
    }
}

/* The open slots, by way of bytes. False: they were refused. */
static bool walk_over(Replay *to, Replay *from, Error *error)
{
    State saved = {0}, state;
    state_begin_save(&saved, error);
    replay_walk(from, &saved);
    state_begin_load(&state, saved.bytes, saved.count, error);
    replay_walk(to, &state);
    const bool done = state_end_load(&state);
    state_free(&saved);
    return done;
}

static Replay *copy_of(Replay *from, bool packed)
{
    Error error = {0};
    ReplaySetup setup = *replay_setup(from);
    setup.packed = packed;
    Replay *to = replay_create(&setup, &error);
    assert_non_null(to);
    fill_with_rubbish(to);
    for (int time = 0; time < 4; time++) /* as often as one likes */
        put_back(to, from, 0);
    if (!walk_over(to, from, &error))
        fail_msg("%s", error.text);
    return to;
}

static void check_copy(int64_t capacity, int envs, int steps, bool packed)
{
    World *world = world_create(
        (ReplaySetup){.capacity = capacity, .envs = envs, .packed = !packed}, (uint64_t)steps);
    play(world, steps);
    for (int env = 0; env < envs; env++)
        step(world, env, REPLAY_GOES_ON);
    Replay *copy = copy_of(world->replay, packed);
    assert_int_equal(replay_count(copy), replay_count(world->replay));
    replay_destroy(world->replay);
    world->replay = copy;
    if (replay_count(copy) > 0)
        check_samples(world, NULL, 10, NULL);
    for (int i = 0; i < 210; i++)
        step(world, i % envs, i == 30 ? REPLAY_ENDED : REPLAY_GOES_ON);
    if (replay_count(copy) > 0)
        check_samples(world, NULL, 10, NULL);
    world_destroy(world);
}

/* The copy takes the original's place in the middle of an episode; what is drawn from it then is
 * still checked against the naive list. */
static void what_is_put_back_is_the_memory_that_was_saved(void **unused)
{
    (void)unused;
    static const int64_t capacities[] = {1, 2, 5, 64, 500, 5000};
    for (size_t c = 0; c < sizeof capacities / sizeof capacities[0]; c++)
        for (int steps = 1; steps < 1500; steps = steps * 3 + 1)
            for (int packed = 0; packed < 2; packed++) {
                check_copy(capacities[c], 1, steps, packed);
                check_copy(capacities[c], 3, steps, packed);
            }
}

/* What is drawn from two memories by equal streams. */
static void check_equal_draws(Replay *const both[2], uint64_t seed)
{
    Error error;
    ReplayBatch batch[2];
    for (int k = 0; k < 2; k++) {
        Random random = random_stream(seed, "draw");
        assert_true(replay_batch_create(&batch[k], both[k], BATCH, &error));
        replay_sample(both[k], &random, BATCH, NULL, &batch[k]);
    }
    assert_memory_equal(batch[0].action, batch[1].action, BATCH * sizeof(int));
    assert_memory_equal(batch[0].reward, batch[1].reward, BATCH * sizeof(double));
    assert_memory_equal(batch[0].discount, batch[1].discount, BATCH * sizeof(double));
    for (int k = 0; k < 2; k++)
        replay_batch_destroy(&batch[k]);
}

/* From here on the same is added to and drawn from both. */
static void a_copy_and_its_original_stay_equal(void **unused)
{
    (void)unused;
    World *world = world_create((ReplaySetup){.capacity = 60, .envs = 1, .prioritised = true}, 11);
    play(world, 700);
    Replay *both[2] = {world->replay, copy_of(world->replay, true)};
    for (uint32_t i = 0; i < 300; i++) {
        Error error;
        uint8_t frame[FRAME];
        make_frame(frame, i);
        const bool cut = random_below(&world->random, 3) == 0;
        const ReplayStep step = {(int)i % 18, (float)i, cut ? REPLAY_CUT : REPLAY_GOES_ON};
        for (int k = 0; k < 2; k++) {
            assert_true(replay_add(both[k], 0, &step, frame, &error));
            if (cut)
                assert_true(replay_begin(both[k], 0, frame, &error));
        }
        check_equal_draws(both, i);
        assert_true(digest_of_replay(both[0]) == digest_of_replay(both[1]));
        assert_int_equal(replay_count(both[0]), replay_count(both[1]));
    }
    replay_destroy(both[1]);
    world_destroy(world);
}

static void one_wrong_byte_in_a_slot_is_noticed(void **unused)
{
    (void)unused;
    for (int change = 0; change < 9; change = change == 0 ? 1 : 2 * change) {
        Error error = {0};
        World *world = world_create((ReplaySetup){.capacity = 50, .envs = 1}, 4);
        play(world, 120);
        Replay *to = copy_of(world->replay, false);
        put_back(to, world->replay, change);
        assert_int_equal(walk_over(to, world->replay, &error), change == 0);
        assert_true(change == 0 || strstr(error.text, "not the one that was saved") != NULL);
        replay_destroy(to);
        world_destroy(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_of_every_sample_is_what_happened),
        cmocka_unit_test(returns_of_several_steps_stop_at_ends_at_cuts_and_at_the_newest_frame),
        cmocka_unit_test(what_is_drawn_by_priority_is_what_happened),
        cmocka_unit_test(each_transition_is_drawn_as_often_as_its_priority_says),
        cmocka_unit_test(a_surprise_is_drawn_at_once_and_what_is_overwritten_never),
        cmocka_unit_test(packed_frames_come_back_as_they_were),
        cmocka_unit_test(each_transition_is_drawn_equally_often),
        cmocka_unit_test(a_full_memory_keeps_as_many_transitions_as_it_says),
        cmocka_unit_test(what_cannot_fit_is_refused_with_a_figure),
        cmocka_unit_test(the_digest_tells_memories_apart),
        cmocka_unit_test(what_is_put_back_is_the_memory_that_was_saved),
        cmocka_unit_test(a_copy_and_its_original_stay_equal),
        cmocka_unit_test(one_wrong_byte_in_a_slot_is_noticed),
    };
    return cmocka_run_group_tests_name("rl/replay", tests, NULL, NULL);
}
