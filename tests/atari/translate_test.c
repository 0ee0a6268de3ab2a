/*
 * Programs as the host's instructions against the interpreter: instructions at random, all of them
 * and with operands of every kind, on a console that runs their translation and on a plain one.
 * random_programs_test.c has programs that draw; here it is the processor that is looked at.
 *
 * DEEPQ_TEST_PROGRAMS: how many programs, instead of PROGRAMS. Program i is always the same.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "atari/translate.h"
#include "base/digest.h"
#include "base/random.h"
#include "support/three_consoles.h"

enum { PROGRAMS = 400, UPDATES = 12, IMAGE_BYTES = 4096, ORIGIN = 0xf000, BANKS_MAX = 2 };
enum {
    JMP = 0x4c,
    JSR = 0x20,
    RTS = 0x60,
    LDA_IMM = 0xa9,
    LDX_IMM = 0xa2,
    STA_ZP = 0x85,
    TXS = 0x9a
};

typedef struct {
    uint8_t *image;
    int at;
    Random *random;
} Writer;

static int dice(Writer *writer, int sides)
{
    return (int)random_below(writer->random, (uint32_t)sides);
}

static void put(Writer *writer, int byte)
{
    writer->image[writer->at++] = (uint8_t)byte;
}

static void put3(Writer *writer, int opcode, int address)
{
    put(writer, opcode);
    put(writer, address & 0xff);
    put(writer, address >> 8);
}

static int pick(Writer *writer, const int *from, int count)
{
    return from[dice(writer, count)];
}

/* In page 0: most often RAM, else the TIA's registers. */
static int zero_operand(Writer *writer)
{
    return dice(writer, 4) != 0 ? 0x80 + dice(writer, 128) : 4 + dice(writer, 0x40 - 4);
}

static int absolute_operand(Writer *writer)
{
    static const int chips[] = {0x280, 0x281, 0x282, 0x284, 0x285, 0x294, 0x296};
    static const int mirrors[] = {0xf000, 0xf000, 0xf000, 0x1000, 0xd000};
    switch (dice(writer, 6)) {
    case 0: return pick(writer, chips, 7);
    case 1: return zero_operand(writer);
    case 2: return 0x180 + dice(writer, 128);
    default: return pick(writer, mirrors, 5) + dice(writer, IMAGE_BYTES);
    }
}

/* An instruction that lets the program go on here; branches skip a few bytes. */
static void put_instruction(Writer *writer)
{
    const int opcode = dice(writer, 256), column = opcode & 15;
    const bool jams =
        column == 2 && !(opcode == 0x82 || opcode == 0xa2 || opcode == 0xc2 || opcode == 0xe2);
    const bool goes_elsewhere = opcode == 0 || opcode == 0x40 || opcode == RTS || opcode == JSR ||
                                opcode == JMP || opcode == 0x6c;
    if (jams || goes_elsewhere || (opcode == TXS && dice(writer, 4) != 0))
        return;
    if ((opcode & 0x1f) == 0x10) {
        put(writer, opcode);
        put(writer, dice(writer, 12));
    } else if (column >= 12 || ((column == 9 || column == 11) && opcode & 0x10)) {
        put3(writer, opcode, absolute_operand(writer));
    } else {
        put(writer, opcode);
        if (column != 8 && column != 10)
            put(writer, zero_operand(writer));
    }
}

static void put_some(Writer *writer, int until)
{
    while (writer->at < until)
        put_instruction(writer);
}

static void set(Writer *writer, int reg, int value)
{
    put(writer, LDA_IMM), put(writer, value);
    put(writer, STA_ZP), put(writer, reg);
}

/* Where the stack's ends are, and the TIA's registers, in which programs push. */
static void put_stack(Writer *writer)
{
    static const int edges[] = {0x1e, 0x7f, 0x80, 0x81, 0x82, 0xc0, 0xfc, 0xfd, 0xfe, 0xff, 0};
    put(writer, LDX_IMM), put(writer, pick(writer, edges, 11)), put(writer, TXS);
}

/* A frame after the other: a vertical sync, then instructions with calls amid them. */
static void write_program(uint8_t image[IMAGE_BYTES], Random *random)
{
    enum {
        ROUTINES = 8,
        ROUTINE_BYTES = 64,
        MAIN_END = IMAGE_BYTES - ROUTINES * ROUTINE_BYTES - 96
    };
    Writer writer = {.image = image, .random = random};
    memset(image, 0xea, IMAGE_BYTES);
    set(&writer, VSYNC, 2);
    for (int line = 0; line < 3; line++)
        set(&writer, WSYNC, 0);
    set(&writer, VSYNC, 0);
    while (writer.at < MAIN_END) {
        if (dice(&writer, 3) == 0)
            put_stack(&writer);
        put_some(&writer, writer.at + 20);
        if (dice(&writer, 3) == 0)
            set(&writer, WSYNC, 0);
        put(&writer, LDX_IMM), put(&writer, 0xff), put(&writer, TXS);
        if (dice(&writer, 8) == 0)
            put_stack(&writer);
        if (dice(&writer, 100) == 0) /* into chips and RAM */
            put3(&writer, dice(&writer, 2) ? JMP : JSR, absolute_operand(&writer));
        put3(&writer, JSR, ORIGIN + MAIN_END + 80 + dice(&writer, ROUTINES) * ROUTINE_BYTES);
    }
    put3(&writer, JMP, ORIGIN);
    for (int i = 0; i < ROUTINES; i++) {
        writer.at = MAIN_END + 80 + i * ROUTINE_BYTES;
        put_some(&writer, writer.at + ROUTINE_BYTES - 8);
        put(&writer, RTS);
    }
    image[0xffc] = ORIGIN & 0xff;
    image[0xffd] = ORIGIN >> 8;
}

/* Now one bank, now two of the same kind of program. */
static Cartridge *cartridge_of(int program, Random *random)
{
    uint8_t image[BANKS_MAX * IMAGE_BYTES];
    const int banks = 1 + program % BANKS_MAX;
    Error error = {0};
    *random = random_stream((uint64_t)program, "translated program");
    for (int bank = 0; bank < banks; bank++)
        write_program(image + bank * IMAGE_BYTES, random);
    Cartridge *cartridge =
        cartridge_create(image, (size_t)(banks * IMAGE_BYTES),
                         banks == 1 ? CARTRIDGE_4K : CARTRIDGE_F8, "translated program", &error);
    assert_non_null(cartridge);
    return cartridge;
}

static const ConsoleSetup setup = {.first_line = 20, .height = 40, .format = CONSOLE_NTSC};

static ConsoleInput input_of(Random *random)
{
    ConsoleInput input = {.swcha = (uint8_t)random_below(random, 256), .swchb = SWCHB_IDLE};
    for (int i = 0; i < 4; i++)
        input.paddle[i] = CONSOLE_PADDLE_NONE;
    return input;
}

static int programs_wanted(void)
{
    const char *text = getenv("DEEPQ_TEST_PROGRAMS");
    const int programs = text == NULL ? 0 : atoi(text);
    return programs > 0 ? programs : PROGRAMS;
}

/* Play the program, with at most so many bytes of the host's instructions; returns how many they
 * were. `whole`: the frames that came to an end are added to it. */
static size_t play(int program, size_t limit, int *whole)
{
    static ThreeConsoles three;
    Random random;
    Cartridge *cartridge = cartridge_of(program, &random);
    if (cartridge->translation != NULL)
        translation_limit(cartridge->translation, limit);
    three_consoles_power_on(&three, cartridge, &setup);
    for (int i = 0; i < UPDATES; i++) {
        const ConsoleInput input = input_of(&random);
        three_consoles_update(&three, cartridge, &input, false);
        const char *difference = three_consoles_difference(&three, cartridge);
        if (difference != NULL)
            fail_msg("program %d, update %d: %s", program, i, difference);
        *whole += !three.fast.console.unfinished;
    }
    const size_t bytes =
        cartridge->translation != NULL ? translation_bytes(cartridge->translation) : 0;
    cartridge_destroy(cartridge);
    return bytes;
}

static void translations_do_what_the_interpreter_does(void **unused)
{
    (void)unused;
    int whole = 0, translated = 0;
    for (int program = 0; program < programs_wanted(); program++)
        translated += play(program, SIZE_MAX, &whole) > 2 * IMAGE_BYTES;
    assert_true(whole > programs_wanted() * UPDATES / 2);
#if defined(__x86_64__) && defined(__linux__)
    assert_true(translated > programs_wanted() / 2);
#endif
}

/* Somewhere in the program the host's memory is full: the same, and the limit is kept. */
static void a_translation_that_is_full_is_none_from_there_on(void **unused)
{
    (void)unused;
    const int programs = programs_wanted() / 4;
    int whole = 0, cut = 0;
    for (int program = 0; program < programs; program++) {
        Random random = random_stream((uint64_t)program, "limit");
        const size_t all = play(program, SIZE_MAX, &whole);
        const size_t limit = 5000 + random_below(&random, 20000);
        const size_t bytes = play(program, limit, &whole);
        assert_true(bytes <= limit);
        cut += bytes < all;
    }
#if defined(__x86_64__) && defined(__linux__)
    assert_true(cut > programs / 2);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(translations_do_what_the_interpreter_does),
        cmocka_unit_test(a_translation_that_is_full_is_none_from_there_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
