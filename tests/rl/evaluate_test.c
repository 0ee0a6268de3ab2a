/*
 * Scores into figures: against tables of Student's t and a sum worked out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>

#include <cmocka.h>

#include "rl/evaluate.h"

static void the_quantiles_are_those_of_the_tables(void **unused)
{
    (void)unused;
    static const struct {
        int freedom;
        double quantile;
    } table[] = {{1, 12.706}, {2, 4.303},  {3, 3.182},  {5, 2.571},  {6, 2.447},  {7, 2.365},
                 {10, 2.228}, {15, 2.131}, {29, 2.045}, {60, 2.000}, {120, 1.980}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (!(fabs(student_t975(table[i].freedom) / table[i].quantile - 1) < 1e-3))
            fail_msg("%d degrees: %g", table[i].freedom, student_t975(table[i].freedom));
}

/* 3 1 4 1 5: mean 2.8, variance 12.8 / 4 = 3.2, interval 2.776 sqrt(3.2 / 5) = 2.2210. */
static void five_scores_by_hand(void **unused)
{
    (void)unused;
    double scores[] = {3, 1, 4, 1, 5};
    const Evaluation evaluation = evaluation_of_scores(scores, 5);
    assert_int_equal(evaluation.games, 5);
    assert_true(fabs(evaluation.mean - 2.8) < 1e-12);
    assert_true(fabs(evaluation.ci95 - 2.2210) < 2e-3);
    assert_true(evaluation.median == 3);
    assert_true(evaluation.best == 5);
}

static void an_even_number_of_scores_has_its_median_between_two(void **unused)
{
    (void)unused;
    double scores[] = {9, -2, 4, 1};
    assert_true(evaluation_of_scores(scores, 4).median == 2.5);
}

static void one_game_has_no_interval_and_no_game_has_nothing(void **unused)
{
    (void)unused;
    double scores[] = {-7};
    const Evaluation one = evaluation_of_scores(scores, 1);
    assert_true(one.mean == -7 && one.median == -7 && one.best == -7 && one.ci95 == 0);
    assert_int_equal(evaluation_of_scores(scores, 0).games, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_quantiles_are_those_of_the_tables),
        cmocka_unit_test(five_scores_by_hand),
        cmocka_unit_test(an_even_number_of_scores_has_its_median_between_two),
        cmocka_unit_test(one_game_has_no_interval_and_no_game_has_nothing),
    };
    return cmocka_run_group_tests_name("rl/evaluate", tests, NULL, NULL);
}
