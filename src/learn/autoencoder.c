#include "learn/autoencoder.h"

#include <stdlib.h>
#include <string.h>

struct Autoencoder {
    AutoencoderRule rule;
    NnSpec spec;
    int encoder_layers;
    size_t pixels; /* of a picture: C H W */
    Network *network;
    Random random; /* which pixels are lost */
    float *whole;  /* [batch][C H W] */
    float *corrupted;
    float *restored;
};

AutoencoderRule autoencoder_default(void)
{
    return (AutoencoderRule){.batch = 32, .rate = 1e-3, .corruption = 0.25};
}

/* ---- the network ---- */

static bool is_activation(NnLayerKind kind)
{
    return kind == NN_RELU || kind == NN_LEAKY_RELU || kind == NN_SIGMOID || kind == NN_TANH;
}

/* Convolutions and activations from the first layer on, up to the last convolution and the
 * activation after it. */
static int count_encoder_layers(const NnSpec *spec)
{
    int layers = 0;
    for (int l = 0; l < spec->layer_count; l++) {
        const NnLayerKind kind = spec->layer[l].kind;
        if (kind == NN_CONV2D || (is_activation(kind) && layers == l))
            layers = l + 1;
        else
            break;
    }
    return layers;
}

/* The transposed convolution that leads from a convolution's output back to its input. */
static NnLayer mirror_of(const NnSpec *spec, int layer)
{
    NnLayer mirror = spec->layer[layer];
    mirror.kind = NN_TRANSPOSED;
    mirror.outputs = nn_spec_shape(spec, layer - 1).channels;
    return mirror;
}

static bool fits(const NnSpec *spec, int layer)
{
    const NnLayer *conv = &spec->layer[layer];
    const NnShape in = nn_spec_shape(spec, layer - 1);
    return (in.height + 2 * conv->padding - conv->kernel) % conv->stride == 0 &&
           (in.width + 2 * conv->padding - conv->kernel) % conv->stride == 0;
}

/* Encoder, its mirror, and a ReLU between the mirror's layers. The last is linear: on pictures that
 * are mostly dark a sigmoid soon says 'dark' everywhere, and has no slope left to find out more. */
static bool mirrored(NnSpec *both, const NnSpec *spec, int layers, Error *error)
{
    *both = *spec;
    both->layer_count = layers;
    for (int l = layers - 1; l >= 0; l--) {
        if (spec->layer[l].kind != NN_CONV2D)
            continue;
        if (!fits(spec, l))
            return error_input(error,
                               "an autoencoder cannot mirror layer %d: its %dx%d kernels "
                               "with stride %d leave pixels out at a side",
                               l, spec->layer[l].kernel, spec->layer[l].kernel,
                               spec->layer[l].stride);
        if (both->layer_count + 2 > NN_LAYERS_MAX)
            return error_input(error, "an autoencoder of %d layers is too deep", layers);
        if (both->layer_count > layers)
            both->layer[both->layer_count++] = (NnLayer){.kind = NN_RELU};
        both->layer[both->layer_count++] = mirror_of(spec, l);
    }
    return both->layer_count > layers ||
           error_input(error, "an autoencoder needs a network that begins with convolutions, and "
                              "this one does not");
}

/* ---- life ---- */

static bool take_arrays(Autoencoder *autoencoder)
{
    const size_t values = (size_t)autoencoder->rule.batch * autoencoder->pixels;
    autoencoder->whole = calloc(3 * values, sizeof(float));
    if (autoencoder->whole == NULL)
        return false;
    autoencoder->corrupted = autoencoder->whole + values;
    autoencoder->restored = autoencoder->corrupted + values;
    return true;
}

Autoencoder *autoencoder_create(const NnSpec *spec, const AutoencoderRule *rule, Parallel *team,
                                uint64_t seed, Error *error)
{
    NnSpec both;
    const int layers = count_encoder_layers(spec);
    const NnShape input = spec->input;
    if (!mirrored(&both, spec, layers, error))
        return NULL;
    Autoencoder *autoencoder = calloc(1, sizeof *autoencoder);
    if (autoencoder != NULL) {
        autoencoder->rule = *rule;
        autoencoder->spec = both;
        autoencoder->encoder_layers = layers;
        autoencoder->pixels = (size_t)input.channels * (size_t)(input.height * input.width);
        autoencoder->random = random_stream(seed, "corruption");
    }
    if (autoencoder == NULL || !take_arrays(autoencoder)) {
        error_work(error, "no memory for an autoencoder with batches of %d", rule->batch);
        autoencoder_destroy(autoencoder);
        return NULL;
    }
    autoencoder->network = network_create(&both, rule->batch, NN_BACKEND_AUTO, team, error);
    if (autoencoder->network == NULL) {
        autoencoder_destroy(autoencoder);
        return NULL;
    }
    Random random = random_stream(seed, "init");
    network_initialise(autoencoder->network, NN_INIT_GLOROT, &random);
    return autoencoder;
}

void autoencoder_destroy(Autoencoder *autoencoder)
{
    if (autoencoder == NULL)
        return;
    network_destroy(autoencoder->network);
    free(autoencoder->whole);
    free(autoencoder);
}

const NnSpec *autoencoder_spec(const Autoencoder *autoencoder)
{
    return &autoencoder->spec;
}

/* ---- learning ---- */

static void read_whole(Autoencoder *autoencoder, const NnInput *input)
{
    const size_t batch = (size_t)autoencoder->rule.batch;
    const size_t channels = (size_t)autoencoder->spec.input.channels;
    const size_t plane = autoencoder->pixels / channels;
    if (input->values != NULL) {
        memcpy(autoencoder->whole, input->values,
               batch * autoencoder->pixels * sizeof *autoencoder->whole);
        return;
    }
    for (size_t p = 0; p < batch * channels; p++)
        for (size_t i = 0; i < plane; i++)
            autoencoder->whole[p * plane + i] =
                input->planes[p] == NULL ? 0 : (float)input->planes[p][i] / 255;
}

/* The loss of what was restored, which becomes its gradient. */
static double compare(Autoencoder *autoencoder)
{
    const size_t values = (size_t)autoencoder->rule.batch * autoencoder->pixels;
    double loss = 0;
    for (size_t i = 0; i < values; i++) {
        const float d = autoencoder->restored[i] - autoencoder->whole[i];
        loss += (double)(d * d);
        autoencoder->restored[i] = 2 * d / (float)values;
    }
    return loss / (double)values;
}

double autoencoder_learn(Autoencoder *autoencoder, const NnInput *input)
{
    const AutoencoderRule *rule = &autoencoder->rule;
    const size_t values = (size_t)rule->batch * autoencoder->pixels;
    const NnOptimiser descent = {NN_ADAM, rule->rate, 0.9, 0.999, 1e-8, 0};
    read_whole(autoencoder, input);
    for (size_t i = 0; i < values; i++)
        autoencoder->corrupted[i] =
            random_unit(&autoencoder->random) < (float)rule->corruption ? 0 : autoencoder->whole[i];
    network_forward_train(autoencoder->network, &(NnInput){.values = autoencoder->corrupted},
                          rule->batch, autoencoder->restored, NULL);
    const double loss = compare(autoencoder);
    network_backward(autoencoder->network, autoencoder->restored);
    network_update(autoencoder->network, &descent);
    return loss;
}

double autoencoder_loss(Autoencoder *autoencoder, const NnInput *input)
{
    read_whole(autoencoder, input);
    network_forward(autoencoder->network, &(NnInput){.values = autoencoder->whole},
                    autoencoder->rule.batch, autoencoder->restored);
    return compare(autoencoder);
}

Network *autoencoder_encoder(const Autoencoder *autoencoder, Error *error)
{
    NnSpec spec = autoencoder->spec;
    spec.layer_count = autoencoder->encoder_layers;
    Network *encoder = network_create(&spec, 1, NN_BACKEND_AUTO, NULL, error);
    float *parameters = calloc(nn_spec_parameters(&autoencoder->spec), sizeof *parameters);
    if (encoder != NULL && parameters != NULL) {
        network_get_parameters(autoencoder->network, parameters);
        network_set_parameters(encoder, parameters); /* its layers are the first */
    } else if (encoder != NULL) {
        error_work(error, "no memory for the weights of an encoder");
        network_destroy(encoder);
        encoder = NULL;
    }
    free(parameters);
    return encoder;
}
