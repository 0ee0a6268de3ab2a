/*
 * The console survives everything: cartridges of random bytes in every type and size, real ones
 * with bytes flipped, processors that stop.
 *
 * DEEPQ_TEST_FRAMES: updates that each cartridge is played for, instead of FRAMES.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "atari/console.h"
#include "base/random.h"
#include "support/test_data.h"

enum { KB = 1024, FRAMES = 60, CANARY = 0xc5, FENCE_BYTES = 256, SIZES = 13, IMAGE_MAX = 512 * KB };

static const size_t sizes[SIZES] = {2 * KB,  4 * KB,  8 * KB,  10 * KB,  10495,    10496,   12 * KB,
                                    16 * KB, 32 * KB, 64 * KB, 128 * KB, 256 * KB, 512 * KB};

/* A machine between fences. What an update must not touch holds CANARY: the fences, RAM that the
 * cartridge does not have, rows beneath the picture. */
typedef struct {
    uint8_t fence_a[FENCE_BYTES];
    Console console;
    uint8_t fence_b[FENCE_BYTES];
    Screen screen;
    uint8_t fence_c[FENCE_BYTES];
} Pen;

static Pen pen;

static int frames_wanted(void)
{
    const char *text = getenv("DEEPQ_TEST_FRAMES");
    const int frames = text == NULL ? 0 : atoi(text);
    return frames > 0 ? frames : FRAMES;
}

/* ---- canaries ---- */

static bool is_all_canary(const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes[i] != CANARY)
            return false;
    return true;
}

static const char *canary_lost(const Cartridge *cartridge)
{
    const size_t shown = (size_t)pen.console.setup.height * SCREEN_COLUMNS;
    if (!is_all_canary(pen.fence_a, FENCE_BYTES) || !is_all_canary(pen.fence_b, FENCE_BYTES))
        return "beside the console";
    if (!is_all_canary(pen.fence_c, FENCE_BYTES))
        return "behind the screen";
    for (int picture = 0; picture < 2; picture++)
        if (!is_all_canary(pen.screen.pixels[picture] + shown, sizeof *pen.screen.pixels - shown))
            return "beneath the picture";
    if (!is_all_canary(pen.console.cartridge_ram + cartridge->ram_bytes,
                       CARTRIDGE_RAM_BYTES_MAX - cartridge->ram_bytes))
        return "in RAM that the cartridge does not have";
    return NULL;
}

/* ---- playing ---- */

static ConsoleSetup random_setup(Random *random)
{
    static const int heights[] = {1, 100, 210, SCREEN_ROWS_MAX};
    static const ConsoleFormat formats[] = {CONSOLE_DETECT, CONSOLE_NTSC, CONSOLE_PAL};
    ConsoleSetup setup = {
        .first_line = (int)random_below(random, 60),
        .height = heights[random_below(random, 4)],
        .hmove_blanks = random_below(random, 2),
        .format = formats[random_below(random, 3)],
    };
    setup.paddles[0] = random_below(random, 2);
    setup.paddles[1] = random_below(random, 2);
    return setup;
}

static void random_input(Random *random, ConsoleInput *input)
{
    static const uint32_t ohms[] = {0, CONSOLE_PADDLE_MIN, CONSOLE_PADDLE_MAX, CONSOLE_PADDLE_NONE};
    input->swcha = (uint8_t)random_below(random, 256);
    input->swchb = (uint8_t)random_below(random, 256);
    for (int i = 0; i < 2; i++)
        input->fire[i] = random_below(random, 2);
    for (int i = 0; i < 4; i++)
        input->paddle[i] = ohms[random_below(random, 4)];
}

static void play_in_pen(const Cartridge *cartridge, Random *random, const char *what)
{
    enum { RESET_ONE_IN = 50, UNDRAWN_ONE_IN = 4 };
    const ConsoleSetup setup = random_setup(random);
    Mt19937 noise = mt19937_seeded(CONSOLE_NOISE_SEED);
    memset(&pen, CANARY, sizeof pen);
    console_insert(&pen.console, cartridge, &setup, &noise);
    memset(pen.console.cartridge_ram + cartridge->ram_bytes, CANARY,
           CARTRIDGE_RAM_BYTES_MAX - cartridge->ram_bytes);
    pen.console.tia.plain = pen.console.tia.eager = random_below(random, 8) == 0;
    for (int frame = 0; frame < frames_wanted(); frame++) {
        random_input(random, &pen.console.input);
        const bool drawn = random_below(random, UNDRAWN_ONE_IN) != 0;
        console_update(&pen.console, cartridge, drawn ? &pen.screen : NULL);
        const char *where = canary_lost(cartridge);
        if (where != NULL)
            fail_msg("%s, frame %d: bytes changed %s", what, frame, where);
        if (random_below(random, RESET_ONE_IN) == 0)
            console_reset(&pen.console, cartridge, &noise);
    }
}

/* ---- random bytes ---- */

static bool is_kil(uint8_t byte)
{
    return (byte & 0x1f) == 0x12 || (byte & 0x9f) == 0x02;
}

static void fill_image(uint8_t *image, size_t count, Random *random, bool with_kil)
{
    for (size_t i = 0; i < count; i++)
        do
            image[i] = (uint8_t)random_below(random, 256);
        while (!with_kil && is_kil(image[i]));
}

/* Returns whether the type has that size. */
static bool play_random_bytes(CartridgeType type, size_t size, Random *random, bool with_kil)
{
    static uint8_t image[IMAGE_MAX];
    char what[64];
    Error error = {0};
    fill_image(image, size, random, with_kil);
    snprintf(what, sizeof what, "type %s of %zu bytes", cartridge_type_name(type), size);
    Cartridge *cartridge = cartridge_create(image, size, type, what, &error);
    if (cartridge == NULL) {
        assert_int_equal(error.kind, ERROR_INPUT);
        return false;
    }
    play_in_pen(cartridge, random, what);
    cartridge_destroy(cartridge);
    return true;
}

static void random_bytes_of_every_type_and_size_can_be_played(void **state)
{
    (void)state;
    Random random = random_stream(1, "rough");
    for (int type = 0; type < CARTRIDGE_TYPES; type++) {
        int fitting = 0;
        for (int i = 0; i < SIZES; i++)
            for (int with_kil = 0; with_kil < 2; with_kil++)
                fitting += play_random_bytes((CartridgeType)type, sizes[i], &random, with_kil);
        if (fitting == 0)
            fail_msg("no size fits type %s", cartridge_type_name((CartridgeType)type));
    }
}

/* ---- real cartridges with faults ---- */

static void flip_bits(Cartridge *cartridge, Random *random)
{
    enum { FLIPS_MAX = 16 };
    const uint32_t flips = 1 + random_below(random, FLIPS_MAX);
    for (uint32_t i = 0; i < flips; i++)
        cartridge->bytes[random_below(random, (uint32_t)cartridge->size_bytes)] ^=
            (uint8_t)(1 << random_below(random, 8));
}

static void play_with_faults(const char *path, Random *random)
{
    enum { MUTANTS = 3 };
    for (int i = 0; i < MUTANTS; i++) {
        Error error = {0};
        Cartridge *cartridge = cartridge_load(path, CARTRIDGE_DETECT, &error);
        if (cartridge == NULL)
            fail_msg("%s", error.text);
        flip_bits(cartridge, random);
        play_in_pen(cartridge, random, path);
        cartridge_destroy(cartridge);
    }
}

static int play_folder_with_faults(const char *folder, Random *random)
{
    DIR *listing = opendir(folder);
    int played = 0;
    if (listing == NULL)
        return 0;
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        char path[1200];
        const size_t length = strlen(entry->d_name);
        if (length < 4 || strcmp(entry->d_name + length - 4, ".bin") != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        play_with_faults(path, random);
        played++;
    }
    closedir(listing);
    return played;
}

static void real_cartridges_with_flipped_bits_can_be_played(void **state)
{
    (void)state;
    char folder[1024];
    Random random = random_stream(2, "rough");
    assert_true(play_folder_with_faults(DEEPQ_SOURCE_DIR "/cartridges", &random) >= 2);
    if (test_data_path(folder, sizeof folder, "roms"))
        assert_true(play_folder_with_faults(folder, &random) > 0);
}

/* ---- processors that stop ---- */

/* Ends seven frames of three lines, counted in RAM 0x80, then makes the picture white and, in line
 * 60, meets the byte at KIL_AT. */
static const uint8_t stopping[] = {
    0xa9, 0x00, 0x85, 0x80,                   /* f000       LDA #0, STA 0x80      */
    0xe6, 0x80, 0xa9, 0x02, 0x85, 0x00,       /* f004 frame INC 0x80, begin VSYNC */
    0x85, 0x02, 0x85, 0x02, 0x85, 0x02,       /* f00a       three lines           */
    0xa9, 0x0e, 0x85, 0x09, 0x29, 0x00,       /* f010       white; end VSYNC      */
    0x85, 0x00, 0xa5, 0x80, 0xc9, 0x07,       /* f016       the 7th frame?        */
    0xd0, 0xe6, 0xa2, 0x3c, 0x85, 0x02, 0xca, /* f01c       no: frame; 60 lines   */
    0xd0, 0xfb, 0x02,                         /* f023       then stop             */
};

enum { KIL_AT = sizeof stopping - 1, KIL_FRAME = 7, WHITE = 0x0e, GREYED_WHITE = 7 };

static Cartridge *stopping_cartridge(uint8_t kil)
{
    uint8_t image[2 * KB] = {0};
    Error error = {0};
    memcpy(image, stopping, sizeof stopping);
    image[KIL_AT] = kil;
    image[2 * KB - 3] = 0xf0;
    Cartridge *cartridge = cartridge_create(image, sizeof image, CARTRIDGE_2K, "KIL", &error);
    assert_non_null(cartridge);
    return cartridge;
}

static void update_until_jammed(const Cartridge *cartridge, Screen *screen, uint8_t kil)
{
    for (int frame = 0; frame < 3 * KIL_FRAME; frame++) {
        console_update(&pen.console, cartridge, screen);
        if (pen.console.cpu.jammed)
            return;
    }
    fail_msg("opcode %02x does not stop the processor", kil);
}

/* After it has stopped: updates end, and nothing happens in them any more. */
static void assert_stands(const Cartridge *cartridge, uint8_t kil)
{
    const Console before = pen.console;
    for (int frame = 0; frame < 100; frame++) {
        console_update(&pen.console, cartridge, &pen.screen);
        if (!pen.console.cpu.jammed || !pen.console.unfinished ||
            pen.console.cpu.pc != before.cpu.pc || pen.console.lines != before.lines ||
            memcmp(pen.console.riot.ram, before.riot.ram, RIOT_RAM_BYTES) != 0)
            fail_msg("opcode %02x: something goes on in update %d", kil, frame);
    }
}

/* [ALE] above the line where it stopped the picture is as drawn; from there on greyed, once. */
static void assert_greyed_once(uint8_t kil)
{
    const uint8_t *picture = console_picture(&pen.console, &pen.screen);
    const int stopped_row = pen.console.lines - pen.console.tia.first_line;
    assert_true(stopped_row > 0 && stopped_row < pen.console.tia.height);
    if (picture[(stopped_row - 1) * SCREEN_COLUMNS] != WHITE)
        fail_msg("opcode %02x: the picture above is lost", kil);
    if (picture[(stopped_row + 1) * SCREEN_COLUMNS] != GREYED_WHITE)
        fail_msg("opcode %02x: the picture beneath is not greyed once", kil);
}

static void a_kil_opcode_stops_the_processor_until_a_reset(void **state)
{
    (void)state;
    static const uint8_t kil[] = {0x02, 0x12, 0x22, 0x32, 0x42, 0x52,
                                  0x62, 0x72, 0x92, 0xb2, 0xd2, 0xf2};
    const ConsoleSetup setup = {.first_line = 34, .height = 210, .format = CONSOLE_NTSC};
    for (size_t i = 0; i < sizeof kil; i++) {
        Cartridge *cartridge = stopping_cartridge(kil[i]);
        Mt19937 noise = mt19937_seeded(CONSOLE_NOISE_SEED);
        memset(&pen.screen, WHITE, sizeof pen.screen);
        console_insert(&pen.console, cartridge, &setup, &noise);
        for (int life = 0; life < 3; life++) {
            update_until_jammed(cartridge, &pen.screen, kil[i]);
            assert_int_equal(pen.console.riot.ram[0], KIL_FRAME);
            if (life == 0)
                assert_greyed_once(kil[i]);
            assert_stands(cartridge, kil[i]);
            if (life == 0)
                assert_greyed_once(kil[i]);
            console_reset(&pen.console, cartridge, &noise);
            assert_false(pen.console.cpu.jammed);
        }
        cartridge_destroy(cartridge);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_bytes_of_every_type_and_size_can_be_played),
        cmocka_unit_test(real_cartridges_with_flipped_bits_can_be_played),
        cmocka_unit_test(a_kil_opcode_stops_the_processor_until_a_reset),
    };
    return test_data_status(cmocka_run_group_tests_name("atari/rough", tests, NULL, NULL));
}
