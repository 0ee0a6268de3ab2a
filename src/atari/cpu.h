/*
 * cpu.h - the 6507's registers, and where its program lies. What runs them is cpu_core_private.h,
 * put into the machine by console.c.
 */
#ifndef DEEPQ_ATARI_CPU_H
#define DEEPQ_ATARI_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int32_t cycle; /* since the frame began; all base cycles of the present instruction included */
    uint16_t pc;
    uint8_t a, x, y;
    uint8_t s;                 /* stack pointer: the stack is at 0x100 + s */
    uint8_t negative;          /* N is bit 7 of this */
    uint8_t zero;              /* Z is set when this is 0 */
    uint8_t carry;             /* 0 or 1 */
    uint8_t overflow;          /* 0 or 1 */
    uint8_t decimal;           /* 0 or 1 */
    uint8_t interrupt_disable; /* 0 or 1; the 6507 has no interrupt line, so it is only pushed and
                                  pulled */
    uint8_t
        bus; /* the last byte that was read or written: what lines that nobody drives still show */
    bool jammed; /* a KIL opcode was met: the processor stands until a reset */
} Cpu;

/* Where instructions may be taken from without asking the bus. */
typedef struct {
    const uint8_t *code; /* `bytes` of them can be an instruction's first; two more can be read */
    size_t bytes;        /* 0: nowhere, or no longer */
    uint16_t begin;      /* the address of the first */
    int32_t last_cycle;  /* from here on the program has to be stopped at its next jump */
} CpuStretch;

/* Where the next byte of the program lies in the stretch: what cpu_run has instead of a program
 * counter, so that one comparison tells whether it is still in there. cpu_step has none, NULL, and
 * asks the bus. The compiler knows which. */
typedef struct {
    const uint8_t *code; /* the stretch's */
    size_t at;
} CpuPlace;

#endif
