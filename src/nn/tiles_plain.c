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
            float sum = a->add ? *out : 0;
            for (int r = 0; r < a->rows; r++) {
                const Bf16 *in = a->in + p * a->in_step + r * a->in_row;
                const Bf16 *w = a->weights + r * a->weights_row + 2 * lane;
                for (int j = 0; j < a->length; j += 2)
                    for (int k = first_term_product(a); k < TERM_PRODUCTS; k++)
                        sum = add_pair(in + term_products[k].in * a->in_term + j,
                                       w + term_products[k].weights * a->weights_term + j * width,
                                       sum);
            }
            *out = sum;
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
