#include "nn/vector_turn.h"

#if defined(__AVX512F__) && defined(__AVX512BW__)

#include <immintrin.h>

/* Rows of four words become columns within each quarter of the registers; then quarters change
 * places, first with the register four rows on, then with that eight rows on. */
static inline void turn(__m512i row[TURNED])
{
    __m512i half[TURNED];
    for (int r = 0; r < TURNED; r += 4) {
        const __m512i a = _mm512_unpacklo_epi32(row[r], row[r + 1]);
        const __m512i b = _mm512_unpackhi_epi32(row[r], row[r + 1]);
        const __m512i c = _mm512_unpacklo_epi32(row[r + 2], row[r + 3]);
        const __m512i d = _mm512_unpackhi_epi32(row[r + 2], row[r + 3]);
        half[r] = _mm512_unpacklo_epi64(a, c);
        half[r + 1] = _mm512_unpackhi_epi64(a, c);
        half[r + 2] = _mm512_unpacklo_epi64(b, d);
        half[r + 3] = _mm512_unpackhi_epi64(b, d);
    }
    enum { EVEN = 0x88, ODD = 0xdd }; /* quarters 0 2 of both, quarters 1 3 */
    for (int c = 0; c < 4; c++) {
        const __m512i a = _mm512_shuffle_i32x4(half[c], half[4 + c], EVEN);
        const __m512i b = _mm512_shuffle_i32x4(half[c], half[4 + c], ODD);
        const __m512i d = _mm512_shuffle_i32x4(half[8 + c], half[12 + c], EVEN);
        const __m512i e = _mm512_shuffle_i32x4(half[8 + c], half[12 + c], ODD);
        row[c] = _mm512_shuffle_i32x4(a, d, EVEN);
        row[4 + c] = _mm512_shuffle_i32x4(b, e, EVEN);
        row[8 + c] = _mm512_shuffle_i32x4(a, d, ODD);
        row[12 + c] = _mm512_shuffle_i32x4(b, e, ODD);
    }
}

static void turn_block(const float *from, ptrdiff_t step, float *to, ptrdiff_t to_step)
{
    __m512i row[TURNED];
    for (int r = 0; r < TURNED; r++)
        row[r] = _mm512_loadu_si512(from + r * step);
    turn(row);
    for (int r = 0; r < TURNED; r++)
        _mm512_storeu_si512(to + r * to_step, row[r]);
}

static inline __m512i widen(const Bf16 *from)
{
    return _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)from));
}

static void turn_pair_block(const Bf16 *a, const Bf16 *b, ptrdiff_t step, Bf16 *to,
                            ptrdiff_t to_step)
{
    __m512i row[TURNED];
    for (int r = 0; r < TURNED; r++) {
        row[r] = widen(a + r * step);
        if (b != NULL)
            row[r] = _mm512_or_si512(row[r], _mm512_slli_epi32(widen(b + r * step), 16));
    }
    turn(row);
    for (int r = 0; r < TURNED; r++)
        _mm512_storeu_si512(to + r * to_step, row[r]);
}

#else

static void turn_block(const float *from, ptrdiff_t step, float *to, ptrdiff_t to_step)
{
    for (int c = 0; c < TURNED; c++)
        for (int r = 0; r < TURNED; r++)
            to[c * to_step + r] = from[r * step + c];
}

static void turn_pair_block(const Bf16 *a, const Bf16 *b, ptrdiff_t step, Bf16 *to,
                            ptrdiff_t to_step)
{
    for (int c = 0; c < TURNED; c++)
        for (int r = 0; r < TURNED; r++) {
            to[c * to_step + 2 * r] = a[r * step + c];
            to[c * to_step + 2 * r + 1] = b != NULL ? b[r * step + c] : 0;
        }
}

#endif

void turn_floats(const float *from, ptrdiff_t step, int rows, int columns, float *to,
                 ptrdiff_t to_step)
{
    for (int r = 0; r < rows; r += TURNED)
        for (int c = 0; c < columns; c += TURNED)
            turn_block(from + r * step + c, step, to + c * to_step + r, to_step);
}

void turn_pairs(const Bf16 *a, const Bf16 *b, ptrdiff_t step, int rows, int columns, Bf16 *to,
                ptrdiff_t to_step)
{
    for (int r = 0; r < rows; r += TURNED)
        for (int c = 0; c < columns; c += TURNED)
            turn_pair_block(a + r * step + c, b != NULL ? b + r * step + c : NULL, step,
                            to + c * to_step + 2 * r, to_step);
}
