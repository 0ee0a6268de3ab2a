#include "base/random.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/digest.h"

static uint64_t rotate_left(uint64_t value, int count)
{
    return (value << count) | (value >> (64 - count));
}

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

Random random_stream(uint64_t seed, const char *name)
{
    uint64_t mixed = seed;
    uint64_t state = splitmix64(&mixed) ^ fnv1a64(FNV1A64_START, name, strlen(name));
    Random random;
    for (int i = 0; i < 4; i++)
        random.word[i] = splitmix64(&state);
    return random;
}

uint64_t random_bits(Random *random)
{
    uint64_t *s = random->word;
    const uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

/* Multiply and shift; the draws that would make some values likelier than others are thrown away
 * [Lemire2019]. */
uint32_t random_below(Random *random, uint32_t bound)
{
    assert(bound > 0);
    const uint32_t excess = -bound % bound;
    uint64_t product;
    do {
        product = (random_bits(random) >> 32) * bound;
    } while ((uint32_t)product < excess);
    return (uint32_t)(product >> 32);
}

double random_unit(Random *random)
{
    return (double)(random_bits(random) >> 11) * 0x1p-53;
}

/* Box and Muller's cosine half; the sine half is left unused so that the stream's state is all the
 * state. */
double random_normal(Random *random)
{
    const double two_pi = 6.283185307179586;
    const double radius = sqrt(-2.0 * log(1.0 - random_unit(random)));
    return radius * cos(two_pi * random_unit(random));
}
