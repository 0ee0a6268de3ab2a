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
#if defined(__AVX512BW__)
#include <immintrin.h>
#endif

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

/* The number that is kept of `value`. */
static inline float bf16_kept(float value)
{
    return bf16_float(bf16_round(value));
}

#if defined(__AVX512BW__)
static inline __m512i bf16_widen(__m256i halves)
{
    return _mm512_cvtepu16_epi32(halves);
}
#endif

#if defined(__AVX512BF16__)
/* The processor's own rounding is this one. */
static inline __m256i bf16_sixteen(const float *from)
{
    return (__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(from));
}
#endif

/* Two rows side by side: to[2 i] = even[i], to[2 i + 1] = odd[i]. */
static inline void bf16_pair(const Bf16 *restrict even, const Bf16 *restrict odd, int count,
                             Bf16 *restrict to)
{
    int i = 0;
#if defined(__AVX512BW__)
    for (; i + 16 <= count; i += 16) {
        const __m512i low =
            bf16_widen(_mm256_loadu_si256((const __m256i *)(const void *)(even + i)));
        const __m512i high =
            bf16_widen(_mm256_loadu_si256((const __m256i *)(const void *)(odd + i)));
        _mm512_storeu_si512(to + 2 * i, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
    }
#endif
    for (; i < count; i++) {
        to[2 * i] = even[i];
        to[2 * i + 1] = odd[i];
    }
}

static inline void bf16_round_all(const float *restrict from, size_t count, Bf16 *restrict to)
{
    size_t i = 0;
#if defined(__AVX512BF16__)
    for (; i + 16 <= count; i += 16)
        _mm256_storeu_si256((__m256i *)(void *)(to + i), bf16_sixteen(from + i));
#endif
    for (; i < count; i++)
        to[i] = bf16_round(from[i]);
}

/* bf16_pair of what is rounded. */
static inline void bf16_round_pair(const float *restrict even, const float *restrict odd, int count,
                                   Bf16 *restrict to)
{
    int i = 0;
#if defined(__AVX512BF16__)
    for (; i + 16 <= count; i += 16) {
        const __m512i low = bf16_widen(bf16_sixteen(even + i));
        const __m512i high = bf16_widen(bf16_sixteen(odd + i));
        _mm512_storeu_si512(to + 2 * i, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
    }
#endif
    for (; i < count; i++) {
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
