/* Held-out states of catch, seen by networks whose dead units are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "env/catch.h"
#include "rl/heldout.h"

enum { STATES = 40, HISTORY = 2, UNITS = 8, ACTIONS = 3, PIXELS = 50 };

typedef struct {
    Env *env;
    Network *network;
    Agent *agent;
    float *parameters; /* dense UNITS (weights, biases), dense ACTIONS (weights, biases) */
} World;

static World make_world(const char *layers)
{
    World world;
    NnSpec spec;
    Error error = {0};
    const Head head = {.actions = ACTIONS, .atoms = 1};
    world.env = catch_create(5, &error);
    assert_true(nn_spec_parse(&spec, layers, (NnShape){HISTORY, 10, 5}, &error));
    world.network = network_create(&spec, 1, NN_BACKEND_PLAIN, NULL, &error);
    assert_non_null(world.network);
    world.parameters = calloc(nn_spec_parameters(&spec), sizeof(float));
    world.agent = agent_create(world.network, &head, HISTORY, PIXELS, &error);
    assert_non_null(world.agent);
    return world;
}

static void free_world(World *world)
{
    agent_destroy(world->agent);
    network_destroy(world->network);
    env_destroy(world->env);
    free(world->parameters);
}

static HeldoutView look(World *world, int states)
{
    Error error = {0};
    network_set_parameters(world->network, world->parameters);
    Heldout *heldout =
        heldout_create(&(HeldoutSetup){world->env, states, HISTORY, 7}, world->agent, &error);
    assert_non_null(heldout);
    const HeldoutView view = heldout_look(heldout, world->agent, world->network);
    heldout_destroy(heldout);
    return view;
}

/* Biases alone: units 2, 5 and 6 answer to nothing, and Q is what the output's biases say. */
static void units_that_answer_to_nothing_are_dead(void **state)
{
    (void)state;
    World world = make_world("dense 8, relu, dense 3");
    float *hidden = world.parameters + HISTORY * PIXELS * UNITS;
    float *values = hidden + UNITS + UNITS * ACTIONS;
    for (int unit = 0; unit < UNITS; unit++)
        hidden[unit] = unit == 2 || unit == 5 || unit == 6 ? -1 : 1;
    hidden[6] = 0; /* 0 is no answer either */
    values[1] = 0.25f;
    const HeldoutView view = look(&world, STATES);
    assert_true(view.dead == 3.0 / UNITS);
    assert_true(view.mean_q == 0.25);
    free_world(&world);
}

/* Unit u answers to the ball in row u + 1 of the newest frame alone: to some states, and none to
 * all. */
static void one_state_is_enough_to_live(void **state)
{
    (void)state;
    World world = make_world("dense 8, relu, dense 3");
    float *of_unit[UNITS];
    for (int unit = 0; unit < UNITS; unit++) {
        of_unit[unit] = world.parameters + (unit * HISTORY + HISTORY - 1) * PIXELS + (unit + 1) * 5;
        for (int column = 0; column < 5; column++)
            of_unit[unit][column] = 1;
    }
    assert_true(look(&world, STATES).dead == 0);
    for (int column = 0; column < 5; column++)
        of_unit[3][column] = -1;
    assert_true(look(&world, STATES).dead == 1.0 / UNITS);
    free_world(&world);
}

static void without_states_or_units_there_is_nothing_to_say(void **state)
{
    (void)state;
    World world = make_world("dense 8, relu, dense 3");
    assert_true(isnan(look(&world, 0).mean_q));
    assert_true(isnan(look(&world, 0).dead));
    free_world(&world);
    world = make_world("dense 8, tanh, dense 3");
    assert_true(look(&world, STATES).mean_q == 0);
    assert_true(isnan(look(&world, STATES).dead));
    free_world(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_that_answer_to_nothing_are_dead),
        cmocka_unit_test(one_state_is_enough_to_live),
        cmocka_unit_test(without_states_or_units_there_is_nothing_to_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
