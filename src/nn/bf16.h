/*
 * bf16.h - bfloat16: the upper half of a float. Sign, the float's eight bits of exponent, seven of
 * fraction: eight with the leading one, so that a number is kept to within 2^-8 of itself.
 *
 * Rounding is to the nearest, ties to even; what is too small for a normal float becomes a zero of
 * its sign, as the processors have it (VCVTNEPS2BF16); a NaN stays one. All numbers of up to eight
 * bits, bytes among them, are exact. Products of two are exact in float, but for those too small or
 * too large for it.
 *
 * A float in terms: the first is the nearest bfloat16, each next one the nearest to what is left.
 * TERMS of them, of eight bits each, are the float itself, but for what is below 2^-126. So floats
 * can be multiplied where bfloat16 is quick: of (a0 + a1 + a2) (b0 + b1 + b2) the six products with
 * i + j < TERMS, whose sum is off by 2^-23 of a b at most, a float's own rounding being 2^-24
 * [Henry2019]. What is not finite, or rounds to an infinity, has terms that are not numbers.
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

enum { TERMS = 3 };

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

/* to[t step] for t < terms. */
static inline void bf16_part(float value, int terms, Bf16 *to, size_t step)
{
    for (int t = 0; t < terms; t++) {
        to[(size_t)t * step] = bf16_round(value);
        value -= bf16_float(to[(size_t)t * step]);
    }
}

/* to[t step + i]: term t of from[i]. */
static inline void bf16_part_all(const float *restrict from, size_t count, int terms,
                                 Bf16 *restrict to, size_t step)
{
    size_t i = 0;
    if (terms == 1) {
        bf16_round_all(from, count, to);
        return;
    }
#if defined(__AVX512BF16__)
    for (; i + 16 <= count; i += 16) {
        __m512 left = _mm512_loadu_ps(from + i);
        for (int t = 0; t < terms; t++) {
            const __m256i term = (__m256i)_mm512_cvtneps_pbh(left);
            _mm256_storeu_si256((__m256i *)(void *)(to + (size_t)t * step + i), term);
            left = _mm512_sub_ps(left, (__m512)_mm512_slli_epi32(bf16_widen(term), 16));
        }
    }
#endif
    for (; i < count; i++)
        bf16_part(from[i], terms, to + i, step);
}

/* Two rows side by side as in bf16_pair, term by term. */
static inline void bf16_part_pair(const float *restrict even, const float *restrict odd, int count,
                                  int terms, Bf16 *restrict to, size_t step)
{
    int i = 0;
    if (terms == 1) {
        bf16_round_pair(even, odd, count, to);
        return;
    }
#if defined(__AVX512BF16__)
    for (; i + 16 <= count; i += 16) {
        __m512 left = _mm512_loadu_ps(even + i), left_odd = _mm512_loadu_ps(odd + i);
        for (int t = 0; t < terms; t++) {
            const __m512i low = bf16_widen((__m256i)_mm512_cvtneps_pbh(left));
            const __m512i high =
                _mm512_slli_epi32(bf16_widen((__m256i)_mm512_cvtneps_pbh(left_odd)), 16);
            _mm512_storeu_si512(to + (size_t)t * step + 2 * i, _mm512_or_si512(low, high));
            left = _mm512_sub_ps(left, (__m512)_mm512_slli_epi32(low, 16));
            left_odd = _mm512_sub_ps(left_odd, (__m512)high);
        }
    }
#endif
    for (; i < count; i++) {
        bf16_part(even[i], terms, to + 2 * i, step);
        bf16_part(odd[i], terms, to + 2 * i + 1, step);
    }
}

/* `rows` rows of `width` floats, two at a time likewise; rows is even. */
static inline void bf16_part_pairs(const float *restrict from, size_t rows, int width, int terms,
                                   Bf16 *restrict to, size_t step)
{
    for (size_t r = 0; r < rows; r += 2)
        bf16_part_pair(from + r * (size_t)width, from + (r + 1) * (size_t)width, width, terms,
                       to + r * (size_t)width, step);
}

#endif
