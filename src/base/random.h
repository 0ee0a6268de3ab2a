/*
 * random.h - named streams of random numbers.
 *
 * Every draw in deepq comes from a stream that was passed in. A stream is made from the run's seed
 * and a name ("explore", "replay", "evaluate"), so that one part drawing more or less never changes
 * what another part draws. The state is a value: copy it to save it.
 *
 * The generator is xoshiro256** seeded through splitmix64 [Blackman2018]; it passes the usual
 * batteries and is four words long. Doubles carry 53 random bits, floats 24.
 */
#ifndef DEEPQ_BASE_RANDOM_H
#define DEEPQ_BASE_RANDOM_H

#include <stdint.h>

typedef struct {
    uint64_t word[4]; /* never all zero */
} Random;

Random random_stream(uint64_t seed, const char *name);

uint64_t random_bits(Random *random); /* 64 uniform bits */
uint32_t random_below(Random *random,
                      uint32_t bound); /* uniform in 0 .. bound-1, exactly; bound > 0 */
double random_unit(Random *random);    /* uniform in [0, 1) */
double random_normal(Random *random);  /* mean 0, variance 1; two draws of the stream each */

#endif
