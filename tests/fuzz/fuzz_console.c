/*
 * fuzz_console.c - an arbitrary program on three consoles (support/three_consoles.h).
 *
 *     byte 0     the type, modulo CARTRIDGE_TYPES
 *     byte 1     the television: bit 0 PAL, 1 comb, 2 and 3 paddles, 4 .. 7 first line and height
 *     byte 2     at which update the fast console is saved, played on, and loaded again
 *     byte 3     count of the image's bytes, which are repeated to the type's least size; the reset
 *                vector is set to the image's begin
 *     image
 *     the rest   for each update three bytes: SWCHA; SWCHB's lower bits, fire and paddles; the
 *                third 0: reset first, odd: the console that is drawn now and then is drawn
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "support/three_consoles.h"

enum { HEADER_BYTES = 4, INPUT_BYTES = 3, UPDATES_MAX = 16 };

static ThreeConsoles three;

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

static ConsoleInput input_of(const uint8_t *bytes)
{
    static const uint32_t ohms[4] = {0, CONSOLE_PADDLE_MIN, CONSOLE_PADDLE_MAX,
                                     CONSOLE_PADDLE_NONE};
    ConsoleInput input = {
        .swcha = bytes[0],
        .swchb = (uint8_t)(0x3c | bytes[1] << 6 | (bytes[1] & 3)),
        .fire = {bytes[1] >> 2 & 1, bytes[1] >> 3 & 1},
    };
    for (int i = 0; i < 4; i++)
        input.paddle[i] = ohms[(bytes[1] >> 4 ^ i) & 3];
    return input;
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

/* The fast console plays something else for two updates, as `input` says, and comes back. */
static void save_and_load(const Cartridge *cartridge, const ConsoleInput *input)
{
    static Machine saved;
    Machine *fast = &three.fast;
    memcpy(&saved.console, &fast->console, console_bytes(cartridge));
    saved.screen = fast->screen;
    fast->console.input = *input;
    fast->console.input.swcha = (uint8_t)~input->swcha;
    console_update(&fast->console, cartridge, &fast->screen);
    console_update(&fast->console, cartridge, NULL);
    memcpy(&fast->console, &saved.console, console_bytes(cartridge));
    fast->screen = saved.screen;
}

static void update(const Cartridge *cartridge, const uint8_t *bytes, bool saves)
{
    const ConsoleInput input = input_of(bytes);
    if (saves)
        save_and_load(cartridge, &input);
    if (bytes[2] == 0)
        three_consoles_reset(&three, cartridge);
    three_consoles_update(&three, cartridge, &input, bytes[2] & 1);
    const char *difference = three_consoles_difference(&three, cartridge);
    fuzz_require(difference == NULL, difference);
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
    three_consoles_power_on(&three, cartridge, &setup);
    size_t at = updates_begin;
    for (size_t i = 0; i < UPDATES_MAX && at + INPUT_BYTES <= count; i++, at += INPUT_BYTES)
        update(cartridge, bytes + at, i == save_at);
    cartridge_destroy(cartridge);
    return 0;
}
