/*
 * cpu.h - the 6507's registers. The program that runs them is cpu_core_private.h, put into the
 * machine by console.c.
 */
#ifndef DEEPQ_ATARI_CPU_H
#define DEEPQ_ATARI_CPU_H

#include <stdbool.h>
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

#endif
