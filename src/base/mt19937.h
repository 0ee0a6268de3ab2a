/*
 * mt19937.h - the Mersenne Twister, as the Arcade Learning Environment draws from it
 * [Matsumoto1998].
 *
 * Needed bit for bit: power-on memory, timers and sticky actions of every published score come from
 * it. deepq's own draws use random.h. The state is a value of 2.5 KB.
 */
#ifndef DEEPQ_BASE_MT19937_H
#define DEEPQ_BASE_MT19937_H

#include <stdint.h>

typedef struct {
    uint32_t word[624];
    uint32_t next; /* index of the next word to temper; 624: twist first */
} Mt19937;

Mt19937 mt19937_seeded(uint32_t seed);
uint32_t mt19937_draw(Mt19937 *mt); /* 32 uniform bits */

#endif
