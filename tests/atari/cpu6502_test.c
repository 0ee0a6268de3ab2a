/*
 * Each documented opcode against 100 published tests of a real NMOS 6502 (SingleStepTests), on a
 * bus of plain memory.
 *
 * Registers and memory are compared always. Left out, because the reference console departs from
 * the chip there: after ADC and SBC in decimal mode the flags N, V and Z, and where a digit is
 * above 9 the accumulator and carry, too. Of the bus trace the accesses that the reference makes
 * must appear in it in order; the chip makes more (dummy ones).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "atari/cpu.h"
#include "support/test_data.h"

enum { ACCESSES_MAX = 16, FILE_BYTES_MAX = 1 << 20 };

typedef struct {
    uint8_t memory[65536];
    struct {
        uint16_t address;
        uint8_t value;
        bool write;
    } access[ACCESSES_MAX];
    int accesses;
    bool jammed;
    CpuStretch stretch;
} CpuBus;

static void note(CpuBus *bus, uint16_t address, uint8_t value, bool write)
{
    assert_true(bus->accesses < ACCESSES_MAX);
    bus->access[bus->accesses].address = address;
    bus->access[bus->accesses].value = value;
    bus->access[bus->accesses++].write = write;
}

static inline uint8_t bus_read(CpuBus *bus, Cpu *cpu, uint16_t address, const CpuPlace *place)
{
    (void)place;
    cpu->bus = bus->memory[address];
    note(bus, address, cpu->bus, false);
    return cpu->bus;
}

static inline void bus_write(CpuBus *bus, Cpu *cpu, uint16_t address, uint8_t value,
                             bool after_write)
{
    (void)after_write;
    bus->memory[address] = cpu->bus = value;
    note(bus, address, value, true);
}

static inline void bus_jam(CpuBus *bus)
{
    bus->jammed = true;
}

#include "atari/cpu_core_private.h"

static int number(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItem(object, key)->valueint;
}

static void load_state(Cpu *cpu, CpuBus *bus, const cJSON *state)
{
    *cpu = (Cpu){
        .pc = (uint16_t)number(state, "PC"),
        .s = (uint8_t)number(state, "S"),
        .a = (uint8_t)number(state, "A"),
        .x = (uint8_t)number(state, "X"),
        .y = (uint8_t)number(state, "Y"),
    };
    unpack_flags(cpu, (uint8_t)number(state, "P"));
    for (const cJSON *cell = cJSON_GetObjectItem(state, "RAM")->child; cell; cell = cell->next)
        bus->memory[cJSON_GetArrayItem(cell, 0)->valueint] =
            (uint8_t)cJSON_GetArrayItem(cell, 1)->valueint;
    bus->accesses = 0;
}

static bool is_bad_bcd(int byte)
{
    return (byte & 15) > 9 || byte >> 4 > 9;
}

/* ADC and SBC: the columns 1, 5, 9, D of the rows 6, 7, E, F. */
static bool is_decimal_sum(const cJSON *initial, int opcode)
{
    return (number(initial, "P") & 8) && (opcode & 3) == 1 && (opcode & 0x60) == 0x60;
}

/* Every access we made stands in the published trace, in the same order. */
static bool trace_holds(const CpuBus *bus, const cJSON *cycles)
{
    const cJSON *cycle = cycles->child;
    for (int i = 0; i < bus->accesses; i++, cycle = cycle->next) {
        while (cycle != NULL && (cJSON_GetArrayItem(cycle, 0)->valueint != bus->access[i].address ||
                                 cJSON_GetArrayItem(cycle, 1)->valueint != bus->access[i].value ||
                                 (strcmp(cJSON_GetArrayItem(cycle, 2)->valuestring, "write") ==
                                  0) != bus->access[i].write))
            cycle = cycle->next;
        if (cycle == NULL)
            return false;
    }
    return true;
}

static int ran_alike;

/* Its bytes taken from where they lie, the instruction does what it does with its bytes asked of
 * the bus. A stretch of one byte ends with it, and one whose time is over with a jump to itself,
 * too. */
static void assert_runs_alike(const cJSON *test, const Cpu *stepped, const CpuBus *stepped_bus)
{
    static CpuBus bus;
    Cpu cpu;
    memset(bus.memory, 0, sizeof bus.memory);
    load_state(&cpu, &bus, cJSON_GetObjectItem(test, "Initial"));
    if (cpu.pc > sizeof bus.memory - 3)
        return;
    bus.stretch = (CpuStretch){.code = &bus.memory[cpu.pc], .bytes = 1, .begin = cpu.pc};
    cpu_run(&bus, &cpu);
    assert_int_equal(cpu.pc, stepped->pc);
    assert_int_equal(cpu.cycle, stepped->cycle);
    assert_int_equal(cpu.bus, stepped->bus);
    assert_int_equal(pack_flags(&cpu), pack_flags(stepped));
    assert_memory_equal(&cpu.a, &stepped->a, 4 * sizeof cpu.a); /* a, x, y, s */
    assert_memory_equal(bus.memory, stepped_bus->memory, sizeof bus.memory);
    ran_alike++;
}

static int checked_decimal_sums_with_good_digits;

static void check_test(const cJSON *test, int opcode)
{
    enum { FLAGS_NVZ = 0xc2, FLAGS_UNSTORED = 0x30 };
    static CpuBus bus;
    Cpu cpu;
    const cJSON *initial = cJSON_GetObjectItem(test, "Initial"),
                *final = cJSON_GetObjectItem(test, "Final");
    memset(bus.memory, 0, sizeof bus.memory);
    load_state(&cpu, &bus, initial);
    cpu_step(&bus, &cpu);
    assert_false(bus.jammed);
    assert_runs_alike(test, &cpu, &bus);
    int compared_flags = 0xff & ~FLAGS_UNSTORED;
    bool compare_sum = true;
    if (is_decimal_sum(initial, opcode)) {
        const uint8_t operand = bus.access[bus.accesses - 1].value;
        compared_flags &= ~FLAGS_NVZ;
        compare_sum = !is_bad_bcd(operand) && !is_bad_bcd(number(initial, "A"));
        compared_flags &= compare_sum ? 0xff : ~1;
        checked_decimal_sums_with_good_digits += compare_sum;
    }
    bool good = cpu.pc == number(final, "PC") && cpu.s == number(final, "S") &&
                cpu.x == number(final, "X") && cpu.y == number(final, "Y") &&
                (!compare_sum || cpu.a == number(final, "A")) &&
                ((pack_flags(&cpu) ^ number(final, "P")) & compared_flags) == 0 &&
                trace_holds(&bus, cJSON_GetObjectItem(test, "Cycles"));
    for (const cJSON *cell = cJSON_GetObjectItem(final, "RAM")->child; cell; cell = cell->next)
        good = good && bus.memory[cJSON_GetArrayItem(cell, 0)->valueint] ==
                           cJSON_GetArrayItem(cell, 1)->valueint;
    if (!good)
        fail_msg("%s", cJSON_PrintUnformatted(test));
}

/* The archive's members come one after the other: 151 JSON arrays of 100 tests. */
static void every_documented_opcode_does_what_the_chip_does(void **state)
{
    (void)state;
    char path[1024], command[1200];
    if (!test_data_path(path, sizeof path, "vectors/cpu6502.tar.xz"))
        skip();
    snprintf(command, sizeof command, "tar -xJOf '%s'", path);
    FILE *file = popen(command, "r");
    assert_non_null(file);
    const size_t size = (size_t)64 << 20;
    char *text = malloc(size);
    assert_non_null(text);
    text[fread(text, 1, size - 1, file)] = 0;
    assert_int_equal(pclose(file), 0);
    int opcodes = 0;
    for (const char *at = strchr(text, '['); at != NULL; at = strchr(at, '[')) {
        cJSON *tests = cJSON_ParseWithOpts(at, &at, false);
        assert_non_null(tests);
        assert_int_equal(cJSON_GetArraySize(tests), 100);
        const int opcode =
            (int)strtol(cJSON_GetObjectItem(tests->child, "Name")->valuestring, NULL, 16);
        for (const cJSON *test = tests->child; test != NULL; test = test->next)
            check_test(test, opcode);
        cJSON_Delete(tests);
        opcodes++;
    }
    free(text);
    assert_int_equal(opcodes, 151);
    assert_true(checked_decimal_sums_with_good_digits > 50);
    assert_true(ran_alike > 15000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_documented_opcode_does_what_the_chip_does),
    };
    return test_data_status(cmocka_run_group_tests_name("atari/cpu6502", tests, NULL, NULL));
}
