/*
 * classifier.h - the learning loop: pick some examples, run the network, change the weights towards
 * the answers; and how good it has become.
 *
 *     Recipe recipe = recipe_default();
 *     Learner *learner = learner_begin(network, part, &recipe, seed, &error);
 *     for (int epoch = 0; epoch < recipe.epochs; epoch++)
 *         loss = learner_epoch(learner);
 *     learner_end(learner);
 *     classifier_score(network, test_part, 100, NULL, NULL, &score, &error);
 *
 * The network's outputs are the scores of the classes; the loss is the mean cross-entropy of a
 * batch. What comes out is a function of network, data, recipe and seed, whatever the number of
 * threads.
 */
#ifndef DEEPQ_LEARN_CLASSIFIER_H
#define DEEPQ_LEARN_CLASSIFIER_H

#include "learn/batches.h"
#include "nn/network.h"
#include "nn/rate.h"

typedef struct {
    int epochs;
    int batch;
    NnOptimiser optimiser;
    NnRate rate; /* of its learning_rate over all updates of the training */
    int warm_up; /* updates */
    double clip; /* the gradient's length is cut to this; 0: never */
    NnInit init;
    Augmentation augmentation;
} Recipe;

/* AdamW at 1e-3 with weight decay 0.01, cosine, batches of 64, ten epochs, no augmentation. */
Recipe recipe_default(void);

typedef struct Learner Learner;

/* `network` was made for batches of at least recipe->batch; it, `part` and `recipe` outlive the
 * learner, which reorders the part. The network's parameters are its beginning: it initialises
 * nothing. */
Learner *learner_begin(Network *network, DataPart *part, const Recipe *recipe, uint64_t seed,
                       Error *error);
void learner_end(Learner *learner);

/* One update; true at the end of an epoch. The loss of the batch is left in learner_loss. */
bool learner_step(Learner *learner);
double learner_loss(const Learner *learner);       /* of the last batch */
double learner_epoch_loss(const Learner *learner); /* the mean of the last whole epoch */
int64_t learner_updates(const Learner *learner);

/* All steps of an epoch; returns its mean loss. */
double learner_epoch(Learner *learner);

typedef struct {
    int count;
    int right;
    double loss; /* mean cross-entropy */
} Score;

/* The network's outputs: at most DATA_CLASSES_MAX can be dealt with. */
int classifier_classes(const Network *network);

/* Run the network over a part, `batch` examples at a time, which it was made for. With K outputs,
 * confusion[truth * K + said] is counted up, and guess[n] is what was said of example n of the
 * part; both may be NULL. */
bool classifier_score(Network *network, const DataPart *part, int batch, int *confusion, int *guess,
                      Score *score, Error *error);

#endif
