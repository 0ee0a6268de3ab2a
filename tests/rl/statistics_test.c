/*
 * Statistics of few scores: against numbers worked out by hand, against numpy's, and against how
 * often an interval holds the truth.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include <cmocka.h>

#include "rl/statistics.h"

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9 * (1 + fabs(b));
}

static Statistics find(const double *values, const int *counts, int strata, const char *stream)
{
    static double scratch[200];
    Random random = random_stream(1, stream);
    return statistics_of(&(StatisticsSample){values, counts, strata}, &random, scratch);
}

/* 1 2 3 4 5 6 7 80: the middle four are 3 4 5 6. Mean 13.5; numpy: std(ddof=1) / sqrt(8) =
 * 9.5262794. */
static void the_interquartile_mean_does_not_hear_of_one_wild_run(void **unused)
{
    (void)unused;
    static const double values[] = {4, 80, 1, 6, 2, 5, 3, 7};
    const Statistics found = find(values, (const int[]){8}, 1, "wild");
    assert_true(near(found.point.iqm, 4.5));
    assert_true(near(found.point.median, 4.5));
    assert_true(near(found.point.mean, 13.5));
    assert_true(fabs(found.standard_error - 9.5262794) < 1e-6);
}

/* Of three floor(3/4) = 0 are cut, of five one at each end. */
static void few_runs_are_cut_as_scipy_cuts_them(void **unused)
{
    (void)unused;
    assert_true(near(find((double[]){1, 2, 9}, (int[]){3}, 1, "3").point.iqm, 4));
    assert_true(near(find((double[]){10, 0, 1, 2, 3}, (int[]){5}, 1, "5").point.iqm, 2));
}

/* Strata 0 10 | 20 20 20 50 | 1000: means 5, 27.5, 1000. All seven, one cut at each end: 10 20 20
 * 20 50, mean 24. Variances 50 / 2 and 225 / 4: sqrt(25 + 56.25) / 3 = 3.0046261. */
static void games_count_alike_in_mean_and_median(void **unused)
{
    (void)unused;
    static const double values[] = {0, 10, 20, 20, 20, 50, 1000};
    const Statistics found = find(values, (const int[]){2, 4, 1}, 3, "games");
    assert_true(near(found.point.mean, (5 + 27.5 + 1000) / 3));
    assert_true(near(found.point.median, 27.5));
    assert_true(near(found.point.iqm, 24));
    assert_true(fabs(found.standard_error - 3.0046261) < 1e-6);
}

static void what_does_not_vary_has_an_interval_of_no_width(void **unused)
{
    (void)unused;
    const Statistics one = find((double[]){7}, (int[]){1}, 1, "one");
    assert_true(one.low.mean == 7 && one.high.iqm == 7 && one.standard_error == 0);
    /* two games of one run each: nothing can be drawn but what is there */
    const Statistics two = find((double[]){7, 9}, (int[]){1, 1}, 2, "two");
    assert_true(two.low.mean == 8 && two.high.mean == 8 && two.low.iqm == 8);
}

/* Of 0 and 1, drawn twice: 0, 1/2, 1 with chances 1/4, 1/2, 1/4, so the interval is all of it. With
 * both in strata of their own twice, 0 0 | 1 1 never leaves 1/2: the drawing is within strata. */
static void runs_are_drawn_with_replacement_within_their_game(void **unused)
{
    (void)unused;
    const Statistics one = find((double[]){0, 1}, (int[]){2}, 1, "coin");
    assert_true(one.low.mean == 0 && one.high.mean == 1);
    const Statistics two = find((double[]){0, 0, 1, 1}, (int[]){2, 2}, 2, "strata");
    assert_true(two.low.mean == 0.5 && two.high.mean == 0.5);
}

/* The numbers 0 .. 99: the mean of a draw is normal with variance (100^2 - 1) / 12 / 100, so the
 * interval is 49.5 -+ 1.96 x 2.8866, to the accuracy of 2000 draws. */
static void the_interval_of_many_values_is_the_normal_one(void **unused)
{
    (void)unused;
    double values[100];
    for (int i = 0; i < 100; i++)
        values[i] = i;
    const Statistics found = find(values, (int[]){100}, 1, "normal");
    const double half = 1.959964 * sqrt(833.25 / 100);
    assert_true(fabs(found.low.mean - (49.5 - half)) < 0.35);
    assert_true(fabs(found.high.mean - (49.5 + half)) < 0.35);
}

/* Of 200 samples of 30 normal numbers, about 93 % have the truth, 0, in the mean's interval. */
static void intervals_hold_the_truth_as_often_as_they_say(void **unused)
{
    (void)unused;
    enum { SAMPLES = 200, COUNT = 30 };
    Random random = random_stream(5, "normal numbers");
    int mean_holds = 0, iqm_holds = 0;
    for (int sample = 0; sample < SAMPLES; sample++) {
        double values[COUNT];
        for (int i = 0; i < COUNT; i++)
            values[i] = random_normal(&random);
        const Statistics found = find(values, (int[]){COUNT}, 1, "truth");
        mean_holds += found.low.mean < 0 && found.high.mean > 0;
        iqm_holds += found.low.iqm < 0 && found.high.iqm > 0;
    }
    assert_in_range(mean_holds, 178, 197);
    assert_in_range(iqm_holds, 178, 198);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_interquartile_mean_does_not_hear_of_one_wild_run),
        cmocka_unit_test(few_runs_are_cut_as_scipy_cuts_them),
        cmocka_unit_test(games_count_alike_in_mean_and_median),
        cmocka_unit_test(what_does_not_vary_has_an_interval_of_no_width),
        cmocka_unit_test(runs_are_drawn_with_replacement_within_their_game),
        cmocka_unit_test(the_interval_of_many_values_is_the_normal_one),
        cmocka_unit_test(intervals_hold_the_truth_as_often_as_they_say),
    };
    return cmocka_run_group_tests_name("rl/statistics", tests, NULL, NULL);
}
