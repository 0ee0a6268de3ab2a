#include "tabular/qtable.h"

#include <assert.h>
#include <math.h>

static const double exact_enough = 1e-12;

int qtable_best(const QTable *table, const World *world, int state)
{
    int best = 0;
    for (int action = 1; action < world->actions; action++)
        if (table->q[state][action] > table->q[state][best])
            best = action;
    return best;
}

double qtable_value(const QTable *table, const World *world, int state)
{
    return table->q[state][qtable_best(table, world, state)];
}

double qtable_distance(const QTable *a, const QTable *b, const World *world)
{
    double distance = 0;
    for (int state = 0; state < world->states; state++)
        for (int action = 0; action < world->actions; action++)
            distance = fmax(distance, fabs(a->q[state][action] - b->q[state][action]));
    return distance;
}

/* r + gamma max_b Q(s', b). */
static double promise(const QTable *table, const World *world, const WorldOutcome *outcome,
                      double gamma)
{
    const int next = outcome->next;
    return outcome->reward + (next == WORLD_END ? 0 : gamma * qtable_value(table, world, next));
}

/* ---- Bellman ---- */

void qtable_bellman(QTable *after, const QTable *before, const World *world, double gamma)
{
    assert(after != before);
    *after = (QTable){0};
    for (int state = 0; state < world->states; state++)
        for (int action = 0; action < world->actions; action++)
            for (int i = 0; i < world->outcomes[state][action]; i++) {
                const WorldOutcome *outcome = &world->outcome[state][action][i];
                after->q[state][action] +=
                    outcome->probability * promise(before, world, outcome, gamma);
            }
}

/* What is left to go is at most gamma / (1 - gamma) of the last change. Where rounding keeps the
 * change above that, the sweeps are as many as bring any world's rewards below it. */
int qtable_solve(QTable *exact, const World *world, double gamma)
{
    assert(gamma >= 0 && gamma <= QTABLE_GAMMA_MAX);
    const int sweeps_max = (int)(40 / (1 - gamma));
    double change = INFINITY;
    int sweeps = 0;
    *exact = (QTable){0};
    while (change * gamma > exact_enough * (1 - gamma) && sweeps < sweeps_max) {
        const QTable before = *exact;
        qtable_bellman(exact, &before, world, gamma);
        change = qtable_distance(exact, &before, world);
        sweeps++;
    }
    return sweeps;
}

/* ---- Watkins ---- */

static void begin_life(QLearner *learner)
{
    const World *world = learner->world;
    do
        learner->state = (int)random_below(&learner->random, (uint32_t)world->states);
    while (!world_is_live(world, learner->state));
    learner->steps = 0;
}

QLearner qlearner_begin(const World *world, const QLearnerPlan *plan)
{
    QLearner learner = {
        .world = world, .plan = *plan, .random = random_stream(plan->seed, "qtable")};
    begin_life(&learner);
    return learner;
}

static const WorldOutcome *draw_outcome(QLearner *learner, int action)
{
    const WorldOutcome *outcome = learner->world->outcome[learner->state][action];
    const int last = learner->world->outcomes[learner->state][action] - 1;
    double left = random_unit(&learner->random);
    int index = 0;
    while (index < last && left >= outcome[index].probability)
        left -= outcome[index++].probability;
    return &outcome[index];
}

static double step_size(const QLearnerPlan *plan, long visits_before)
{
    return plan->alpha > 0 ? plan->alpha : 1 / (1 + (1 - plan->gamma) * (double)visits_before);
}

static void live_a_step(QLearner *learner, QTable *table)
{
    const World *world = learner->world;
    const int state = learner->state;
    const bool random_action = random_unit(&learner->random) < learner->plan.epsilon;
    const int action = random_action ? (int)random_below(&learner->random, (uint32_t)world->actions)
                                     : qtable_best(table, world, state);
    const WorldOutcome *outcome = draw_outcome(learner, action);
    const double alpha = step_size(&learner->plan, learner->visits[state][action]++);
    table->q[state][action] +=
        alpha * (promise(table, world, outcome, learner->plan.gamma) - table->q[state][action]);
    learner->state = outcome->next;
    if (outcome->next == WORLD_END || ++learner->steps == world->states)
        begin_life(learner);
}

void qlearner_sweep(QLearner *learner, QTable *table)
{
    for (int state = 0; state < learner->world->states; state++)
        for (int i = 0; world_is_live(learner->world, state) && i < learner->world->actions; i++)
            live_a_step(learner, table);
}
