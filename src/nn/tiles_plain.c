/* The plain twin, and the choice. */
#include "nn/tiles.h"

#include <float.h>
#include <math.h>

static float flushed(float value)
{
    return fabsf(value) < FLT_MIN ? copysignf(0, value) : value;
}

/* One rounding, after which what is too small is a zero. */
static float multiply_add(Bf16 a, Bf16 b, float sum)
{
    return flushed(fmaf(flushed(bf16_float(a)), flushed(bf16_float(b)), flushed(sum)));
}

/* The upper of the pair first. */
static float add_pair(const Bf16 *a, const Bf16 *b, float sum)
{
    return multiply_add(a[0], b[0], multiply_add(a[1], b[1], sum));
}

static void product(const TileProduct *a, int points, int vectors)
{
    const int width = vectors * LANES;
    for (int p = 0; p < points; p++)
        for (int lane = 0; lane < width; lane++) {
            float *out = a->out + p * a->out_step + lane;
            const Bf16 *w = a->weights + 2 * lane;
            float sum = a->add ? *out : 0;
            for (int r = 0; r < a->rows; r++)
                for (int j = 0; j < a->length; j += 2, w += 2 * width)
                    sum = add_pair(a->in + p * a->in_step + r * a->in_row + j, w, sum);
            *out = sum;
        }
}

static void dot(const Bf16 *x, const Bf16 *weights, ptrdiff_t weight_row, int rows, int count,
                float *out)
{
    for (int k = 0; k < count; k++) {
        float lane[LANES] = {0};
        for (int r = 0; r < rows; r++)
            for (int i = 0; i < LANES; i++)
                lane[i] = add_pair(x + r * WIDTH_MAX + 2 * i,
                                   weights + r * weight_row + k * WIDTH_MAX + 2 * i, lane[i]);
        for (int width = LANES / 2; width > 0; width /= 2)
            for (int i = 0; i < width; i++)
                lane[i] += lane[i + width];
        out[k] = lane[0];
    }
}

Tiles tiles_plain(void)
{
    return (Tiles){"bf16 plain", product, dot};
}

Tiles tiles_here(void)
{
    const Tiles amx = tiles_amx();
    return amx.name != NULL ? amx : tiles_avx512();
}
