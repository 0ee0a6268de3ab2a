/*
 * qtable.h - Q as a table: a number for each state and action of a small world.
 *
 * The value of acting best from now on is the one table that Bellman's equation leaves as it is
 * [Bellman1957]:
 *
 *     Q*(s, a) = sum over s', r of P(s', r | s, a) (r + gamma max over a' of Q*(s', a'))
 *
 * with no value behind the game's end. Who knows the world finds it by iteration: put any table in
 * at the right, take what comes out at the left, again and again. Each sweep brings it nearer, by
 * gamma at least: max |Q_k+1 - Q*| <= gamma max |Q_k - Q*|.
 *
 * Who does not know the world plays in it and learns from each step s, a, r, s' [Watkins1992]:
 *
 *     Q(s, a) += alpha (r + gamma max over a' of Q(s', a') - Q(s, a))
 *
 *     alpha = 1 / (1 + (1 - gamma) n) at the nth visit of (s, a)          [Wainwright2019]
 *
 * which comes to the same table, whoever plays, as long as all of it is visited. Here it is played
 * at random, and games begin anywhere. The deep learner of learner.h makes the same step, with a
 * network in the table's place.
 *
 *     QTable best;
 *     qtable_solve(world, 0.9, &best);
 *     QLearner learner;
 *     qlearner_begin(&learner, world, 0.9, 0, seed);
 *     for (...) { qlearner_sweep(&learner); error = qtable_distance(world, &learner.table, &best); }
 */
#ifndef DEEPQ_RL_QTABLE_H
#define DEEPQ_RL_QTABLE_H

#include "base/random.h"
#include "rl/small_world.h"

typedef struct {
    double q[SMALL_STATES_MAX][SMALL_ACTIONS_MAX]; /* 0 where the game is over */
} QTable;

/* The highest value in a state, and the first action that has it. */
double qtable_max(const SmallWorld *world, const QTable *table, int state);
int qtable_best(const SmallWorld *world, const QTable *table, int state);

/* One sweep of the Bellman iteration: `to` from `from`, two different tables. */
void qtable_bellman(const SmallWorld *world, double gamma, const QTable *from, QTable *to);

/* Q*, to the precision of doubles: sweeps from 0 until none changes anything by more than 1e-13 of
 * the largest. 0 <= gamma < 1. */
void qtable_solve(const SmallWorld *world, double gamma, QTable *best);

/* The largest difference. */
double qtable_distance(const SmallWorld *world, const QTable *a, const QTable *b);

typedef struct {
    const SmallWorld *world;
    double gamma, alpha; /* alpha 0: by visits, as above */
    Random random;
    QTable table; /* 0 at first */
    int visits[SMALL_STATES_MAX][SMALL_ACTIONS_MAX];
    int state;
    bool playing;
} QLearner;

void qlearner_begin(QLearner *learner, const SmallWorld *world, double gamma, double alpha,
                    uint64_t seed);

/* One step of play, and what is learnt from it. */
void qlearner_step(QLearner *learner);

/* As many steps as the table has numbers. */
void qlearner_sweep(QLearner *learner);

#endif
