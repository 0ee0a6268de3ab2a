/*
 * world.h - worlds so small that everything about them can be written down.
 *
 * A world is a Markov decision process as a table: for each state and action the outcomes, each
 * with its probability, its reward and the state after it. So what the agent of rl/ can only try
 * out can be computed here (qtable.h).
 *
 *     chain   0 1 2 3 4 5 6 7 *       LEFT and RIGHT; a reward of 1 behind the last state
 *     cliff   4 x 12 cells            a reward of -1 a step; the cliff costs 100 and leads back to
 *                                     the start [Sutton2018, example 6.6]
 *     lake    4 x 4 cells of ice      each step goes astray, to either side, with probability 2/3;
 *                                     a reward of 1 at the goal, none in a hole [Brockman2016]
 *     catch   the toy of env/catch.h  row and column of the ball, column of the paddle
 */
#ifndef DEEPQ_TABULAR_WORLD_H
#define DEEPQ_TABULAR_WORLD_H

#include <stdbool.h>
#include <stddef.h>

enum { WORLD_STATES_MAX = 225, WORLD_ACTIONS_MAX = 4, WORLD_OUTCOMES_MAX = 3, WORLD_END = -1 };

typedef struct {
    double probability;
    double reward;
    int next; /* a state, or WORLD_END: nothing is worth anything after it */
} WorldOutcome;

typedef struct {
    const char *name;
    int states;
    int actions;
    const char *marks; /* a letter for each action */
    int rows, columns; /* state = row * columns + column, as it is drawn */
    /* How many outcomes; 0 for all actions of a state that nobody is ever in (cliff, hole). */
    int outcomes[WORLD_STATES_MAX][WORLD_ACTIONS_MAX];
    WorldOutcome outcome[WORLD_STATES_MAX][WORLD_ACTIONS_MAX][WORLD_OUTCOMES_MAX];
} World;

/* The world's name, in the order above; NULL past the last. */
const char *world_name(size_t index);

/* Write down world number `index`. */
void world_fill(World *world, size_t index);

/* Whether anybody can be in a state. */
bool world_is_live(const World *world, int state);

#endif
