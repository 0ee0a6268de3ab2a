/*
 * sum_tree.h - weights of many things, drawn from in proportion, changed one by one.
 *
 * A binary tree over a power of two of leaves; each node holds the sum of the two below. Setting a
 * weight and drawing both take one walk between leaf and root.
 *
 *                 9.0                  drawing 0 <= u < 9: left if u is below the left sum, else
 *            4.0       5.0             right with u less by it
 *          1.0 3.0   5.0 0.0           u = 3.5 finds the second leaf
 *
 * Sums are whole numbers: weights are kept in 2^-20ths, so that they never drift and do not depend
 * on the order of the changes.
 */
#ifndef DEEPQ_RL_SUM_TREE_H
#define DEEPQ_RL_SUM_TREE_H

#include <stdint.h>

#include "base/error.h"
#include "base/random.h"
#include "base/state.h"

typedef struct SumTree SumTree;

SumTree *sum_tree_create(int64_t count, Error *error); /* all weights 0 */
void sum_tree_destroy(SumTree *tree);                  /* NULL is fine */

/* 0 <= weight <= 2^20, rounded up to 2^-20ths: nothing that has a weight loses it. */
void sum_tree_set(SumTree *tree, int64_t index, double weight);
double sum_tree_get(const SumTree *tree, int64_t index);
double sum_tree_total(const SumTree *tree);

/* An index, drawn with probability weight / total. Needs a total above 0. */
int64_t sum_tree_draw(const SumTree *tree, Random *random);

void sum_tree_walk(SumTree *tree, State *state); /* all weights (base/state.h) */

#endif
