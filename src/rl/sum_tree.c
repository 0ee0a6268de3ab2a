#include "rl/sum_tree.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static const double unit = 1.0 / (1 << 20);

struct SumTree {
    int64_t leaves; /* a power of two */
    uint64_t sum[]; /* sum[1]: all; below sum[n]: sum[2n], sum[2n+1]; leaf i: sum[leaves + i] */
};

SumTree *sum_tree_create(int64_t count, Error *error)
{
    int64_t leaves = 1;
    while (leaves < count)
        leaves *= 2;
    SumTree *tree = calloc(1, sizeof *tree + 2 * (size_t)leaves * sizeof tree->sum[0]);
    if (tree == NULL)
        error_work(error, "no memory for the priorities of %lld steps", (long long)count);
    else
        tree->leaves = leaves;
    return tree;
}

void sum_tree_destroy(SumTree *tree)
{
    free(tree);
}

void sum_tree_set(SumTree *tree, int64_t index, double weight)
{
    assert(index >= 0 && index < tree->leaves && weight >= 0 && weight <= 1 << 20);
    int64_t at = tree->leaves + index;
    const uint64_t units = (uint64_t)ceil(weight / unit), change = units - tree->sum[at];
    for (; at >= 1; at /= 2)
        tree->sum[at] += change; /* modulo 2^64, where the weight became smaller */
}

double sum_tree_get(const SumTree *tree, int64_t index)
{
    return (double)tree->sum[tree->leaves + index] * unit;
}

double sum_tree_total(const SumTree *tree)
{
    return (double)tree->sum[1] * unit;
}

/* Uniform in 0 .. bound-1, exactly: as many bits as the bound has, again where they reach it. */
static uint64_t draw_below(uint64_t bound, Random *random)
{
    int spare = 0;
    while (spare < 63 && (bound - 1) >> (63 - spare) == 0)
        spare++;
    for (;;) {
        const uint64_t drawn = random_bits(random) >> spare;
        if (drawn < bound)
            return drawn;
    }
}

int64_t sum_tree_draw(const SumTree *tree, Random *random)
{
    assert(tree->sum[1] > 0);
    uint64_t left = draw_below(tree->sum[1], random);
    int64_t at = 1;
    while (at < tree->leaves) {
        at *= 2;
        if (left >= tree->sum[at])
            left -= tree->sum[at++];
    }
    return at - tree->leaves;
}

void sum_tree_walk(SumTree *tree, State *state)
{
    state_field(state, "priorities", tree->sum + tree->leaves,
                (size_t)tree->leaves * sizeof tree->sum[0]);
    if (state_loaded(state))
        for (int64_t at = tree->leaves - 1; at >= 1; at--)
            tree->sum[at] = tree->sum[2 * at] + tree->sum[2 * at + 1];
}
