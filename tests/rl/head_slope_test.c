/*
 * The slope of an action's value by the network's outputs, against finite differences, for every
 * kind of head.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "rl/head.h"

enum { ACTIONS = 3, ATOMS = 5, OUTPUTS_MAX = (ACTIONS + 1) * ATOMS };

static void check(const Head *head)
{
    float outputs[OUTPUTS_MAX], x[ACTIONS * ATOMS], q[ACTIONS], slope[OUTPUTS_MAX];
    Random random = random_stream(5, "head");
    const int count = head_outputs(head), action = 1;
    const float nudge = 1 / 64.0F;
    double largest = 0;
    for (int i = 0; i < count; i++)
        outputs[i] = (float)random_normal(&random);
    head_output_values(head, outputs, x, q);
    head_slope(head, x, action, slope);
    for (int i = 0; i < count; i++) {
        const float before = outputs[i];
        outputs[i] = before + nudge;
        head_output_values(head, outputs, x, q);
        const float above = q[action];
        outputs[i] = before - nudge;
        head_output_values(head, outputs, x, q);
        const double expected = (double)(above - q[action]) / (2 * (double)nudge);
        outputs[i] = before;
        assert_true(fabs(expected - (double)slope[i]) < 1e-3);
        largest = fmax(largest, fabs(expected));
    }
    assert_true(largest > 0.1);
}

static void the_slope_is_what_finite_differences_find_for_every_head(void **state)
{
    (void)state;
    for (int dueling = 0; dueling < 2; dueling++) {
        check(&(Head){ACTIONS, 1, dueling, DQN_RETURNS_MEAN, 0, 0});
        check(&(Head){ACTIONS, ATOMS, dueling, DQN_RETURNS_QUANTILES, 0, 0});
        check(&(Head){ACTIONS, ATOMS, dueling, DQN_RETURNS_CATEGORIES, -2, 3});
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_slope_is_what_finite_differences_find_for_every_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
