/*
 * Every derivative that is computed anywhere is, in double precision, what finite differences say
 * it is: sign and size, for each parameter and each input.
 *
 * A layer maps x and w to y. With fixed random numbers u of y's size, L = sum of u y has
 * dL/dy = u, and for any parameter or input p, with a step h,
 *     dL/dp = sum of u (y(p + h) - y(p - h)) / 2h  +  O(h h)  +  O(rounding / h).
 * With h = 1e-5 both error terms are near 1e-10; 1e-6 of the value itself is asked for, beside a
 * floor of 1e-9 of the largest derivative of the same array for values that are nearly 0.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nn/loss.h"
#include "nn/reference.h"

static const double step = 1e-5;

typedef struct {
    Reference *network;
    double *u;            /* dL/d outputs */
    double *above, *room; /* outputs at p + h */
    size_t outputs;       /* of the whole batch */
} Check;

static Check check_create(const char *layers, NnShape input, int batch)
{
    Reference *network = reference_create(layers, input, batch);
    const size_t outputs = (size_t)batch * network->outputs;
    Random random = random_stream(7, layers);
    Check check = {.network = network, .outputs = outputs};
    check.u = network->d_value[network->spec.layer_count];
    check.above = calloc(outputs, sizeof *check.above);
    assert_non_null(check.above);
    reference_fill(network->parameter, network->parameters, &random);
    reference_fill(network->value[0], (size_t)batch * network->inputs, &random);
    reference_fill(check.u, outputs, &random);
    for (int l = 0; l < network->spec.layer_count; l++)
        reference_fill(network->kept[l], layer_noise(&network->plan[l]), &random);
    for (int l = 0; l < network->spec.layer_count; l++)
        if (network->spec.layer[l].kind ==
            NN_DROPOUT) /* a mask: about a third dropped, the others scaled */
            for (size_t i = 0; i < (size_t)batch * shape_size(network->plan[l].in); i++)
                network->kept[l][i] = random_below(&random, 3) == 0 ? 0 : 1.5;
    return check;
}

static void check_destroy(Check *check)
{
    reference_destroy(check->network);
    free(check->above);
}

/* dL/d *p from two forward passes. */
static double difference(const Check *check, double *p)
{
    Reference *network = check->network;
    const double *y = network->value[network->spec.layer_count];
    const double middle = *p;
    *p = middle + step;
    const double up = *p;
    reference_forward(network);
    memcpy(check->above, y, check->outputs * sizeof *y);
    *p = middle - step;
    const double down = *p;
    reference_forward(network);
    *p = middle;
    double sum = 0;
    for (size_t i = 0; i < check->outputs; i++)
        sum += check->u[i] * (check->above[i] - y[i]);
    return sum / (up - down);
}

static double largest(const double *values, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs(values[i]));
    return most;
}

static void compare(const Check *check, const char *what, double *p, const double *derivative,
                    size_t count)
{
    const double most = largest(derivative, count);
    size_t nonzero = 0;
    for (size_t i = 0; i < count; i++) {
        const double expected = difference(check, &p[i]);
        nonzero += fabs(expected) > 1e-3 && derivative[i] * expected > 0;
        if (!(fabs(derivative[i] - expected) <= 1e-6 * fabs(expected) + 1e-9 * most))
            fail_msg("%s %zu: %.12g where differences say %.12g", what, i, derivative[i], expected);
    }
    if (!(nonzero > count / 12)) /* of a pool's inputs only the largest have one */
        fail_msg("%s: only %zu of %zu derivatives are not 0", what, nonzero, count);
}

static void hold_to_differences(const char *layers, NnShape input, int batch)
{
    Check check = check_create(layers, input, batch);
    Reference *network = check.network;
    reference_forward(network);
    assert_true(reference_kink_distance(network) >
                100 * step); /* no step goes over a ReLU's kink */
    reference_backward(network);
    compare(&check, layers, network->value[0], network->d_value[0],
            (size_t)batch * network->inputs);
    for (int l = 0; l < network->spec.layer_count; l++) {
        const LayerPlan *p = &network->plan[l];
        if (layer_learns(
                p)) /* running averages have no derivative: nothing of training sees them */
            compare(&check, layers, network->parameter + p->offset, network->gradient + p->offset,
                    p->weights + p->biases + p->deviations);
    }
    check_destroy(&check);
}

static void dense_layers_have_the_derivatives_they_claim(void **unused)
{
    (void)unused;
    hold_to_differences("dense 5", (NnShape){3, 4, 2}, 3);
    hold_to_differences("dense 1", (NnShape){1, 1, 1}, 1);
}

static void noisy_layers_have_the_derivatives_they_claim(void **unused)
{
    (void)unused;
    hold_to_differences("noisy 5", (NnShape){3, 4, 2}, 3);
    hold_to_differences("noisy 4, tanh, dense 3, noisy 2", (NnShape){1, 3, 1}, 2);
}

static void quantiles_have_the_derivatives_they_claim(void **unused)
{
    (void)unused;
    hold_to_differences("quantiles 3", (NnShape){2, 3, 2}, 3);
    hold_to_differences("conv 2 2 1, tanh, quantiles 4, conv 3 1 1, tanh, conv 2 1 1",
                        (NnShape){1, 3, 4}, 2);
}

static void convolutions_have_the_derivatives_they_claim(void **unused)
{
    (void)unused;
    hold_to_differences("conv 3 3 1", (NnShape){2, 5, 6}, 2);
    hold_to_differences("conv 4 4 2", (NnShape){3, 8, 10}, 2);
    hold_to_differences("conv 2 1 1", (NnShape){3, 2, 3}, 2);
    hold_to_differences("conv 2 8 4", (NnShape){2, 12, 16}, 1);
}

/* The last rows and columns are seen by no kernel: their derivative is 0, which the differences
 * say, too. */
static void a_stride_that_leaves_pixels_over_has_right_derivatives(void **unused)
{
    (void)unused;
    hold_to_differences("conv 3 3 2", (NnShape){1, 8, 10}, 2);
    hold_to_differences("conv 3 2 3", (NnShape){2, 7, 8}, 1);
}

static void curves_have_the_slopes_they_claim(void **unused)
{
    (void)unused;
    hold_to_differences("sigmoid", (NnShape){3, 4, 2}, 3);
    hold_to_differences("tanh", (NnShape){3, 4, 2}, 3);
    hold_to_differences("relu", (NnShape){3, 4, 2}, 3);
}

static void dropout_passes_on_what_it_let_through(void **unused)
{
    (void)unused;
    hold_to_differences("dropout 0.5", (NnShape){3, 4, 2}, 3);
}

static void whole_networks_have_the_derivatives_they_claim(void **unused)
{
    (void)unused;
    hold_to_differences(
        "conv 4 3 2, tanh, conv 3 2 1, sigmoid, dropout 0.3, dense 6, tanh, dense 3",
        (NnShape){2, 9, 8}, 2);
    hold_to_differences("conv 3 4 2, relu, dense 7, relu, dense 2", (NnShape){2, 8, 8}, 1);
}

static void padded_convolutions_have_the_derivatives_they_claim(void **unused)
{
    (void)unused;
    hold_to_differences("conv 3 3 1 1", (NnShape){2, 5, 6}, 2);
    hold_to_differences("conv 2 4 2 3", (NnShape){2, 5, 4}, 2);
    hold_to_differences("conv 2 2 3 1", (NnShape){1, 4, 7}, 2);
}

static void transposed_convolutions_have_the_derivatives_they_claim(void **unused)
{
    (void)unused;
    hold_to_differences("transposed 3 3 1", (NnShape){2, 3, 4}, 2);
    hold_to_differences("transposed 2 4 2 1", (NnShape){3, 3, 2}, 2);
    hold_to_differences("transposed 2 2 3", (NnShape){2, 2, 3}, 1);
    hold_to_differences("transposed 1 5 2 3", (NnShape){2, 4, 4}, 1);
}

static void pools_have_the_derivatives_they_claim(void **unused)
{
    (void)unused;
    hold_to_differences("maxpool 2 2", (NnShape){2, 4, 6}, 2);
    hold_to_differences("maxpool 3 2", (NnShape){1, 6, 7}, 2); /* overlaps; a row is left over */
    hold_to_differences("avgpool 2 2", (NnShape){2, 4, 6}, 2);
    hold_to_differences("avgpool 3 1", (NnShape){2, 4, 5}, 1);
}

static void norms_have_the_derivatives_they_claim(void **unused)
{
    (void)unused;
    hold_to_differences("batchnorm", (NnShape){3, 1, 1}, 7);
    hold_to_differences("batchnorm", (NnShape){2, 3, 2}, 3);
    hold_to_differences("layernorm", (NnShape){9, 1, 1}, 2);
    hold_to_differences("layernorm", (NnShape){2, 3, 2}, 3);
}

static void softmax_and_leaky_relu_have_the_slopes_they_claim(void **unused)
{
    (void)unused;
    hold_to_differences("softmax", (NnShape){7, 1, 1}, 3);
    hold_to_differences("softmax", (NnShape){4, 2, 3}, 2);
    hold_to_differences("leaky 0.2", (NnShape){3, 4, 2}, 3);
}

static void networks_of_all_layers_have_the_derivatives_they_claim(void **unused)
{
    (void)unused;
    hold_to_differences("conv 4 3 1 1, tanh, batchnorm, maxpool 2 2, conv 3 3 2 1, layernorm, "
                        "tanh, transposed 2 2 2, avgpool 2 1, dense 6, softmax",
                        (NnShape){2, 6, 6}, 1);
}

static void cross_entropy_has_the_slopes_it_claims(void **unused)
{
    (void)unused;
    double scores[5] = {0.3, -1.2, 2.5, 0, -0.7}, slopes[5], room[5];
    for (int label = 0; label < 5; label++) {
        nn_cross_entropy(scores, 5, label, slopes);
        for (int k = 0; k < 5; k++) {
            const double middle = scores[k];
            scores[k] = middle + step;
            const double above = nn_cross_entropy(scores, 5, label, room);
            scores[k] = middle - step;
            const double below = nn_cross_entropy(scores, 5, label, room);
            scores[k] = middle;
            const double expected = (above - below) / (2 * step);
            assert_true(fabs(slopes[k] - expected) <= 1e-8 && (k == label) == (expected < 0));
        }
    }
}

/* Three examples at once, in floats and in place, beside the twin in double precision. */
static void cross_entropy_of_a_batch_is_the_mean(void **unused)
{
    (void)unused;
    float scores[3][4] = {{0.5f, -2, 3, 0}, {40, -40, 1, 2}, {-1, -1, -1, -1}};
    const int label[3] = {2, 0, 3};
    double expected[3][4], loss = 0;
    for (int n = 0; n < 3; n++) {
        for (int k = 0; k < 4; k++)
            expected[n][k] = scores[n][k];
        loss += nn_cross_entropy(expected[n], 4, label[n], expected[n]) / 3;
    }
    const double found = nn_cross_entropy_batch(scores[0], label, 3, 4, scores[0]);
    assert_true(fabs(found - loss) < 1e-6);
    for (int n = 0; n < 3; n++)
        for (int k = 0; k < 4; k++)
            assert_true(fabs(scores[n][k] - expected[n][k] / 3) < 1e-7);
}

/* Equal scores: log 5. Scores 1000 apart: no overflow, and the loss is the distance. */
static void cross_entropy_has_the_values_of_its_formula(void **unused)
{
    (void)unused;
    double same[5] = {7, 7, 7, 7, 7}, far[2] = {1000, 0}, slopes[5];
    assert_true(fabs(nn_cross_entropy(same, 5, 3, slopes) - 1.6094379124341003) < 1e-12);
    assert_true(fabs(slopes[0] - 0.2) < 1e-12 && fabs(slopes[3] + 0.8) < 1e-12);
    assert_true(nn_cross_entropy(far, 2, 1, slopes) == 1000);
    assert_true(nn_cross_entropy(far, 2, 0, slopes) == 0);
}

/* Values by hand: what goes in, the only weight or curve, what comes out. */
static void layers_compute_their_formulas(void **unused)
{
    (void)unused;
    Reference *dense = reference_create("dense 1", (NnShape){2, 1, 1}, 1);
    memcpy(dense->parameter, (double[]){2, -3, 0.5}, 3 * sizeof(double));
    memcpy(dense->value[0], (double[]){10, 1}, 2 * sizeof(double));
    reference_forward(dense);
    assert_true(dense->value[1][0] == 17.5); /* 2 10 - 3 1 + 0.5 */
    reference_destroy(dense);

    /* Rows 1 2 3 / 4 5 6 / 7 8 9 under the kernel 1 10 / 100 1000: no flipping, rows first. */
    Reference *conv = reference_create("conv 1 2 1", (NnShape){1, 3, 3}, 1);
    memcpy(conv->parameter, (double[]){1, 10, 100, 1000, 0.25}, 5 * sizeof(double));
    for (int i = 0; i < 9; i++)
        conv->value[0][i] = i + 1;
    reference_forward(conv);
    assert_true(conv->value[1][0] == 5421.25 && conv->value[1][1] == 6532.25);
    assert_true(conv->value[1][2] == 8754.25 && conv->value[1][3] == 9865.25);
    reference_destroy(conv);

    Reference *curves = reference_create("relu, tanh, sigmoid", (NnShape){2, 1, 1}, 1);
    memcpy(curves->value[0], (double[]){-4, 0.5}, 2 * sizeof(double));
    reference_forward(curves);
    assert_true(curves->value[1][0] == 0 && curves->value[1][1] == 0.5);
    assert_true(curves->value[2][0] == 0);
    assert_true(fabs(curves->value[2][1] - 0.46211715726000976) < 1e-15); /* tanh 1/2 */
    assert_true(curves->value[3][0] == 0.5);
    assert_true(fabs(curves->value[3][1] - 0.6135163043587272) < 1e-15); /* 1 / (1 + e^-y) */
    reference_destroy(curves);
}

/* By hand: a picture 1 2 / 3 4, the kernel 1 10 / 100 1000. */
static void layers_beyond_the_agents_compute_their_formulas(void **unused)
{
    (void)unused;
    Reference *conv = reference_create("conv 1 2 1 1", (NnShape){1, 2, 2}, 1);
    memcpy(conv->parameter, (double[]){1, 10, 100, 1000, 0}, 5 * sizeof(double));
    memcpy(conv->value[0], (double[]){1, 2, 3, 4}, 4 * sizeof(double));
    reference_forward(conv);
    const double slid[] = {1000, 2100, 200, 3010, 4321, 402, 30, 43, 4};
    for (int i = 0; i < 9; i++)
        assert_true(conv->value[1][i] == slid[i]);
    reference_destroy(conv);

    Reference *turned = reference_create("transposed 1 2 2", (NnShape){1, 1, 2}, 1);
    memcpy(turned->parameter, (double[]){1, 10, 100, 1000, 0.5}, 5 * sizeof(double));
    memcpy(turned->value[0], (double[]){2, 3}, 2 * sizeof(double));
    reference_forward(turned);
    const double spread[] = {2.5, 20.5, 3.5, 30.5, 200.5, 2000.5, 300.5, 3000.5};
    for (int i = 0; i < 8; i++)
        assert_true(turned->value[1][i] == spread[i]);
    reference_destroy(turned);

    Reference *rest = reference_create("maxpool 2 1, leaky 0.25, softmax", (NnShape){2, 2, 2}, 1);
    memcpy(rest->value[0], (double[]){-8, -4, -6, -9, 1, 3, 2, 0}, 8 * sizeof(double));
    reference_forward(rest);
    assert_true(rest->value[1][0] == -4 && rest->value[1][1] == 3);
    assert_true(rest->value[2][0] == -1 && rest->value[2][1] == 3);
    assert_true(fabs(rest->value[3][0] - 0.01798620996209156) < 1e-15); /* 1 / (1 + e^4) */
    reference_destroy(rest);
}

/* Values 1 and 3 have mean 2 and variance 1; in inference the running averages count. */
static void norms_compute_their_formulas(void **unused)
{
    (void)unused;
    const double one = 1 / sqrt(1 + NN_NORM_EPSILON);
    Reference *batch = reference_create("batchnorm", (NnShape){1, 1, 1}, 2);
    memcpy(batch->parameter, (double[]){10, 5, -3, 4}, 4 * sizeof(double));
    memcpy(batch->value[0], (double[]){1, 3}, 2 * sizeof(double));
    reference_forward(batch);
    assert_true(fabs(batch->value[1][0] - (5 - 10 * one)) < 1e-12);
    assert_true(fabs(batch->value[1][1] - (5 + 10 * one)) < 1e-12);
    assert_true(batch->kept[0][0] == 2 && batch->kept[0][1] == 1);
    batch->inference = true;
    reference_forward(batch);
    assert_true(fabs(batch->value[1][0] - (5 + 40 / sqrt(4 + NN_NORM_EPSILON))) < 1e-12);
    reference_destroy(batch);

    Reference *layer = reference_create("layernorm", (NnShape){2, 1, 1}, 1);
    memcpy(layer->parameter, (double[]){10, 20, 5, 6}, 4 * sizeof(double));
    memcpy(layer->value[0], (double[]){1, 3}, 2 * sizeof(double));
    reference_forward(layer);
    assert_true(fabs(layer->value[1][0] - (5 - 10 * one)) < 1e-12);
    assert_true(fabs(layer->value[1][1] - (6 + 20 * one)) < 1e-12);
    reference_destroy(layer);
}

static void hold_loss_to_differences(NnLoss loss, double d)
{
    const double expected = (nn_loss(loss, d + step) - nn_loss(loss, d - step)) / (2 * step);
    const double slope = nn_loss_gradient(loss, d);
    assert_true(slope * d > 0); /* descending makes the error smaller */
    assert_true(fabs(slope - expected) <= 1e-6 * fabs(expected));
}

static void losses_have_the_slopes_they_claim(void **unused)
{
    (void)unused;
    const double errors[] = {-30, -1.5, -1.001, -0.999, -0.3, -0.01, 0.02, 0.5, 0.99, 1.01, 2, 100};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        hold_loss_to_differences(NN_LOSS_SQUARED, errors[i]);
        hold_loss_to_differences(NN_LOSS_HUBER, errors[i]);
    }
}

static void losses_have_the_values_of_their_formulas(void **unused)
{
    (void)unused;
    assert_true(nn_loss(NN_LOSS_SQUARED, -3) == 4.5 && nn_loss_gradient(NN_LOSS_SQUARED, -3) == -3);
    assert_true(nn_loss(NN_LOSS_HUBER, -3) == 2.5 && nn_loss_gradient(NN_LOSS_HUBER, -3) == -1);
    assert_true(nn_loss(NN_LOSS_HUBER, 0.5) == 0.125 &&
                nn_loss_gradient(NN_LOSS_HUBER, 0.5) == 0.5);
    assert_true(nn_loss(NN_LOSS_HUBER, 1) == 0.5 && nn_loss_gradient(NN_LOSS_HUBER, 1) == 1);
    assert_true(nn_loss(NN_LOSS_HUBER, 0) == 0 && nn_loss_gradient(NN_LOSS_HUBER, 0) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dense_layers_have_the_derivatives_they_claim),
        cmocka_unit_test(noisy_layers_have_the_derivatives_they_claim),
        cmocka_unit_test(quantiles_have_the_derivatives_they_claim),
        cmocka_unit_test(convolutions_have_the_derivatives_they_claim),
        cmocka_unit_test(a_stride_that_leaves_pixels_over_has_right_derivatives),
        cmocka_unit_test(curves_have_the_slopes_they_claim),
        cmocka_unit_test(dropout_passes_on_what_it_let_through),
        cmocka_unit_test(whole_networks_have_the_derivatives_they_claim),
        cmocka_unit_test(layers_compute_their_formulas),
        cmocka_unit_test(losses_have_the_slopes_they_claim),
        cmocka_unit_test(losses_have_the_values_of_their_formulas),
        cmocka_unit_test(padded_convolutions_have_the_derivatives_they_claim),
        cmocka_unit_test(transposed_convolutions_have_the_derivatives_they_claim),
        cmocka_unit_test(pools_have_the_derivatives_they_claim),
        cmocka_unit_test(norms_have_the_derivatives_they_claim),
        cmocka_unit_test(softmax_and_leaky_relu_have_the_slopes_they_claim),
        cmocka_unit_test(networks_of_all_layers_have_the_derivatives_they_claim),
        cmocka_unit_test(layers_beyond_the_agents_compute_their_formulas),
        cmocka_unit_test(norms_compute_their_formulas),
        cmocka_unit_test(cross_entropy_has_the_slopes_it_claims),
        cmocka_unit_test(cross_entropy_has_the_values_of_its_formula),
        cmocka_unit_test(cross_entropy_of_a_batch_is_the_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
