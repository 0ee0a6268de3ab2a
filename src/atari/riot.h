/*
 * riot.h - the 6532: 128 bytes of RAM, a timer, and the ports that the sticks and switches hang on.
 *
 * The timer holds T and counts down one every 1, 8, 64 or 1024 cycles; below zero it counts every
 * cycle. All of it is worked out when the program looks, from the cycle of the write: nothing
 * ticks.
 */
#ifndef DEEPQ_ATARI_RIOT_H
#define DEEPQ_ATARI_RIOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mt19937.h"

enum { RIOT_RAM_BYTES = 128 };

struct Console;

typedef struct {
    uint8_t ram[RIOT_RAM_BYTES]; /* at 0x80 .. 0xff, and mirrored as the stack at 0x180 .. 0x1ff */
    int32_t timer;               /* T */
    int32_t timer_shift;         /* 0, 3, 6 or 10 */
    int32_t timer_set_cycle;     /* when T was written */
    int32_t timer_read_cycle;    /* when INTIM was first read after the timer ran out */
    bool timer_read;             /* that has happened */
    uint8_t ddra;
} Riot;

void riot_power_on(Riot *riot, Mt19937 *noise); /* fills the RAM */
void riot_reset(Riot *riot, Mt19937 *noise);
void riot_begin_frame(Riot *riot,
                      int32_t cycles_gone); /* the cycle counter is set back by this much */

/* Registers at 0x280 .. 0x29f and mirrors, with the processor's cycle of the access. */
uint8_t riot_read(struct Console *console, uint16_t address, int32_t cycle);
void riot_write(Riot *riot, uint16_t address, uint8_t value, int32_t cycle);

/* Is this register (at such an address) INTIM? */
static inline bool riot_is_timer(uint16_t address)
{
    return (address & 5) == 4;
}

/* What the timer holds at a cycle; negative: it has run out. And for how many more cycles than none
 * it goes on to hold at least 1; negative: it does not. */
int32_t riot_timer_left(const Riot *riot, int32_t cycle);
int32_t riot_cycles_above_one(const Riot *riot, int32_t cycle);

#endif
