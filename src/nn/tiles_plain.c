/* The plain twin, and the choice. */
#include "nn/tiles.h"

#include <float.h>
#include <math.h>
#include <string.h>

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

/* The lanes' sums do not meet. They come last for the compiler's sake, which takes many at once. */
static void product_point(const TileProduct *a, const Bf16 *point, int width, float *restrict sum)
{
    for (int r = 0; r < a->rows; r++)
        for (int j = 0; j < a->length; j += 2)
            for (int k = first_term_product(a); k < TERM_PRODUCTS; k++) {
                const Bf16 *in = point + term_products[k].in * a->in_term + r * a->in_row + j;
                const Bf16 *w = a->weights + term_products[k].weights * a->weights_term +
                                r * a->weights_row + j * width;
                for (int lane = 0; lane < width; lane++)
                    sum[lane] = add_pair(in, w + 2 * lane, sum[lane]);
            }
}

static void product(const TileProduct *a, int points, int vectors)
{
    const int width = vectors * LANES;
    for (int p = 0; p < points; p++) {
        float sum[WIDTH_MAX] = {0};
        float *out = a->out + p * a->out_step;
        if (a->add)
            memcpy(sum, out, (size_t)width * sizeof *sum);
        product_point(a, a->in + p * a->in_step, width, sum);
        memcpy(out, sum, (size_t)width * sizeof *sum);
    }
}

Tiles tiles_plain(void)
{
    return (Tiles){"bf16 plain", "terms plain", product};
}

Tiles tiles_here(void)
{
    const Tiles amx = tiles_amx();
    return amx.name != NULL ? amx : tiles_avx512();
}
