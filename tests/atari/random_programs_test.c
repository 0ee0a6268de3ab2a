/*
 * Programs made up at random (random_program.h) on three consoles: drawn fast, drawn plainly, drawn
 * now and then. Nothing that a program can notice differs, and no pixel of a picture. And what the
 * reference made of some of them.
 *
 * DEEPQ_TEST_PROGRAMS: how many programs, instead of PROGRAMS. Program i is always the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "atari/random_program.h"
#include "base/digest.h"
#include "support/three_consoles.h"

enum { PROGRAMS = 250, UPDATES = 10 };

/* What the programs came by: that they go where the traps are is to be seen, too. */
typedef struct {
    uint16_t collisions;  /* bits as in Tia */
    uint8_t colours[128]; /* 1: seen, by half the colour's index */
    int whole, partial, short_of_lines, long_of_lines, dark;
    int stars, hidden, combs;
} Reached;

static int programs_wanted(void)
{
    const char *text = getenv("DEEPQ_TEST_PROGRAMS");
    const int programs = text == NULL ? 0 : atoi(text);
    return programs > 0 ? programs : PROGRAMS;
}

static ConsoleSetup random_setup(Random *random)
{
    static const int heights[] = {1, 30, 210, 210, 210, SCREEN_ROWS_MAX};
    ConsoleSetup setup = {
        .first_line = 20 + (int)random_below(random, 20),
        .height = heights[random_below(random, 6)],
        .hmove_blanks = random_below(random, 4) != 0,
        .format = random_below(random, 4) == 0 ? CONSOLE_PAL : CONSOLE_NTSC,
    };
    setup.paddles[0] = random_below(random, 3) == 0;
    setup.paddles[1] = random_below(random, 3) == 0;
    return setup;
}

static ConsoleInput random_input(Random *random)
{
    static const uint32_t ohms[] = {0, CONSOLE_PADDLE_MIN, CONSOLE_PADDLE_MAX, CONSOLE_PADDLE_NONE};
    ConsoleInput input = {
        .swcha = (uint8_t)random_below(random, 256),
        .swchb = (uint8_t)random_below(random, 256),
    };
    for (int i = 0; i < 2; i++)
        input.fire[i] = random_below(random, 2);
    for (int i = 0; i < 4; i++)
        input.paddle[i] = ohms[random_below(random, 4)];
    return input;
}

static void note(Reached *reached, const Machine *machine)
{
    const Console *console = &machine->console;
    const uint8_t *picture = console_picture(console, &machine->screen);
    reached->collisions |= console->tia.collisions;
    for (int i = 0; i < console->tia.height * SCREEN_COLUMNS; i += 7)
        reached->colours[picture[i] >> 1] = 1;
    reached->partial += console->unfinished;
    reached->whole += machine->filled;
    reached->short_of_lines += console->lines < 250;
    reached->long_of_lines += console->lines > 290;
    reached->dark += (console->tia.vblank & 2) != 0;
    reached->stars += console->tia.star != TIA_STAR_OFF;
    reached->hidden += console->tia.first_hidden[0] || console->tia.first_hidden[1];
    reached->combs += console->tia.comb;
}

static void play(const Cartridge *cartridge, int program, Random *random, Reached *reached)
{
    enum { RESET_ONE_IN = 20 };
    static ThreeConsoles three;
    const ConsoleSetup setup = random_setup(random);
    three_consoles_power_on(&three, cartridge, &setup);
    for (int i = 0; i < UPDATES; i++) {
        const ConsoleInput input = random_input(random);
        if (random_below(random, RESET_ONE_IN) == 0)
            three_consoles_reset(&three, cartridge);
        three_consoles_update(&three, cartridge, &input, random_below(random, 3) == 0);
        const char *difference = three_consoles_difference(&three, cartridge);
        if (difference != NULL)
            fail_msg("program %d, update %d: %s", program, i, difference);
        note(reached, &three.fast);
    }
}

/* Program i and, from then on, what is done with it. */
static Cartridge *program_cartridge(int program, Random *random)
{
    uint8_t image[RANDOM_PROGRAM_BYTES];
    Error error = {0};
    *random = random_stream((uint64_t)program, "random program");
    random_program(image, random);
    Cartridge *cartridge =
        cartridge_create(image, sizeof image, CARTRIDGE_4K, "random program", &error);
    assert_non_null(cartridge);
    return cartridge;
}

static void play_program(int program, Reached *reached)
{
    Random random;
    Cartridge *cartridge = program_cartridge(program, &random);
    play(cartridge, program, &random, reached);
    cartridge_destroy(cartridge);
}

/* Enough of everything that the comparison means something. */
static void assert_reached_the_edges(const Reached *reached)
{
    enum { ALL_PAIRS = 0xffff & ~(1 << 12) }; /* bit 6 of CXBLPF is nobody's */
    int colours = 0;
    for (int i = 0; i < 128; i++)
        colours += reached->colours[i];
    assert_int_equal(reached->collisions, ALL_PAIRS);
    assert_in_range(colours, 100, 128);
    assert_true(reached->whole > 500 && reached->partial > 40);
    assert_true(reached->short_of_lines > 500 && reached->long_of_lines > 200);
    assert_true(reached->dark > 100 && reached->stars > 100);
    assert_true(reached->hidden > 100 && reached->combs > 100);
}

static void random_programs_are_drawn_alike_fast_and_plainly_and_play_alike_undrawn(void **state)
{
    (void)state;
    Reached reached = {0};
    const int programs = programs_wanted();
    for (int program = 0; program < programs; program++)
        play_program(program, &reached);
    if (programs >= PROGRAMS)
        assert_reached_the_edges(&reached);
}

/* Everything of twelve updates of the bare console, as in the core traces (core_traces_test.c):
 * RAM, picture, count of lines. */
static uint64_t add_bare_play(uint64_t digest, int program)
{
    enum { FRAMES = 12 };
    static Console console;
    static Screen screen;
    Random random;
    const ConsoleSetup setup = {.first_line = 34, .height = 210, .hmove_blanks = true};
    Mt19937 noise = mt19937_seeded(CONSOLE_NOISE_SEED);
    Cartridge *cartridge = program_cartridge(program, &random);
    memset(&screen, 0, sizeof screen);
    console_insert(&console, cartridge, &setup, &noise);
    console_reset(&console, cartridge, &noise);
    for (int frame = 0; frame < FRAMES; frame++) {
        console_update(&console, cartridge, &screen);
        const uint8_t lines[2] = {(uint8_t)console.lines, (uint8_t)(console.lines >> 8)};
        digest = fnv1a64(digest, console.riot.ram, RIOT_RAM_BYTES);
        digest = fnv1a64(digest, console_picture(&console, &screen),
                         (size_t)console.tia.height * SCREEN_COLUMNS);
        digest = fnv1a64(digest, lines, sizeof lines);
    }
    cartridge_destroy(cartridge);
    return digest;
}

/* Whoever changes the programs has to ask the reference anew. */
static void random_programs_play_as_on_the_reference(void **state)
{
    (void)state;
    enum { GROUP = 20 };
    static const uint64_t reference[] = {
        0x87b15590d950101c, 0xac87a9204b32f167, 0x984670d11cfa389a,
        0xf0b58bf29eb28835, 0xe50820dc9f6d2aa8, 0xa976ba9c0169d98a,
    };
    for (int group = 0; group < (int)(sizeof reference / sizeof reference[0]); group++) {
        uint64_t digest = FNV1A64_START;
        for (int i = 0; i < GROUP; i++)
            digest = add_bare_play(digest, group * GROUP + i);
        if (digest != reference[group])
            fail_msg("one of the programs %d .. %d", group * GROUP, group * GROUP + GROUP - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_programs_are_drawn_alike_fast_and_plainly_and_play_alike_undrawn),
        cmocka_unit_test(random_programs_play_as_on_the_reference),
    };
    return cmocka_run_group_tests_name("atari/random_programs", tests, NULL, NULL);
}
