/*
 * spec.c - the text form of a network, and what follows from it.
 *
 * The text is cut at commas; each piece is a word and its numbers. A table says which numbers.
 */
#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/spec_private.h"

enum {
    NUMBERS_MAX = 4,
    PIECE_CHARS = 64,
    UNITS_MAX = 65536,          /* outputs, kernel, stride: nothing sensible is larger */
    PARAMETERS_MAX = 500000000, /* 2 GB of weights */
    VALUES_MAX = 100000000,     /* what one layer makes of one picture */
};

/* What the numbers after a word mean. */
typedef enum { NO_NUMBERS, UNITS, CONVOLUTION, POOL, FRACTION } LayerNumbers;

typedef struct {
    const char *word;
    NnLayerKind kind;
    LayerNumbers numbers;
    const char *usage;
} LayerWord;

static const LayerWord words[] = {
    {"dense", NN_DENSE, UNITS, "dense UNITS"},
    {"noisy", NN_NOISY, UNITS, "noisy UNITS"},
    {"conv", NN_CONV2D, CONVOLUTION, "conv CHANNELS KERNEL STRIDE [PADDING]"},
    {"transposed", NN_TRANSPOSED, CONVOLUTION, "transposed CHANNELS KERNEL STRIDE [PADDING]"},
    {"maxpool", NN_MAX_POOL, POOL, "maxpool KERNEL STRIDE"},
    {"avgpool", NN_AVERAGE_POOL, POOL, "avgpool KERNEL STRIDE"},
    {"relu", NN_RELU, NO_NUMBERS, "relu"},
    {"leaky", NN_LEAKY_RELU, FRACTION, "leaky SLOPE"},
    {"sigmoid", NN_SIGMOID, NO_NUMBERS, "sigmoid"},
    {"tanh", NN_TANH, NO_NUMBERS, "tanh"},
    {"softmax", NN_SOFTMAX, NO_NUMBERS, "softmax"},
    {"dropout", NN_DROPOUT, FRACTION, "dropout RATE"},
    {"batchnorm", NN_BATCH_NORM, NO_NUMBERS, "batchnorm"},
    {"layernorm", NN_LAYER_NORM, NO_NUMBERS, "layernorm"},
    {"quantiles", NN_QUANTILES, UNITS, "quantiles COUNT"},
};

enum { WORDS = sizeof words / sizeof words[0] };

static const LayerWord *find_word(const char *word, size_t length)
{
    for (size_t i = 0; i < WORDS; i++)
        if (strlen(words[i].word) == length && memcmp(words[i].word, word, length) == 0)
            return &words[i];
    return NULL;
}

static const LayerWord *word_of(NnLayerKind kind)
{
    const LayerWord *word = words;
    while (word->kind != kind)
        word++;
    return word;
}

/* Read the numbers, at most NUMBERS_MAX, and nothing after them; -1 where there is more or else. */
static int read_numbers(const char *text, double number[NUMBERS_MAX])
{
    int count = 0;
    for (;;) {
        while (isspace((unsigned char)*text))
            text++;
        if (*text == '\0')
            return count;
        char *end;
        const double value = strtod(text, &end);
        if (end == text || !isfinite(value) || count == NUMBERS_MAX)
            return -1;
        number[count++] = value;
        text = end;
    }
}

static bool is_count(double value, double least)
{
    return value >= least && value <= UNITS_MAX && value == floor(value);
}

static bool are_counts(const double *number, int count)
{
    for (int i = 0; i < count; i++)
        if (!is_count(number[i], 1))
            return false;
    return true;
}

static bool fill_convolution(NnLayer *layer, const double *number, int count)
{
    const double padding = count == 4 ? number[3] : 0;
    if (count < 3 || !are_counts(number, 3) || !is_count(padding, 0))
        return false;
    layer->outputs = (int)number[0];
    layer->kernel = (int)number[1];
    layer->stride = (int)number[2];
    layer->padding = (int)padding;
    return true;
}

static bool fill_layer(NnLayer *layer, const LayerWord *word, const double *number, int count)
{
    *layer = (NnLayer){.kind = word->kind};
    switch (word->numbers) {
    case UNITS: layer->outputs = (int)number[0]; return count == 1 && are_counts(number, 1);
    case CONVOLUTION: return fill_convolution(layer, number, count);
    case POOL:
        layer->kernel = (int)number[0];
        layer->stride = (int)number[1];
        return count == 2 && are_counts(number, 2);
    case FRACTION:
        layer->rate = number[0];
        return count == 1 && layer->rate >= 0 && layer->rate < 1;
    default: return count == 0;
    }
}

/* What else is to be known about the numbers. */
static const char *hint(const LayerWord *word)
{
    switch (word->numbers) {
    case NO_NUMBERS: return "";
    case FRACTION: return word->kind == NN_DROPOUT ? " with 0 <= RATE < 1" : " with 0 <= SLOPE < 1";
    default: return " with whole numbers from 1 to 65536";
    }
}

static bool parse_layer(NnLayer *layer, const char *piece, int index, Error *error)
{
    size_t length = 0;
    while (isalpha((unsigned char)piece[length]))
        length++;
    const LayerWord *word = find_word(piece, length);
    if (word == NULL)
        return error_input(
            error,
            "layer %d of the network, '%s', is none of dense, noisy, conv, "
            "transposed, maxpool, avgpool, relu, leaky, sigmoid, tanh, softmax, dropout, "
            "batchnorm, layernorm, quantiles",
            index, piece);
    double number[NUMBERS_MAX] = {0};
    const int count = read_numbers(piece + length, number);
    if (!fill_layer(layer, word, number, count))
        return error_input(error, "layer %d of the network, '%s', should read '%s'%s", index, piece,
                           word->usage, hint(word));
    return true;
}

static int slid(int side, const NnLayer *layer)
{
    return (side + 2 * layer->padding - layer->kernel) / layer->stride + 1;
}

static int spread(int side, const NnLayer *layer)
{
    return (side - 1) * layer->stride + layer->kernel - 2 * layer->padding;
}

static NnShape shape_after(const NnLayer *layer, NnShape in)
{
    switch (layer->kind) {
    case NN_DENSE:
    case NN_NOISY: return (NnShape){layer->outputs, 1, 1};
    case NN_CONV2D: return (NnShape){layer->outputs, slid(in.height, layer), slid(in.width, layer)};
    case NN_TRANSPOSED:
        return (NnShape){layer->outputs, spread(in.height, layer), spread(in.width, layer)};
    case NN_MAX_POOL:
    case NN_AVERAGE_POOL:
        return (NnShape){in.channels, slid(in.height, layer), slid(in.width, layer)};
    case NN_QUANTILES: return (NnShape){(int)shape_size(in), 1, layer->outputs};
    default: return in;
    }
}

/* Weights, biases, deviations and running averages. */
static void count_parameters(LayerPlan *plan)
{
    const NnLayer *layer = &plan->layer;
    const size_t outputs = (size_t)layer->outputs;
    const size_t kernel = (size_t)layer->kernel * (size_t)layer->kernel;
    switch (layer->kind) {
    case NN_DENSE:
    case NN_NOISY: plan->weights = outputs * shape_size(plan->in); break;
    case NN_CONV2D:
    case NN_TRANSPOSED: plan->weights = outputs * (size_t)plan->in.channels * kernel; break;
    case NN_BATCH_NORM: plan->weights = (size_t)plan->in.channels; break;
    case NN_LAYER_NORM: plan->weights = shape_size(plan->in); break;
    case NN_QUANTILES: plan->weights = NN_COSINES * shape_size(plan->in); break;
    default: return;
    }
    plan->biases = layer_is_norm(plan)           ? plan->weights
                   : layer->kind == NN_QUANTILES ? shape_size(plan->in)
                                                 : outputs;
    plan->deviations = layer->kind == NN_NOISY ? plan->weights + plan->biases : 0;
    plan->averages = layer->kind == NN_BATCH_NORM ? 2 * plan->weights : 0;
}

static bool window_fits(const NnLayer *layer, int index, const char *piece, NnShape in,
                        Error *error)
{
    const char *wrong = NULL;
    const int height = in.height + 2 * layer->padding, width = in.width + 2 * layer->padding;
    if (layer->padding >= layer->kernel)
        return error_input(error, "layer %d of the network, '%s', has a padding of more than %d",
                           index, piece, layer->kernel - 1);
    if (layer->kernel > height || layer->kernel > width)
        wrong = "kernel";
    else if (layer->stride > height && layer->stride > width)
        wrong = "stride";
    return wrong == NULL ||
           error_input(error,
                       "layer %d of the network, '%s', has a %s larger than its input of %dx%d",
                       index, piece, wrong, height, width);
}

static bool spread_fits(const NnLayer *layer, int index, const char *piece, NnShape in,
                        Error *error)
{
    if ((double)in.height * layer->stride > UNITS_MAX ||
        (double)in.width * layer->stride > UNITS_MAX)
        return error_input(error, "layer %d of the network, '%s', is too large", index, piece);
    if (spread(in.height, layer) >= 1 && spread(in.width, layer) >= 1 &&
        layer->padding < layer->kernel)
        return true;
    return error_input(error, "layer %d of the network, '%s', pads away all of its output", index,
                       piece);
}

/* Does the last layer of `spec` fit what comes before it, and is the whole of a size that can be
 * meant? */
static bool check_last(const NnSpec *spec, const char *piece, Error *error)
{
    const int index = spec->layer_count - 1;
    const NnLayer *layer = &spec->layer[index];
    const NnShape in = nn_spec_shape(spec, index - 1);
    const bool slides = layer->kernel > 0 && layer->kind != NN_TRANSPOSED;
    if (slides && !window_fits(layer, index, piece, in, error))
        return false;
    if (layer->kind == NN_TRANSPOSED && !spread_fits(layer, index, piece, in, error))
        return false;
    const NnShape out = shape_after(layer, in);
    const double values = (double)out.channels * out.height * out.width;
    const double fan_in = layer->kind == NN_DENSE || layer->kind == NN_NOISY
                              ? (double)in.channels * in.height * in.width
                              : (double)in.channels * layer->kernel * layer->kernel;
    if (values > VALUES_MAX || fan_in * layer->outputs > PARAMETERS_MAX)
        return error_input(error, "layer %d of the network, '%s', is too large", index, piece);
    return true;
}

/* Copy the piece up to the next comma, without the spaces around it. Returns where to go on. */
static const char *cut_piece(const char *text, char piece[PIECE_CHARS])
{
    const char *end = strchr(text, ',');
    if (end == NULL)
        end = text + strlen(text);
    const char *next = end;
    while (text < end && isspace((unsigned char)*text))
        text++;
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    size_t length = (size_t)(end - text);
    if (length > PIECE_CHARS - 1)
        length = PIECE_CHARS - 1;
    memcpy(piece, text, length);
    piece[length] = '\0';
    return next;
}

bool nn_spec_parse(NnSpec *spec, const char *text, NnShape input, Error *error)
{
    assert(input.channels > 0 && input.height > 0 && input.width > 0);
    NnSpec made = {.input = input};
    for (;;) {
        char piece[PIECE_CHARS];
        text = cut_piece(text, piece);
        if (made.layer_count == NN_LAYERS_MAX)
            return error_input(error, "the network has more than %d layers; '%s' is one too many",
                               NN_LAYERS_MAX, piece);
        if (!parse_layer(&made.layer[made.layer_count], piece, made.layer_count, error))
            return false;
        made.layer_count++;
        if (!check_last(&made, piece, error))
            return false;
        if (*text == '\0')
            break;
        text++;
    }
    *spec = made;
    return true;
}

static void print_numbers(char text[PIECE_CHARS], const NnLayer *layer)
{
    text[0] = '\0';
    switch (word_of(layer->kind)->numbers) {
    case NO_NUMBERS: break;
    case UNITS: snprintf(text, PIECE_CHARS, " %d", layer->outputs); break;
    case POOL: snprintf(text, PIECE_CHARS, " %d %d", layer->kernel, layer->stride); break;
    case FRACTION: snprintf(text, PIECE_CHARS, " %.9g", layer->rate); break;
    case CONVOLUTION:
        if (layer->padding > 0)
            snprintf(text, PIECE_CHARS, " %d %d %d %d", layer->outputs, layer->kernel,
                     layer->stride, layer->padding);
        else
            snprintf(text, PIECE_CHARS, " %d %d %d", layer->outputs, layer->kernel, layer->stride);
        break;
    }
}

void nn_spec_text(const NnSpec *spec, char *text, size_t size)
{
    size_t used = 0;
    for (int i = 0; i < spec->layer_count && used < size; i++) {
        char numbers[PIECE_CHARS];
        print_numbers(numbers, &spec->layer[i]);
        used += (size_t)snprintf(text + used, size - used, "%s%s%s", i > 0 ? ", " : "",
                                 word_of(spec->layer[i].kind)->word, numbers);
    }
}

NnShape nn_spec_shape(const NnSpec *spec, int layer)
{
    assert(layer >= -1 && layer < spec->layer_count);
    NnShape shape = spec->input;
    for (int i = 0; i <= layer; i++)
        shape = shape_after(&spec->layer[i], shape);
    return shape;
}

bool nn_spec_weighs(const NnSpec *spec, int layer)
{
    assert(layer >= 0 && layer < spec->layer_count);
    const NnLayerKind kind = spec->layer[layer].kind;
    return kind == NN_DENSE || kind == NN_NOISY || kind == NN_CONV2D;
}

void nn_spec_plan(const NnSpec *spec, LayerPlan plan[NN_LAYERS_MAX])
{
    size_t offset = 0;
    NnShape in = spec->input;
    for (int i = 0; i < spec->layer_count; i++) {
        const NnLayer *layer = &spec->layer[i];
        plan[i] =
            (LayerPlan){.layer = *layer, .in = in, .out = shape_after(layer, in), .offset = offset};
        count_parameters(&plan[i]);
        offset += layer_parameters(&plan[i]);
        in = plan[i].out;
    }
}

size_t nn_spec_parameters(const NnSpec *spec)
{
    LayerPlan plan[NN_LAYERS_MAX];
    nn_spec_plan(spec, plan);
    size_t count = 0;
    for (int i = 0; i < spec->layer_count; i++)
        count += layer_parameters(&plan[i]);
    return count;
}

NnSlice nn_spec_slice(const NnSpec *spec, int layer)
{
    assert(layer >= 0 && layer < spec->layer_count);
    LayerPlan plan[NN_LAYERS_MAX];
    nn_spec_plan(spec, plan);
    return (NnSlice){plan[layer].offset, plan[layer].weights, plan[layer].biases};
}

double layer_fan_in(const LayerPlan *plan)
{
    const double fan = (double)plan->weights / (double)plan->biases;
    const double apart = plan->layer.stride;
    return plan->layer.kind == NN_TRANSPOSED ? fan / (apart * apart) : fan;
}

double layer_fan_out(const LayerPlan *plan)
{
    const double kernel = plan->layer.kernel > 0 ? plan->layer.kernel : 1;
    return (double)plan->biases * kernel * kernel;
}

static const char *first_beyond(const NnSpec *spec, bool vector)
{
    for (int i = 0; i < spec->layer_count; i++) {
        const NnLayer *layer = &spec->layer[i];
        const bool newer = layer->kind == NN_LAYER_NORM || layer->kind == NN_NOISY;
        const bool has = layer->kind <= NN_DROPOUT || (vector && newer);
        if (!has || layer->padding > 0)
            return word_of(layer->kind)->word;
    }
    return NULL;
}

const char *nn_spec_beyond_vector(const NnSpec *spec)
{
    return first_beyond(spec, true);
}

const char *nn_spec_beyond_onednn(const NnSpec *spec)
{
    return first_beyond(spec, false);
}
