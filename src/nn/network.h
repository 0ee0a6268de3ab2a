/*
 * network.h - a feed-forward network: layers, a forward pass, a backward pass, an update.
 *
 * A network is built from a short list of layer descriptions. As text, the 2013 paper's reads
 *
 *     conv 16 8 4, relu, conv 32 4 2, relu, dense 256, relu, dense 4
 *
 * that is: 16 filters of 8x8 pixels, stride 4, no padding; ...; 256 units; 4 outputs. All layers,
 * with N C H W pictures x going in, y coming out and w, b the layer's weights and biases:
 *
 *   dense UNITS                      y[o] = b[o] + sum over i of w[o][i] x[i]
 *   noisy UNITS                      y[o] = (b[o] + B[o] f(e[o]))                  [Fortunato2018]
 *                                        + sum over i of (w[o][i] + W[o][i] f(e[o]) f(e[i])) x[i]
 *                                    f(e) = sign(e) sqrt |e|, all e normal, drawn by
 *                                    network_draw_noise; W, B: deviations, learnt like w and b
 *   conv CHANNELS KERNEL STRIDE [PADDING]
 *                                    y[o][r][s] = b[o] + sum over c, i, j of
 *                                        w[o][c][i][j] x[c][r S - P + i][s S - P + j]
 *                                    where x is 0 outside of the picture
 *   transposed CHANNELS KERNEL STRIDE [PADDING]    [Zeiler2010]
 *                                    y[o][r][s] = b[o] + sum over c, i, j, u, v of
 *                                        w[c][o][i][j] x[c][u][v]
 *                                    where u S - P + i = r and v S - P + j = s
 *   maxpool KERNEL STRIDE            y[c][r][s] = largest x[c][r S + i][s S + j], 0 <= i, j < K
 *   avgpool KERNEL STRIDE            the mean of the same
 *   relu                             y = x where x > 0, else 0                     [Nair2010]
 *   leaky SLOPE                      y = x where x > 0, else SLOPE x               [Maas2013]
 *   sigmoid                          y = 1 / (1 + exp(-x))
 *   tanh                             y = tanh x
 *   softmax                          y[c] = exp x[c] / sum over k of exp x[k], at each pixel
 *   dropout RATE                     y = 0 with probability RATE, else x / (1 - RATE); in inference
 *                                    y = x                                  [Srivastava2014]
 *   batchnorm                        y = w[c] (x - m[c]) / sqrt(v[c] + 1e-5) + b[c]   [Ioffe2015]
 *                                    m, v: in training, mean and variance of channel c over batch
 *                                    and pixels; in inference, their running averages, which each
 *                                    training pass moves by a tenth towards its own (v then with
 *                                    n/(n-1))
 *   layernorm                        y = w[i] (x - m) / sqrt(v + 1e-5) + b[i], m, v over the
 *                                    values i of each picture                          [Ba2016]
 *   quantiles COUNT                  y[d][0][t] = x[d] max(0, b[d]                [Dabney2018b]
 *                                        + sum over i < 64 of w[d][i] cos(pi i tau[t]))
 *                                    COUNT pixels in a row, one for each tau, whose channels are
 *                                    all values of x in the order C H W; taus as drawn by
 *                                    network_draw_noise
 *
 * Letters for dimensions, here and in every layer:
 *     N  pictures in a batch     C  channels     H W  height, width     K  kernel size     S stride
 *     O  outputs (units, or channels of a convolution)     P  padding, zeros at each side
 * Arrays are row-major with the letters in the order written: inputs NCHW, convolution weights
 * OCKK, transposed ones COKK, dense weights O x (C H W), bias O; noisy W, B after w, b, likewise;
 * layernorm's weights CHW; quantiles' (C H W) x 64, bias C H W.
 *
 *     NnSpec spec;
 *     nn_spec_parse(&spec, "conv 16 8 4, relu, dense 4", (NnShape){4, 84, 84}, &error);
 *     Network *network = network_create(&spec, 32, NN_BACKEND_AUTO, team, &error);
 *     network_initialise(network, NN_INIT_FAN_IN_UNIFORM, &random);
 *     network_forward(network, &input, 32, outputs);                     inference
 *     network_forward_train(network, &input, 32, outputs, &random);      keeps what backward needs
 *     network_backward(network, d_outputs);                              dL/d outputs -> gradients
 *     network_update(network, &optimiser_config);                        one descent step
 *
 * Results do not depend on the number of threads: a batch is always cut into the same shards and
 * their gradients are always added in the same order. Nor do NN_BACKEND_VECTOR's depend on the
 * processor, as long as it multiplies and adds in one rounding (x86-64: AVX2 and FMA, or AVX-512);
 * but two sums are in the order of memory, which does: the length that network_clip_gradients
 * measures, and layernorm's where its channels are no multiple of 16. Exponentials are the C
 * library's. The other backends' last bits are their own.
 */
#ifndef DEEPQ_NN_NETWORK_H
#define DEEPQ_NN_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/parallel.h"
#include "base/random.h"

enum { NN_LAYERS_MAX = 32 };

typedef enum {
    NN_DENSE,
    NN_CONV2D,
    NN_RELU,
    NN_SIGMOID,
    NN_TANH,
    NN_DROPOUT,
    NN_TRANSPOSED,
    NN_MAX_POOL,
    NN_AVERAGE_POOL,
    NN_LEAKY_RELU,
    NN_SOFTMAX,
    NN_BATCH_NORM,
    NN_LAYER_NORM,
    NN_NOISY,
    NN_QUANTILES
} NnLayerKind;

enum { NN_COSINES = 64 };     /* by which quantiles see a tau */
#define NN_NOISE_START   0.5  /* over sqrt(inputs): how noisy layers' deviations begin */
#define NN_NORM_EPSILON  1e-5 /* beneath the root of both norms */
#define NN_NORM_MOMENTUM 0.1  /* by which a pass moves batchnorm's running averages */

typedef struct {
    NnLayerKind kind;
    int outputs; /* NN_DENSE, NN_NOISY: units; NN_CONV2D, NN_TRANSPOSED: channels; NN_QUANTILES:
                    taus */
    int kernel;  /* convolutions and pools: height and width of the kernel, pixels */
    int stride;  /* convolutions and pools: pixels */
    int padding; /* convolutions: pixels at each side, less than the kernel */
    double rate; /* NN_DROPOUT: the part of the units set to zero in training, 0 <= rate < 1;
                    NN_LEAKY_RELU: the slope below 0, 0 <= rate < 1 */
} NnLayer;

typedef struct {
    int channels, height, width; /* a plain vector: channels values, height = width = 1 */
} NnShape;

typedef struct {
    NnShape input;
    int layer_count;
    NnLayer layer[NN_LAYERS_MAX];
} NnSpec;

/* Parse the text form. ERROR_INPUT names the layer that cannot be understood or does not fit its
 * input. */
bool nn_spec_parse(NnSpec *spec, const char *text, NnShape input, Error *error);

/* The text form that parses to the same layers, cut at `size` characters with the final 0;
 * NN_SPEC_TEXT are enough for every network. */
enum { NN_SPEC_TEXT = NN_LAYERS_MAX * 32 };
void nn_spec_text(const NnSpec *spec, char *text, size_t size);

/* The shape that layer `layer` (0 .. layer_count-1) gives; layer -1: the input. */
NnShape nn_spec_shape(const NnSpec *spec, int layer);

/* Whether that layer (0 .. layer_count-1) is one of units that weigh what is beneath, which
 * pictures of a network show: dense, noisy or convolutions. */
bool nn_spec_weighs(const NnSpec *spec, int layer);

/* All weights, biases, deviations and running averages: 677,172 for the 2013 network with four
 * actions, 1,686,180 for the 2015 one. */
size_t nn_spec_parameters(const NnSpec *spec);

/* Where the parameters of layer `layer` begin in the flat array of network_get_parameters, and how
 * many of them are weights and how many biases, which follow the weights. */
typedef struct {
    size_t offset, weights, biases;
} NnSlice;
NnSlice nn_spec_slice(const NnSpec *spec, int layer);

typedef enum {
    NN_BACKEND_AUTO,   /* the fastest here */
    NN_BACKEND_PLAIN,  /* the C twins: obviously right, slow */
    NN_BACKEND_VECTOR, /* our own loops on vectors of floats, made for the agent's networks: dense,
                          noisy, conv without padding, relu, sigmoid, tanh, dropout, layernorm */
    NN_BACKEND_ONEDNN, /* the same but noisy and layernorm; ERROR_INPUT at network_create where it
                          is not built in */
    NN_BACKEND_TERMS,  /* VECTOR with its convolutions, but the first, from floats in terms of
                          bfloat16 (bf16.h): as exact, and with AMX AUTO's choice */
    NN_BACKEND_LAYERS, /* every layer, the same loops; AUTO's choice where VECTOR lacks a layer */
    NN_BACKEND_BF16,   /* VECTOR with its products, but for the first layer's, from bfloat16: see
                        network_has_bf16 */
} NnBackend;

/* Initialisers. fan_in, fan_out: inputs and outputs of one unit (for a convolution C K K and O K
 * K). */
typedef enum {
    NN_INIT_FAN_IN_UNIFORM, /* weights and biases uniform in +-1/sqrt(fan_in): Torch's default,
                               Mnih2015's */
    NN_INIT_GLOROT, /* weights uniform in +-sqrt(6/(fan_in+fan_out)), biases 0 [Glorot2010] */
    NN_INIT_HE,     /* weights normal, variance 2/fan_in, biases 0 [He2015] */
    NN_INIT_SMALL, /* weights normal, variance 0.01^2, biases 0, as was usual before [Glorot2010] */
} NnInit;

/* A batch of inputs: either planes or values is set.
 * planes: N * C pointers to H * W bytes each; a byte b stands for b/255, a NULL plane for zeros. So
 * frames that are stored once serve in many stacks without being copied. values: N * C * H * W
 * floats. */
typedef struct {
    const uint8_t *const *planes;
    const float *values;
} NnInput;

/* Does this machine multiply bfloat16? Else ERROR_INPUT, as from network_create with
 * NN_BACKEND_BF16. With it, what goes into a product is rounded to within 2^-8 of itself; sums,
 * parameters, gradients and optimiser stay floats, and so do the first layer's products, so that
 * bytes are exact. */
bool network_has_bf16(Error *error);

typedef struct Network Network;

/* `batch_max`: the largest N that will be asked for. `team`: whose threads the passes use; not
 * owned; NULL: the calling thread alone. Parameters start at zero. NULL with an error if the
 * backend is missing or memory is. */
Network *network_create(const NnSpec *spec, int batch_max, NnBackend backend, Parallel *team,
                        Error *error);
void network_destroy(Network *network); /* NULL is fine */

/* Another network for inference that has the parameters of `of` at all times: another thread can
 * use it while `of` learns, but not while its parameters are changed. `of` outlives it. */
Network *network_create_reader(const Network *of, int batch_max, Parallel *team, Error *error);

const NnSpec *network_spec(const Network *network);
const char *network_backend_name(const Network *network); /* "plain", "vector", "onednn 2.6.3" */

/* Norms begin with weights 1, biases 0, running mean 0 and variance 1, whatever `init`; deviations
 * with NN_NOISE_START / sqrt(inputs). */
void network_initialise(Network *network, NnInit init, Random *random);

/* Parameters, and the gradients of the last backward pass, as one flat array in layer order,
 * weights before bias, in the layouts above: nn_spec_parameters floats. Gradients last until the
 * next pass. */
void network_get_parameters(const Network *network, float *parameters);
void network_set_parameters(Network *network, const float *parameters);
void network_get_gradients(const Network *network, float *gradients);
bool network_is_finite(const Network *network); /* all parameters are numbers */
void network_copy_parameters(Network *to,
                             const Network *from); /* same spec; the target network's update */

/* New noise for the noisy layers and new taus for the quantiles, the same for all pictures and
 * fixed until the next draw: layer by layer, noise of the inputs in the order C H W, then of the
 * outputs; taus uniform in 0 .. 1. NULL, and in a network that is new: no noise, what comes out is
 * by w and b alone; the taus (2t+1)/(2 COUNT), evenly spread. A reader has draws of its own.
 * Nothing without such layers. */
void network_draw_noise(Network *network, Random *random);

/* The taus of layer `layer`, one of quantiles, as they were drawn last; NULL: another kind. */
const float *network_taus(const Network *network, int layer);

/* outputs[n * O + o] for 1 <= batch <= batch_max pictures. */
void network_forward(Network *network, const NnInput *input, int batch, float *outputs);

/* The same, keeping activations for network_backward, with dropout drawn from `random` (NULL where
 * the network has no dropout layer). */
void network_forward_train(Network *network, const NnInput *input, int batch, float *outputs,
                           Random *random);

/* From dL/d outputs [N][O] of the last network_forward_train, the gradient of L by every parameter,
 * replacing the gradients of before. Sums over the batch exactly as d_outputs says: a mean loss has
 * its 1/N in there. */
void network_backward(Network *network, const float *d_outputs);

/*
 * Optimisers. g: the gradient; t counts updates from 1; all of it elementwise.
 *
 *   SGD               v = momentum v + g                             [Polyak1964]
 *                     w -= learning_rate v
 *   NESTEROV          v = momentum v + g                                        [Nesterov1983]
 *                     w -= learning_rate (g + momentum v)
 *   ADAGRAD           s = s + g g                                               [Duchi2011]
 *                     w -= learning_rate g / (sqrt(s) + epsilon)
 *   RMSPROP           s = decay s + (1-decay) g g                               [Tieleman2012]
 *                     w -= learning_rate g / sqrt(s + epsilon)
 *   RMSPROP_CENTRED   m = decay m + (1-decay) g;  s = decay s + (1-decay) g g   [Mnih2015]
 *                     w -= learning_rate g / sqrt(s - m m + epsilon)
 *   ADAM, ADAMW       m = momentum m + (1-momentum) g;  s = decay s + (1-decay) g g
 *                     w -= learning_rate (m/(1-momentum^t)) / (sqrt(s/(1-decay^t)) + epsilon)
 *                                                                               [Kingma2015]
 *   RADAM             as ADAM, the step times r. With p = 2/(1-decay) - 1 and
 *                     p' = p - 2 t decay^t / (1-decay^t):
 *                     r = sqrt((p'-4)(p'-2)p / ((p-4)(p-2)p')) where p' > 5; before that
 *                     w -= learning_rate m/(1-momentum^t)                       [Liu2020]
 * The lecture on RMSPROP has no epsilon; here both kinds have it inside the root, as DeepMind's
 * program and Lasagne do. PyTorch's stands outside: epsilon e there is about e e here.
 * Weight decay pulls the weights of dense layers and convolutions, never biases nor norms: before
 * the step
 *   ADAMW             w -= learning_rate weight_decay w                         [Loshchilov2019]
 *   all others        g += weight_decay w
 */
typedef enum {
    NN_SGD,
    NN_RMSPROP,
    NN_RMSPROP_CENTRED,
    NN_ADAM,
    NN_RADAM,
    NN_NESTEROV,
    NN_ADAGRAD,
    NN_ADAMW
} NnOptimiserKind;

typedef struct {
    NnOptimiserKind kind;
    double learning_rate;
    double momentum; /* SGD, NESTEROV: of the velocity; ADAM*: beta1 */
    double decay;    /* RMSPROP*: of the averages; ADAM*: beta2 */
    double epsilon;  /* > 0 but for SGD and NESTEROV, which have none */
    double weight_decay;
} NnOptimiser;

/* One step with the gradients of the last backward pass. The averages live in the network, zero at
 * first, and are kept from step to step: one network, one optimiser kind. */
void network_update(Network *network, const NnOptimiser *optimiser);

/* Scale the gradients of the last backward pass so that the root of the sum of their squares is at
 * most `limit` [Pascanu2013]; returns what it was. */
double network_clip_gradients(Network *network, double limit);

/* The optimiser's memory for checkpoints: network_optimiser_floats floats and the number of steps
 * done. */
size_t network_optimiser_floats(const Network *network);
void network_get_optimiser(const Network *network, float *state, int64_t *updates);
void network_set_optimiser(Network *network, const float *state, int64_t updates);

/* What the last forward pass made of layer `layer`: its output, NCHW floats of the first `batch`
 * pictures. For pictures and tests; not fast. A backend may do a ReLU, leaky ReLU or dropout where
 * the values before it are stored: the layer right beneath one has either its own values or those
 * after it. */
void network_get_activations(const Network *network, int layer, int batch, float *values);

#endif
