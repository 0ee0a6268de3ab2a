/*
 * The library's states: small, exact with sticky actions and without, what is seen right after a
 * load, and a million of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "atari/cartridge.h"
#include "base/digest.h"
#include "deepq_atari.h"

static const char bricks[] = DEEPQ_SOURCE_DIR "/cartridges/bricks.bin";

enum { RAM_BYTES = 128, STATE_BYTES_MAX = 8192 };

static DeepqAtari *open_bricks(uint32_t seed, double sticky)
{
    DeepqAtariError error;
    const DeepqAtariOptions options = {.seed = seed, .sticky = sticky, .frame_skip = 4};
    DeepqAtari *game = deepq_atari_open(bricks, &options, &error);
    if (game == NULL)
        fail_msg("%s", error.text);
    return game;
}

static uint64_t play(DeepqAtari *game, int acts)
{
    const size_t pixels = (size_t)deepq_atari_width(game) * (size_t)deepq_atari_height(game);
    uint64_t digest = FNV1A64_START;
    for (int i = 0; i < acts; i++) {
        const double reward =
            deepq_atari_act(game, i / 5 % 2 ? DEEPQ_ATARI_LEFT : DEEPQ_ATARI_FIRE);
        digest = fnv1a64(digest, &reward, sizeof reward);
        digest = fnv1a64(digest, deepq_atari_ram(game), RAM_BYTES);
        digest = fnv1a64(digest, deepq_atari_screen(game), pixels);
    }
    return digest;
}

static void a_state_is_below_a_kibibyte_and_the_cartridges_ram(void **unused)
{
    (void)unused;
    static const size_t sizes[] = {2048, 4096, 8192, 10240, 12288, 16384, 32768};
    static uint8_t image[32768];
    for (int type = CARTRIDGE_DETECT + 1; type < CARTRIDGE_TYPES; type++) {
        const char *name = cartridge_type_name((CartridgeType)type);
        const DeepqAtariOptions options = {.game = "bricks", .cartridge_type = name};
        DeepqAtari *game = NULL;
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0] && game == NULL; i++)
            game = deepq_atari_open_bytes(image, sizes[i], &options, NULL);
        if (game == NULL)
            fail_msg("type %s cannot be opened", name);
        const size_t ram = type == CARTRIDGE_E7                             ? 2048
                           : type == CARTRIDGE_CV                           ? 1024
                           : type == CARTRIDGE_FA                           ? 256
                           : strstr(name, "SC") != NULL /* the Superchip */ ? 128
                                                                            : 0;
        assert_in_range(deepq_atari_state_bytes(game, false), RAM_BYTES + ram, 1023 + ram);
        deepq_atari_close(game);
    }
}

static void sticky_actions_go_on_with_their_randomness_if_it_was_saved(void **unused)
{
    (void)unused;
    enum { SAVES = 6, ACTS = 20 };
    static char with[STATE_BYTES_MAX], without[STATE_BYTES_MAX];
    DeepqAtari *game = open_bricks(1, 0.5), *other = open_bricks(2, 0.5);
    assert_true(deepq_atari_state_bytes(game, true) <= sizeof with);
    for (int save = 0; save < SAVES; save++) {
        for (int i = 0; i <= save; i++)
            deepq_atari_act(game, DEEPQ_ATARI_RIGHT);
        deepq_atari_save(game, true, with);
        deepq_atari_save(game, false, without);
        const uint64_t expected = play(game, ACTS);
        play(other, ACTS);
        deepq_atari_load(other, true, with);
        assert_true(play(other, ACTS) == expected);
        deepq_atari_load(other, false, without); /* with its own dice, which stand elsewhere */
        assert_true(play(other, ACTS) != expected);
    }
    deepq_atari_close(game);
    deepq_atari_close(other);
}

static void what_can_be_asked_right_after_a_load_is_of_the_loaded_state(void **unused)
{
    (void)unused;
    static char state[STATE_BYTES_MAX];
    uint8_t ram[RAM_BYTES];
    DeepqAtari *game = open_bricks(1, 0);
    play(game, 100);
    deepq_atari_save(game, true, state);
    memcpy(ram, deepq_atari_ram(game), sizeof ram);
    const int lives = deepq_atari_lives(game);
    const int64_t frames = deepq_atari_frames(game);
    while (!deepq_atari_over(game))
        play(game, 50);
    deepq_atari_load(game, true, state);
    assert_memory_equal(deepq_atari_ram(game), ram, sizeof ram);
    assert_int_equal(deepq_atari_lives(game), lives);
    assert_int_equal(deepq_atari_frames(game), frames);
    assert_false(deepq_atari_over(game));
    deepq_atari_close(game);
}

/* Of this process, as the system counts them. */
static long resident_pages(void)
{
    long pages = -1;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL)
        return -1;
    if (fscanf(file, "%*d %ld", &pages) != 1)
        pages = -1;
    fclose(file);
    return pages;
}

static void a_million_clones_leak_nothing_and_change_nothing(void **unused)
{
    (void)unused;
    enum { CLONES = 1000000, ACTS = 30, LEAK_BYTES_MAX = 1 << 19 };
    static char state[STATE_BYTES_MAX], again[STATE_BYTES_MAX];
    DeepqAtari *game = open_bricks(1, 0.25);
    const size_t bytes = deepq_atari_state_bytes(game, true);
    play(game, ACTS);
    deepq_atari_save(game, true, state);
    const uint64_t expected = play(game, ACTS);
    deepq_atari_load(game, true, state);
    const long before = resident_pages();
    for (int i = 0; i < CLONES; i++) {
        deepq_atari_save(game, true, again);
        deepq_atari_load(game, true, again);
    }
    const long after = resident_pages();
    assert_memory_equal(again, state, bytes);
    assert_true(play(game, ACTS) == expected);
    if (before >= 0)
        assert_true((after - before) * sysconf(_SC_PAGESIZE) < LEAK_BYTES_MAX);
    deepq_atari_close(game);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_state_is_below_a_kibibyte_and_the_cartridges_ram),
        cmocka_unit_test(sticky_actions_go_on_with_their_randomness_if_it_was_saved),
        cmocka_unit_test(what_can_be_asked_right_after_a_load_is_of_the_loaded_state),
        cmocka_unit_test(a_million_clones_leak_nothing_and_change_nothing),
    };
    return cmocka_run_group_tests_name("library/state", tests, NULL, NULL);
}
