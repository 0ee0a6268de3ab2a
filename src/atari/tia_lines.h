/*
 * tia_lines.h - lines done as wholes, and remembered.
 *
 * A program draws much the same lines in every frame, and often one line many times. A line is a
 * function of the TIA's state when it begins and of the writes that come in it; what it leaves is
 * 160 pixels and another state. So writes are not done when they come: they wait in a queue until
 * their line is over. Then line, state and writes are looked up among the lines done lately:
 *
 *     state, 48 bytes --+                    +-- state afterwards
 *                       +--> TiaMemory ------+
 *     writes (when,     |    or, if it is    +-- 160 pixels
 *     where, what) -----+    new, tia.c
 *
 * What nobody has asked for does not wait: the writes that end frames or switch the picture off,
 * and a read of the collisions, are done at once, with all that waits before them. A line that is
 * cut up so is done by tia.c and not remembered.
 *
 * The positions of objects that cannot be seen in the line are left out of the comparison (they
 * move by HMOVE all the same), and so are motions that no HMOVE uses. Else one hidden object that
 * moves would make every line new in every frame.
 *
 * The memory keeps the lines that were done last. A hash of what a line depends on has one place,
 * which says where the line with that hash is, so that a new line is known for one without touching
 * an old one, which the processor would have to wait for. Most often no hash is needed: the line is
 * what this row of the picture was in the frame before, or, in games whose objects take turns, two
 * frames ago.
 *
 * The memory is no part of the machine's state: with another one, with an empty one and with none
 * at all the same comes out, bit for bit. All bytes 0 is an empty one. Two consoles may share it
 * in turns, not at once.
 */
#ifndef DEEPQ_ATARI_TIA_LINES_H
#define DEEPQ_ATARI_TIA_LINES_H

#include "atari/tia.h"

enum {
    TIA_LINE_CYCLES = 76,
    TIA_QUEUE_MAX = 64,
    TIA_LINE_WRITES_MAX = 20, /* of a line that is remembered */
    TIA_USUAL_WRITES = 8,     /* so many are compared at once; 0 where there are fewer */
    TIA_MEMORY_LINES = 4096,  /* 1.6 MB; a frame has 210, and a game's differ in a few */
    TIA_MEMORY_PLACES = 8192,
    TIA_STATE_WORDS = 6,
};

/* Bits 0 .. 7: the cycle of the line; 8 .. 15: the register; 16 .. 23: the value. */
typedef uint32_t TiaAccess;

/* What the processor has done to the TIA in the present line and the TIA has not done yet. Reads
 * and writes without effect end pieces and do nothing else; they are kept apart. */
typedef struct {
    int32_t line_cycle;   /* the CPU cycle at which the line began */
    uint32_t open_cycles; /* how many of its cycles' accesses may wait: all, or none where a write
                             ends the frame */
    bool cut;             /* part of what came in this line is done already */
    uint32_t writes, touches;
    TiaAccess write[TIA_QUEUE_MAX];
    TiaAccess
        touch[TIA_QUEUE_MAX]; /* bits 8 .. 15: how many writes came before; 16: it is a read */
} TiaQueue;

/* The bytes of Tia that a line depends on. */
typedef struct {
    uint64_t word[TIA_STATE_WORDS];
} TiaState;

/* A line that was done. */
typedef struct {
    TiaState before;     /* with 0 for what does not matter */
    uint64_t matters[2]; /* 1s: these bits of the last two words of `before` do */
    uint32_t setting;    /* what else it depends on, of that the bits in setting_matters */
    uint32_t setting_matters;
    uint32_t writes; /* how many of `write` there are */
    bool used;
    TiaAccess write[TIA_LINE_WRITES_MAX];
    TiaState after;
    uint64_t known[2];   /* 1s: these bits of the last two words of `after` hold; the others stay */
    uint8_t moved[5];    /* but positions that stay are so much further right */
    bool moves;          /* some of them */
    uint8_t drawn;       /* how far into the next line */
    uint8_t hmove_clock; /* of the line's HMOVE */
    uint8_t pixels[SCREEN_COLUMNS];
} TiaLine;

/* Where a line with that hash, if there is any, is. */
typedef struct {
    uint32_t hash; /* 0: nowhere */
    uint32_t line;
} TiaLinePlace;

typedef struct {
    TiaLine line[TIA_MEMORY_LINES];
    TiaLinePlace place[TIA_MEMORY_PLACES]; /* by the hash */
    uint32_t oldest;                       /* the line that the next new one takes the room of */
    uint16_t shown[2][SCREEN_ROWS_MAX]; /* by Tia's picture: which lines its rows were last time */
    bool turns; /* of late more rows were as two frames ago than as in the frame before */
    uint8_t unwanted[SCREEN_ROWS_MAX * SCREEN_COLUMNS]; /* the picture, where nobody wants one */
} TiaMemory;

/* What all of these work on. */
typedef struct {
    Tia *tia;
    TiaMemory *memory; /* NULL: none */
    uint8_t *pixels;   /* the picture that is being drawn; NULL: none, and no memory */
    uint16_t *shown;   /* the memory's: of this frame's rows, and what they were two frames ago */
    const uint16_t *shown_before; /* in the frame before */
    const uint16_t *guide;        /* one of these, which tells what the rows are likely to be */
    int32_t turns; /* how many more rows were as two frames ago than as in the frame before */
    TiaQueue queue;
} TiaLines;

/* Begin at a cycle, which may be amid a frame. Until tia_lines_end the registers in `tia` may be
 * behind. */
void tia_lines_begin(TiaLines *lines, Tia *tia, int32_t cycle, TiaMemory *memory, uint8_t *pixels);

/* Do what waits. `frame_over`: the last write has ended the frame; else what an access would have
 * drawn by itself is drawn. Afterwards `tia` is the same whatever was remembered. */
void tia_lines_end(TiaLines *lines, bool frame_over);

/* As tia_write and tia_read_collisions, now or later. */
bool tia_lines_write_now(TiaLines *lines, uint16_t address, uint8_t value, int32_t cycle);
uint8_t tia_lines_read_collisions(TiaLines *lines, uint16_t address, int32_t cycle);

/* Does a write to the register do nothing? RSYNC's and the sound registers are as good as none, and
 * WSYNC is the console's. */
static inline bool tia_is_quiet(int reg)
{
    const uint64_t sound = UINT64_C(63) << AUDC0, none = ~UINT64_C(0) << (CXCLR + 1);
    return (sound | none | 1 << WSYNC | 1 << RSYNC) >> reg & 1;
}

/* Those whose writes may wait: neither quiet nor done at once. Bit r is register r. */
static inline uint64_t tia_waiting_registers(void)
{
    uint64_t waiting = 0;
    for (int reg = VBLANK + 1; reg < TIA_REGISTERS; reg++)
        if (!tia_is_quiet(reg))
            waiting |= UINT64_C(1) << reg;
    return waiting;
}

/* Put an access into the queue. False: it is too late for the queue's line, or there is no room. */
static inline bool tia_queue_write(TiaQueue *queue, int reg, uint8_t value, int32_t cycle)
{
    const uint32_t into_line = (uint32_t)cycle - (uint32_t)queue->line_cycle;
    if (into_line >= queue->open_cycles || queue->writes == TIA_QUEUE_MAX)
        return false;
    queue->write[queue->writes++] = into_line | (uint32_t)reg << 8 | (uint32_t)value << 16;
    return true;
}

static inline bool tia_queue_touch(TiaQueue *queue, bool read, int32_t cycle)
{
    const uint32_t into_line = (uint32_t)cycle - (uint32_t)queue->line_cycle;
    if (into_line >= queue->open_cycles || queue->touches == TIA_QUEUE_MAX)
        return false;
    queue->touch[queue->touches++] = into_line | queue->writes << 8 | (uint32_t)read << 16;
    return true;
}

/* A write. Returns true if the frame ends with it. */
static inline bool tia_lines_write(TiaLines *lines, uint16_t address, uint8_t value, int32_t cycle)
{
    const int reg = address & (TIA_REGISTERS - 1);
    const bool waits = tia_is_quiet(reg) ? tia_queue_touch(&lines->queue, false, cycle)
                       : reg > VBLANK    ? tia_queue_write(&lines->queue, reg, value, cycle)
                                         : false;
    return waits ? false : tia_lines_write_now(lines, address, value, cycle);
}

/* A read of something else than collisions. */
void tia_lines_touch(TiaLines *lines, int32_t cycle);

#endif
