/*
 * qtable.h - Q as a table: a number for each state and action.
 *
 * Two ways to the same table. Who knows the world iterates Bellman's equation [Bellman1957],
 *
 *     Q(s, a) <- sum over outcomes  p (r + gamma max_b Q(s', b))          all s, a at once
 *
 * which brings Q nearer to its fixed point Q* by a factor of gamma at least, in the largest
 * difference. Who only lives in it learns from what happens [Watkins1992],
 *
 *     Q(s, a) <- Q(s, a) + alpha (r + gamma max_b Q(s', b) - Q(s, a))     one s, a, r, s' at a time
 *
 * the update of rl/learner.h with a table for a network: no replay, no target network, no gradient.
 *
 *     QTable exact, q = {0};
 *     qtable_solve(&exact, &world, gamma);
 *     QLearner learner = qlearner_begin(&world, &plan);
 *     qlearner_sweep(&learner, &q);
 *     ... qtable_distance(&q, &exact, &world) ...
 */
#ifndef DEEPQ_TABULAR_QTABLE_H
#define DEEPQ_TABULAR_QTABLE_H

#include "base/random.h"
#include "tabular/world.h"

typedef struct {
    double q[WORLD_STATES_MAX][WORLD_ACTIONS_MAX];
} QTable;

#define QTABLE_GAMMA_MAX 0.999 /* so that qtable_solve ends soon */

/* One sweep of Bellman's iteration: `after` from `before`, which must be another table. */
void qtable_bellman(QTable *after, const QTable *before, const World *world, double gamma);

/* Q*, by that iteration until it is at most 1e-12 away, or as near as doubles come. gamma: 0 ..
 * QTABLE_GAMMA_MAX. Returns the sweeps it took. */
int qtable_solve(QTable *exact, const World *world, double gamma);

/* max |a - b| over all states and actions. */
double qtable_distance(const QTable *a, const QTable *b, const World *world);

/* max_a Q(s, a), and the a where it is, the first of equals. */
double qtable_value(const QTable *table, const World *world, int state);
int qtable_best(const QTable *table, const World *world, int state);

typedef struct {
    double gamma;
    double alpha;   /* 0: 1 / (1 + (1 - gamma) n) after n visits of a pair, which converges
                     [Wainwright2019]; a constant goes on trembling where the world is random */
    double epsilon; /* probability of a random action; what is learnt does not depend on it, how
                       soon does */
    uint64_t seed;
} QLearnerPlan;

/* Lives in the world. Each life begins in a state drawn uniformly and is cut after as many steps as
 * there are states, so that every pair is met again and again. */
typedef struct {
    const World *world; /* not owned */
    QLearnerPlan plan;
    Random random;
    int state;
    int steps; /* of this life */
    long visits[WORLD_STATES_MAX][WORLD_ACTIONS_MAX];
} QLearner;

QLearner qlearner_begin(const World *world, const QLearnerPlan *plan);

/* As many steps as the table has entries in use: what a sweep of Bellman's iteration costs. */
void qlearner_sweep(QLearner *learner, QTable *table);

#endif
