/*
 * The sum tree against the definition: a list of weights, summed and walked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>

#include <cmocka.h>

#include "rl/sum_tree.h"

enum { COUNT_MAX = 300 };

static double definition_total(const double *weight, int count)
{
    double total = 0;
    for (int i = 0; i < count; i++)
        total += weight[i];
    return total;
}

/* Weights that are multiples of 2^-20 are kept exactly. */
static double some_weight(Random *random)
{
    return random_below(random, 4) == 0 ? 0 : random_below(random, 1 << 24) / 1048576.0;
}

static void sums_are_those_of_the_list_after_any_changes(void **unused)
{
    (void)unused;
    Error error;
    Random random = random_stream(1, "test");
    for (int count = 1; count < COUNT_MAX; count += 7) {
        double weight[COUNT_MAX] = {0};
        SumTree *tree = sum_tree_create(count, &error);
        assert_non_null(tree);
        for (int change = 0; change < 500; change++) {
            const int i = (int)random_below(&random, (uint32_t)count);
            weight[i] = some_weight(&random);
            sum_tree_set(tree, i, weight[i]);
        }
        assert_true(sum_tree_total(tree) == definition_total(weight, count));
        for (int i = 0; i < count; i++)
            assert_true(sum_tree_get(tree, i) == weight[i]);
        sum_tree_destroy(tree);
    }
}

static void each_is_drawn_as_often_as_its_weight_says(void **unused)
{
    (void)unused;
    enum { COUNT = 21, DRAWS = 400000 };
    Error error;
    Random random = random_stream(2, "test");
    double weight[COUNT], chi_square = 0;
    int drawn[COUNT] = {0}, freedom = -1;
    SumTree *tree = sum_tree_create(COUNT, &error);
    assert_non_null(tree);
    for (int i = 0; i < COUNT; i++) {
        weight[i] = i % 5 == 0 ? 0 : i * i;
        sum_tree_set(tree, i, weight[i]);
    }
    for (int draw = 0; draw < DRAWS; draw++)
        drawn[sum_tree_draw(tree, &random)]++; /* beyond COUNT there is only weight 0 */
    for (int i = 0; i < COUNT; i++) {
        const double expected = DRAWS * weight[i] / definition_total(weight, COUNT);
        if (expected == 0) {
            assert_int_equal(drawn[i], 0);
            continue;
        }
        chi_square += (drawn[i] - expected) * (drawn[i] - expected) / expected;
        freedom++;
    }
    assert_int_equal(freedom, 15);
    assert_true(chi_square < 44); /* once in ten thousand */
    sum_tree_destroy(tree);
}

static void the_least_weight_is_not_lost(void **unused)
{
    (void)unused;
    Error error;
    Random random = random_stream(3, "test");
    SumTree *tree = sum_tree_create(5, &error);
    sum_tree_set(tree, 3, 1e-30);
    assert_true(sum_tree_total(tree) > 0);
    assert_int_equal(sum_tree_draw(tree, &random), 3);
    sum_tree_set(tree, 3, 0);
    assert_true(sum_tree_total(tree) == 0);
    sum_tree_destroy(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_those_of_the_list_after_any_changes),
        cmocka_unit_test(each_is_drawn_as_often_as_its_weight_says),
        cmocka_unit_test(the_least_weight_is_not_lost),
    };
    return cmocka_run_group_tests_name("rl/sum_tree", tests, NULL, NULL);
}
