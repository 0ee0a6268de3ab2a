/*
 * Whole runs, on `catch` and on small worlds made for the question: learning, reproducibility, ends
 * and time limits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "env/catch.h"
#include "rl/train.h"

static const DqnConfig small = {
    .network = "dense 64, relu",
    .init = NN_INIT_FAN_IN_UNIFORM,
    .history = 1,
    .gamma = 0.99,
    .return_steps = 1,
    .loss = NN_LOSS_HUBER,
    .reduce = DQN_REDUCE_MEAN,
    .optimiser = {NN_ADAM, 1e-3, 0.9, 0.999, 1e-8, 0},
    .learning_rate_end_share = 1,
    .minibatch = 32,
    .update_every_steps = 1,
    .target_every_steps = 100,
    .envs = 1,
    .replay_steps = 10000,
    .learn_start_steps = 200,
    .epsilon_start = 1,
    .epsilon_end = 0.05,
    .epsilon_steps = 3000,
    .train_frames = 9000,
    .epoch_steps = 3000,
    .eval_steps = 900,
    .eval_epsilon = 0,
    .heldout_states = 20,
};

enum { ENVS_TESTED = 4 };

typedef struct {
    double last_mean;
    int64_t epochs, episodes, stop_after_steps;
} Seen;

static bool see_epoch(void *context, const TrainEpoch *epoch)
{
    Seen *seen = context;
    seen->last_mean = epoch->evaluation.mean;
    seen->epochs++;
    return true;
}

static bool see_episode(void *context, const TrainEpisode *episode)
{
    Seen *seen = context;
    seen->episodes++;
    assert_int_equal(episode->episode, seen->episodes);
    return true;
}

static bool see_progress(void *context, const TrainProgress *progress)
{
    const Seen *seen = context;
    return seen->stop_after_steps == 0 || progress->steps < seen->stop_after_steps;
}

typedef struct {
    Training *training;
    Env *envs[ENVS_TESTED], *eval_env;
    Parallel *team;
    Seen seen;
    TrainObserver observer;
} Run;

/* Environments for config->envs; `envs` and eval_env are the run's from now on. */
static void run_prepare(Run *run, const DqnConfig *config, Env *const envs[], Env *eval_env,
                        uint64_t seed, int threads)
{
    Error error = {0};
    *run = (Run){.eval_env = eval_env, .team = parallel_create(threads, &error)};
    for (int i = 0; i < config->envs; i++)
        run->envs[i] = envs[i];
    const TrainSetup setup = {*config, seed, run->envs, eval_env, NN_BACKEND_AUTO, run->team};
    run->training = training_create(&setup, &error);
    if (run->training == NULL)
        fail_msg("%s", error.text);
    run->observer = (TrainObserver){NULL, see_progress, see_episode, see_epoch, 1};
}

static TrainEnd run_go(Run *run)
{
    Error error = {0};
    run->observer.context = &run->seen;
    const TrainEnd end = training_run(run->training, &run->observer, &error);
    if (end == TRAIN_FAILED)
        fail_msg("%s", error.text);
    return end;
}

static void run_free(Run *run)
{
    training_destroy(run->training);
    for (int i = 0; i < ENVS_TESTED; i++)
        env_destroy(run->envs[i]);
    env_destroy(run->eval_env);
    parallel_destroy(run->team);
}

static void prepare_catch(Run *run, const DqnConfig *config, uint64_t seed, int threads)
{
    Error error = {0};
    Env *envs[ENVS_TESTED];
    for (int i = 0; i < config->envs; i++)
        envs[i] = catch_create(seed + 10 * (uint64_t)i, &error);
    run_prepare(run, config, envs, catch_create(seed + 1, &error), seed, threads);
}

static void learn_catch(const DqnConfig *config)
{
    Run run;
    prepare_catch(&run, config, 1, 1);
    assert_int_equal(run_go(&run), TRAIN_DONE);
    if (!(run.seen.last_mean > 0.95))
        fail_msg("catch is learnt to a mean of %g only", run.seen.last_mean);
    assert_int_equal(run.seen.epochs, config->train_frames / config->epoch_steps);
    assert_int_equal(run.seen.episodes, config->train_frames / 9); /* games of nine steps */
    run_free(&run);
}

static void catch_is_learnt_to_a_mean_above_95_hundredths(void **state)
{
    (void)state;
    learn_catch(&small);
}

static void catch_is_learnt_as_well_with_acting_behind_learning(void **state)
{
    (void)state;
    DqnConfig config = small;
    config.acting_lag_updates = 1;
    learn_catch(&config);
}

static void catch_is_learnt_as_well_in_four_environments(void **state)
{
    (void)state;
    DqnConfig config = small;
    config.envs = 4;
    learn_catch(&config);
    config.acting_lag_updates = 1;
    config.replay_packed = true;
    learn_catch(&config);
}

static DqnConfig pqn(void)
{
    DqnConfig config = small;
    config.envs = 4;
    strcpy(config.network, "dense 64, layernorm, relu");
    config.init = NN_INIT_HE;
    config.loss = NN_LOSS_SQUARED;
    config.optimiser.kind = NN_RADAM;
    config.optimiser.learning_rate = 1e-3;
    config.max_gradient = 10;
    config.minibatch = 16;
    config.target_every_steps = 0;
    config.rollout_steps = 16;
    config.rollout_epochs = 8;
    config.lambda = 0.9;
    config.learn_start_steps = 1;
    config.train_frames = 18000;
    return config;
}

/* Each of what came after DQN, alone and all that can be together. */
static void catch_is_learnt_with_every_switch(void **state)
{
    (void)state;
    DqnConfig base = small, config;
    base.atoms = 11;
    base.value_min = -2;
    base.value_max = 2;
    base.munchausen_temperature = 0.03;
    base.munchausen_floor = -1;
    base.priority_exponent = 0.5;
    base.importance_start = 0.4;
    base.importance_end = 1;
    config = base, config.double_q = true, learn_catch(&config);
    config = base, config.dueling = true, learn_catch(&config);
    config = base, config.return_steps = 3, learn_catch(&config);
    config = base, config.prioritised = true, learn_catch(&config);
    config = base, config.munchausen = 0.9, learn_catch(&config);
    config = base, config.returns = DQN_RETURNS_CATEGORIES, learn_catch(&config);
    config = base, config.returns = DQN_RETURNS_QUANTILES, learn_catch(&config);
    config.double_q = config.dueling = config.prioritised = true;
    config.return_steps = 3;
    learn_catch(&config);
    config.returns = DQN_RETURNS_CATEGORIES;
    learn_catch(&config);
    config.munchausen = 0.5;
    learn_catch(&config);
}

/* Alone, and with all that goes with them. */
static void catch_is_learnt_with_implicit_quantiles(void **state)
{
    (void)state;
    DqnConfig config = small;
    config.returns = DQN_RETURNS_IMPLICIT;
    config.atoms = 8;
    learn_catch(&config);
    config.double_q = config.dueling = config.prioritised = true;
    config.return_steps = 3;
    config.priority_exponent = 0.5;
    config.importance_end = 1;
    learn_catch(&config);
    config.munchausen = 0.9;
    config.munchausen_temperature = 0.03;
    config.munchausen_floor = -1;
    learn_catch(&config);
    config = pqn();
    config.returns = DQN_RETURNS_IMPLICIT;
    config.atoms = 8;
    learn_catch(&config);
}

/* Noise is more to explore by than a toy of nine steps needs: it takes longer. */
static void catch_is_learnt_with_noisy_layers(void **state)
{
    (void)state;
    DqnConfig config = small;
    config.noisy = true;
    config.train_frames = 18000;
    config.acting_lag_updates = 1;
    learn_catch(&config);
    config.atoms = 11;
    config.returns = DQN_RETURNS_QUANTILES;
    config.double_q = config.dueling = true;
    learn_catch(&config);
    config = pqn();
    config.noisy = true;
    learn_catch(&config);
}

static void catch_is_learnt_without_a_replay_memory(void **state)
{
    (void)state;
    DqnConfig config = pqn();
    learn_catch(&config);
    config.dueling = true;
    config.replay_packed = true;
    learn_catch(&config);
}

static uint64_t catch_digest(const DqnConfig *config, uint64_t seed, int threads)
{
    Run run;
    prepare_catch(&run, config, seed, threads);
    run_go(&run);
    const uint64_t digest = training_digest(run.training);
    run_free(&run);
    return digest;
}

static DqnConfig tiny(void)
{
    DqnConfig config = small;
    config.train_frames = 700;
    config.epoch_steps = 350;
    config.eval_steps = 90;
    return config;
}

static void a_run_is_a_function_of_configuration_and_seed(void **state)
{
    (void)state;
    DqnConfig config = tiny();
    const uint64_t digest = catch_digest(&config, 5, 1);
    assert_true(catch_digest(&config, 5, 1) == digest);
    assert_true(catch_digest(&config, 5, 2) == digest);
    assert_true(catch_digest(&config, 5, 3) == digest);
    assert_true(catch_digest(&config, 6, 1) != digest);
    config.gamma = 0.98;
    assert_true(catch_digest(&config, 5, 1) != digest);
}

static void check_threads(const DqnConfig *config)
{
    const uint64_t digest = catch_digest(config, 5, 1);
    for (int threads = 2; threads <= 3; threads++)
        assert_true(catch_digest(config, 5, threads) == digest);
}

static void what_is_played_beside_an_update_does_not_depend_on_threads(void **state)
{
    (void)state;
    DqnConfig config = tiny();
    config.acting_lag_updates = 1;
    check_threads(&config);
    const DqnConfig strict = tiny();
    assert_true(catch_digest(&config, 5, 1) != catch_digest(&strict, 5, 1));
    config.update_every_steps = 4;
    check_threads(&config);
    config.envs = 3;
    check_threads(&config);
    config.noisy = true;
    check_threads(&config);
    config.acting_lag_updates = 0;
    check_threads(&config);
    config.noisy = false;
    config.returns = DQN_RETURNS_IMPLICIT;
    config.atoms = 40; /* so much that threads share it */
    check_threads(&config);
}

static void rollouts_do_not_depend_on_threads_nor_on_a_stop(void **state)
{
    (void)state;
    DqnConfig config = pqn();
    config.train_frames = 700;
    config.epoch_steps = 350;
    config.eval_steps = 90;
    check_threads(&config);
    Run run;
    prepare_catch(&run, &config, 5, 2);
    run.seen.stop_after_steps = 100; /* in the middle of a rollout */
    assert_int_equal(run_go(&run), TRAIN_STOPPED);
    run.seen.stop_after_steps = 0;
    assert_int_equal(run_go(&run), TRAIN_DONE);
    assert_true(training_digest(run.training) == catch_digest(&config, 5, 1));
    run_free(&run);
}

static void packing_frames_changes_nothing(void **state)
{
    (void)state;
    DqnConfig config = tiny();
    config.replay_steps = 300;
    const uint64_t digest = catch_digest(&config, 5, 2);
    config.replay_packed = true;
    assert_true(catch_digest(&config, 5, 2) == digest);
}

static void float_weights(Run *run, float **weights, size_t *count)
{
    Network *network = training_network(run->training);
    *count = nn_spec_parameters(network_spec(network));
    *weights = calloc(*count, sizeof **weights);
    assert_non_null(*weights);
    network_get_parameters(network, *weights);
}

static void evaluating_does_not_change_what_is_learnt(void **state)
{
    (void)state;
    float *weights[2];
    size_t count;
    for (int with = 0; with < 2; with++) {
        DqnConfig config = tiny();
        config.eval_steps = with ? 90 : 0;
        config.heldout_states = with ? 20 : 0;
        Run run;
        prepare_catch(&run, &config, 2, 1);
        run_go(&run);
        float_weights(&run, &weights[with], &count);
        run_free(&run);
    }
    assert_memory_equal(weights[0], weights[1], count * sizeof(float));
    free(weights[0]);
    free(weights[1]);
}

static void stopping_and_going_on_is_the_same_as_not_stopping(void **state)
{
    (void)state;
    const DqnConfig config = tiny();
    Run run;
    prepare_catch(&run, &config, 3, 1);
    run.seen.stop_after_steps = 321;
    assert_int_equal(run_go(&run), TRAIN_STOPPED);
    assert_int_equal(training_progress(run.training).steps, 321);
    run.seen.stop_after_steps = 0;
    assert_int_equal(run_go(&run), TRAIN_DONE);
    assert_true(training_digest(run.training) == catch_digest(&config, 3, 1));
    run_free(&run);
}

/* ---- a world of one state and a reward of 1 a step; something happens every LENGTH steps ---- */

enum { LENGTH = 5, LIVES = 4 };

typedef enum {
    GAME_OVER,
    TIME_OVER,
    LIFE_LOST, /* and after LIVES lives the time is over */
} Happening;

typedef struct {
    Env env;
    int32_t age;
    Happening happening;
} Steady;

static void steady_reset(Env *env)
{
    ((Steady *)env)->age = 0;
}

static void steady_step(Env *env, const int actions[], EnvStep *step)
{
    Steady *steady = (Steady *)env;
    (void)actions;
    const bool now = ++steady->age % LENGTH == 0;
    *step = (EnvStep){.reward = {1}, .frames = 1};
    step->game_over = now && steady->happening == GAME_OVER;
    step->life_lost = now && steady->happening == LIFE_LOST;
    step->time_over = (now && steady->happening == TIME_OVER) || steady->age == LENGTH * LIVES;
}

static const uint8_t *steady_frame(const Env *env)
{
    static const uint8_t frame[1] = {255};
    (void)env;
    return frame;
}

static void steady_draw(const Env *env, uint8_t *rgb)
{
    (void)env;
    memset(rgb, 0, 3);
}

static size_t steady_state_bytes(const Env *env)
{
    (void)env;
    return sizeof(int32_t);
}

static void steady_save(const Env *env, void *saved)
{
    memcpy(saved, &((const Steady *)env)->age, sizeof(int32_t));
}

static void steady_load(Env *env, const void *saved)
{
    memcpy(&((Steady *)env)->age, saved, sizeof(int32_t));
}

static void steady_destroy(Env *env)
{
    free(env);
}

static Env *steady_create(Happening happening)
{
    static const EnvType type = {steady_reset,       steady_step, steady_frame, steady_draw,
                                 steady_state_bytes, steady_save, steady_load,  steady_destroy};
    static const char *const names[] = {"A", "B"};
    Steady *steady = calloc(1, sizeof *steady);
    assert_non_null(steady);
    steady->env.type = &type;
    steady->env.spec = (EnvSpec){"steady", 1, 2, names, 1, 1, 1, 1, 1, 1, 60};
    steady->happening = happening;
    return &steady->env;
}

/* What the network thinks of the one state, once it has learnt. */
static double steady_value(Happening happening, bool life_loss_ends, bool rollouts)
{
    DqnConfig config = rollouts ? pqn() : small;
    config.network[0] = 0; /* linear */
    config.gamma = 0.5;
    config.optimiser.learning_rate = 1e-2;
    config.life_loss_ends = life_loss_ends;
    config.envs = 1;
    config.minibatch = 16;
    config.train_frames = 3000;
    config.eval_steps = 0;
    config.heldout_states = 10;
    Run run;
    Env *env = steady_create(happening);
    run_prepare(&run, &config, &env, steady_create(happening), 1, 1);
    run_go(&run);
    const int length = happening == LIFE_LOST ? LENGTH * LIVES : LENGTH;
    assert_int_equal(run.seen.episodes, 3000 / length);
    assert_true(training_progress(run.training).recent_score == length); /* whole games, whatever */
    const uint8_t *plane = steady_frame(NULL);
    float values[2];
    network_forward(training_network(run.training), &(NnInput){.planes = &plane}, 1, values);
    run_free(&run);
    return 0.5 * (values[0] + values[1]);
}

/* With lambda returns the value depends on how near the end is. By the distance k to it,
 * R_1 = 1, R_k+1 = 1 + ((1 - lambda) Q + lambda R_k) / 2, and Q is the mean of the R: by iteration.
 * A rollout's end, where R is Q, is seen as seldom as to change it by less than the tolerance. */
static double rollout_value_with_ends(void)
{
    const double lambda = pqn().lambda;
    double q = 0;
    for (int i = 0; i < 100; i++) {
        double sum = 0, next = 0;
        for (int k = 0; k < LENGTH; k++, sum += next)
            next = k == 0 ? 1 : 1 + 0.5 * ((1 - lambda) * q + lambda * next);
        q = sum / LENGTH;
    }
    return q;
}

/* Each state looks the same, so the value is that of the mean step. Bellman: without ends Q = 1 +
 * Q/2 = 2; when every fifth step ends the game, Q = 1 + 4/5 Q/2 = 5/3. */
static void an_end_has_no_value_behind_it_and_a_time_limit_has(void **state)
{
    (void)state;
    assert_true(fabs(steady_value(TIME_OVER, true, false) - 2.0) < 0.05);
    assert_true(fabs(steady_value(GAME_OVER, true, false) - 5.0 / 3.0) < 0.05);
    assert_true(fabs(steady_value(TIME_OVER, true, true) - 2.0) < 0.05);
    assert_true(fabs(steady_value(GAME_OVER, true, true) - rollout_value_with_ends()) < 0.05);
}

static void a_lost_life_is_an_end_for_learning_where_that_is_asked_for(void **state)
{
    (void)state;
    assert_true(fabs(steady_value(LIFE_LOST, true, false) - 5.0 / 3.0) < 0.05);
    assert_true(fabs(steady_value(LIFE_LOST, false, false) - 2.0) < 0.05);
}

/* An infinite reward cannot be learnt from: the run ends, and its weights are those of before. */
static void infinite_step(Env *env, const int actions[], EnvStep *step)
{
    steady_step(env, actions, step);
    if (((Steady *)env)->age == LENGTH)
        step->reward[0] = INFINITY;
}

static void an_infinite_loss_stops_the_run_with_finite_weights(void **state)
{
    (void)state;
    Error error = {0};
    DqnConfig config = small;
    config.eval_steps = 0;
    Env *env = steady_create(TIME_OVER);
    EnvType type = *env->type;
    type.step = infinite_step;
    env->type = &type;
    Run run;
    run_prepare(&run, &config, &env, steady_create(TIME_OVER), 1, 1);
    const TrainObserver nobody = {0};
    assert_int_equal(training_run(run.training, &nobody, &error), TRAIN_FAILED);
    assert_int_equal(error.kind, ERROR_WORK);
    assert_non_null(strstr(error.text, "not a finite number"));
    const uint8_t *plane = steady_frame(NULL);
    float values[2];
    network_forward(training_network(run.training), &(NnInput){.planes = &plane}, 1, values);
    assert_true(isfinite(values[0]) && isfinite(values[1]));
    run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(catch_is_learnt_to_a_mean_above_95_hundredths),
        cmocka_unit_test(catch_is_learnt_as_well_with_acting_behind_learning),
        cmocka_unit_test(catch_is_learnt_as_well_in_four_environments),
        cmocka_unit_test(catch_is_learnt_with_every_switch),
        cmocka_unit_test(what_is_played_beside_an_update_does_not_depend_on_threads),
        cmocka_unit_test(catch_is_learnt_with_implicit_quantiles),
        cmocka_unit_test(catch_is_learnt_with_noisy_layers),
        cmocka_unit_test(catch_is_learnt_without_a_replay_memory),
        cmocka_unit_test(rollouts_do_not_depend_on_threads_nor_on_a_stop),
        cmocka_unit_test(packing_frames_changes_nothing),
        cmocka_unit_test(a_run_is_a_function_of_configuration_and_seed),
        cmocka_unit_test(evaluating_does_not_change_what_is_learnt),
        cmocka_unit_test(stopping_and_going_on_is_the_same_as_not_stopping),
        cmocka_unit_test(an_end_has_no_value_behind_it_and_a_time_limit_has),
        cmocka_unit_test(a_lost_life_is_an_end_for_learning_where_that_is_asked_for),
        cmocka_unit_test(an_infinite_loss_stops_the_run_with_finite_weights),
    };
    return cmocka_run_group_tests_name("rl/train", tests, NULL, NULL);
}
