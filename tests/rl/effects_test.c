/*
 * What each improvement on DQN exists for, seen to happen in a small world made for the question:
 * n-step returns carry a reward back sooner, prioritised replay finds a rare one, Double Q thinks
 * less of noise, dueling heads learn of what was not tried, Munchausen keeps actions apart, and
 * distributions know how likely which return is.
 *
 * A world has STATES states, seen as pixels of which one is lit, and a linear network: a table with
 * a bias.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rl/head.h"
#include "rl/train.h"

enum { STATES = 40, ACTIONS = 6, CHAIN = 10, REWARD = 20, SEEDS = 5 };

typedef struct {
    Env env;
    int state;
    Random random;
    uint8_t pixels[STATES];
} World;

static void show(World *world, int state)
{
    world->pixels[world->state] = 0;
    world->state = state;
    world->pixels[state] = 255;
}

static const uint8_t *world_frame(const Env *env)
{
    return ((const World *)env)->pixels;
}

static void world_draw(const Env *env, uint8_t *rgb)
{
    (void)env;
    memset(rgb, 0, 3);
}

static size_t world_state_bytes(const Env *env)
{
    (void)env;
    return sizeof(World);
}

static void world_save(const Env *env, void *saved)
{
    memcpy(saved, env, sizeof(World));
}

static void world_load(Env *env, const void *saved)
{
    memcpy(env, saved, sizeof(World));
}

static void world_destroy(Env *env)
{
    free(env);
}

static void begin_at_zero(Env *env)
{
    show((World *)env, 0);
}

static void begin_anywhere(Env *env)
{
    World *world = (World *)env;
    show(world, (int)random_below(&world->random, STATES));
}

/* CHAIN states in a row, a reward behind the last; actions do not matter. The reward is far more
 * than the first weights' noise. */
static void step_chain(Env *env, const int actions[], EnvStep *step)
{
    World *world = (World *)env;
    (void)actions;
    const bool last = world->state == CHAIN - 1;
    *step = (EnvStep){.frames = 1, .reward = {REWARD * last}, .game_over = last};
    show(world, last ? CHAIN : world->state + 1);
}

/* One step from any of STATES states; only the first is worth anything, 1. */
static void step_rare(Env *env, const int actions[], EnvStep *step)
{
    World *world = (World *)env;
    (void)actions;
    *step = (EnvStep){.frames = 1, .reward = {world->state == 0}, .game_over = true};
}

/* One step from state 0: the first action brings a little, the last much, all others nothing. */
static void step_choice(Env *env, const int actions[], EnvStep *step)
{
    World *world = (World *)env;
    const double reward = actions[0] == 0 ? 0.2 : actions[0] == ACTIONS - 1 ? 1 : 0;
    *step = (EnvStep){.frames = 1, .reward = {reward}, .game_over = true};
    show(world, 0);
}

/* From state 0 to state 1, whatever is done; there every action ends the game with pure noise. */
static void step_noise(Env *env, const int actions[], EnvStep *step)
{
    World *world = (World *)env;
    (void)actions;
    const bool last = world->state == 1;
    *step = (EnvStep){.frames = 1, .game_over = last};
    if (last)
        step->reward[0] = random_normal(&world->random);
    show(world, 1);
}

/* One step from state 0, and 0 .. REWARD for it, all as likely. */
static void step_luck(Env *env, const int actions[], EnvStep *step)
{
    World *world = (World *)env;
    (void)actions;
    *step =
        (EnvStep){.frames = 1, .reward = {REWARD * random_unit(&world->random)}, .game_over = true};
    show(world, 0);
}

/* One step from state 0, worth 1 whatever is done. */
static void step_same(Env *env, const int actions[], EnvStep *step)
{
    World *world = (World *)env;
    (void)actions;
    *step = (EnvStep){.frames = 1, .reward = {1}, .game_over = true};
    show(world, 0);
}

typedef void Reset(Env *env);
typedef void Step(Env *env, const int actions[], EnvStep *step);

static Env *world_create(Reset *reset, Step *step, uint64_t seed)
{
    static const char *const names[ACTIONS] = {"A", "B", "C", "D", "E", "F"};
    static EnvType types[256];
    static int used;
    World *world = calloc(1, sizeof *world);
    assert_non_null(world);
    assert_true(used < 256);
    types[used] = (EnvType){reset,      step,       world_frame,  world_draw, world_state_bytes,
                            world_save, world_load, world_destroy};
    world->env.type = &types[used++];
    world->env.spec = (EnvSpec){"world", 1, ACTIONS, names, 1, STATES, 1, 1, 1, 1, 60};
    world->random = random_stream(seed, "world");
    return &world->env;
}

static const DqnConfig base = {
    .init = NN_INIT_GLOROT,
    .history = 1,
    .atoms = 2,
    .gamma = 0.9,
    .loss = NN_LOSS_SQUARED,
    .reduce = DQN_REDUCE_MEAN,
    .return_steps = 1,
    .optimiser = {NN_SGD, 0.5, 0, 0, 0, 0},
    .learning_rate_end_share = 1,
    .minibatch = 8,
    .update_every_steps = 1,
    .target_every_steps = 1,
    .envs = 1,
    .replay_steps = 2000,
    .priority_exponent = 1,
    .importance_start = 1,
    .importance_end = 1,
    .learn_start_steps = 100,
    .epsilon_start = 1,
    .epsilon_end = 1,
    .train_frames = 400,
    .epoch_steps = 100000,
};

typedef void LookAt(Network *network, const NnInput *state, void *found);

/* `look` at what was made of state 0 by a run. */
static void learn(const DqnConfig *config, Env *env, uint64_t seed, LookAt *look, void *found)
{
    Error error = {0};
    const TrainObserver nobody = {0};
    uint8_t pixels[STATES] = {255};
    const uint8_t *plane = pixels;
    Env *eval_env = world_create(begin_at_zero, step_chain, seed);
    Training *training = training_create(&(TrainSetup){.config = *config,
                                                       .seed = seed,
                                                       .envs = &env,
                                                       .eval_env = eval_env,
                                                       .backend = NN_BACKEND_AUTO},
                                         &error);
    if (training == NULL || training_run(training, &nobody, &error) != TRAIN_DONE)
        fail_msg("%s", error.text);
    look(training_network(training), &(NnInput){.planes = &plane}, found);
    training_destroy(training);
    env_destroy(env);
    env_destroy(eval_env);
}

/* Q of plain and of dueling networks. */
static void look_at_values(Network *network, const NnInput *state, void *found)
{
    const NnSpec *spec = network_spec(network);
    const int outputs_count = nn_spec_shape(spec, spec->layer_count - 1).channels;
    const Head head = {.actions = ACTIONS, .atoms = 1, .dueling = outputs_count > ACTIONS};
    float outputs[ACTIONS + 1], x[ACTIONS];
    network_draw_noise(network, NULL);
    network_forward(network, state, 1, outputs);
    head_output_values(&head, outputs, x, found);
}

static double mean_action(const float q[ACTIONS])
{
    double sum = 0;
    for (int a = 0; a < ACTIONS; a++)
        sum += (double)q[a];
    return sum / ACTIONS;
}

static double best_action(const float q[ACTIONS])
{
    double best = (double)q[0];
    for (int a = 1; a < ACTIONS; a++)
        best = fmax(best, (double)q[a]);
    return best;
}

static double worst_action(const float q[ACTIONS])
{
    double worst = (double)q[0];
    for (int a = 1; a < ACTIONS; a++)
        worst = fmin(worst, (double)q[a]);
    return worst;
}

static double first_behind_last(const float q[ACTIONS])
{
    return (double)q[ACTIONS - 1] - (double)q[0];
}

/* The value of state 0, on average over seeds. */
static double value(const DqnConfig *config, Reset *reset, Step *step,
                    double of_actions(const float q[ACTIONS]))
{
    double sum = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        float q[ACTIONS];
        learn(config, world_create(reset, step, seed), seed, look_at_values, q);
        sum += of_actions(q);
    }
    return sum / SEEDS;
}

static void returns_of_several_steps_carry_a_reward_back_sooner(void **unused)
{
    (void)unused;
    DqnConfig config = base;
    config.optimiser.learning_rate = 0.1;
    config.target_every_steps = 30;
    config.train_frames = 220;
    const double truth = REWARD * pow(0.9, CHAIN - 1);
    const double one = value(&config, begin_at_zero, step_chain, mean_action);
    config.return_steps = 3;
    const double three = value(&config, begin_at_zero, step_chain, mean_action);
    print_message("after 120 updates %.3f with 1 step, %.3f with 3; right is %.3f\n", one, three,
                  truth);
    assert_true(fabs(three - truth) < 0.5 * fabs(one - truth));
}

static void lambda_returns_carry_a_reward_back_sooner(void **unused)
{
    (void)unused;
    DqnConfig config = base;
    config.optimiser.learning_rate = 0.1;
    config.target_every_steps = 0;
    config.rollout_steps = 40;
    config.rollout_epochs = 2;
    config.train_frames = 400;
    config.learn_start_steps = 1;
    const double truth = REWARD * pow(0.9, CHAIN - 1);
    const double one = value(&config, begin_at_zero, step_chain, mean_action);
    config.lambda = 0.65;
    const double many = value(&config, begin_at_zero, step_chain, mean_action);
    print_message("after 10 rollouts %.3f with lambda 0, %.3f with 0.65; right is %.3f\n", one,
                  many, truth);
    assert_true(fabs(many - truth) < 0.5 * fabs(one - truth));
}

static void priorities_find_a_rare_reward_sooner(void **unused)
{
    (void)unused;
    DqnConfig config = base;
    config.minibatch = 2;
    config.train_frames = 260;
    const double uniform = value(&config, begin_anywhere, step_rare, mean_action);
    config.prioritised = true;
    const double prioritised = value(&config, begin_anywhere, step_rare, mean_action);
    print_message("a reward in one state of %d: %.3f uniformly, %.3f by priority; right is 1\n",
                  STATES, uniform, prioritised);
    assert_true(prioritised < 1.2 && prioritised > 1.6 * uniform);
}

/* What is learnt of state 0 is the best of state 1's values, which are noise about 0. With a target
 * that is renewed rarely, its noise and the network's are not the same. */
static void double_q_thinks_less_of_noise(void **unused)
{
    (void)unused;
    DqnConfig config = base;
    config.optimiser.learning_rate = 0.2;
    config.train_frames = 1500;
    config.target_every_steps = 100;
    const double single = value(&config, begin_at_zero, step_noise, best_action);
    config.double_q = true;
    const double twice = value(&config, begin_at_zero, step_noise, best_action);
    print_message("a state worth 0: %.3f by Q-learning, %.3f by Double Q\n", single, twice);
    assert_true(single > 0.1);
    assert_true(twice < 0.8 * single);
}

/* Without any chance in its actions an agent stays with the first that brings something. Noise
 * makes it try the others as long as it does not know them, with no epsilon that would have to be
 * chosen. */
static void noisy_layers_try_what_greed_alone_does_not(void **unused)
{
    (void)unused;
    DqnConfig config = base;
    config.epsilon_start = config.epsilon_end = 0;
    config.init = NN_INIT_SMALL;
    config.optimiser.learning_rate = 0.05;
    config.train_frames = 1500;
    const double greedy = value(&config, begin_at_zero, step_choice, best_action);
    config.noisy = true;
    const double noisy = value(&config, begin_at_zero, step_choice, best_action);
    print_message("the best of six actions is worth 1: %.3f by greed, %.3f by noise\n", greedy,
                  noisy);
    assert_true(greedy < 0.8);
    assert_true(noisy > 0.9);
}

/* An agent without any chance in its actions tries one and the same. What it learns of that one is
 * of the state as well, and a dueling head says so of all others. */
static void a_dueling_head_learns_of_actions_that_were_not_tried(void **unused)
{
    (void)unused;
    DqnConfig config = base;
    config.epsilon_start = config.epsilon_end = 0;
    config.init = NN_INIT_SMALL;
    config.learn_start_steps = config.minibatch = 1; /* one step at random, whatever it was */
    config.optimiser.learning_rate = 0.1;
    config.train_frames = 200;
    const double apart = value(&config, begin_at_zero, step_same, worst_action);
    config.dueling = true;
    const double dueling = value(&config, begin_at_zero, step_same, worst_action);
    print_message("six actions worth 1, the least known: %.3f apart, %.3f with a dueling head\n",
                  apart, dueling);
    assert_true(fabs(apart) < 0.1);
    assert_true(dueling > 0.3 && dueling < 1.1);
}

/* Rewards 0.2 and 1 are 0.8 apart. With alpha = 0.9 the worse action's reward is less by 0.9 times
 * what the policy's logarithm says, which here is less than its floor of -1: 1.7 in all. */
static void munchausen_keeps_actions_further_apart(void **unused)
{
    (void)unused;
    DqnConfig config = base;
    config.train_frames = 3000;
    const double plain = value(&config, begin_at_zero, step_choice, first_behind_last);
    config.munchausen = 0.9;
    config.munchausen_temperature = 0.03;
    config.munchausen_floor = -1;
    const double munchausen = value(&config, begin_at_zero, step_choice, first_behind_last);
    print_message("0.8 between two rewards: %.3f by Q-learning, %.3f by Munchausen's\n", plain,
                  munchausen);
    assert_true(fabs(plain - 0.8) < 0.1);
    assert_true(fabs(munchausen - 1.7) < 0.1);
}

enum { ATOMS = 11 };

/* What is thought of state 0's return: its distribution's distance from 0 .. REWARD, all as likely,
 * as the area between both cumulative distributions (or both quantile functions: the same), on
 * average over actions. Knowing the mean alone is to be off by a quarter of REWARD. */
static double categories_off(const Head *head, const float *x)
{
    double p[DQN_ATOMS_MAX], below = 0, off = 0;
    head_probabilities(head, x, p);
    for (int i = 0; i + 1 < head->atoms; i++) {
        const double here = head_atom_value(head, i), next = head_atom_value(head, i + 1);
        below += p[i];
        off += fabs(below - (here + next) / 2 / REWARD) * (next - here);
    }
    return off;
}

static double quantiles_off(const Head *head, const float *x)
{
    double off = 0;
    for (int i = 0; i < head->atoms; i++)
        off += fabs((double)x[i] - REWARD * (i + 0.5) / head->atoms);
    return off / head->atoms;
}

typedef struct {
    Head head;
    double off;
} Luck;

static void look_at_luck(Network *network, const NnInput *state, void *found)
{
    Luck *luck = found;
    float outputs[ACTIONS * ATOMS];
    network_forward(network, state, 1, outputs);
    for (int a = 0; a < ACTIONS; a++)
        luck->off += (luck->head.returns == DQN_RETURNS_CATEGORIES
                          ? categories_off
                          : quantiles_off)(&luck->head, outputs + a * ATOMS) /
                     ACTIONS;
}

static void categories_and_quantiles_know_how_likely_which_return_is(void **unused)
{
    (void)unused;
    DqnConfig config = base;
    config.atoms = ATOMS;
    config.value_max = REWARD;
    config.optimiser = (NnOptimiser){NN_ADAM, 0.02, 0.9, 0.999, 1e-8, 0};
    config.minibatch = 32;
    config.train_frames = 3000;
    for (int returns = DQN_RETURNS_CATEGORIES; returns <= DQN_RETURNS_QUANTILES; returns++) {
        config.returns = (DqnReturns)returns;
        Luck luck = {.head = head_of(&config, ACTIONS)};
        learn(&config, world_create(begin_at_zero, step_luck, 1), 1, look_at_luck, &luck);
        print_message("%s of 0 .. %d are off by %.2f\n",
                      returns == DQN_RETURNS_CATEGORIES ? "categories" : "quantiles", REWARD,
                      luck.off);
        assert_true(luck.off < REWARD / 20.0);
    }
}

enum { TAUS = 8 };

/* How far the quantiles of state 0 are off, on average over new taus and actions. */
static void look_at_quantiles(Network *network, const NnInput *state, void *found)
{
    Random random = random_stream(9, "taus");
    float x[ACTIONS][TAUS];
    double off = 0;
    for (int draw = 0; draw < 50; draw++) {
        network_draw_noise(network, &random);
        network_forward(network, state, 1, x[0]);
        for (int a = 0; a < ACTIONS; a++)
            for (int i = 0; i < TAUS; i++)
                off += fabs((double)x[a][i] - REWARD * (double)network_taus(network, 0)[i]);
    }
    *(double *)found = off / (50 * ACTIONS * TAUS);
}

/* The tau quantile of the return is REWARD tau: found for any tau, for all that is learnt is by
 * eight taus at a time. To say the mean of each is to be off by a quarter of REWARD. */
static void implicit_quantiles_know_how_likely_which_return_is(void **unused)
{
    (void)unused;
    DqnConfig config = base;
    config.returns = DQN_RETURNS_IMPLICIT;
    config.atoms = TAUS;
    config.optimiser = (NnOptimiser){NN_ADAM, 0.01, 0.9, 0.999, 1e-8, 0};
    config.minibatch = 32;
    config.train_frames = 2000;
    double off;
    learn(&config, world_create(begin_at_zero, step_luck, 1), 1, look_at_quantiles, &off);
    print_message("quantiles of 0 .. %d are off by %.2f\n", REWARD, off);
    assert_true(off < REWARD / 20.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(returns_of_several_steps_carry_a_reward_back_sooner),
        cmocka_unit_test(lambda_returns_carry_a_reward_back_sooner),
        cmocka_unit_test(priorities_find_a_rare_reward_sooner),
        cmocka_unit_test(noisy_layers_try_what_greed_alone_does_not),
        cmocka_unit_test(double_q_thinks_less_of_noise),
        cmocka_unit_test(a_dueling_head_learns_of_actions_that_were_not_tried),
        cmocka_unit_test(munchausen_keeps_actions_further_apart),
        cmocka_unit_test(categories_and_quantiles_know_how_likely_which_return_is),
        cmocka_unit_test(implicit_quantiles_know_how_likely_which_return_is),
    };
    return cmocka_run_group_tests_name("rl/effects", tests, NULL, NULL);
}
