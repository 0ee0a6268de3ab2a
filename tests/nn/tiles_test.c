/*
 * bfloat16 numbers, what turns and pairs them, and the products made of them, kernel by kernel.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "nn/all_tiles.h"
#include "nn/vector_turn.h"

/* ---- the numbers ---- */

static void bytes_and_what_bf16_holds_are_exact(void **unused)
{
    (void)unused;
    for (int b = -256; b <= 256; b++)
        assert_true(bf16_float(bf16_round((float)b)) == (float)b);
    for (uint32_t bits = 0; bits < 0x10000; bits++) {
        const float value = bf16_float((Bf16)bits);
        if (isnan(value))
            assert_true(isnan(bf16_float(bf16_round(value))));
        else if (value != 0 && fabsf(value) < FLT_MIN)
            assert_int_equal(bf16_round(value), bits & 0x8000);
        else
            assert_int_equal(bf16_round(value), bits);
    }
    assert_true(isinf(bf16_float(bf16_round(FLT_MAX))));
}

/* Between neighbours a < b: below the middle a, above it b, at it the one whose last bit is 0. */
static void rounding_is_to_the_nearest_and_ties_to_even(void **unused)
{
    (void)unused;
    for (uint32_t a = 0x0080; a < 0x7f00; a++) {
        const double below = bf16_float((Bf16)a), above = bf16_float((Bf16)(a + 1));
        const float middle = (float)((below + above) / 2);
        const Bf16 even = (Bf16)(a % 2 == 0 ? a : a + 1);
        assert_int_equal(bf16_round(middle), even);
        assert_int_equal(bf16_round(nextafterf(middle, 0)), a);
        assert_int_equal(bf16_round(nextafterf(middle, INFINITY)), a + 1);
        assert_int_equal(bf16_round(-middle), even | 0x8000);
    }
}

/* Counts around the vectors' lengths, so that what is left over counts, too. */
static void many_numbers_are_rounded_as_each_alone(void **unused)
{
    (void)unused;
    enum { MOST = 70 };
    Random random = random_stream(5, "many");
    for (int count = 0; count <= MOST; count++) {
        float even[MOST], odd[MOST];
        Bf16 one[MOST], two[MOST], all[MOST + 1], pairs[2 * MOST], again[2 * MOST];
        for (int i = 0; i < count; i++) { /* bits of any kind */
            const uint32_t bits[] = {(uint32_t)random_bits(&random),
                                     (uint32_t)random_bits(&random)};
            memcpy(&even[i], &bits[0], sizeof even[i]);
            memcpy(&odd[i], &bits[1], sizeof odd[i]);
            one[i] = bf16_round(even[i]);
            two[i] = bf16_round(odd[i]);
        }
        all[count] = 0x1234;
        bf16_round_all(even, (size_t)count, all);
        bf16_round_pair(even, odd, count, pairs);
        bf16_pair(one, two, count, again);
        assert_int_equal(all[count], 0x1234);
        for (int i = 0; i < count; i++) {
            assert_int_equal(all[i], one[i]);
            assert_int_equal(pairs[2 * i], one[i]);
            assert_int_equal(pairs[2 * i + 1], two[i]);
            assert_int_equal(again[2 * i], one[i]);
            assert_int_equal(again[2 * i + 1], two[i]);
        }
    }
}

/* What is left of a float after two terms of eight bits has eight bits. */
static void three_terms_are_the_float(void **unused)
{
    (void)unused;
    enum { NUMBERS = 100000 };
    Random random = random_stream(6, "terms");
    for (int i = 0; i < NUMBERS; i++) {
        const uint32_t bits = (uint32_t)random_bits(&random);
        float value;
        Bf16 term[TERMS];
        memcpy(&value, &bits, sizeof value);
        if (!(fabsf(value) >= 0x1p-100f && fabsf(value) <= 0x1p127f))
            continue;
        bf16_part(value, TERMS, term, 1);
        const double a = bf16_float(term[0]), b = bf16_float(term[1]), c = bf16_float(term[2]);
        assert_true(a + b + c == value);
        assert_true(fabs(b) <= 0x1p-8 * fabs(a) && fabs(c) <= 0x1p-8 * fabs(b));
    }
}

static void many_numbers_are_parted_as_each_alone(void **unused)
{
    (void)unused;
    enum { MOST = 70 };
    Random random = random_stream(7, "many");
    for (int count = 0; count <= MOST; count++)
        for (int terms = 1; terms <= TERMS; terms++) {
            float even[MOST], odd[MOST];
            Bf16 all[TERMS * MOST], pairs[TERMS * 2 * MOST], one[TERMS], two[TERMS];
            for (int i = 0; i < count; i++) {
                even[i] = (float)(2 * random_unit(&random) - 1);
                odd[i] = (float)(2 * random_unit(&random) - 1);
            }
            bf16_part_all(even, (size_t)count, terms, all, MOST);
            bf16_part_pair(even, odd, count, terms, pairs, 2 * MOST);
            for (int i = 0; i < count; i++) {
                bf16_part(even[i], terms, one, 1);
                bf16_part(odd[i], terms, two, 1);
                for (int t = 0; t < terms; t++) {
                    assert_int_equal(all[t * MOST + i], one[t]);
                    assert_int_equal(pairs[t * 2 * MOST + 2 * i], one[t]);
                    assert_int_equal(pairs[t * 2 * MOST + 2 * i + 1], two[t]);
                }
            }
        }
}

static void turned_matrices_have_rows_for_columns(void **unused)
{
    (void)unused;
    enum { ROWS = 2 * TURNED, COLUMNS = 3 * TURNED, STEP = COLUMNS + 3, TO_STEP = 2 * ROWS + 5 };
    static float from[ROWS * STEP], to[COLUMNS * TO_STEP];
    static Bf16 a[ROWS * STEP], b[ROWS * STEP], pairs[COLUMNS * TO_STEP];
    for (int i = 0; i < ROWS * STEP; i++) {
        from[i] = (float)i;
        a[i] = (Bf16)(2 * i);
        b[i] = (Bf16)(2 * i + 1);
    }
    turn_floats(from, STEP, ROWS, COLUMNS, to, TO_STEP);
    for (int alone = 0; alone < 2; alone++) {
        turn_pairs(a, alone ? NULL : b, STEP, ROWS, COLUMNS, pairs, TO_STEP);
        for (int c = 0; c < COLUMNS; c++)
            for (int r = 0; r < ROWS; r++) {
                assert_true(to[c * TO_STEP + r] == from[r * STEP + c]);
                assert_int_equal(pairs[c * TO_STEP + 2 * r], a[r * STEP + c]);
                assert_int_equal(pairs[c * TO_STEP + 2 * r + 1], alone ? 0 : b[r * STEP + c]);
            }
    }
}

/* ---- products ---- */

typedef struct {
    int points, vectors, rows, length;
    bool add;
    int terms;
} Shape;

static const Shape shapes[] = {
    {1, 1, 1, 2, false, 1},       {9, 2, 4, 64, true, 1},       {16, 2, 1, 32, false, 1},
    {17, 1, 2, 48, true, 1},      {20, 2, 8, 16, true, 1},      {32, 2, 1, 96, false, 1},
    {33, 2, 3, 144, true, 1},     {40, 1, 4, 30, false, 1},     {1, 1, 1, 2, false, TERMS},
    {9, 2, 4, 64, true, TERMS},   {16, 1, 1, 32, true, TERMS},  {17, 1, 2, 48, true, TERMS},
    {64, 2, 3, 96, false, TERMS}, {40, 1, 4, 30, false, TERMS},
};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

/* `wild`: bits of any kind but NaN and infinity, so that sums become too small and too large. */
static Bf16 draw_half(Random *random, bool wild)
{
    if (!wild)
        return bf16_round((float)(2 * random_unit(random) - 1));
    Bf16 half;
    do
        half = (Bf16)random_bits(random);
    while (!isfinite(bf16_float(half)));
    return half;
}

typedef struct {
    TileProduct product;
    Bf16 *in, *weights;
    float *before, *out;
    int count; /* of out, with its gaps */
} ProductCase;

static ProductCase product_case(const Shape *s, bool wild)
{
    Random random = random_stream(3, wild ? "wild" : "tame");
    const int width = s->vectors * LANES, in_row = s->points * 3 + s->length;
    const int weights_row = (s->length + 2) * width; /* a pair is left out between rows */
    const int in_term = s->rows * in_row, weights_term = s->rows * weights_row;
    ProductCase c = {.count = s->points * (width + 5)};
    c.in = take((size_t)(s->terms * in_term + 1), sizeof *c.in);
    c.weights = take((size_t)(s->terms * weights_term), sizeof *c.weights);
    c.before = take((size_t)c.count, sizeof *c.before);
    c.out = take((size_t)c.count, sizeof *c.out);
    for (int i = 0; i < s->terms * in_term + 1; i++)
        c.in[i] = draw_half(&random, wild);
    for (int i = 0; i < s->terms * weights_term; i++)
        c.weights[i] = draw_half(&random, wild);
    for (int i = 0; i < c.count; i++)
        c.before[i] = bf16_float(draw_half(&random, wild)) * 1.001f;
    c.product = (TileProduct){.in = c.in + 1,
                              .in_step = 3,
                              .in_row = in_row,
                              .rows = s->rows,
                              .length = s->length,
                              .weights = c.weights,
                              .weights_row = weights_row,
                              .terms = s->terms,
                              .in_term = in_term,
                              .weights_term = weights_term,
                              .add = s->add,
                              .out = c.out,
                              .out_step = width + 5};
    return c;
}

static void product_case_free(ProductCase *c)
{
    free(c->in), free(c->weights), free(c->before), free(c->out);
}

static void multiply(ProductCase *c, const Tiles *tiles, const Shape *s)
{
    memcpy(c->out, c->before, (size_t)c->count * sizeof *c->out);
    tiles->product(&c->product, s->points, s->vectors);
}

/* By the formula of tiles.h in double, and the sum of the terms' sizes; NAN between the rows. */
static double formula(const ProductCase *c, const Shape *s, int index, double *size)
{
    const TileProduct *a = &c->product;
    const int width = s->vectors * LANES;
    const int p = index / (width + 5), lane = index % (width + 5);
    if (lane >= width)
        return NAN;
    double sum = a->add ? c->before[index] : 0;
    *size = fabs(sum);
    for (int r = 0; r < a->rows; r++)
        for (int j = 0; j < a->length; j++)
            for (int k = 0; k < TERMS * TERMS; k++) {
                const int of_in = k / TERMS, of_weights = k % TERMS;
                if (of_in + of_weights >= a->terms)
                    continue;
                const ptrdiff_t in = of_in * a->in_term + p * a->in_step + r * a->in_row + j;
                const ptrdiff_t at = of_weights * a->weights_term + r * a->weights_row +
                                     (j / 2 * width + lane) * 2 + j % 2;
                const double product = (double)bf16_float(a->in[in]) * bf16_float(a->weights[at]);
                sum += product;
                *size += fabs(product);
            }
    return sum;
}

/* A rounding of each partial sum, each by 2^-24; tiles.h promises twice that for AMX, which rounds
 * twice as often. Nothing is written between the rows. */
static void products_are_the_formulas(void **unused)
{
    (void)unused;
    Tiles tiles[TILES_MAX];
    const int count = all_tiles(tiles);
    for (int t = 0; t < count; t++)
        for (int i = 0; i < SHAPES; i++) {
            const Shape *s = &shapes[i];
            ProductCase c = product_case(s, false);
            multiply(&c, &tiles[t], s);
            const double each = strstr(tiles[t].name, "amx") != NULL ? 0x1p-23 : 0x1p-24;
            for (int k = 0; k < c.count; k++) {
                double size;
                const double expected = formula(&c, s, k, &size);
                const int products = s->terms == 1 ? 1 : TERM_PRODUCTS;
                const double allowed = each * (s->rows * s->length * products + 1) * size;
                if (isnan(expected) ? c.out[k] != c.before[k]
                                    : !(fabs(c.out[k] - expected) <= allowed))
                    fail_msg("%s, shape %d, %d: %g for %g", tiles[t].name, i, k, (double)c.out[k],
                             expected);
            }
            product_case_free(&c);
        }
    assert_true(LANES != 16 || amx_emulated_products() > 0);
}

/* Bits, or a NaN for a NaN. */
static bool same(float a, float b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

/* Also where numbers and sums are too small for a float, or too large. */
static void avx512_is_the_plain_twin_to_the_last_bit(void **unused)
{
    (void)unused;
    if (tiles_avx512().name == NULL)
        skip();
    const Tiles plain = tiles_plain(), vectors = tiles_avx512();
    long small = 0, large = 0;
    for (int i = 0; i < 2 * SHAPES; i++) {
        const Shape *s = &shapes[i / 2];
        ProductCase c = product_case(s, i % 2 == 1);
        float *expected = take((size_t)c.count, sizeof *expected);
        multiply(&c, &plain, s);
        memcpy(expected, c.out, (size_t)c.count * sizeof *expected);
        multiply(&c, &vectors, s);
        for (int k = 0; k < c.count; k++) {
            if (!same(expected[k], c.out[k]))
                fail_msg("shape %d, %d: %a for %a", i, k, (double)c.out[k], (double)expected[k]);
            small += expected[k] == 0;
            large += isinf(expected[k]) || isnan(expected[k]);
        }
        free(expected);
        product_case_free(&c);
    }
    assert_true(large > 0);
    (void)small;
}

/* One product at a time, around the smallest float: what is flushed is what the processor says. */
static void too_small_a_product_is_a_zero_of_its_sign(void **unused)
{
    (void)unused;
    Tiles tiles[TILES_MAX];
    const int count = all_tiles(tiles);
    const float factor[][3] = {
        /* a, b, and a b as tiles have it */
        {0x1p-63f, 0x1p-63f, 0x1p-126f},       {0x1p-64f, 0x1p-63f, 0},  {-0x1p-64f, 0x1p-63f, 0},
        {0x1.8p-64f, 0x1.8p-63f, 0x1.2p-126f}, {0x1p-127f, 0x1p100f, 0}, {0x1p100f, 0x1p-130f, 0},
    };
    for (int t = 0; t < count; t++)
        for (size_t i = 0; i < sizeof factor / sizeof factor[0]; i++) {
            uint32_t bits[2];
            memcpy(bits, factor[i], sizeof bits);
            const Bf16 in[2] = {(Bf16)(bits[0] >> 16), 0}; /* unrounded: denormals stay */
            Bf16 *weights = take(2 * LANES, sizeof *weights);
            float *out = take(LANES, sizeof *out);
            for (int lane = 0; lane < LANES; lane++)
                weights[2 * lane] = (Bf16)(bits[1] >> 16);
            tiles[t].product(
                &(TileProduct){
                    .in = in, .rows = 1, .length = 2, .terms = 1, .weights = weights, .out = out},
                1, 1);
            if (out[0] != factor[i][2])
                fail_msg("%s: %a %a is %a", tiles[t].name, (double)factor[i][0],
                         (double)factor[i][1], (double)out[0]);
            free(weights), free(out);
        }
}

/* One state at a time; the sums are exact, since the numbers are whole and small. */
static void listed_halves_are_the_formula(void **unused)
{
    (void)unused;
    enum { INPUTS = 60, PANELS = 3 };
    Random random = random_stream(4, "listed");
    for (int vectors = 1; vectors <= VECTORS_MAX; vectors++) {
        const int width = vectors * LANES, panel = INPUTS * width;
        Bf16 *halves = take((size_t)(PANELS * panel), sizeof *halves);
        float *in = take(INPUTS, sizeof *in), *out = take((size_t)(PANELS * width), sizeof *out);
        float *bias = take((size_t)(PANELS * width), sizeof *bias);
        uint32_t index[INPUTS];
        int count = 0;
        for (int i = 0; i < PANELS * panel; i++)
            halves[i] = bf16_round((float)random_below(&random, 64) - 32);
        for (int i = 0; i < PANELS * width; i++)
            bias[i] = (float)i;
        for (uint32_t i = 0; i < INPUTS; i++) {
            in[i] = random_below(&random, 2) > 0 ? (float)i + 1 : 0;
            if (in[i] > 0)
                index[count++] = i;
        }
        const Listed listed = {.in = in,
                               .index = index,
                               .count = count,
                               .halves = halves,
                               .panel = panel,
                               .bias = bias,
                               .out = out};
        vector_listed(&listed, PANELS, vectors);
        for (int k = 0; k < PANELS * width; k++) {
            float sum = bias[k];
            for (int i = 0; i < INPUTS; i++)
                sum += in[i] * bf16_float(halves[k / width * panel + i * width + k % width]);
            assert_true(out[k] == sum);
        }
        free(halves), free(in), free(out), free(bias);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_and_what_bf16_holds_are_exact),
        cmocka_unit_test(rounding_is_to_the_nearest_and_ties_to_even),
        cmocka_unit_test(products_are_the_formulas),
        cmocka_unit_test(avx512_is_the_plain_twin_to_the_last_bit),
        cmocka_unit_test(too_small_a_product_is_a_zero_of_its_sign),
        cmocka_unit_test(listed_halves_are_the_formula),
        cmocka_unit_test(many_numbers_are_rounded_as_each_alone),
        cmocka_unit_test(three_terms_are_the_float),
        cmocka_unit_test(many_numbers_are_parted_as_each_alone),
        cmocka_unit_test(turned_matrices_have_rows_for_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
