/*
 * deepq_nn.h - neural networks: layers, losses, descent, weights that other programs open.
 *
 * The library's only header. Link with -ldeepq-nn, or `pkg-config --cflags --libs deepq-nn`.
 *
 *     DeepqNn *nn = deepq_nn_create("dense 64, relu, dense 10", 1, 28, 28, 100, 2, &error);
 *     deepq_nn_initialise(nn, DEEPQ_NN_HE, 1);
 *     const DeepqNnOptimiser adam = deepq_nn_adam(0.001);
 *     for (...) {                                                       pick some cases,
 *         deepq_nn_forward_train(nn, inputs, 100, outputs);             run the network,
 *         deepq_nn_cross_entropy(outputs, labels, 100, 10, outputs);
 *         deepq_nn_backward(nn, outputs);                               change the weights
 *         deepq_nn_update(nn, &adam);                                   towards the answers
 *     }
 *     deepq_nn_save(nn, "digits.safetensors", &error);
 *     deepq_nn_destroy(nn);
 *
 * A network is a text, its layers from the inputs up. A batch of N inputs x is [N][C][H][W]; y is
 * what comes out of a layer, w and b are its weights and biases, K kernel, S stride, P padding:
 *
 *   dense UNITS                      y[o] = b[o] + sum over i of w[o][i] x[i]
 *   conv CHANNELS KERNEL STRIDE [PADDING]
 *                                    y[o][r][s] = b[o] + sum over c, i, j of
 *                                        w[o][c][i][j] x[c][r S - P + i][s S - P + j]
 *   transposed CHANNELS KERNEL STRIDE [PADDING]
 *                                    the way back: x[c][u][v] goes, by w[c][o][i][j], to
 *                                    all y[o][u S - P + i][v S - P + j]
 *   maxpool KERNEL STRIDE            the largest of K x K
 *   avgpool KERNEL STRIDE            their mean
 *   relu, leaky SLOPE                x where x > 0, else 0, or SLOPE x
 *   sigmoid, tanh                    1 / (1 + exp(-x)), tanh x
 *   softmax                          exp x[c] / sum over k of exp x[k], at each pixel
 *   dropout RATE                     in training 0 with probability RATE, else x / (1 - RATE)
 *   batchnorm                        w[c] (x - m[c]) / sqrt(v[c] + 1e-5) + b[c]; in training m
 *                                    and v are of the batch, in inference their running averages
 *   layernorm                        the same over the values of each example, with a w and a b
 *                                    for each value
 *
 * What is computed does not depend on the number of threads, to the last bit. Every function may be
 * called for different networks from different threads at once; for one from one thread at a time.
 * Nothing is printed; only create and load allocate.
 */
#ifndef DEEPQ_NN_H
#define DEEPQ_NN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct DeepqNn DeepqNn;

typedef struct {
    char text[512]; /* one sentence, without a full stop */
} DeepqNnError;

/* ---- life ---- */

/* Inputs of channels x height x width (a plain vector: channels values, 1 x 1), batches of up to
 * `batch_max`. Weights begin at zero. NULL with a sentence in *error (which may be NULL). */
DeepqNn *deepq_nn_create(const char *layers, int channels, int height, int width, int batch_max,
                         int threads, DeepqNnError *error);
void deepq_nn_destroy(DeepqNn *nn); /* NULL is fine */

/* With I inputs and O outputs of a unit:
 *   UNIFORM   weights and biases uniform in +-1/sqrt(I), PyTorch's usual
 *   GLOROT    weights uniform in +-sqrt(6/(I+O)), biases 0: for sigmoid and tanh
 *   HE        weights normal, variance 2/I, biases 0: for ReLUs
 *   SMALL     weights normal, deviation 0.01, biases 0
 * Norms begin with weights 1. `seed` is dropout's, too. */
typedef enum { DEEPQ_NN_UNIFORM, DEEPQ_NN_GLOROT, DEEPQ_NN_HE, DEEPQ_NN_SMALL } DeepqNnInit;
void deepq_nn_initialise(DeepqNn *nn, DeepqNnInit init, uint64_t seed);

/* ---- work ---- */

/* outputs[n][o]: the last layer's values, in the order C H W. 1 <= batch <= batch_max. */
void deepq_nn_forward(DeepqNn *nn, const float *inputs, int batch, float *outputs);

/* The same in training: dropout drops, batchnorm measures; what backward needs is kept. */
void deepq_nn_forward_train(DeepqNn *nn, const float *inputs, int batch, float *outputs);

/* From dL/d outputs of the last forward_train, the gradient of L by all parameters, replacing the
 * one of before. */
void deepq_nn_backward(DeepqNn *nn, const float *d_outputs);

/* Cut the gradient's length to `limit`; returns what it was. */
double deepq_nn_clip(DeepqNn *nn, double limit);

/*   SGD       v = momentum v + g,  w -= rate v
 *   NESTEROV  v = momentum v + g,  w -= rate (g + momentum v)
 *   ADAGRAD   s = s + g g,  w -= rate g / (sqrt(s) + epsilon)
 *   RMSPROP   s = decay s + (1-decay) g g,  w -= rate g / sqrt(s + epsilon)
 *   ADAM      m = momentum m + (1-momentum) g,  s as in RMSPROP,
 *             w -= rate (m/(1-momentum^t)) / (sqrt(s/(1-decay^t)) + epsilon)
 *   ADAMW     the same
 * Before it, for the weights of dense layers and convolutions: w -= rate weight_decay w in ADAMW,
 * g += weight_decay w in all others. */
typedef enum {
    DEEPQ_NN_SGD,
    DEEPQ_NN_NESTEROV,
    DEEPQ_NN_ADAGRAD,
    DEEPQ_NN_RMSPROP,
    DEEPQ_NN_ADAM,
    DEEPQ_NN_ADAMW
} DeepqNnRule;

typedef struct {
    DeepqNnRule rule;
    double rate, momentum, decay, epsilon, weight_decay;
} DeepqNnOptimiser;

DeepqNnOptimiser deepq_nn_sgd(double rate, double momentum);
DeepqNnOptimiser deepq_nn_adam(double rate); /* momentum 0.9, decay 0.999, epsilon 1e-8 */

/* One step. One network, one rule; its numbers may change. */
void deepq_nn_update(DeepqNn *nn, const DeepqNnOptimiser *optimiser);

/* What the rate is to be multiplied with at `update`, counted from 0, of `updates`. */
typedef enum {
    DEEPQ_NN_CONSTANT,
    DEEPQ_NN_LINEAR, /* 1 - u/U */
    DEEPQ_NN_STEPS,  /* a tenth for each third of the updates that is over */
    DEEPQ_NN_COSINE  /* (1 + cos(pi u/U)) / 2 */
} DeepqNnSchedule;
double deepq_nn_schedule(DeepqNnSchedule schedule, int64_t update, int64_t updates,
                         int64_t warm_up);

/* ---- losses ----
 * Mean over the batch; dL/d outputs goes into `d_outputs`, which may be `outputs`. */

/* (y - t)^2 / 2, summed over `outputs_each` values of an example. */
double deepq_nn_squared(const float *outputs, const float *targets, int batch, int outputs_each,
                        float *d_outputs);
/* The same where |y - t| <= 1, else |y - t| - 1/2. */
double deepq_nn_huber(const float *outputs, const float *targets, int batch, int outputs_each,
                      float *d_outputs);
/* log(sum over k of exp y[k]) - y[label]: the softmax is part of it. At most 65536 classes. */
double deepq_nn_cross_entropy(const float *outputs, const int *labels, int batch, int classes,
                              float *d_outputs);

/* ---- parameters ---- */

size_t deepq_nn_outputs(const DeepqNn *nn);    /* values of an example that come out */
size_t deepq_nn_parameters(const DeepqNn *nn); /* weights, biases, batchnorm's averages */

/* As one array, layer by layer: weights, biases, then running means and variances. */
void deepq_nn_get(const DeepqNn *nn, float *parameters);
void deepq_nn_set(DeepqNn *nn, const float *parameters);
void deepq_nn_get_gradients(const DeepqNn *nn, float *gradients);

/* As a safetensors file, tensors named "0.weight", "0.bias", ... by their layer. Saving replaces a
 * file whole or not at all; loading leaves the network as it was where the file is damaged or
 * another network's. False with a sentence. */
bool deepq_nn_save(const DeepqNn *nn, const char *path, DeepqNnError *error);
bool deepq_nn_load(DeepqNn *nn, const char *path, DeepqNnError *error);

#ifdef __cplusplus
}
#endif

#endif
