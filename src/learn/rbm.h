/*
 * rbm.h - a restricted Boltzmann machine: visible units v, hidden units h, each 0 or 1, and an
 * energy
 *
 *     E(v, h) = - sum b[i] v[i] - sum c[j] h[j] - sum v[i] w[i][j] h[j],     p(v, h) ~ exp(-E(v,
 *     h))
 *
 * No unit is tied to another of its own side, so that one side given the other is independent
 * coins:
 *
 *     p(h[j] = 1 | v) = sigmoid(c[j] + sum over i of v[i] w[i][j]),          and the same back.
 *
 * Learning by contrastive divergence [Hinton2002]: from an example v0, k times to the hidden units
 * and back, and then
 *
 *     w += rate (v0 p(h|v0) - vk p(h|vk)),   b += rate (v0 - vk),   c += rate (p(h|v0) - p(h|vk))
 *
 * Values between 0 and 1, as grey pixels are, count as probabilities. vk are probabilities, too;
 * hidden units are drawn.
 */
#ifndef DEEPQ_LEARN_RBM_H
#define DEEPQ_LEARN_RBM_H

#include "base/error.h"
#include "base/random.h"

typedef struct {
    int visible, hidden, batch_max;
    float *w;               /* [visible][hidden], small normal numbers at first */
    float *b;               /* visible biases, 0 at first */
    float *c;               /* hidden ones */
    float *d_w, *d_b, *d_c; /* the last steps, for momentum */
    float *room;
} Rbm;

typedef struct {
    int k;
    double rate;
    double momentum;
    double weight_decay;
} RbmRule;

/* NULL with ERROR_WORK without memory. */
Rbm *rbm_create(int visible, int hidden, int batch_max, Random *random, Error *error);
void rbm_destroy(Rbm *rbm);

/* p(h | v) of `count` examples: hidden[n][hidden]. */
void rbm_hidden(const Rbm *rbm, const float *visible, int count, float *hidden);
/* p(v | h) */
void rbm_visible(const Rbm *rbm, const float *hidden, int count, float *visible);

/* A step with `count` <= batch_max examples. Returns the mean squared difference between the
 * examples and what comes back after one round. */
double rbm_learn(Rbm *rbm, const RbmRule *rule, const float *examples, int count, Random *random);

/* F(v) = - log of the sum over all h of exp(-E(v, h)) = - b v - sum over j of log(1 + exp(c + v
 * w)). */
double rbm_free_energy(const Rbm *rbm, const float *visible);

#endif
