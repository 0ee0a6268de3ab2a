/*
 * Places by t-SNE: the slope against differences of a cost that is written down here once more,
 * straight from the paper's formula; clusters, which have to stay apart; the perplexity.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "viewer/tsne.h"

enum { FEW = 12, DIMENSIONS = 5, CLUSTERS = 4, IN_EACH = 30, MANY = CLUSTERS * IN_EACH };

static double distance2(const double *places, int i, int j)
{
    const double x = places[2 * i] - places[2 * j], y = places[2 * i + 1] - places[2 * j + 1];
    return x * x + y * y;
}

static double cost(int n, const double *p, const double *places)
{
    double sum = 0, all = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            all += i == j ? 0 : 1 / (1 + distance2(places, i, j));
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            if (i != j)
                sum += p[i * n + j] * log(p[i * n + j] / (1 / (1 + distance2(places, i, j)) / all));
    return sum;
}

static void the_slope_is_what_finite_differences_find(void **state)
{
    (void)state;
    static double p[FEW * FEW], q[FEW * FEW], places[2 * FEW], slope[2 * FEW];
    float values[FEW * DIMENSIONS];
    Random random = random_stream(1, "tsne");
    for (int i = 0; i < FEW * DIMENSIONS; i++)
        values[i] = (float)random_normal(&random);
    for (int i = 0; i < 2 * FEW; i++)
        places[i] = random_normal(&random);
    tsne_neighbours(&(TsnePlan){FEW, DIMENSIONS, values, 3, 0}, p);
    tsne_slope(FEW, p, places, q, slope);
    double largest = 0;
    for (int i = 0; i < 2 * FEW; i++) {
        const double before = places[i], nudge = 1e-5;
        places[i] = before + nudge;
        const double above = cost(FEW, p, places);
        places[i] = before - nudge;
        const double below = cost(FEW, p, places);
        places[i] = before;
        const double expected = (above - below) / (2 * nudge);
        assert_true(fabs(expected - slope[i]) < 1e-7);
        largest = fmax(largest, fabs(expected));
    }
    assert_true(largest > 0.01);
}

/* Points in a ring are all alike, so each row of p is the curve itself, unmixed. */
static void a_point_has_as_many_neighbours_as_the_perplexity_says(void **state)
{
    (void)state;
    enum { RING = 40 };
    static double p[RING * RING];
    float values[RING * 2];
    const double pi = acos(-1);
    for (int i = 0; i < RING; i++) {
        values[2 * i] = (float)cos(2 * pi * i / RING);
        values[2 * i + 1] = (float)sin(2 * pi * i / RING);
    }
    tsne_neighbours(&(TsnePlan){RING, 2, values, 8, 0}, p);
    double sum = 0, entropy = 0;
    for (int j = 0; j < RING * RING; j++)
        sum += p[j];
    for (int j = 1; j < RING; j++)
        entropy -= RING * p[j] * log(RING * p[j]);
    assert_true(fabs(sum - 1) < 1e-9);
    assert_true(fabs(exp(entropy) - 8) < 0.01);
}

static void clusters_that_lie_far_apart_stay_apart(void **state)
{
    (void)state;
    static float values[MANY * DIMENSIONS];
    static double places[2 * MANY];
    Error error = {0};
    Random random = random_stream(2, "tsne");
    for (int i = 0; i < MANY; i++)
        for (int k = 0; k < DIMENSIONS; k++)
            values[i * DIMENSIONS + k] =
                (float)(random_normal(&random) + (k == i % CLUSTERS ? 20 : 0));
    const TsnePlan plan = {MANY, DIMENSIONS, values, 10, 400};
    assert_true(tsne_place(&plan, &random, places, &error));
    double widest = 0, nearest = INFINITY;
    for (int i = 0; i < MANY; i++) {
        double to_own = INFINITY, to_other = INFINITY;
        for (int j = 0; j < MANY; j++) {
            const double d = distance2(places, i, j);
            if (i % CLUSTERS != j % CLUSTERS)
                to_other = fmin(to_other, d);
            else if (i != j)
                to_own = fmin(to_own, d);
        }
        widest = fmax(widest, to_own);
        nearest = fmin(nearest, to_other);
    }
    assert_true(isfinite(widest) && widest > 0);
    assert_true(nearest > widest); /* the nearest of one's own is nearer than any other */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_slope_is_what_finite_differences_find),
        cmocka_unit_test(a_point_has_as_many_neighbours_as_the_perplexity_says),
        cmocka_unit_test(clusters_that_lie_far_apart_stay_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
