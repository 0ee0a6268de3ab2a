/*
 * Lines from memory against lines done anew, on the TIA alone: a few short lists of writes come in
 * random order, so that the same writes meet many states, most of them states that differ in what
 * should not matter and some in what does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "atari/tia_lines.h"
#include "base/random.h"

enum {
    ROUNDS = 500,
    FRAMES = 12,
    FRAME_LINES = 262,
    LISTS = 10,
    WRITES_MAX = 22,
    FIRST_LINE = 34,
    HEIGHT = 210,
};

typedef struct {
    uint8_t cycle, reg, value;
} Write;

typedef struct {
    int writes;
    Write write[WRITES_MAX];
} List;

/* One TIA and what it draws on. */
typedef struct {
    Tia tia;
    TiaLines lines;
    uint8_t pixels[SCREEN_ROWS_MAX * SCREEN_COLUMNS];
} Side;

static Side remembering, forgetting;
static TiaMemory memory;

/* Times and values that mean something, more often than chance would have it. */
static Write random_write(Random *random, int cycle)
{
    static const uint8_t registers[] = {
        NUSIZ0, COLUP0, COLUPF, COLUBK, CTRLPF, REFP0,  PF1,   PF2,   RESP0, RESP1, RESM0,
        RESM1,  RESBL,  GRP0,   GRP1,   GRP1,   ENAM0,  ENAM1, ENABL, HMP0,  HMP1,  HMM0,
        HMBL,   VDELP0, VDELP1, VDELBL, RESMP0, RESMP1, HMOVE, HMOVE, HMCLR, CXCLR, WSYNC,
    };
    static const uint8_t values[] = {0, 0, 0, 1, 2, 0x10, 0x24, 0x60, 0x70, 0x81, 0xf0, 0xff};
    return (Write){
        .cycle = (uint8_t)cycle,
        .reg = registers[random_below(random, sizeof registers)],
        .value = values[random_below(random, sizeof values)],
    };
}

/* Mostly three cycles and more apart; an instruction that pushes writes several in one cycle. */
static uint32_t random_gap(Random *random, uint32_t longest)
{
    return random_below(random, 8) == 0 ? 0 : 3 + random_below(random, longest);
}

static void fill_list(List *list, Random *random)
{
    const uint32_t longest = 1 + random_below(random, 20);
    list->writes = 0;
    for (uint32_t cycle = random_below(random, 24); cycle < TIA_LINE_CYCLES;
         cycle += random_gap(random, longest))
        if (list->writes < WRITES_MAX)
            list->write[list->writes++] = random_write(random, (int)cycle);
}

/* 21 cycles after an HMOVE, HMM0 may start the stars: in the same line, or in the next. */
static void add_stars(List *early, List *late, Random *random)
{
    const uint8_t hmove = random_below(random, 2) == 0 ? 3 : 58;
    List *second = hmove == 3 ? early : late;
    early->writes = late->writes = 0;
    early->write[early->writes++] = (Write){0, HMM0, 0x70};
    early->write[early->writes++] = (Write){hmove, HMOVE, 0};
    second->write[second->writes++] = (Write){(uint8_t)((hmove + 21) % 76), HMM0, 0x60};
}

/* The second half are copies of the first with another last write, where there are some. */
static void fill_lists(List list[LISTS], Random *random)
{
    for (int i = 0; i < LISTS / 2; i++)
        fill_list(&list[i], random);
    if (random_below(random, 4) == 0)
        add_stars(&list[0], &list[1], random);
    for (int i = LISTS / 2; i < LISTS; i++) {
        list[i] = list[i - LISTS / 2];
        Write *last = &list[i].write[list[i].writes - 1];
        if (list[i].writes > 0)
            *last = random_write(random, last->cycle);
    }
}

static void play_list(Side *side, const List *list, int line)
{
    for (int i = 0; i < list->writes; i++)
        tia_lines_write(&side->lines, list->write[i].reg, list->write[i].value,
                        line * TIA_LINE_CYCLES + list->write[i].cycle);
}

static void begin_frame(Side *side, TiaMemory *of, bool drawn, uint32_t television)
{
    side->tia.lines_before = television & 1;
    side->tia.hmove_blanks = television >> 1 & 1;
    tia_begin_frame(&side->tia, FRAME_LINES * TIA_LINE_CYCLES);
    tia_lines_begin(&side->lines, &side->tia, 0, of, drawn ? side->pixels : NULL);
}

static void play_frame(const List *list, Random *random)
{
    const bool drawn = random_below(random, 3) > 0;
    const uint32_t television = random_below(random, 4);
    begin_frame(&remembering, &memory, drawn, television);
    begin_frame(&forgetting, NULL, drawn, television);
    uint32_t chosen = 0;
    for (int line = 0; line < FRAME_LINES; line++) {
        if (random_below(random, 3) > 0)
            chosen = random_below(random, LISTS);
        play_list(&remembering, &list[chosen], line);
        play_list(&forgetting, &list[chosen], line);
        if (random_below(random, 200) == 0) {
            const int32_t cycle = (line + 1) * TIA_LINE_CYCLES - 1;
            assert_int_equal(tia_lines_read_collisions(&remembering.lines, (uint16_t)line, cycle),
                             tia_lines_read_collisions(&forgetting.lines, (uint16_t)line, cycle));
        }
    }
    tia_lines_end(&remembering.lines, false);
    tia_lines_end(&forgetting.lines, false);
}

static void lines_from_memory_are_the_lines_themselves(void **state)
{
    (void)state;
    static List list[LISTS];
    Random random = random_stream(1, "lines");
    for (int round = 0; round < ROUNDS; round++) {
        const bool pal = random_below(&random, 4) == 0;
        tia_reset(&remembering.tia, FIRST_LINE, HEIGHT, true, pal);
        forgetting.tia = remembering.tia;
        fill_lists(list, &random);
        for (int frame = 0; frame < FRAMES; frame++) {
            play_frame(list, &random);
            assert_memory_equal(&remembering.tia, &forgetting.tia, sizeof(Tia));
            assert_memory_equal(remembering.pixels, forgetting.pixels, sizeof forgetting.pixels);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_from_memory_are_the_lines_themselves),
    };
    return cmocka_run_group_tests_name("atari/lines", tests, NULL, NULL);
}
