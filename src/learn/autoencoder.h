/*
 * autoencoder.h - what pictures are made of, learnt without labels: a convolutional network learns
 * to restore pictures of which a part was set to 0 [Vincent2008].
 *
 *     x -> corrupt -> conv, relu, conv, relu -> transposed, relu, transposed -> y
 *                     '------ encoder -----'    '---- decoder, its mirror ---'
 *
 *     loss = mean over pixels of (y - x)^2
 *
 * The encoder is the beginning of another network, up to its last convolution and the activation
 * after it; afterwards that network can begin with the encoder's weights.
 *
 *     Autoencoder *autoencoder = autoencoder_create(spec, &rule, team, seed, &error);
 *     while (more)
 *         loss = autoencoder_learn(autoencoder, &input);
 *     Network *encoder = autoencoder_encoder(autoencoder, &error);
 *     weights_save(encoder, ...);
 */
#ifndef DEEPQ_LEARN_AUTOENCODER_H
#define DEEPQ_LEARN_AUTOENCODER_H

#include "nn/network.h"

typedef struct {
    int batch;
    double rate;       /* Adam's */
    double corruption; /* the part of the pixels set to 0 */
} AutoencoderRule;

/* batches of 32, 1e-3, a quarter. */
AutoencoderRule autoencoder_default(void);

typedef struct Autoencoder Autoencoder;

/* Of the network `spec`, which may end in whatever it likes. ERROR_INPUT where it does not begin
 * with convolutions, or where they leave pixels out at a side, so that no mirror leads back. */
Autoencoder *autoencoder_create(const NnSpec *spec, const AutoencoderRule *rule, Parallel *team,
                                uint64_t seed, Error *error);
void autoencoder_destroy(Autoencoder *autoencoder); /* NULL is fine */

const NnSpec *autoencoder_spec(const Autoencoder *autoencoder); /* encoder and decoder */

/* One update with a batch of pictures as planes or values (network.h); returns the loss before. */
double autoencoder_learn(Autoencoder *autoencoder, const NnInput *input);

/* The loss of a batch, of which nothing is set to 0. */
double autoencoder_loss(Autoencoder *autoencoder, const NnInput *input);

/* The encoder by itself, to be destroyed by the caller. */
Network *autoencoder_encoder(const Autoencoder *autoencoder, Error *error);

#endif
