/*
 * small_world.h - worlds so small that all of them is known: each state, and what each action leads
 * to, with which probability. For Q-learning as a table (qtable.h).
 *
 *     chain   eight places in a row; a reward of 1 at the right end
 *     cliff   4 x 12 places along a cliff; each step costs 1, a fall 100 and leads back to the start
 *             [Sutton2018, example 6.6]
 *     ice     5 x 5 places with holes; one goes where one wants to in 8 of 10 cases, else aside; a
 *             reward of 1 at the goal
 *     catch   the toy of env/catch.h, its 225 states: row and column of the ball, column of the paddle
 *
 * Letters of a map: S where games start, G the goal, O a hole: both end the game; C the cliff.
 */
#ifndef DEEPQ_RL_SMALL_WORLD_H
#define DEEPQ_RL_SMALL_WORLD_H

#include <stdbool.h>

enum { SMALL_STATES_MAX = 256, SMALL_ACTIONS_MAX = 4, SMALL_OUTCOMES_MAX = 3 };

typedef struct {
    int next; /* state */
    double chance;
    double reward;
    bool ended; /* nothing comes after: `next` has no value */
} SmallOutcome;

typedef struct SmallWorld {
    const char *name, *text;
    int states, actions;
    const char *const *action_names;
    const char *arrows; /* a letter for each action */
    double gamma;       /* the usual discount of a step */
    int rows, columns;  /* of what is shown of it */
    int (*state_at)(const struct SmallWorld *world, int row,
                    int column); /* the state shown there */
    /* All that action `action` in state `state` can lead to; returns how many. 0: the game is over
     * there. */
    int (*outcomes)(const struct SmallWorld *world, int state, int action,
                    SmallOutcome outcome[SMALL_OUTCOMES_MAX]);
    /* of worlds with a map */
    const char *map;     /* rows x columns letters */
    double slip;         /* probability of each side */
    double step_reward;  /* of every step */
    double goal_reward;  /* of reaching G, besides */
    double cliff_reward; /* of falling, besides */
} SmallWorld;

const SmallWorld *small_world_find(const char *name); /* NULL: there is none */
const SmallWorld *small_world_at(int index);          /* NULL behind the last */

/* Whether games go on in that state. */
bool small_world_alive(const SmallWorld *world, int state);

#endif
