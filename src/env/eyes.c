#include "env/eyes.h"

#include <assert.h>
#include <string.h>
#if defined(__AVX512VBMI__)
#include <immintrin.h>
#endif

#include "atari/palette.h"

static int greatest_common_divisor(int a, int b)
{
    while (b != 0) {
        const int rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Output `index` of `outputs` that together cover `inputs`. In units in which an input is outputs/g
 * wide and an output inputs/g (g their common divisor) all edges are whole numbers. */
static EyesTaps make_taps(int index, int inputs, int outputs)
{
    const int g = greatest_common_divisor(inputs, outputs);
    const int wide_in = outputs / g, wide_out = inputs / g;
    const int begin = index * wide_out, end = begin + wide_out;
    EyesTaps taps = {.first = (uint16_t)(begin / wide_in)};
    for (int at = begin; at < end;) {
        const int edge = (at / wide_in + 1) * wide_in;
        const int stop = edge < end ? edge : end;
        assert(taps.count < EYES_TAPS_MAX);
        taps.weight[taps.count++] = (uint16_t)(stop - at);
        at = stop;
    }
    return taps;
}

static uint32_t taps_total(const EyesTaps *taps)
{
    uint32_t total = 0;
    for (int i = 0; i < taps->count; i++)
        total += taps->weight[i];
    return total;
}

static EyesGroup make_group(const EyesTaps *column, int first, int end)
{
    EyesGroup group = {.first = column[first].first};
    for (int i = first; i < end && i < first + EYES_LANES; i++) {
        assert(column[i].count <= EYES_LANE_TAPS);
        for (int k = 0; k < column[i].count; k++) {
            group.from[k][i - first] = (uint16_t)(column[i].first + k - group.first);
            group.weight[k][i - first] = column[i].weight[k];
            assert(group.from[k][i - first] < 2 * EYES_LANES);
        }
    }
    return group;
}

Eyes eyes_make(EyesKind kind, ConsoleFormat format, int height)
{
    enum { ROWS_2013 = 110, FIRST_ROW_2013 = 18 };
    const int rows = kind == EYES_2013 ? ROWS_2013 : EYES_ROWS;
    const int first = kind == EYES_2013 ? FIRST_ROW_2013 : 0;
    Eyes eyes;
    for (int index = 0; index < 256; index++)
        eyes.luminance[index] = palette_gray(format, (uint8_t)index);
    for (int i = 0; i < EYES_ROWS; i++)
        eyes.row[i] = make_taps(first + i, height, rows);
    for (int i = 0; i < EYES_COLUMNS; i++)
        eyes.column[i] = make_taps(i, SCREEN_COLUMNS, EYES_COLUMNS);
    for (int i = 0; i < EYES_COLUMNS; i += EYES_LANES)
        eyes.group[i / EYES_LANES] = make_group(eyes.column, i, EYES_COLUMNS);
    eyes.total = taps_total(&eyes.row[0]) * taps_total(&eyes.column[0]);
    return eyes;
}

#if defined(__AVX512VBMI__)

/* Two tables of 128 entries, each in two registers. */
static __m512i look_up(const Eyes *eyes, __m512i index)
{
    const __m512i *table = (const void *)eyes->luminance;
    const __m512i low =
        _mm512_permutex2var_epi8(_mm512_loadu_si512(table), index, _mm512_loadu_si512(table + 1));
    const __m512i high = _mm512_permutex2var_epi8(_mm512_loadu_si512(table + 2), index,
                                                  _mm512_loadu_si512(table + 3));
    return _mm512_mask_mov_epi8(low, _mm512_movepi8_mask(index), high);
}

static void see_line(const Eyes *eyes, const uint8_t *picture, const uint8_t *before, uint8_t *line)
{
    for (int x = 0; x < SCREEN_COLUMNS; x += 64) {
        const int left = SCREEN_COLUMNS - x;
        const __mmask64 here = left >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << left) - 1;
        __m512i seen = look_up(eyes, _mm512_maskz_loadu_epi8(here, picture + x));
        if (before != NULL)
            seen = _mm512_max_epu8(seen, look_up(eyes, _mm512_maskz_loadu_epi8(here, before + x)));
        _mm512_mask_storeu_epi8(line + x, here, seen);
    }
}

/* sum / total for 16 sums, total / 2 more, as floats: a half more again, so that rounding, which
 * loses 2^-15 at most, cannot lose a whole; the next whole is 2^-14 away. */
static __m512i divide(__m512i sums, const Eyes *eyes)
{
    const __m512 more = _mm512_set1_ps((float)(eyes->total / 2) + 0.5f);
    const __m512 value = _mm512_add_ps(_mm512_cvtepi32_ps(sums), more);
    return _mm512_cvttps_epi32(_mm512_mul_ps(value, _mm512_set1_ps(1.0f / (float)eyes->total)));
}

static __m512i widen(__m512i words, int half)
{
    return _mm512_cvtepu16_epi32(half == 0 ? _mm512_castsi512_si256(words)
                                           : _mm512_extracti64x4_epi64(words, 1));
}

static void narrow_group(const Eyes *eyes, const EyesGroup *group, const uint16_t *sum, int count,
                         uint8_t *row)
{
    const __m512i a = _mm512_loadu_si512(sum + group->first);
    const __m512i b = _mm512_loadu_si512(sum + group->first + EYES_LANES);
    __m512i low = _mm512_setzero_si512(), high = low;
    for (int k = 0; k < EYES_LANE_TAPS; k++) {
        const __m512i tap = _mm512_permutex2var_epi16(a, _mm512_loadu_si512(group->from[k]), b);
        const __m512i weight = _mm512_loadu_si512(group->weight[k]);
        low = _mm512_add_epi32(low, _mm512_mullo_epi32(widen(tap, 0), widen(weight, 0)));
        high = _mm512_add_epi32(high, _mm512_mullo_epi32(widen(tap, 1), widen(weight, 1)));
    }
    uint8_t bytes[EYES_LANES];
    _mm_storeu_si128((void *)bytes, _mm512_cvtepi32_epi8(divide(low, eyes)));
    _mm_storeu_si128((void *)(bytes + 16), _mm512_cvtepi32_epi8(divide(high, eyes)));
    memcpy(row, bytes, (size_t)count);
}

static void narrow_row(const Eyes *eyes, const uint16_t *sum, uint8_t *row)
{
    for (int i = 0; i < EYES_COLUMNS; i += EYES_LANES) {
        const int left = EYES_COLUMNS - i;
        narrow_group(eyes, &eyes->group[i / EYES_LANES], sum, left < EYES_LANES ? left : EYES_LANES,
                     row + i);
    }
}

#else

static void see_line(const Eyes *eyes, const uint8_t *picture, const uint8_t *before, uint8_t *line)
{
    for (int x = 0; x < SCREEN_COLUMNS; x++)
        line[x] = eyes->luminance[picture[x]];
    if (before == NULL)
        return;
    for (int x = 0; x < SCREEN_COLUMNS; x++) {
        const uint8_t other = eyes->luminance[before[x]];
        line[x] = line[x] > other ? line[x] : other;
    }
}

/* sum / total, rounded: the reciprocal is exact for every sum that 255 * total allows. */
static void narrow_row(const Eyes *eyes, const uint16_t *sum, uint8_t *row)
{
    enum { SHIFT = 44 };
    const uint64_t reciprocal = ((uint64_t)1 << SHIFT) / eyes->total + 1;
    for (int i = 0; i < EYES_COLUMNS; i++) {
        const EyesTaps *taps = &eyes->column[i];
        uint32_t value = eyes->total / 2;
        for (int k = 0; k < taps->count; k++)
            value += (uint32_t)taps->weight[k] * sum[taps->first + k];
        row[i] = (uint8_t)(value * reciprocal >> SHIFT);
    }
}

#endif

static void add_line(uint16_t *sum, const uint8_t *line, uint16_t weight)
{
    for (int x = 0; x < SCREEN_COLUMNS; x++)
        sum[x] = (uint16_t)(sum[x] + weight * line[x]);
}

void eyes_see(const Eyes *eyes, const uint8_t *picture, const uint8_t *before, uint8_t *frame)
{
    uint8_t line[SCREEN_COLUMNS];
    int seen = -1; /* the line that `line` holds: neighbouring output rows share one */
    for (int i = 0; i < EYES_ROWS; i++) {
        const EyesTaps *taps = &eyes->row[i];
        uint16_t sum[SCREEN_COLUMNS + EYES_LANES] = {0}; /* vectors read on over the end */
        for (int k = 0; k < taps->count; k++) {
            const int y = taps->first + k;
            const int at = y * SCREEN_COLUMNS;
            if (y != seen)
                see_line(eyes, picture + at, before == NULL ? NULL : before + at, line);
            seen = y;
            add_line(sum, line, taps->weight[k]);
        }
        narrow_row(eyes, sum, frame + i * EYES_COLUMNS);
    }
}
