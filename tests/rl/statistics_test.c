/*
 * statistics_test.c - statistics against what can be worked out by hand, intervals against cases
 * whose answer is known.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rl/evaluate.h"
#include "rl/statistics.h"

static bool near(double a, double b, double far)
{
    return fabs(a - b) <= far;
}

static void statistics_are_as_by_hand(void **state)
{
    (void)state;
    double eight[] = {8, 1, 7, 2, 6, 3, 5, 4}, five[] = {100, 1, 2, 3, -50}, one[] = {7};
    assert_true(statistic_mean(eight, 8) == 4.5);
    assert_true(statistic_iqm(eight, 8) == (3 + 4 + 5 + 6) / 4.0);
    assert_true(statistic_median(five, 5) == 2);
    assert_true(statistic_iqm(five, 5) == 2); /* without -50 and 100 */
    assert_true(statistic_iqm(one, 1) == 7 && statistic_median(one, 1) == 7);
    assert_true(near(standard_error(eight, 8), sqrt(6.0 / 8), 1e-12)); /* their variance is 6 */
    assert_true(standard_error(one, 1) == 0);
}

static void one_run_has_no_interval(void **state)
{
    (void)state;
    const double values[] = {3};
    const int runs[] = {1};
    Random random = random_stream(1, "bootstrap");
    const StatisticInterval interval =
        bootstrap(&(StrataScores){values, runs, 1}, statistic_iqm, &random);
    assert_true(interval.value == 3 && interval.low == 3 && interval.high == 3);
}

/* Drawn game by game the ones never take the hundreds' places. */
static void games_are_drawn_by_themselves(void **state)
{
    (void)state;
    const double values[] = {1, 1, 1, 100, 100, 100};
    const int together[] = {6}, apart[] = {3, 3};
    Random random = random_stream(1, "bootstrap");
    const StatisticInterval strata =
        bootstrap(&(StrataScores){values, apart, 2}, statistic_mean, &random);
    assert_true(strata.low == 50.5 && strata.high == 50.5);
    const StatisticInterval mixed =
        bootstrap(&(StrataScores){values, together, 1}, statistic_mean, &random);
    assert_true(mixed.low < 20 && mixed.high > 80);
}

/* Of many values the mean is normal: its interval is 1.96 standard errors to both sides. */
static void the_interval_of_many_values_is_the_normal_one(void **state)
{
    (void)state;
    enum { COUNT = 400 };
    double values[COUNT];
    const int runs[] = {COUNT};
    Random random = random_stream(2, "values");
    for (int i = 0; i < COUNT; i++)
        values[i] = random_normal(&random);
    const StatisticInterval interval =
        bootstrap(&(StrataScores){values, runs, 1}, statistic_mean, &random);
    const double half = 1.96 * standard_error(values, COUNT);
    assert_true(near(interval.high - interval.value, half, 0.1 * half));
    assert_true(near(interval.value - interval.low, half, 0.1 * half));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statistics_are_as_by_hand),
        cmocka_unit_test(one_run_has_no_interval),
        cmocka_unit_test(games_are_drawn_by_themselves),
        cmocka_unit_test(the_interval_of_many_values_is_the_normal_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
