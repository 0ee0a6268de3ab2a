/*
 * The update rules of network.h against values worked out by hand, and against each other: the
 * network's pieces, threads and layouts may not show.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/denormals.h"
#include "nn/optimiser.h"

enum { COUNT = 37, STEPS = 3 }; /* COUNT: no multiple of any vector, so that remainders are seen */

typedef struct {
    NnOptimiser rule;
    double start;
    double gradient[STEPS];
    double expected[STEPS]; /* w after each step */
} Example;

static void take_step(const NnOptimiser *rule, int64_t update, size_t count, float *w,
                      const float *g, float *m, float *s)
{
    const OptimiserStep step = optimiser_begin(rule, update);
    optimiser_step(&step, count, w, g, m, s);
}

/* Each element has the example's gradients times a sign of its own: by symmetry
 * w - start moves with that sign. */
static void follow(const Example *example)
{
    float w[COUNT], g[COUNT], m[COUNT] = {0}, s[COUNT] = {0};
    for (int i = 0; i < COUNT; i++)
        w[i] = (float)example->start;
    for (int t = 0; t < STEPS; t++) {
        for (int i = 0; i < COUNT; i++)
            g[i] = (float)(i % 3 == 0 ? -example->gradient[t] : example->gradient[t]);
        take_step(&example->rule, t + 1, COUNT, w, g, m, s);
        for (int i = 0; i < COUNT; i++) {
            const double moved = example->expected[t] - example->start;
            const double expected = example->start + (i % 3 == 0 ? -moved : moved);
            if (!(fabs(w[i] - expected) < 1e-6)) /* some roundings of numbers near 1, 6e-8 each */
                fail_msg("step %d, element %d: %.9g, not %.9g", t + 1, i, w[i], expected);
        }
    }
}

/*  v = 2              w = 1 - 0.25 2     = 0.5
 *  v = 0.5 2 + 1 = 2  w = 0.5 - 0.25 2   = 0
 *  v = 0.5 2 - 4 = -3 w = 0 + 0.25 3     = 0.75 */
static void sgd_has_momentum(void **unused)
{
    (void)unused;
    follow(&(Example){
        .rule = {.kind = NN_SGD, .learning_rate = 0.25, .momentum = 0.5},
        .start = 1,
        .gradient = {2, 1, -4},
        .expected = {0.5, 0, 0.75},
    });
}

/*  s = 16/4            = 4   w = 1 - 0.5 4 / sqrt(4 + 5)      = 1/3
 *  s = 4 3/4 + 4/4     = 4   w = 1/3 - 0.5 2 / sqrt(4 + 5)    = 0
 *  s = 4 3/4 + 64/4    = 19  w = 0 + 0.5 8 / sqrt(19 + 5)     = 0.816496581 */
static void rmsprop_has_epsilon_inside_the_root(void **unused)
{
    (void)unused;
    follow(&(Example){
        .rule = {.kind = NN_RMSPROP, .learning_rate = 0.5, .decay = 0.75, .epsilon = 5},
        .start = 1,
        .gradient = {4, 2, -8},
        .expected = {1.0 / 3, 0, 0.816496581},
    });
}

/*  m = 2  s = 8  w = 1 - 4 / sqrt(8 - 4 + 1) = 1 - 4/sqrt(5) = -0.788854382
 *  m = 0  s = 6  w = w + 2 / sqrt(6 - 0 + 1) = w + 2/sqrt(7) = -0.032925436
 *  m = 1  s = 5  w = w - 2 / sqrt(5 - 1 + 1) = w - 2/sqrt(5) = -0.927352627 */
static void centred_rmsprop_has_epsilon_inside_the_root(void **unused)
{
    (void)unused;
    follow(&(Example){
        .rule = {.kind = NN_RMSPROP_CENTRED, .learning_rate = 1, .decay = 0.5, .epsilon = 1},
        .start = 1,
        .gradient = {4, -2, 2},
        .expected = {-0.788854382, -0.032925436, -0.927352627},
    });
}

/*  m = 1      s = 1       m/(1-1/2) = 2        s/(1-3/4) = 4
 *      w = 1 - 0.1 2 / (2 + 0.5)                                = 0.92
 *  m = -1.5   s = 4.75    m/(1-1/4) = -2       s/(1-9/16) = 10.857142857, root 3.295017884
 *      w = 0.92 + 0.1 2 / 3.795017884                           = 0.972700674
 *  m = -0.25  s = 3.8125  m/(1-1/8) = -0.2857  s/(1-27/64) = 6.594594595, root 2.567994275
 *      w = 0.972700674 + 0.1 0.285714286 / 3.067994275          = 0.982013412 */
static void adam_corrects_its_averages(void **unused)
{
    (void)unused;
    follow(&(Example){
        .rule =
            {.kind = NN_ADAM, .learning_rate = 0.1, .momentum = 0.5, .decay = 0.75, .epsilon = 0.5},
        .start = 1,
        .gradient = {2, -4, 1},
        .expected = {0.92, 0.972700674, 0.982013412},
    });
}

/*  v = 2              w = 1 - 0.25 (2 + 0.5 2)       = 0.25
 *  v = 0.5 2 + 1 = 2  w = 0.25 - 0.25 (1 + 0.5 2)    = -0.25
 *  v = 1 - 4 = -3     w = -0.25 - 0.25 (-4 - 0.5 3)  = 1.125 */
static void nesterov_looks_ahead(void **unused)
{
    (void)unused;
    follow(&(Example){
        .rule = {.kind = NN_NESTEROV, .learning_rate = 0.25, .momentum = 0.5},
        .start = 1,
        .gradient = {2, 1, -4},
        .expected = {0.25, -0.25, 1.125},
    });
}

/*  s = 9            w = 1 - 0.5 3 / (3 + 1)    = 0.625
 *  s = 9 + 16 = 25  w = 0.625 - 0.5 4 / (5 + 1) = 0.291666667
 *  s = 25 + 144     w = 0.291666667 + 0.5 12 / (13 + 1) = 0.720238095 */
static void adagrad_adds_up_its_squares(void **unused)
{
    (void)unused;
    follow(&(Example){
        .rule = {.kind = NN_ADAGRAD, .learning_rate = 0.5, .epsilon = 1},
        .start = 1,
        .gradient = {3, 4, -12},
        .expected = {0.625, 0.291666667, 0.720238095},
    });
}

/* With decay 0.75, p = 7: p' = 1, 1.857, 2.622 after one to three steps, and above 5 only from the
 * eighth on. So the first three steps go along the average alone:
 *  m = 1      m/(1-1/2) = 2         w = 1 - 0.1 2            = 0.8
 *  m = -1.5   m/(1-1/4) = -2        w = 0.8 + 0.1 2          = 1
 *  m = -0.25  m/(1-1/8) = -0.2857   w = 1 + 0.1 0.285714286  = 1.028571429 */
static void radam_begins_along_the_average(void **unused)
{
    (void)unused;
    follow(&(Example){
        .rule = {.kind = NN_RADAM,
                 .learning_rate = 0.1,
                 .momentum = 0.5,
                 .decay = 0.75,
                 .epsilon = 0.5},
        .start = 1,
        .gradient = {2, -4, 1},
        .expected = {0.8, 1, 1.028571429},
    });
}

/* decay 0.99: p = 199. After 100 steps p' = 199 - 200 0.99^100 / (1 - 0.99^100) = 83.527..., and
 * r = sqrt(79.5265 81.5265 199 / (195 197 83.5265)) = 0.634117. */
static void radam_ends_as_a_shorter_adam(void **unused)
{
    (void)unused;
    const NnOptimiser rule = {NN_RADAM, 0.01, 0, 0.99, 1e-8, 0};
    float w = 0, m = 0, s = 0;
    const float g = 0.5f;
    for (int t = 1; t <= 100; t++) {
        w = 0;
        take_step(&rule, t, 1, &w, &g, &m, &s);
    }
    assert_true(fabs(w + 0.01 * 0.63411685) < 1e-7);
}

static const NnOptimiser rules[] = {
    {NN_SGD, 0.1, 0, 0, 0, 0.01},
    {NN_SGD, 0.05, 0.9, 0, 0, 0},
    {NN_NESTEROV, 0.05, 0.9, 0, 0, 0.02},
    {NN_ADAGRAD, 0.1, 0, 0, 1e-4, 0.01},
    {NN_RMSPROP, 0.01, 0, 0.9, 1e-3, 0.01},
    {NN_RMSPROP_CENTRED, 0.01, 0, 0.95, 1e-2, 0.01},
    {NN_ADAM, 0.01, 0.9, 0.999, 1e-4, 0.01},
    {NN_RADAM, 0.01, 0.9, 0.999, 1e-4, 0.01},
    {NN_ADAMW, 0.01, 0.9, 0.999, 1e-4, 0.1},
};

/* A bowl, its gradient w - 1 with some noise, which every rule walks down: fast and plain side by
 * side for 300 steps, every other parameter without weight decay. */
static void every_rule_is_its_plain_twin(void **unused)
{
    (void)unused;
    for (size_t r = 0; r < sizeof rules / sizeof rules[0]; r++) {
        float w[COUNT], g[COUNT], m[COUNT] = {0}, s[COUNT] = {0}, marks[COUNT];
        double plain[COUNT], plain_m[COUNT] = {0}, plain_s[COUNT] = {0};
        Random random = random_stream(r, "bowl");
        for (int i = 0; i < COUNT; i++) {
            plain[i] = w[i] = (float)(4 * random_unit(&random) - 2);
            marks[i] = (float)(i % 2);
        }
        for (int t = 1; t <= 300; t++) {
            for (int i = 0; i < COUNT; i++) {
                g[i] = (float)(plain[i] - 1 + 0.1 * random_normal(&random));
                plain[i] = optimiser_plain(&rules[r], t, i % 2 == 1, plain[i], g[i], &plain_m[i],
                                           &plain_s[i]);
            }
            optimiser_decay(&rules[r], COUNT, w, g, marks);
            take_step(&rules[r], t, COUNT, w, g, m, s);
        }
        for (int i = 0; i < COUNT; i++)
            if (!(fabs(w[i] - plain[i]) < 2e-5))
                fail_msg("rule %zu, parameter %d: %.8g, its twin %.8g", r, i, w[i], plain[i]);
    }
}

/* With a gradient of 0 what is left is the pull: w (1 - 0.5 0.1) for ADAMW; for SGD the gradient
 * 0.1 w times the rate, the same. */
static void weight_decay_pulls_weights_and_nothing_else(void **unused)
{
    (void)unused;
    for (int i = 0; i < 2; i++) {
        const NnOptimiser rule = {i == 0 ? NN_ADAMW : NN_SGD, 0.5, 0, 0.9, 1e-8, 0.1};
        float w[2] = {2, 2}, g[2] = {0}, m[2] = {0}, s[2] = {0};
        optimiser_decay(&rule, 2, w, g, (const float[2]){1, 0});
        take_step(&rule, 1, 2, w, g, m, s);
        assert_true(fabsf(w[0] - 1.9f) < 1e-6f && w[1] == 2);
    }
}

/* With the numbers that the papers use and a gradient that stays the same, the step sizes tend to
 * what the formulas say: SGD rate g / (1 - momentum); RMSProp rate; centred RMSProp
 * rate g / sqrt(epsilon); Adam rate. */
static void long_runs_reach_the_steady_step(void **unused)
{
    (void)unused;
    const struct {
        NnOptimiser rule;
        double steady;
    } runs[] = {
        {{NN_SGD, 0.01, 0.9, 0, 0, 0}, 0.01 * 0.5 / 0.1},
        {{NN_RMSPROP, 0.0002, 0, 0.99, 1e-6, 0}, 0.0002},
        {{NN_RMSPROP_CENTRED, 0.00025, 0, 0.95, 0.01, 0}, 0.00025 * 0.5 / 0.1},
        {{NN_ADAM, 0.001, 0.9, 0.999, 1e-8, 0}, 0.001},
        {{NN_NESTEROV, 0.01, 0.9, 0, 0, 0}, 0.01 * 0.5 / 0.1},
    };
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        float w = 0, m = 0, s = 0;
        const float g = 0.5f;
        for (int t = 1; t <= 2000; t++) {
            w = 0; /* so that the step is not lost in a large w */
            take_step(&runs[i].rule, t, 1, &w, &g, &m, &s);
        }
        if (!(fabs(-w - runs[i].steady) < 1e-4 * runs[i].steady))
            fail_msg("rule %zu steps by %g, not %g", i, -w, runs[i].steady);
    }
}

static void no_gradient_moves_nothing(void **unused)
{
    (void)unused;
    for (int kind = NN_SGD; kind <= NN_ADAMW; kind++) {
        const NnOptimiser rule = {(NnOptimiserKind)kind, 0.1, 0.9, 0.9, 1e-8, 0};
        float w[COUNT], g[COUNT] = {0}, m[COUNT] = {0}, s[COUNT] = {0};
        for (int i = 0; i < COUNT; i++)
            w[i] = (float)i;
        take_step(&rule, 1, COUNT, w, g, m, s);
        for (int i = 0; i < COUNT; i++)
            assert_true(w[i] == (float)i);
    }
}

/* Equal gradients for ever: their variance is 0 and its estimate may round to just below. */
static void a_variance_that_rounds_below_zero_is_no_nan(void **unused)
{
    (void)unused;
    const NnOptimiser rule = {NN_RMSPROP_CENTRED, 0.1, 0, 0.95, 1e-12, 0};
    float w[COUNT] = {0}, g[COUNT], m[COUNT] = {0}, s[COUNT] = {0};
    for (int i = 0; i < COUNT; i++)
        g[i] = 0.1f * (float)(i + 1) + 0.7f;
    for (int t = 1; t < 1000; t++)
        take_step(&rule, t, COUNT, w, g, m, s);
    for (int i = 0; i < COUNT; i++)
        assert_true(isfinite(w[i]) && w[i] < 0);
}

/* ---- in a network ---- */

enum { INPUTS = 300, UNITS = 250, PARAMETERS = UNITS * INPUTS + UNITS, BATCH = 2 };

static Network *small_network(NnBackend backend, Parallel *team)
{
    NnSpec spec;
    Error error = {0};
    assert_true(nn_spec_parse(&spec, "dense 250", (NnShape){INPUTS, 1, 1}, &error));
    Network *network = network_create(&spec, BATCH, backend, team, &error);
    assert_non_null(network);
    Random random = random_stream(3, "weights");
    network_initialise(network, NN_INIT_FAN_IN_UNIFORM, &random);
    return network;
}

static float *take_floats(size_t count)
{
    float *values = calloc(count, sizeof *values);
    assert_non_null(values);
    return values;
}

/* One pass over inputs and dL/d outputs that depend on t; the gradients go to `gradients`. */
static void learn(Network *network, const NnOptimiser *rule, int t, float *gradients)
{
    float input[BATCH * INPUTS], output[BATCH * UNITS];
    for (int i = 0; i < BATCH * INPUTS; i++)
        input[i] = (float)((i * 37 + t * 11) % 101 - 50) / 50;
    network_forward_train(network, &(NnInput){.values = input}, BATCH, output, NULL);
    for (int i = 0; i < BATCH * UNITS; i++)
        output[i] = (float)((i * 13 + t * 7) % 17 - 8) / 8;
    network_backward(network, output);
    network_get_gradients(network, gradients);
    network_update(network, rule);
}

/* The rules are elementwise: in whatever order, layout and pieces a network holds its parameters,
 * each becomes what optimiser_step makes of it in one flat array, to the last bit. */
static void hold_update_to_the_flat_rule(NnOptimiserKind kind, NnBackend backend, Parallel *team)
{
    const NnOptimiser rule = {kind, 0.01, 0.9, 0.95, 1e-3, 0};
    Network *network = small_network(backend, team);
    float *w = take_floats(PARAMETERS), *g = take_floats(PARAMETERS);
    float *m = take_floats(PARAMETERS), *s = take_floats(PARAMETERS);
    float *found = take_floats(PARAMETERS);
    network_get_parameters(network, w);
    for (int t = 1; t <= STEPS; t++) {
        learn(network, &rule, t, g);
        take_step(&rule, t, PARAMETERS, w, g, m, s);
        network_get_parameters(network, found);
        assert_memory_equal(found, w, PARAMETERS * sizeof *w);
    }
    network_destroy(network);
    free(w), free(g), free(m), free(s), free(found);
}

static void a_networks_update_is_the_rule_for_each_parameter(void **unused)
{
    (void)unused;
    Error error = {0};
    Parallel *team = parallel_create(3, &error);
    assert_non_null(team);
    for (int kind = NN_SGD; kind <= NN_ADAMW; kind++) {
        hold_update_to_the_flat_rule((NnOptimiserKind)kind, NN_BACKEND_PLAIN, NULL);
        hold_update_to_the_flat_rule((NnOptimiserKind)kind, NN_BACKEND_VECTOR, team);
    }
    parallel_destroy(team);
}

/* In a network only the weights of layers with units decay, wherever the backend keeps them. */
static void norms_and_biases_do_not_decay(void **unused)
{
    (void)unused;
    NnSpec spec;
    Error error = {0};
    const NnOptimiser rule = {NN_ADAMW, 0.5, 0.9, 0.9, 1e-3, 0.5};
    assert_true(nn_spec_parse(&spec, "conv 3 2 1 1, batchnorm, relu, dense 5, layernorm",
                              (NnShape){2, 3, 4}, &error));
    const float zeros[2 * 5] = {0}, pictures[2 * 24] = {0};
    float before[1024], after[1024], outputs[2 * 5];
    assert_true(nn_spec_parameters(&spec) < 1024);
    for (int b = 0; b < 2; b++) {
        Network *network =
            network_create(&spec, 2, b == 0 ? NN_BACKEND_PLAIN : NN_BACKEND_LAYERS, NULL, &error);
        Random random = random_stream(1, "weights");
        network_initialise(network, NN_INIT_FAN_IN_UNIFORM, &random);
        network_forward_train(network, &(NnInput){.values = pictures}, 2, outputs, NULL);
        network_backward(network, zeros);
        network_get_parameters(network, before);
        network_update(network, &rule);
        network_get_parameters(network, after);
        for (int l = 0; l < spec.layer_count; l++) {
            const NnSlice slice = nn_spec_slice(&spec, l);
            const bool pulled = spec.layer[l].kind == NN_CONV2D || spec.layer[l].kind == NN_DENSE;
            for (size_t i = 0; i < slice.weights + slice.biases; i++) {
                const float part = pulled && i < slice.weights ? 0.75f : 1;
                assert_true(after[slice.offset + i] == part * before[slice.offset + i]);
            }
        }
        network_destroy(network);
    }
}

/* Clipped, the gradients keep their direction and have the limit's length; others stay. */
static void clipping_keeps_the_direction(void **unused)
{
    (void)unused;
    Network *network = small_network(NN_BACKEND_VECTOR, NULL);
    float *before = take_floats(PARAMETERS), *after = take_floats(PARAMETERS);
    const NnOptimiser still = {.kind = NN_SGD};
    learn(network, &still, 1, before);
    double squares = 0;
    for (int i = 0; i < PARAMETERS; i++)
        squares += (double)before[i] * before[i];
    const double norm = sqrt(squares);
    assert_true(fabs(network_clip_gradients(network, norm / 4) - norm) < 1e-6 * norm);
    network_get_gradients(network, after);
    for (int i = 0; i < PARAMETERS; i++)
        assert_true(fabsf(after[i] - before[i] / 4) <= 1e-6f * fabsf(before[i]));
    assert_true(network_clip_gradients(network, norm) < norm / 3.99);
    network_destroy(network);
    free(before), free(after);
}

/* Two steps, everything copied to a new network, two more: the same bytes as four steps. */
static void an_optimiser_that_was_saved_goes_on_as_if_nothing_had_been(void **unused)
{
    (void)unused;
    const NnOptimiser rule = {NN_ADAM, 0.01, 0.9, 0.95, 1e-3, 0};
    Network *whole = small_network(NN_BACKEND_VECTOR, NULL);
    Network *first = small_network(NN_BACKEND_VECTOR, NULL);
    Network *second = small_network(NN_BACKEND_VECTOR, NULL);
    float *a = take_floats(PARAMETERS), *b = take_floats(PARAMETERS);
    assert_true(network_optimiser_floats(first) == (size_t)2 * PARAMETERS);
    float *state = take_floats(network_optimiser_floats(first));
    for (int t = 1; t <= 4; t++)
        learn(whole, &rule, t, a);
    for (int t = 1; t <= 2; t++)
        learn(first, &rule, t, a);
    int64_t updates;
    network_get_optimiser(first, state, &updates);
    assert_true(updates == 2);
    network_copy_parameters(second, first);
    network_set_optimiser(second, state, updates);
    for (int t = 3; t <= 4; t++)
        learn(second, &rule, t, a);
    network_get_parameters(whole, a);
    network_get_parameters(second, b);
    assert_memory_equal(a, b, PARAMETERS * sizeof *a);
    network_destroy(whole), network_destroy(first), network_destroy(second);
    free(a), free(b), free(state);
}

/* Else each of them would cost as much as a hundred others (base/denormals.h), for ever. */
static void averages_that_shrink_become_zero_where_digits_run_out(void **unused)
{
    (void)unused;
    if (denormals_set(DENORMALS_ZERO), denormals_set(DENORMALS_KEPT) == DENORMALS_KEPT)
        skip(); /* this processor has no such switch */
    const NnOptimiser rule = {NN_ADAM, 0.01, 0.9, 0.95, 1e-3, 0};
    for (int threads = 1; threads <= 2; threads++) {
        Error error = {0};
        Parallel *team = parallel_create(threads, &error);
        Network *network = small_network(NN_BACKEND_VECTOR, team);
        const size_t count = network_optimiser_floats(network);
        float *state = take_floats(count);
        for (size_t i = 0; i < count; i++)
            state[i] = 1.05f * FLT_MIN; /* 0.9 and 0.95 of it are below FLT_MIN */
        int64_t updates;
        network_set_optimiser(network, state, 5);
        network_update(network, &rule); /* no gradients yet: zeros */
        network_get_optimiser(network, state, &updates);
        for (size_t i = 0; i < count; i++)
            assert_true(state[i] == 0);
        assert_int_equal(denormals_get(), DENORMALS_KEPT);
        network_destroy(network);
        parallel_destroy(team);
        free(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sgd_has_momentum),
        cmocka_unit_test(rmsprop_has_epsilon_inside_the_root),
        cmocka_unit_test(centred_rmsprop_has_epsilon_inside_the_root),
        cmocka_unit_test(adam_corrects_its_averages),
        cmocka_unit_test(nesterov_looks_ahead),
        cmocka_unit_test(adagrad_adds_up_its_squares),
        cmocka_unit_test(radam_begins_along_the_average),
        cmocka_unit_test(radam_ends_as_a_shorter_adam),
        cmocka_unit_test(every_rule_is_its_plain_twin),
        cmocka_unit_test(weight_decay_pulls_weights_and_nothing_else),
        cmocka_unit_test(norms_and_biases_do_not_decay),
        cmocka_unit_test(clipping_keeps_the_direction),
        cmocka_unit_test(long_runs_reach_the_steady_step),
        cmocka_unit_test(no_gradient_moves_nothing),
        cmocka_unit_test(a_variance_that_rounds_below_zero_is_no_nan),
        cmocka_unit_test(a_networks_update_is_the_rule_for_each_parameter),
        cmocka_unit_test(an_optimiser_that_was_saved_goes_on_as_if_nothing_had_been),
        cmocka_unit_test(averages_that_shrink_become_zero_where_digits_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
