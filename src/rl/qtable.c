#include "rl/qtable.h"

#include <math.h>

int qtable_best(const SmallWorld *world, const QTable *table, int state)
{
    int best = 0;
    for (int a = 1; a < world->actions; a++)
        best = table->q[state][a] > table->q[state][best] ? a : best;
    return best;
}

double qtable_max(const SmallWorld *world, const QTable *table, int state)
{
    return table->q[state][qtable_best(world, table, state)];
}

double qtable_distance(const SmallWorld *world, const QTable *a, const QTable *b)
{
    double distance = 0;
    for (int s = 0; s < world->states; s++)
        for (int i = 0; i < world->actions; i++)
            distance = fmax(distance, fabs(a->q[s][i] - b->q[s][i]));
    return distance;
}

/* ---- who knows the world ---- */

static double worth(const SmallWorld *world, double gamma, const QTable *table,
                    const SmallOutcome *outcome)
{
    return outcome->reward + (outcome->ended ? 0 : gamma * qtable_max(world, table, outcome->next));
}

void qtable_bellman(const SmallWorld *world, double gamma, const QTable *from, QTable *to)
{
    SmallOutcome outcome[SMALL_OUTCOMES_MAX];
    for (int s = 0; s < world->states; s++)
        for (int a = 0; a < world->actions; a++) {
            const int count = world->outcomes(world, s, a, outcome);
            to->q[s][a] = 0;
            for (int i = 0; i < count; i++)
                to->q[s][a] += outcome[i].chance * worth(world, gamma, from, &outcome[i]);
        }
}

void qtable_solve(const SmallWorld *world, double gamma, QTable *best)
{
    enum { SWEEPS_MAX = 1000000 };
    static const QTable nothing;
    QTable next;
    *best = nothing;
    for (int sweep = 0; sweep < SWEEPS_MAX; sweep++) {
        qtable_bellman(world, gamma, best, &next);
        const double moved = qtable_distance(world, best, &next);
        *best = next;
        if (moved <= 1e-13 * qtable_distance(world, best, &nothing))
            return;
    }
}

/* ---- who does not ---- */

void qlearner_begin(QLearner *learner, const SmallWorld *world, double gamma, double alpha,
                    uint64_t seed)
{
    *learner = (QLearner){
        .world = world, .gamma = gamma, .alpha = alpha, .random = random_stream(seed, "qtable")};
}

static int any(QLearner *learner, int count)
{
    return (int)random_below(&learner->random, (uint32_t)count);
}

static void begin_game(QLearner *learner)
{
    do
        learner->state = any(learner, learner->world->states);
    while (!small_world_alive(learner->world, learner->state));
    learner->playing = true;
}

/* What the world makes of an action. */
static SmallOutcome play(QLearner *learner, int action)
{
    SmallOutcome outcome[SMALL_OUTCOMES_MAX];
    const int count = learner->world->outcomes(learner->world, learner->state, action, outcome);
    double left = random_unit(&learner->random);
    int which = 0;
    while (which < count - 1 && left >= outcome[which].chance)
        left -= outcome[which++].chance;
    return outcome[which];
}

void qlearner_step(QLearner *learner)
{
    if (!learner->playing)
        begin_game(learner);
    const int state = learner->state, action = any(learner, learner->world->actions);
    const SmallOutcome outcome = play(learner, action);
    const int visit = learner->visits[state][action]++;
    const double alpha =
        learner->alpha > 0 ? learner->alpha : 1 / (1 + (1 - learner->gamma) * visit);
    double *q = &learner->table.q[state][action];
    *q += alpha * (worth(learner->world, learner->gamma, &learner->table, &outcome) - *q);
    learner->state = outcome.next;
    learner->playing = !outcome.ended;
}

void qlearner_sweep(QLearner *learner)
{
    for (int i = 0; i < learner->world->states * learner->world->actions; i++)
        qlearner_step(learner);
}
