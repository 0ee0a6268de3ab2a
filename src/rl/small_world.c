#include "rl/small_world.h"

#include <stddef.h>
#include <string.h>

static const char *const directions[] = {"LEFT", "RIGHT", "UP", "DOWN"};
enum { LEFT, RIGHT, UP, DOWN };

/* ---- worlds with a map ---- */

static int map_state_at(const SmallWorld *world, int row, int column)
{
    return row * world->columns + column;
}

static int start_of(const SmallWorld *world)
{
    return (int)(strchr(world->map, 'S') - world->map);
}

/* One step from a place in a direction; at the edge one stays. */
static SmallOutcome step(const SmallWorld *world, int state, int direction, double chance)
{
    static const int right[] = {-1, 1, 0, 0}, down[] = {0, 0, -1, 1};
    const int row = state / world->columns + down[direction];
    const int column = state % world->columns + right[direction];
    const bool inside = row >= 0 && row < world->rows && column >= 0 && column < world->columns;
    SmallOutcome outcome = {.next = inside ? map_state_at(world, row, column) : state,
                            .chance = chance,
                            .reward = world->step_reward};
    const char letter = world->map[outcome.next];
    outcome.ended = letter == 'G' || letter == 'O';
    if (letter == 'G')
        outcome.reward += world->goal_reward;
    if (letter == 'C') {
        outcome.reward += world->cliff_reward;
        outcome.next = start_of(world);
    }
    return outcome;
}

static int map_outcomes(const SmallWorld *world, int state, int action,
                        SmallOutcome outcome[SMALL_OUTCOMES_MAX])
{
    static const int aside[][2] = {{UP, DOWN}, {UP, DOWN}, {LEFT, RIGHT}, {LEFT, RIGHT}};
    if (strchr("GOC", world->map[state]) != NULL)
        return 0;
    outcome[0] = step(world, state, action, 1 - 2 * world->slip);
    if (world->slip == 0)
        return 1;
    outcome[1] = step(world, state, aside[action][0], world->slip);
    outcome[2] = step(world, state, aside[action][1], world->slip);
    return 3;
}

/* ---- catch ---- */

enum { CATCH_ROWS = 9, CATCH_COLUMNS = 5 }; /* in the tenth row the game is over */

static int catch_state(int row, int ball, int paddle)
{
    return (row * CATCH_COLUMNS + ball) * CATCH_COLUMNS + paddle;
}

static int catch_state_at(const SmallWorld *world, int row, int column)
{
    (void)world;
    return catch_state(row, column, CATCH_COLUMNS / 2);
}

static int catch_outcomes(const SmallWorld *world, int state, int action,
                          SmallOutcome outcome[SMALL_OUTCOMES_MAX])
{
    (void)world;
    const int row = state / (CATCH_COLUMNS * CATCH_COLUMNS);
    const int ball = state / CATCH_COLUMNS % CATCH_COLUMNS;
    int paddle = state % CATCH_COLUMNS + action - 1;
    paddle = paddle < 0 ? 0 : paddle >= CATCH_COLUMNS ? CATCH_COLUMNS - 1 : paddle;
    if (row == CATCH_ROWS - 1)
        outcome[0] = (SmallOutcome){0, 1, ball == paddle ? 1 : -1, true};
    else
        outcome[0] = (SmallOutcome){catch_state(row + 1, ball, paddle), 1, 0, false};
    return 1;
}

/* ---- all of them ---- */

static const char *const catch_actions[] = {"LEFT", "STAY", "RIGHT"};

static const SmallWorld worlds[] = {
    {
        .name = "chain",
        .text = "eight places in a row, a reward at the right end",
        .states = 8,
        .actions = 2,
        .action_names = directions,
        .arrows = "<>",
        .gamma = 0.9,
        .rows = 1,
        .columns = 8,
        .map = "S......G",
        .goal_reward = 1,
        .state_at = map_state_at,
        .outcomes = map_outcomes,
    },
    {
        .name = "cliff",
        .text = "the shortest way leads along a cliff",
        .states = 48,
        .actions = 4,
        .action_names = directions,
        .arrows = "<>^v",
        .gamma = 0.99,
        .rows = 4,
        .columns = 12,
        .map = "............"
               "............"
               "............"
               "SCCCCCCCCCCG",
        .step_reward = -1,
        .cliff_reward = -99, /* and the step: 100 */
        .state_at = map_state_at,
        .outcomes = map_outcomes,
    },
    {
        .name = "ice",
        .text = "one does not always go where one wants to, and there are holes",
        .states = 25,
        .actions = 4,
        .action_names = directions,
        .arrows = "<>^v",
        .gamma = 0.95,
        .rows = 5,
        .columns = 5,
        .map = "S...."
               ".O.O."
               "...O."
               "O...."
               ".O..G",
        .slip = 0.1,
        .goal_reward = 1,
        .state_at = map_state_at,
        .outcomes = map_outcomes,
    },
    {
        .name = "catch",
        .text = "a ball falls; shown is what to do with the paddle in the middle",
        .states = CATCH_ROWS * CATCH_COLUMNS * CATCH_COLUMNS,
        .actions = 3,
        .action_names = catch_actions,
        .arrows = "<=>",
        .gamma = 0.99,
        .rows = CATCH_ROWS,
        .columns = CATCH_COLUMNS,
        .state_at = catch_state_at,
        .outcomes = catch_outcomes,
    },
};

enum { WORLDS = sizeof worlds / sizeof worlds[0] };

const SmallWorld *small_world_at(int index)
{
    return index >= 0 && index < WORLDS ? &worlds[index] : NULL;
}

const SmallWorld *small_world_find(const char *name)
{
    for (int i = 0; i < WORLDS; i++)
        if (strcmp(worlds[i].name, name) == 0)
            return &worlds[i];
    return NULL;
}

bool small_world_alive(const SmallWorld *world, int state)
{
    SmallOutcome outcome[SMALL_OUTCOMES_MAX];
    return world->outcomes(world, state, 0, outcome) > 0;
}
