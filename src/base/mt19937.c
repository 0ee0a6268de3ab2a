#include "base/mt19937.h"

enum { WORDS = 624, MIDDLE = 397 };

Mt19937 mt19937_seeded(uint32_t seed)
{
    Mt19937 mt;
    mt.word[0] = seed;
    for (uint32_t i = 1; i < WORDS; i++)
        mt.word[i] = 1812433253u * (mt.word[i - 1] ^ (mt.word[i - 1] >> 30)) + i;
    mt.next = WORDS;
    return mt;
}

static void twist(Mt19937 *mt)
{
    for (uint32_t i = 0; i < WORDS; i++) {
        const uint32_t joined =
            (mt->word[i] & 0x80000000u) | (mt->word[(i + 1) % WORDS] & 0x7fffffffu);
        const uint32_t odd = (joined & 1u) ? 0x9908b0dfu : 0;
        mt->word[i] = mt->word[(i + MIDDLE) % WORDS] ^ (joined >> 1) ^ odd;
    }
    mt->next = 0;
}

uint32_t mt19937_draw(Mt19937 *mt)
{
    if (mt->next == WORDS)
        twist(mt);
    uint32_t y = mt->word[mt->next++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
}
