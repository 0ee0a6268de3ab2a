/*
 * fuzz_console.c - an arbitrary program on three consoles: drawn fast, drawn plainly, not drawn.
 *
 *     byte 0     the type, modulo CARTRIDGE_TYPES
 *     byte 1     the television: bit 0 PAL, 1 comb, 2 and 3 paddles, 4 .. 7 first line and height
 *     byte 2     at which update the fast console is saved, played on, and loaded again
 *     byte 3     count of the image's bytes, which are repeated to the type's least size; the reset
 *                vector is set to the image's begin
 *     image
 *     the rest   for each update three bytes: SWCHA; SWCHB's lower bits, fire and paddles; the
 *                third 0: reset first
 *
 * After each update all that a program can notice must be the same on all three, and the pictures
 * of the first two.
 */
#include <string.h>

#include "atari/console.h"
#include "fuzz/fuzz.h"

enum { HEADER_BYTES = 4, INPUT_BYTES = 3, UPDATES_MAX = 16 };

typedef struct {
    Console console;
    Mt19937 noise;
} Machine;

static Machine fast, plain, undrawn, saved;
static Screen fast_screen, plain_screen, saved_screen;

static ConsoleSetup setup_of(uint8_t byte)
{
    const int size = byte >> 4;
    return (ConsoleSetup){
        .first_line = 34 - size,
        .height = size == 15 ? SCREEN_ROWS_MAX : 16 * size + 10,
        .hmove_blanks = byte >> 1 & 1,
        .format = byte & 1 ? CONSOLE_PAL : CONSOLE_NTSC,
        .paddles = {byte >> 2 & 1, byte >> 3 & 1},
    };
}

static void set_input(ConsoleInput *input, const uint8_t *bytes)
{
    static const uint32_t ohms[4] = {0, CONSOLE_PADDLE_MIN, CONSOLE_PADDLE_MAX,
                                     CONSOLE_PADDLE_NONE};
    input->swcha = bytes[0];
    input->swchb = (uint8_t)(0x3c | bytes[1] << 6 | (bytes[1] & 3));
    input->fire[0] = bytes[1] >> 2 & 1;
    input->fire[1] = bytes[1] >> 3 & 1;
    for (int i = 0; i < 4; i++)
        input->paddle[i] = ohms[(bytes[1] >> 4 ^ i) & 3];
}

static Cartridge *cartridge_of(CartridgeType type, const uint8_t *bytes, size_t count)
{
    static uint8_t image[FUZZ_IMAGE_BYTES_MAX];
    for (int i = 0; i < FUZZ_SIZES; i++) {
        Error error = {0};
        fuzz_fill(image, fuzz_sizes[i], bytes, count);
        image[fuzz_sizes[i] - 4] = 0x00;
        image[fuzz_sizes[i] - 3] = 0xf0;
        Cartridge *cartridge = cartridge_create(image, fuzz_sizes[i], type, "fuzz", &error);
        if (cartridge != NULL)
            return cartridge;
    }
    return NULL;
}

static void update(Machine *machine, const Cartridge *cartridge, const uint8_t *input,
                   Screen *screen)
{
    if (input[2] == 0)
        console_reset(&machine->console, cartridge, &machine->noise);
    set_input(&machine->console.input, input);
    console_update(&machine->console, cartridge, screen);
}

/* The collisions as a read would show them: they may be worked out late. */
static uint16_t collisions_now(const Console *console)
{
    Tia tia = console->tia;
    tia_draw(&tia, 3 * console->cpu.cycle, NULL);
    return tia.collisions;
}

static void compare(const Console *a, const Console *b)
{
    fuzz_require(memcmp(a->riot.ram, b->riot.ram, RIOT_RAM_BYTES) == 0, "RAM differs");
    fuzz_require(a->lines == b->lines && a->unfinished == b->unfinished, "lines differ");
    fuzz_require(memcmp(&a->cpu, &b->cpu, offsetof(Cpu, jammed) + 1) == 0, "the processor differs");
    fuzz_require(memcmp(a->cartridge_ram, b->cartridge_ram, CARTRIDGE_RAM_BYTES_MAX) == 0,
                 "the cartridge's RAM differs");
    fuzz_require(collisions_now(a) == collisions_now(b), "collisions differ");
}

static void compare_pictures(void)
{
    const uint8_t *a = console_picture(&fast.console, &fast_screen);
    const uint8_t *b = console_picture(&plain.console, &plain_screen);
    const size_t pixels = (size_t)fast.console.tia.height * SCREEN_COLUMNS;
    fuzz_require(memcmp(a, b, pixels) == 0, "the picture differs from the plain one");
}

/* The fast console plays something else for two updates, as `input` says, and comes back. */
static void save_and_load(const Cartridge *cartridge, const uint8_t *input)
{
    const uint8_t other[INPUT_BYTES] = {(uint8_t)~input[0], (uint8_t)~input[1], 1};
    memcpy(&saved.console, &fast.console, console_bytes(cartridge));
    saved.noise = fast.noise;
    saved_screen = fast_screen;
    update(&fast, cartridge, other, &fast_screen);
    update(&fast, cartridge, other, NULL);
    memcpy(&fast.console, &saved.console, console_bytes(cartridge));
    fast.noise = saved.noise;
    fast_screen = saved_screen;
}

static void power_on(const Cartridge *cartridge, const ConsoleSetup *setup)
{
    fast.noise = mt19937_seeded(CONSOLE_NOISE_SEED);
    console_insert(&fast.console, cartridge, setup, &fast.noise);
    plain = undrawn = fast;
    plain.console.tia.plain = true;
    memset(&fast_screen, 0, sizeof fast_screen);
    memset(&plain_screen, 0, sizeof plain_screen);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    if (count < HEADER_BYTES || count < HEADER_BYTES + (size_t)bytes[3] + INPUT_BYTES)
        return 0;
    const ConsoleSetup setup = setup_of(bytes[1]);
    const size_t save_at = bytes[2] % UPDATES_MAX, updates_begin = HEADER_BYTES + (size_t)bytes[3];
    Cartridge *cartridge =
        cartridge_of((CartridgeType)(bytes[0] % CARTRIDGE_TYPES), bytes + HEADER_BYTES, bytes[3]);
    fuzz_require(cartridge != NULL, "a type without any size");
    power_on(cartridge, &setup);
    size_t at = updates_begin;
    for (size_t i = 0; i < UPDATES_MAX && at + INPUT_BYTES <= count; i++, at += INPUT_BYTES) {
        if (i == save_at)
            save_and_load(cartridge, bytes + at);
        update(&fast, cartridge, bytes + at, &fast_screen);
        update(&plain, cartridge, bytes + at, &plain_screen);
        update(&undrawn, cartridge, bytes + at, NULL);
        compare(&fast.console, &plain.console);
        compare(&fast.console, &undrawn.console);
        compare_pictures();
    }
    cartridge_destroy(cartridge);
    return 0;
}
