/*
 * network.h - a feed-forward network: layers, a forward pass, a backward pass, an update.
 *
 * A network is built from a short list of layer descriptions. As text, the 2013 paper's reads
 *
 *     conv 16 8 4, relu, conv 32 4 2, relu, dense 256, relu, dense 4
 *
 * that is: 16 filters of 8x8 pixels, stride 4, no padding; ...; 256 units; 4 outputs.
 *
 * Letters for dimensions, here and in every layer:
 *     N  pictures in a batch     C  channels     H W  height, width     K  kernel size     S stride
 *     O  outputs (units, or channels of a convolution)
 * Arrays are row-major with the letters in the order written: inputs NCHW, convolution weights
 * OCKK, dense weights O x (C H W), bias O.
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
 * their gradients are always added in the same order. They do depend, in the last bits, on the
 * backend and on the processor's instruction set.
 */
#ifndef DEEPQ_NN_NETWORK_H
#define DEEPQ_NN_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/parallel.h"
#include "base/random.h"

enum { NN_LAYERS_MAX = 32 };

typedef enum { NN_DENSE, NN_CONV2D, NN_RELU, NN_SIGMOID, NN_TANH, NN_DROPOUT } NnLayerKind;

typedef struct {
    NnLayerKind kind;
    int outputs; /* NN_DENSE: units; NN_CONV2D: channels */
    int kernel;  /* NN_CONV2D: height and width of the kernel, pixels */
    int stride;  /* NN_CONV2D: pixels */
    double rate; /* NN_DROPOUT: the part of the units set to zero in training, 0 <= rate < 1; the
                    others are scaled by 1/(1-rate), so that inference changes nothing
                    [Srivastava2014] */
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

/* All weights and biases: 677,172 for the 2013 network with four actions, 1,686,180 for the 2015
 * one. */
size_t nn_spec_parameters(const NnSpec *spec);

typedef enum {
    NN_BACKEND_AUTO,   /* the fastest here */
    NN_BACKEND_PLAIN,  /* the C twins: obviously right, slow */
    NN_BACKEND_VECTOR, /* our own loops on vectors of floats; always built in */
    NN_BACKEND_ONEDNN, /* ERROR_INPUT at network_create where it is not built in */
} NnBackend;

/* Initialisers. fan_in, fan_out: inputs and outputs of one unit (for a convolution C K K and O K
 * K). */
typedef enum {
    NN_INIT_FAN_IN_UNIFORM, /* weights and biases uniform in +-1/sqrt(fan_in): Torch's default,
                               Mnih2015's */
    NN_INIT_GLOROT, /* weights uniform in +-sqrt(6/(fan_in+fan_out)), biases 0 [Glorot2010] */
    NN_INIT_HE,     /* weights normal, variance 2/fan_in, biases 0 [He2015] */
} NnInit;

/* A batch of inputs: either planes or values is set.
 * planes: N * C pointers to H * W bytes each; a byte b stands for b/255, a NULL plane for zeros. So
 * frames that are stored once serve in many stacks without being copied. values: N * C * H * W
 * floats. */
typedef struct {
    const uint8_t *const *planes;
    const float *values;
} NnInput;

typedef struct Network Network;

/* `batch_max`: the largest N that will be asked for. `team`: whose threads the passes use; not
 * owned; NULL: the calling thread alone. Parameters start at zero. NULL with an error if the
 * backend is missing or memory is. */
Network *network_create(const NnSpec *spec, int batch_max, NnBackend backend, Parallel *team,
                        Error *error);
void network_destroy(Network *network); /* NULL is fine */

/* Another network for inference that has the parameters of `of` at all times: another thread can use
 * it while `of` learns, but not while its parameters are changed. `of` outlives it. */
Network *network_create_reader(const Network *of, int batch_max, Parallel *team, Error *error);

const NnSpec *network_spec(const Network *network);
const char *network_backend_name(const Network *network); /* "plain", "vector", "onednn 2.6.3" */

void network_initialise(Network *network, NnInit init, Random *random);

/* Parameters, and the gradients of the last backward pass, as one flat array in layer order,
 * weights before bias, in the layouts above: nn_spec_parameters floats. */
void network_get_parameters(const Network *network, float *parameters);
void network_set_parameters(Network *network, const float *parameters);
void network_get_gradients(const Network *network, float *gradients);
bool network_is_finite(const Network *network); /* all parameters are numbers */
void network_copy_parameters(Network *to,
                             const Network *from); /* same spec; the target network's update */

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
 *   SGD               v = momentum v + g
 *                     w -= learning_rate v
 *   RMSPROP           s = decay s + (1-decay) g g                               [Tieleman2012]
 *                     w -= learning_rate g / (sqrt(s) + epsilon)
 *   RMSPROP_CENTRED   m = decay m + (1-decay) g;  s = decay s + (1-decay) g g   [Mnih2015]
 *                     w -= learning_rate g / sqrt(s - m m + epsilon)
 *   ADAM              m = momentum m + (1-momentum) g;  s = decay s + (1-decay) g g
 *                     w -= learning_rate (m/(1-momentum^t)) / (sqrt(s/(1-decay^t)) + epsilon)
 *                                                                               [Kingma2015]
 */
typedef enum { NN_SGD, NN_RMSPROP, NN_RMSPROP_CENTRED, NN_ADAM } NnOptimiserKind;

typedef struct {
    NnOptimiserKind kind;
    double learning_rate;
    double momentum; /* SGD: of the velocity; ADAM: beta1 */
    double decay;    /* RMSPROP*: of the averages; ADAM: beta2 */
    double epsilon;  /* > 0 but for SGD, which has none */
} NnOptimiser;

/* One step with the gradients of the last backward pass. The averages live in the network, zero at
 * first, and are kept from step to step: one network, one optimiser kind. */
void network_update(Network *network, const NnOptimiser *optimiser);

/* The optimiser's memory for checkpoints: network_optimiser_floats floats and the number of steps
 * done. */
size_t network_optimiser_floats(const Network *network);
void network_get_optimiser(const Network *network, float *state, int64_t *updates);
void network_set_optimiser(Network *network, const float *state, int64_t updates);

/* What the last forward pass made of layer `layer`: its output, NCHW floats of the first `batch`
 * pictures. For pictures and tests; not fast. A backend may do a ReLU where the values before it
 * are stored: the layer right beneath a ReLU has either its own values or those after the ReLU. */
void network_get_activations(const Network *network, int layer, int batch, float *values);

#endif
