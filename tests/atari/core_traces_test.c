/*
 * The bare console against what the reference did: RAM, screen and line count of every frame in
 * vectors/core_traces.jsonl.xz, on the 31 cartridges in roms/, with both ways of drawing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "atari/console.h"
#include "base/digest.h"
#include "support/test_data.h"

enum { LINE_BYTES = 1 << 16 };

static const char *text(const cJSON *object, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItem(object, key));
}

static void assert_row(const cJSON *row, const Console *console, const Screen *screen,
                       const char *rom)
{
    char ram[17], picture[17];
    snprintf(ram, sizeof ram, "%016llx",
             (unsigned long long)fnv1a64(FNV1A64_START, console->riot.ram, RIOT_RAM_BYTES));
    snprintf(picture, sizeof picture, "%016llx",
             (unsigned long long)fnv1a64(FNV1A64_START, console_picture(console, screen),
                                         (size_t)console->tia.height * SCREEN_COLUMNS));
    if (cJSON_GetArrayItem(row, 1)->valueint != console->lines ||
        strcmp(cJSON_GetArrayItem(row, 2)->valuestring, ram) != 0 ||
        strcmp(cJSON_GetArrayItem(row, 3)->valuestring, picture) != 0)
        fail_msg("%s, frame %d: %d %s %s instead of %s", rom, cJSON_GetArrayItem(row, 0)->valueint,
                 console->lines, ram, picture, cJSON_PrintUnformatted(row));
}

static void assert_trace(const cJSON *trace, TiaMemory *memory, bool plain)
{
    char path[1024], relative[256];
    snprintf(relative, sizeof relative, "roms/%s", text(trace, "rom"));
    assert_true(test_data_path(path, sizeof path, relative));
    Error error = {0};
    Cartridge *cartridge = cartridge_load(path, CARTRIDGE_DETECT, &error);
    if (cartridge == NULL)
        fail_msg("%s", error.text);
    assert_string_equal(cartridge->md5, text(trace, "md5"));
    static Screen screen;
    memset(&screen, 0, sizeof screen);
    Console console;
    Mt19937 noise = mt19937_seeded(CONSOLE_NOISE_SEED);
    console_insert(&console, cartridge,
                   &(ConsoleSetup){.first_line = 34, .height = 210, .hmove_blanks = true}, &noise);
    console_reset(&console, cartridge, &noise);
    console.tia.plain = console.tia.eager = plain;
    assert_int_equal(console.tia.height, cJSON_GetObjectItem(trace, "height")->valueint);
    const cJSON *row = cJSON_GetObjectItem(trace, "frames")->child;
    for (int frame = 1; row != NULL; frame++) {
        console_update_remembering(&console, cartridge, memory, &screen);
        if (cJSON_GetArrayItem(row, 0)->valueint == frame) {
            assert_row(row, &console, &screen, relative);
            row = row->next;
        }
    }
    cartridge_destroy(cartridge);
}

static void assert_all_traces(TiaMemory *memory, bool plain)
{
    FILE *file = test_data_open_xz("vectors/core_traces.jsonl.xz");
    if (file == NULL)
        skip();
    static char line[LINE_BYTES];
    int traces = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        cJSON *trace = cJSON_Parse(line);
        assert_non_null(trace);
        assert_trace(trace, memory, plain);
        cJSON_Delete(trace);
        traces++;
    }
    pclose(file);
    assert_int_equal(traces, 31);
}

static void every_cartridge_plays_as_the_reference_did(void **state)
{
    (void)state;
    static TiaMemory memory;
    assert_all_traces(&memory, false);
}

static void the_plain_twin_draws_them_too(void **state)
{
    (void)state;
    assert_all_traces(NULL, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cartridge_plays_as_the_reference_did),
        cmocka_unit_test(the_plain_twin_draws_them_too),
    };
    return test_data_status(cmocka_run_group_tests_name("atari/core_traces", tests, NULL, NULL));
}
