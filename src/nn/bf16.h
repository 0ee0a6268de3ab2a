/*
 * bf16.h - bfloat16: the upper half of a float. Sign, the float's eight bits of exponent, seven of
 * fraction: eight with the leading one, so that a number is kept to within 2^-8 of itself.
 *
 * Rounding is to the nearest, ties to even; what is too small for a normal float becomes a zero of
 * its sign, as the processors have it (VCVTNEPS2BF16); a NaN stays one. All numbers of up to eight
 * bits, bytes among them, are exact. Products of two are exact in float, but for those too small or
 * too large for it.
 */
#ifndef DEEPQ_NN_BF16_H
#define DEEPQ_NN_BF16_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint16_t Bf16;

static inline Bf16 bf16_round(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    const uint32_t size = bits & 0x7fffffff, upper = bits >> 16;
    const uint32_t rounded = (bits + 0x7fff + (upper & 1)) >> 16;
    const uint32_t number = size < 0x00800000 ? upper & 0x8000 : rounded;
    return (Bf16)(size > 0x7f800000 ? upper | 0x40 : number);
}

static inline float bf16_float(Bf16 half)
{
    const uint32_t bits = (uint32_t)half << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline void bf16_round_all(const float *restrict from, size_t count, Bf16 *restrict to)
{
    for (size_t i = 0; i < count; i++)
        to[i] = bf16_round(from[i]);
}

/* Two rows side by side: to[2 i] = even[i], to[2 i + 1] = odd[i]. */
static inline void bf16_round_pair(const float *restrict even, const float *restrict odd, int count,
                                   Bf16 *restrict to)
{
    for (int i = 0; i < count; i++) {
        to[2 * i] = bf16_round(even[i]);
        to[2 * i + 1] = bf16_round(odd[i]);
    }
}

/* `rows` rows of `width` floats, two at a time as in bf16_round_pair; rows is even. */
static inline void bf16_round_pairs(const float *restrict from, size_t rows, int width,
                                    Bf16 *restrict to)
{
    for (size_t r = 0; r < rows; r += 2)
        bf16_round_pair(from + r * (size_t)width, from + (r + 1) * (size_t)width, width,
                        to + r * (size_t)width);
}

#endif
