/*
 * random_program.c - see random_program.h.
 *
 * A write carries the cycle at which its instruction ends. After STA WSYNC that is cycle 0 of a
 * line, so `wait` and a store place a write at any cycle.
 */
#include "atari/random_program.h"

#include <string.h>

#include "atari/tia.h"

enum {
    BIT_ZP = 0x24,
    BIT_ABS = 0x2c,
    PHP = 0x08,
    JSR = 0x20,
    PHA = 0x48,
    JMP = 0x4c,
    LDA_ZP = 0xa5,
    LDA_IMM = 0xa9,
    LDA_ABS = 0xad,
    LDX_IMM = 0xa2,
    LDY_IMM = 0xa0,
    STA_ZP = 0x85,
    STA_ZPX = 0x95,
    STA_ABS = 0x8d,
    EOR_ZP = 0x45,
    ADC_ZP = 0x65,
    TXS = 0x9a,
    DEX = 0xca,
    DEY = 0x88,
    DEC_ZP = 0xc6,
    BNE = 0xd0,
    BPL = 0x10,
    BEQ = 0xf0,
    NOP = 0xea,
    SED = 0xf8,
    CLD = 0xd8,
    JMP_INDIRECT = 0x6c,
};

enum { INPT0 = 0x08, SWCHA = 0x280, SWCHB = 0x282, INTIM = 0x284, INSTAT = 0x285, TIM1T = 0x294 };

enum { ORIGIN = 0xf000, COUNTERS = 0x80, VARIABLES = 0x90, VARIABLE_COUNT = 0x40 };

typedef struct {
    uint8_t *image;
    int at;
    Random *random;
} Writer;

static int dice(Writer *writer, int sides)
{
    return (int)random_below(writer->random, (uint32_t)sides);
}

/* ---- instructions ---- */

static void put(Writer *writer, int byte)
{
    if (writer->at < RANDOM_PROGRAM_BYTES)
        writer->image[writer->at++] = (uint8_t)byte;
}

static void put2(Writer *writer, int opcode, int operand)
{
    put(writer, opcode);
    put(writer, operand);
}

static void put3(Writer *writer, int opcode, int address)
{
    put2(writer, opcode, address & 0xff);
    put(writer, address >> 8);
}

static int variable(Writer *writer)
{
    return VARIABLES + dice(writer, VARIABLE_COUNT);
}

/* Exactly so many cycles, at least 2; changes at most X. */
static void wait(Writer *writer, int cycles)
{
    enum { LOOP_MIN = 16, PAGE = 0xff };
    const bool in_one_page = (writer->at & PAGE) < PAGE - 5;
    if (cycles >= LOOP_MIN && in_one_page) {
        const int rounds = (cycles - 5) / 5; /* LDX, then 5 each but the last */
        put2(writer, LDX_IMM, rounds);
        put(writer, DEX);
        put2(writer, BNE, 0xfd);
        cycles -= 5 * rounds + 1;
    }
    if (cycles & 1) {
        put2(writer, BIT_ZP, COUNTERS);
        cycles -= 3;
    }
    for (; cycles >= 2; cycles -= 2)
        put(writer, NOP);
}

static void next_line(Writer *writer)
{
    put2(writer, STA_ZP, WSYNC);
}

static void load_value(Writer *writer)
{
    if (dice(writer, 3) == 0)
        put2(writer, LDA_ZP, variable(writer));
    else
        put2(writer, LDA_IMM, dice(writer, 256));
}

static void set(Writer *writer, int reg, int value)
{
    put2(writer, LDA_IMM, value);
    put2(writer, STA_ZP, reg);
}

/* Keep what the accumulator has, mixed into a variable. */
static void remember(Writer *writer)
{
    const int at = variable(writer);
    put2(writer, dice(writer, 2) ? EOR_ZP : ADC_ZP, at);
    put2(writer, STA_ZP, at);
}

/* A register whose write is seen: all but VSYNC, WSYNC, RSYNC and sound; VBLANK seldom. */
static int visible_register(Writer *writer)
{
    for (;;) {
        const int reg = dice(writer, CXCLR + 1);
        const bool sound = reg >= AUDC0 && reg <= AUDV1;
        if ((reg > RSYNC && !sound) || (reg == VBLANK && dice(writer, 4) == 0))
            return reg;
    }
}

/* ---- steps ---- */

static void step_write(Writer *writer)
{
    load_value(writer);
    put2(writer, STA_ZP, visible_register(writer));
}

static void step_write_elsewhere(Writer *writer) /* mirrors, indexed */
{
    static const int mirrors[] = {0x0040, 0x0100, 0x0340, 0x0f00};
    const int reg = visible_register(writer);
    load_value(writer);
    if (dice(writer, 2)) {
        put2(writer, LDX_IMM, dice(writer, CXCLR));
        put2(writer, STA_ZPX, reg);
    } else {
        put3(writer, STA_ABS, mirrors[dice(writer, 4)] + reg);
    }
}

static void step_write_at_a_cycle(Writer *writer)
{
    enum { LOAD_AND_STORE = 5, LINE_CYCLES = 76 };
    int cycle = LOAD_AND_STORE + dice(writer, LINE_CYCLES);
    if (cycle == LOAD_AND_STORE + 1)
        cycle++; /* nothing waits for one cycle */
    next_line(writer);
    put2(writer, LDA_IMM, dice(writer, 256));
    if (cycle > LOAD_AND_STORE)
        wait(writer, cycle - LOAD_AND_STORE);
    put2(writer, STA_ZP, visible_register(writer));
}

static void step_objects(Writer *writer)
{
    static const uint8_t pictures[] = {0x00, 0x80, 0x01, 0xff, 0xa5, 0x3c};
    const int player = dice(writer, 2);
    set(writer, GRP0 + player, pictures[dice(writer, 6)]);
    set(writer, NUSIZ0 + player, dice(writer, 64));
    set(writer, ENAM0 + dice(writer, 3), dice(writer, 4));
}

static void step_vertical_delay(Writer *writer)
{
    const int object = dice(writer, 3); /* player 0, 1, ball */
    set(writer, GRP0 + dice(writer, 2), dice(writer, 256));
    set(writer, ENABL, dice(writer, 4));
    set(writer, GRP1, dice(writer, 256));
    set(writer, object == 2 ? ENABL : GRP0 + object,
        object == 2 ? dice(writer, 4) : dice(writer, 256));
    wait(writer, 2 + dice(writer, 30));
    set(writer, VDELP0 + object, dice(writer, 2));
}

static void step_strobe_in_the_draw(Writer *writer)
{
    const int reg = RESP0 + dice(writer, 5), times = 1 + dice(writer, 4);
    next_line(writer);
    wait(writer, 2 + dice(writer, 60));
    for (int i = 0; i < times; i++) {
        put2(writer, STA_ZP, dice(writer, 3) ? reg : RESP0 + dice(writer, 2));
        if (dice(writer, 2))
            wait(writer, 2 + dice(writer, 8));
    }
}

static void step_strobe_after_motion(Writer *writer)
{
    static const struct {
        uint8_t reg, before, gap;
    } elsewhere[] = {
        /* these land where a game wants them */
        {RESM0, 0, 20}, {RESM1, 0, 3}, {RESBL, 2, 18}, {RESBL, 0, 3}, {RESBL, 0, 7}, {RESBL, 0, 6},
    };
    static const uint8_t gaps[] = {3, 5, 8, 17, 19, 21}, early[] = {0, 2, 3};
    int reg = RESP0 + dice(writer, 5), before = early[dice(writer, 3)], gap = gaps[dice(writer, 6)];
    if (dice(writer, 2)) {
        const int i = dice(writer, 6);
        reg = elsewhere[i].reg, before = elsewhere[i].before, gap = elsewhere[i].gap;
    }
    next_line(writer);
    if (before > 0)
        wait(writer, before);
    put2(writer, STA_ZP, HMOVE);
    if (gap > 3)
        wait(writer, gap - 3);
    put2(writer, STA_ZP, reg);
}

static void step_motion(Writer *writer)
{
    set(writer, HMP0 + dice(writer, 5), dice(writer, 256));
    set(writer, HMP0 + dice(writer, 5), dice(writer, 256));
    next_line(writer);
    if (dice(writer, 2))
        wait(writer, 2 + dice(writer, 73));
    put2(writer, STA_ZP, HMOVE);
}

static void step_stars(Writer *writer)
{
    enum { AMID_MOTION_CYCLES = 21, STORE = 3, LOAD = 2 };
    set(writer, HMM0, 0x70);
    set(writer, ENAM0, 2);
    next_line(writer);
    if (dice(writer, 2)) /* motion in one line, HMM0 in the next */
        wait(writer, 52 + dice(writer, 20));
    put2(writer, STA_ZP, HMOVE);
    put2(writer, LDA_IMM, 0x60);
    wait(writer, AMID_MOTION_CYCLES - STORE - LOAD);
    put2(writer, STA_ZP, HMM0);
}

static void step_missile_lock(Writer *writer)
{
    const int missile = dice(writer, 2);
    set(writer, RESMP0 + missile, 2);
    if (dice(writer, 2))
        step_strobe_in_the_draw(writer);
    set(writer, RESMP0 + missile, 0);
}

static void step_reflect_late(Writer *writer)
{
    enum { LAST_TO_REFLECT = 48 };
    set(writer, PF0 + dice(writer, 3), dice(writer, 256));
    next_line(writer);
    put2(writer, LDA_IMM, dice(writer, 8));
    wait(writer, LAST_TO_REFLECT - 6 + dice(writer, 4));
    put2(writer, STA_ZP, CTRLPF);
    if (dice(writer, 2)) { /* what is there already, in the next line */
        next_line(writer);
        put2(writer, STA_ZP, CTRLPF);
    }
}

static void step_read_collisions(Writer *writer)
{
    for (int i = 1 + dice(writer, 3); i > 0; i--) {
        put2(writer, LDA_ZP, dice(writer, 8));
        remember(writer);
    }
    if (dice(writer, 3) == 0)
        put2(writer, STA_ZP, CXCLR);
}

static void step_read_ports(Writer *writer)
{
    static const int ports[] = {SWCHA, SWCHB, INTIM, INSTAT, 0x281, 0x283, 0x684, 0x29c};
    if (dice(writer, 2))
        put2(writer, LDA_ZP, INPT0 + dice(writer, 8));
    else
        put3(writer, LDA_ABS, ports[dice(writer, 8)]);
    remember(writer);
}

static void step_dump_paddles(Writer *writer)
{
    set(writer, VBLANK, 0x80);
    wait(writer, 2 + dice(writer, 100));
    set(writer, VBLANK, 0);
}

/* Programs wait for the timer in loops, which the console skips. */
static void step_timer(Writer *writer)
{
    static const uint8_t reads[] = {LDA_ABS, LDA_ABS, 0xac, 0xae, BIT_ABS};
    const int interval = dice(writer, 3);
    put2(writer, LDA_IMM, interval == 2 ? dice(writer, 24) : dice(writer, 256));
    put3(writer, STA_ABS, TIM1T + interval);
    if (dice(writer, 2))
        return;
    put3(writer, reads[dice(writer, 5)], dice(writer, 4) ? INTIM : INTIM + 2);
    put2(writer, dice(writer, 2) ? BNE : BPL, 0xfb);
}

static void step_long_timer(Writer *writer)
{
    put2(writer, LDA_IMM, dice(writer, 16));
    put3(writer, STA_ABS, TIM1T + 3);
}

static void step_stack(Writer *writer) /* pushes into registers, two of them ending in WSYNC */
{
    const int to = dice(writer, 3) ? visible_register(writer) : WSYNC + 1;
    put2(writer, LDX_IMM, to);
    put(writer, TXS);
    if (dice(writer, 3) == 0) /* two in one instruction */
        put3(writer, JSR, ORIGIN + writer->at + 3);
    for (int i = 1 + dice(writer, 3); i > 0; i--)
        put(writer, dice(writer, 2) ? PHA : PHP);
    put2(writer, LDX_IMM, 0xff);
    put(writer, TXS);
}

/* Any instruction but jumps, on a register, a variable, the RIOT or the cartridge. */
static void step_any_instruction(Writer *writer)
{
    const int row = dice(writer, 16) << 4;
    if (dice(writer, 2)) {
        const int address = dice(writer, 2) ? visible_register(writer) : variable(writer);
        put2(writer, row | (4 + dice(writer, 4)), address);
        return;
    }
    static const int pages[] = {0x0000, 0x0080, 0x0280, 0xf000};
    const int opcode = row | (12 + dice(writer, 4));
    if (opcode != JMP && opcode != JMP_INDIRECT)
        put3(writer, opcode, pages[dice(writer, 4)] + visible_register(writer));
}

static void step_decimal(Writer *writer)
{
    put(writer, dice(writer, 2) ? SED : CLD);
}

static void step_sync(Writer *writer) /* held for a line's 76 cycles, or nearly */
{
    set(writer, VSYNC, 2);
    wait(writer, 76 - 5 - 1 + dice(writer, 3));
    set(writer, VSYNC, 0);
}

static void step_end_amid_a_line(Writer *writer) /* with the comb due, and a read */
{
    enum { LEFT_EDGE = 10 }; /* waited for so long, the line has just begun to show */
    set(writer, VSYNC, 2);
    set(writer, COLUBK, dice(writer, 256));
    next_line(writer);
    next_line(writer);
    put2(writer, STA_ZP, HMOVE);
    put2(writer, LDA_ZP, dice(writer, 16));
    put2(writer, LDA_IMM, 0);
    wait(writer, dice(writer, 2) ? LEFT_EDGE + dice(writer, 6) : 2 + dice(writer, 40));
    if (dice(writer, 2))
        put2(writer, STA_ZP, dice(writer, 3) ? RESP0 + dice(writer, 5) : NUSIZ0 + dice(writer, 2));
    put2(writer, STA_ZP, VSYNC);
}

static void step_line(Writer *writer)
{
    next_line(writer);
}

static void put_step(Writer *writer)
{
    static const struct {
        void (*put)(Writer *writer);
        int weight;
    } steps[] = {
        {step_write, 22},
        {step_write_elsewhere, 4},
        {step_write_at_a_cycle, 10},
        {step_objects, 6},
        {step_vertical_delay, 3},
        {step_strobe_in_the_draw, 8},
        {step_strobe_after_motion, 3},
        {step_motion, 6},
        {step_stars, 2},
        {step_missile_lock, 3},
        {step_reflect_late, 2},
        {step_read_collisions, 8},
        {step_read_ports, 4},
        {step_dump_paddles, 1},
        {step_timer, 2},
        {step_long_timer, 1},
        {step_stack, 2},
        {step_any_instruction, 4},
        {step_decimal, 1},
        {step_sync, 1},
        {step_end_amid_a_line, 2},
        {step_line, 5},
    };
    enum { STEPS = sizeof steps / sizeof steps[0], WEIGHTS = 100 };
    int left = dice(writer, WEIGHTS);
    for (int i = 0; i < STEPS; left -= steps[i++].weight)
        if (left < steps[i].weight) {
            steps[i].put(writer);
            return;
        }
}

/* ---- a frame ---- */

static void put_sync(Writer *writer)
{
    set(writer, VSYNC, 2);
    for (int line = 1 + dice(writer, 4); line > 0; line--)
        next_line(writer);
    if (dice(writer, 4) == 0)
        wait(writer, 2 + dice(writer, 74));
    set(writer, VSYNC, 0);
}

/* Repeat what lies between loop_begin and loop_end; the counter lies in RAM. */
static int loop_begin(Writer *writer, int counter, int times)
{
    put2(writer, LDA_IMM, times);
    put2(writer, STA_ZP, counter);
    return writer->at;
}

static void loop_end(Writer *writer, int counter, int begin)
{
    put2(writer, DEC_ZP, counter);
    put2(writer, BEQ, 3);
    put3(writer, JMP, ORIGIN + begin);
}

static void put_blank_lines(Writer *writer)
{
    if (dice(writer, 2))
        set(writer, VBLANK, 2 | (dice(writer, 2) ? 0x80 : 0));
    const int begin = loop_begin(writer, COUNTERS, 1 + dice(writer, 40));
    next_line(writer);
    loop_end(writer, COUNTERS, begin);
    set(writer, VBLANK, 0);
}

static void put_block(Writer *writer, int counter)
{
    const int begin = loop_begin(writer, counter, 1 + dice(writer, 24));
    for (int step = 2 + dice(writer, 10); step > 0; step--)
        put_step(writer);
    next_line(writer);
    loop_end(writer, counter, begin);
}

/* So many instructions without any write that the update ends in the midst of the frame. */
static void put_stall(Writer *writer)
{
    put2(writer, LDY_IMM, 1 + dice(writer, 120));
    put(writer, DEX);
    put2(writer, BNE, 0xfd);
    put(writer, DEY);
    put2(writer, BNE, 0xfa);
}

void random_program(uint8_t image[RANDOM_PROGRAM_BYTES], Random *random)
{
    enum { BLOCKS_MAX = 10, STALL_ONE_IN = 15, STARTING_WRITES = 12, RESET_VECTOR = 0xffc };
    Writer writer = {image, 0, random};
    memset(image, NOP, RANDOM_PROGRAM_BYTES);
    put2(&writer, LDX_IMM, 0xff);
    put(&writer, TXS);
    for (int i = 0; i < STARTING_WRITES; i++)
        step_write(&writer);
    const int frame = writer.at;
    put_sync(&writer);
    put_blank_lines(&writer);
    for (int block = 1 + dice(&writer, BLOCKS_MAX); block > 0; block--) {
        if (dice(&writer, STALL_ONE_IN) == 0)
            put_stall(&writer);
        put_block(&writer, COUNTERS + block);
    }
    put3(&writer, JMP, ORIGIN + frame);
    image[RESET_VECTOR] = ORIGIN & 0xff;
    image[RESET_VECTOR + 1] = ORIGIN >> 8;
}
