/*
 * An update ends after 25000 instructions, whichever way the console finds that out.
 *
 * A program of little else than NOPs comes as near to the fastest one as can be, which an update
 * has to be counted for; then it writes to the TIA, which ends the frame, if there is still time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/three_consoles.h"

enum { IMAGE_BYTES = 4096, ROUND_NOPS = 2000, ROUNDS = 12, UPDATES = 3 };

typedef struct {
    uint8_t bytes[IMAGE_BYTES];
    int count;
} Image;

static void add(Image *image, const uint8_t *bytes, size_t count)
{
    memcpy(image->bytes + image->count, bytes, count);
    image->count += (int)count;
}

static void add_nops(Image *image, int count)
{
    memset(image->bytes + image->count, 0xea, (size_t)count);
    image->count += count;
}

/* The second write to COLUBK is instruction 24040 + nops. */
static Image slow_image(int nops)
{
    static const uint8_t begin[] = {0xa9, 0x1e, 0x85, 0x09, 0xa2, ROUNDS}; /* LDA STA LDX */
    static const uint8_t again[] = {0xca, 0xf0, 0x03, 0x4c, 0x06, 0xf0};   /* DEX BEQ JMP */
    Image image = {.count = 0};
    add(&image, begin, sizeof begin);
    add_nops(&image, ROUND_NOPS);
    add(&image, again, sizeof again);
    add_nops(&image, nops);
    const int stay = 0xf000 + image.count + 4;
    const uint8_t end[] = {0xa9, 0x44, 0x85, 0x09, 0x4c, (uint8_t)stay, (uint8_t)(stay >> 8)};
    add(&image, end, sizeof end); /* LDA STA JMP */
    const uint8_t reset[] = {0x00, 0xf0};
    memcpy(image.bytes + 0xffc, reset, sizeof reset);
    return image;
}

static void what_comes_after_the_last_instruction_is_not_done(void **state)
{
    (void)state;
    enum { LAST_IN_TIME = CONSOLE_INSTRUCTIONS_PER_UPDATE - 24040, AROUND = 40 };
    static ThreeConsoles three;
    const ConsoleSetup setup = {.first_line = 34, .height = 210, .format = CONSOLE_NTSC};
    for (int nops = LAST_IN_TIME - AROUND; nops < LAST_IN_TIME + AROUND; nops++) {
        Error error;
        const Image image = slow_image(nops);
        Cartridge *cartridge =
            cartridge_create(image.bytes, IMAGE_BYTES, CARTRIDGE_4K, "slow", &error);
        assert_non_null(cartridge);
        memset(&three, 0, sizeof three);
        three_consoles_power_on(&three, cartridge, &setup);
        for (int update = 0; update < UPDATES; update++) {
            const ConsoleInput input = three.plain.console.input;
            three_consoles_update(&three, cartridge, &input, true);
            const char *difference = three_consoles_difference(&three, cartridge);
            if (difference != NULL)
                fail_msg("%d NOPs, update %d: %s", nops, update, difference);
            if (update == 0)
                assert_int_equal(three.fast.console.unfinished, nops > LAST_IN_TIME);
        }
        cartridge_destroy(cartridge);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_after_the_last_instruction_is_not_done),
    };
    return cmocka_run_group_tests_name("atari/counting", tests, NULL, NULL);
}
