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
    NUMBERS_MAX = 3,
    PIECE_CHARS = 64,
    UNITS_MAX = 65536,          /* outputs, kernel, stride: nothing sensible is larger */
    PARAMETERS_MAX = 500000000, /* 2 GB of weights */
    VALUES_MAX = 100000000,     /* what one layer makes of one picture */
};

typedef struct {
    const char *word;
    NnLayerKind kind;
    int numbers;
    const char *usage;
} LayerWord;

static const LayerWord words[] = {
    {"dense", NN_DENSE, 1, "dense UNITS"}, {"conv", NN_CONV2D, 3, "conv CHANNELS KERNEL STRIDE"},
    {"relu", NN_RELU, 0, "relu"},          {"sigmoid", NN_SIGMOID, 0, "sigmoid"},
    {"tanh", NN_TANH, 0, "tanh"},          {"dropout", NN_DROPOUT, 1, "dropout RATE"},
};

static const LayerWord *find_word(const char *word, size_t length)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i].word) == length && memcmp(words[i].word, word, length) == 0)
            return &words[i];
    return NULL;
}

/* Read exactly `count` numbers and nothing after them. */
static bool read_numbers(const char *text, double *number, int count)
{
    for (int i = 0; i < count; i++) {
        char *end;
        number[i] = strtod(text, &end);
        if (end == text || !isfinite(number[i]))
            return false;
        text = end;
    }
    while (isspace((unsigned char)*text))
        text++;
    return *text == '\0';
}

static bool is_count(double value)
{
    return value >= 1 && value <= UNITS_MAX && value == floor(value);
}

static bool fill_layer(NnLayer *layer, const LayerWord *word, const double *number)
{
    *layer = (NnLayer){.kind = word->kind};
    if (word->kind == NN_DROPOUT) {
        layer->rate = number[0];
        return layer->rate >= 0 && layer->rate < 1;
    }
    for (int i = 0; i < word->numbers; i++)
        if (!is_count(number[i]))
            return false;
    if (word->kind == NN_DENSE || word->kind == NN_CONV2D)
        layer->outputs = (int)number[0];
    if (word->kind == NN_CONV2D) {
        layer->kernel = (int)number[1];
        layer->stride = (int)number[2];
    }
    return true;
}

static bool parse_layer(NnLayer *layer, const char *piece, int index, Error *error)
{
    size_t length = 0;
    while (isalpha((unsigned char)piece[length]))
        length++;
    const LayerWord *word = find_word(piece, length);
    if (word == NULL)
        return error_input(error,
                           "layer %d of the network, '%s', is none of conv, dense, relu, sigmoid, "
                           "tanh, dropout",
                           index, piece);
    double number[NUMBERS_MAX] = {0};
    if (!read_numbers(piece + length, number, word->numbers) || !fill_layer(layer, word, number))
        return error_input(error, "layer %d of the network, '%s', should read '%s'%s", index, piece,
                           word->usage,
                           word->kind == NN_DROPOUT ? " with 0 <= RATE < 1"
                           : word->numbers > 0      ? " with whole numbers from 1 to 65536"
                                                    : "");
    return true;
}

static NnShape shape_after(const NnLayer *layer, NnShape in)
{
    switch (layer->kind) {
    case NN_DENSE: return (NnShape){layer->outputs, 1, 1};
    case NN_CONV2D:
        return (NnShape){layer->outputs, (in.height - layer->kernel) / layer->stride + 1,
                         (in.width - layer->kernel) / layer->stride + 1};
    default: return in;
    }
}

/* Does the last layer of `spec` fit what comes before it, and is the whole of a size that can be
 * meant? */
static bool check_last(const NnSpec *spec, const char *piece, Error *error)
{
    const int index = spec->layer_count - 1;
    const NnLayer *layer = &spec->layer[index];
    const NnShape in = nn_spec_shape(spec, index - 1);
    if (layer->kind == NN_CONV2D && (layer->kernel > in.height || layer->kernel > in.width))
        return error_input(error,
                           "layer %d of the network, '%s', has a kernel larger than its input of "
                           "%dx%d",
                           index, piece, in.height, in.width);
    if (layer->kind == NN_CONV2D && layer->stride > in.height && layer->stride > in.width)
        return error_input(error,
                           "layer %d of the network, '%s', has a stride larger than its input of "
                           "%dx%d",
                           index, piece, in.height, in.width);
    const NnShape out = shape_after(layer, in);
    const double values = (double)out.channels * out.height * out.width;
    const double fan_in = layer->kind == NN_CONV2D
                              ? (double)in.channels * layer->kernel * layer->kernel
                              : (double)in.channels * in.height * in.width;
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

void nn_spec_text(const NnSpec *spec, char *text, size_t size)
{
    size_t used = 0;
    for (int i = 0; i < spec->layer_count && used < size; i++) {
        const NnLayer *layer = &spec->layer[i];
        const char *word = words[0].word;
        for (size_t j = 0; j < sizeof words / sizeof words[0]; j++)
            if (words[j].kind == layer->kind)
                word = words[j].word;
        char numbers[PIECE_CHARS] = "";
        if (layer->kind == NN_DENSE)
            snprintf(numbers, sizeof numbers, " %d", layer->outputs);
        if (layer->kind == NN_CONV2D)
            snprintf(numbers, sizeof numbers, " %d %d %d", layer->outputs, layer->kernel,
                     layer->stride);
        if (layer->kind == NN_DROPOUT)
            snprintf(numbers, sizeof numbers, " %.9g", layer->rate);
        used +=
            (size_t)snprintf(text + used, size - used, "%s%s%s", i > 0 ? ", " : "", word, numbers);
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

void nn_spec_plan(const NnSpec *spec, LayerPlan plan[NN_LAYERS_MAX])
{
    size_t offset = 0;
    NnShape in = spec->input;
    for (int i = 0; i < spec->layer_count; i++) {
        const NnLayer *layer = &spec->layer[i];
        plan[i] =
            (LayerPlan){.layer = *layer, .in = in, .out = shape_after(layer, in), .offset = offset};
        const size_t outputs = (size_t)layer->outputs;
        if (layer->kind == NN_DENSE)
            plan[i].weights = outputs * shape_size(in);
        if (layer->kind == NN_CONV2D)
            plan[i].weights =
                outputs * (size_t)in.channels * (size_t)(layer->kernel * layer->kernel);
        plan[i].biases = plan[i].weights > 0 ? outputs : 0;
        offset += plan[i].weights + plan[i].biases;
        in = plan[i].out;
    }
}

size_t nn_spec_parameters(const NnSpec *spec)
{
    LayerPlan plan[NN_LAYERS_MAX];
    nn_spec_plan(spec, plan);
    size_t count = 0;
    for (int i = 0; i < spec->layer_count; i++)
        count += plan[i].weights + plan[i].biases;
    return count;
}
