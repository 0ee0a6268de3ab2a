/*
 * Hotspots of the types with eight banks, touched in each way: which bank is in afterwards. The
 * reference's answers, asked with the same program.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "atari/console.h"

enum { BANKS = 8, BANK_BYTES = 4096, FIRST_HOTSPOT = 0xf4, CODE = 0xe00, WITNESS = 0x200 };
enum { STA = 0x8d, LDA = 0xad, INC = 0xee };

/* In every bank: touch the hotspot, keep the byte at 0xf200, which is the bank's number, in RAM. */
static void fill_bank(uint8_t *bank, int number, uint8_t opcode, int hotspot)
{
    const uint8_t code[] = {opcode, (uint8_t)(FIRST_HOTSPOT + hotspot),
                            0xff, /* touch        */
                            LDA,    WITNESS & 0xff,
                            0xf2,         /* LDA 0xf200   */
                            0x85,   0x80, /* STA 0x80     */
                            0x4c,   0x08,
                            0xfe}; /* JMP to itself */
    for (int i = 0; i < 256; i++)  /* not what marks a Superchip */
        bank[i] = (uint8_t)i;
    memcpy(bank + CODE, code, sizeof code);
    bank[WITNESS] = (uint8_t)number;
    bank[BANK_BYTES - 3] = 0xfe; /* the reset vector: 0xfe00 */
}

static int bank_after(CartridgeType type, uint8_t opcode, int hotspot)
{
    static uint8_t image[BANKS * BANK_BYTES];
    static Console console;
    const ConsoleSetup setup = {.first_line = 34, .height = 210, .format = CONSOLE_NTSC};
    Error error = {0};
    Mt19937 noise = mt19937_seeded(CONSOLE_NOISE_SEED);
    for (int bank = 0; bank < BANKS; bank++)
        fill_bank(image + bank * BANK_BYTES, bank, opcode, hotspot);
    Cartridge *cartridge = cartridge_create(image, sizeof image, type, "banks", &error);
    assert_non_null(cartridge);
    console_insert(&console, cartridge, &setup, &noise);
    console_update(&console, cartridge, NULL);
    cartridge_destroy(cartridge);
    return console.riot.ram[0];
}

static void any_access_switches_f4(void **state)
{
    (void)state;
    for (int i = 0; i < BANKS; i++) {
        assert_int_equal(bank_after(CARTRIDGE_F4, LDA, i), i);
        assert_int_equal(bank_after(CARTRIDGE_F4, STA, i), i);
        assert_int_equal(bank_after(CARTRIDGE_F4, INC, i), i);
    }
}

static void only_reads_switch_f4sc(void **state)
{
    (void)state;
    for (int i = 0; i < BANKS; i++) {
        assert_int_equal(bank_after(CARTRIDGE_F4SC, LDA, i), i);
        assert_int_equal(bank_after(CARTRIDGE_F4SC, STA, i), 0);
        assert_int_equal(bank_after(CARTRIDGE_F4SC, INC, i), i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_access_switches_f4),
        cmocka_unit_test(only_reads_switch_f4sc),
    };
    return cmocka_run_group_tests_name("atari/banks", tests, NULL, NULL);
}
