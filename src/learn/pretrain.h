/*
 * pretrain.h - greedy layer-wise pre-training: each hidden layer first learns, without labels, to
 * keep what the layer beneath it tells; then the whole is fine-tuned as usual [Hinton2006,
 * Bengio2007].
 *
 *     PRETRAIN_RBM         a restricted Boltzmann machine from the inputs to the units: rbm.h
 *     PRETRAIN_DENOISING   an autoencoder: units, and back to the inputs, of which a part was set
 *                          to 0; squared error against the whole ones [Vincent2008]
 *
 * It is for networks that begin with dense layers, each with a sigmoid after it; all dense layers
 * but the network's last are trained.
 */
#ifndef DEEPQ_LEARN_PRETRAIN_H
#define DEEPQ_LEARN_PRETRAIN_H

#include "learn/batches.h"

typedef enum { PRETRAIN_RBM, PRETRAIN_DENOISING } PretrainKind;

typedef struct {
    PretrainKind kind;
    int epochs; /* for each layer */
    int batch;
    int k;             /* rounds of contrastive divergence */
    double rate;       /* RBM: the step; denoising: Adam's */
    double corruption; /* denoising: the part of the inputs set to 0 */
} PretrainRule;

/* rate 0.1, k 1 for RBMs; 1e-3 and a quarter of the inputs for denoising; ten epochs, batches of
 * 50. */
PretrainRule pretrain_default(PretrainKind kind);

/* Put pre-trained parameters into the network. ERROR_INPUT where it is of another kind. errors[l],
 * if not NULL, becomes the mean squared difference between the inputs of the l-th trained layer and
 * what it makes of them, in the last epoch. */
bool pretrain(Network *network, DataPart *part, const PretrainRule *rule, uint64_t seed,
              double *errors, Error *error);

#endif
