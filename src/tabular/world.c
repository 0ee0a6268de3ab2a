#include "tabular/world.h"

#include <assert.h>
#include <string.h>

/* The order of the marks "<>^v". */
enum { LEFT, RIGHT, UP, DOWN };

static void add(World *world, int state, int action, WorldOutcome outcome)
{
    const int index = world->outcomes[state][action]++;
    assert(index < WORLD_OUTCOMES_MAX);
    world->outcome[state][action][index] = outcome;
}

/* ---- chain ---- */

static void fill_chain(World *world)
{
    enum { LENGTH = 8 };
    *world = (World){.states = LENGTH, .actions = 2, .marks = "<>", .rows = 1, .columns = LENGTH};
    for (int state = 0; state < LENGTH; state++) {
        const int last = state == LENGTH - 1;
        add(world, state, LEFT, (WorldOutcome){1, 0, state > 0 ? state - 1 : 0});
        add(world, state, RIGHT, (WorldOutcome){1, last, last ? WORLD_END : state + 1});
    }
}

/* ---- grids ---- */

/* The cell that a step leads to; at the edge it leads nowhere. */
static int neighbour(const World *world, int state, int direction)
{
    static const int down[] = {0, 0, -1, 1}, right[] = {-1, 1, 0, 0};
    const int row = state / world->columns + down[direction];
    const int column = state % world->columns + right[direction];
    if (row < 0 || row >= world->rows || column < 0 || column >= world->columns)
        return state;
    return row * world->columns + column;
}

static World empty_grid(int rows, int columns)
{
    return (World){
        .states = rows * columns, .actions = 4, .marks = "<>^v", .rows = rows, .columns = columns};
}

static void fill_cliff(World *world)
{
    enum { ROWS = 4, COLUMNS = 12, START = (ROWS - 1) * COLUMNS, GOAL = ROWS * COLUMNS - 1 };
    *world = empty_grid(ROWS, COLUMNS);
    for (int state = 0; state <= START; state++)
        for (int action = 0; action < 4; action++) {
            const int next = neighbour(world, state, action);
            const int falls = next > START && next < GOAL;
            add(world, state, action,
                (WorldOutcome){1, falls ? -100 : -1,
                               falls          ? START
                               : next == GOAL ? WORLD_END
                                              : next});
        }
}

/* A step goes where it was meant to, or to its left, or to its right, each as likely. */
static void fill_lake(World *world)
{
    static const char map[] = "S..."
                              ".O.O"
                              "...O"
                              "O..G";
    static const int ways[4][3] = {
        {LEFT, UP, DOWN}, {RIGHT, UP, DOWN}, {UP, LEFT, RIGHT}, {DOWN, LEFT, RIGHT}};
    *world = empty_grid(4, 4);
    for (int state = 0; state < world->states; state++)
        for (int action = 0; action < 4 && strchr("S.", map[state]) != NULL; action++)
            for (int way = 0; way < 3; way++) {
                const int next = neighbour(world, state, ways[action][way]);
                const int ends = map[next] == 'O' || map[next] == 'G';
                add(world, state, action,
                    (WorldOutcome){1.0 / 3, map[next] == 'G', ends ? WORLD_END : next});
            }
}

/* ---- catch ---- */

/* As env/catch.c plays it. Drawn with a row for each row of the ball and, beside each other, all
 * columns of the paddle for each column of the ball. */
static void fill_catch(World *world)
{
    enum { FALLS = 9, COLUMNS = 5, PLACES = COLUMNS * COLUMNS };
    *world = (World){
        .states = FALLS * PLACES, .actions = 3, .marks = "<o>", .rows = FALLS, .columns = PLACES};
    for (int state = 0; state < world->states; state++)
        for (int action = 0; action < 3; action++) {
            const int ball = state / COLUMNS % COLUMNS, moved = state % COLUMNS + action - 1;
            const int paddle = moved >= 0 && moved < COLUMNS ? moved : state % COLUMNS;
            const int next = (state / PLACES + 1) * PLACES + ball * COLUMNS + paddle;
            const int ends = next >= world->states;
            add(world, state, action,
                (WorldOutcome){1,
                               !ends            ? 0
                               : ball == paddle ? 1
                                                : -1,
                               ends ? WORLD_END : next});
        }
}

/* ---- all of them ---- */

static const struct {
    const char *name;
    void (*fill)(World *world);
} worlds[] = {
    {"chain", fill_chain},
    {"cliff", fill_cliff},
    {"lake", fill_lake},
    {"catch", fill_catch},
};

enum { WORLDS = sizeof worlds / sizeof worlds[0] };

const char *world_name(size_t index)
{
    return index < WORLDS ? worlds[index].name : NULL;
}

void world_fill(World *world, size_t index)
{
    assert(index < WORLDS);
    worlds[index].fill(world);
    world->name = worlds[index].name;
}

bool world_is_live(const World *world, int state)
{
    return world->outcomes[state][0] > 0;
}
