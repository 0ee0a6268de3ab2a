/*
 * The bare console against the reference on generated cartridges: random kernels, register writes
 * at every cycle, frame ends, timers, paddles, each opcode, KIL, bank switching
 * (vectors/generated.tar.xz). Drawn fast and plainly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "atari/console.h"
#include "base/digest.h"
#include "base/file.h"
#include "support/test_data.h"

enum { LINE_BYTES = 1 << 16, OTHERS_EACH = 5 };

static char folder[] = "/tmp/deepq-generated-XXXXXX";

static int unpack(void **state)
{
    (void)state;
    char path[1024], command[1200];
    if (!test_data_path(path, sizeof path, "vectors/generated.tar.xz"))
        return 0;
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(command, sizeof command, "tar -xJf '%s' -C '%s'", path, folder);
    return system(command);
}

static int tidy(void **state)
{
    (void)state;
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static bool same_hash(const cJSON *expected, const void *bytes, size_t count)
{
    const uint64_t hash = fnv1a64(FNV1A64_START, bytes, count);
    return strtoull(expected->valuestring, NULL, 16) == hash;
}

typedef enum { REMEMBERING, FORGETTING, PLAIN } Way;

/* One memory for all cartridges: what it has of others must not show. */
static void check_cartridge(const cJSON *trace, const Cartridge *cartridge, Way way)
{
    static Screen screen;
    static TiaMemory memory;
    Console console;
    Mt19937 noise = mt19937_seeded(CONSOLE_NOISE_SEED);
    memset(&screen, 0, sizeof screen);
    console_insert(&console, cartridge,
                   &(ConsoleSetup){.first_line = 34, .height = 210, .hmove_blanks = true}, &noise);
    console_reset(&console, cartridge, &noise);
    console.tia.plain = console.tia.eager = way == PLAIN;
    const cJSON *row = cJSON_GetObjectItem(trace, "frames")->child;
    for (int frame = 1; row != NULL; frame++) {
        console_update_remembering(&console, cartridge, way == REMEMBERING ? &memory : NULL,
                                   &screen);
        if (cJSON_GetArrayItem(row, 0)->valueint != frame)
            continue;
        const size_t pixels = (size_t)console.tia.height * SCREEN_COLUMNS;
        if (cJSON_GetArrayItem(row, 1)->valueint != console.lines ||
            !same_hash(cJSON_GetArrayItem(row, 2), console.riot.ram, RIOT_RAM_BYTES) ||
            !same_hash(cJSON_GetArrayItem(row, 3), console_picture(&console, &screen), pixels))
            fail_msg("%s, frame %d", cJSON_GetObjectItem(trace, "rom")->valuestring, frame);
        row = row->next;
    }
}

static void check_all(Way way)
{
    char path[1200];
    static char line[LINE_BYTES];
    snprintf(path, sizeof path, "%s/generated/core_traces.jsonl", folder);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        skip();
    int checked = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        Error error;
        cJSON *trace = cJSON_Parse(line);
        snprintf(path, sizeof path, "%s/generated/%s", folder,
                 cJSON_GetObjectItem(trace, "rom")->valuestring);
        Cartridge *cartridge = cartridge_load(path, CARTRIDGE_DETECT, &error);
        if (cartridge == NULL)
            fail_msg("%s", error.text);
        if (way == REMEMBERING || checked % OTHERS_EACH == 0)
            check_cartridge(trace, cartridge, way);
        checked++;
        cartridge_destroy(cartridge);
        cJSON_Delete(trace);
    }
    fclose(file);
    assert_int_equal(checked, 505);
}

static void generated_cartridges_play_as_the_reference_did(void **state)
{
    (void)state;
    check_all(REMEMBERING);
}

static void they_do_without_lines_that_are_remembered(void **state)
{
    (void)state;
    check_all(FORGETTING);
}

static void the_plain_twin_draws_them_too(void **state)
{
    (void)state;
    check_all(PLAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generated_cartridges_play_as_the_reference_did),
        cmocka_unit_test(they_do_without_lines_that_are_remembered),
        cmocka_unit_test(the_plain_twin_draws_them_too),
    };
    return test_data_status(cmocka_run_group_tests_name("atari/generated", tests, unpack, tidy));
}
