#include <string.h>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "nn/vector_engine.h"

/* Planes go into other convolutions by way of bytes: those are kept for the backward pass, and each
 * picture is made floats when it is needed, in a room that stays in the cache. */
static bool keeps_bytes(const VectorEngine *v)
{
    return v->input.planes != NULL && v->spec.layer[0].kind == NN_CONV2D && !v->changes.fits;
}

typedef uint32_t Words __attribute__((vector_size(VECTOR_BYTES)));
typedef int32_t Integers __attribute__((vector_size(VECTOR_BYTES)));
typedef float Floats __attribute__((vector_size(VECTOR_BYTES)));

/* LANES bytes from anywhere as words. One instruction, where there is one; compilers make many of
 * the general form. */
static inline Words load_bytes(const uint8_t *from)
{
#if defined(__AVX512F__)
    return (Words)_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)from));
#elif defined(__AVX2__)
    return (Words)_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)from));
#else
    Words words;
    for (int i = 0; i < LANES; i++)
        words[i] = from[i];
    return words;
#endif
}

/* Four planes of bytes to pixels of four bytes, as one 32-bit word (little-endian) each. */
static void interleave_four(const uint8_t *const plane[4], size_t pixels, uint32_t *pixel)
{
    const uint8_t *a = plane[0], *b = plane[1], *c = plane[2], *d = plane[3];
    size_t i = 0;
    for (; i + LANES <= pixels; i += LANES) {
        const Words four = load_bytes(a + i) | load_bytes(b + i) << 8 | load_bytes(c + i) << 16 |
                           load_bytes(d + i) << 24;
        memcpy(pixel + i, &four, sizeof four);
    }
    for (; i < pixels; i++)
        pixel[i] = a[i] | (uint32_t)b[i] << 8 | (uint32_t)c[i] << 16 | (uint32_t)d[i] << 24;
}

/* `count` is a multiple of LANES. */
static void scale_bytes(const uint8_t *bytes, size_t count, float *values)
{
    for (size_t i = 0; i < count; i += LANES) {
        const Integers whole = (Integers)load_bytes(bytes + i); /* signed converts faster */
        const Floats scaled = __builtin_convertvector(whole, Floats) * (1.0f / 255);
        memcpy(values + i, &scaled, sizeof scaled);
    }
}

static void read_bytes(const VectorEngine *v, int n)
{
    const VectorLayer *first = &v->layer[0];
    const size_t channels = (size_t)first->C;
    const size_t pixels = shape_size(first->plan.in) / channels;
    const uint8_t *const *planes = v->input.planes + (size_t)n * channels;
    uint8_t *bytes = v->bytes + (size_t)n * first->in_stride;
    if (channels == 4) {
        const uint8_t *four[4];
        for (int c = 0; c < 4; c++)
            four[c] = planes[c] != NULL ? planes[c] : v->no_plane;
        interleave_four(four, pixels, (uint32_t *)(void *)bytes);
        return;
    }
    for (size_t c = 0; c < channels; c++)
        for (size_t i = 0; i < pixels; i++)
            bytes[i * channels + c] = planes[c] != NULL ? planes[c][i] : 0;
}

static void read_floats(const VectorEngine *v, int n)
{
    const VectorLayer *first = &v->layer[0];
    const size_t channels = (size_t)first->plan.in.channels, stored = (size_t)first->C;
    const size_t pixels = shape_size(first->plan.in) / channels;
    float *out = v->value[0] + (size_t)n * first->in_stride;
    for (size_t c = 0; c < channels; c++) {
        const size_t plane = (size_t)n * channels + c;
        if (v->input.values != NULL)
            for (size_t i = 0; i < pixels; i++)
                out[i * stored + c] = v->input.values[plane * pixels + i];
        else
            for (size_t i = 0; i < pixels; i++)
                out[i * stored + c] = v->input.planes[plane] != NULL
                                          ? (float)v->input.planes[plane][i] * (1.0f / 255)
                                          : 0;
    }
}

const float *vector_input_rows(const VectorEngine *v, int l, int n, int first, int rows)
{
    const VectorLayer *layer = &v->layer[l];
    const size_t at = (size_t)n * layer->in_stride + (size_t)(first * layer->in_row);
    if (l > 0 || !keeps_bytes(v))
        return v->value[l] + at;
    float *room = v->input_room + (size_t)room_of(v, n) * (layer->in_stride + LANES);
    scale_bytes(v->bytes + at, (size_t)round_up(rows * layer->in_row, LANES), room);
    return room;
}

void vector_read_picture(const VectorEngine *v, int n)
{
    if (by_changes(v))
        vector_list_changes(v, n);
    else if (keeps_bytes(v))
        read_bytes(v, n);
    else
        read_floats(v, n);
}
