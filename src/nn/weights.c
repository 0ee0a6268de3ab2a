/*
 * weights.c - safetensors files of ours:
 *
 *     8 bytes   length of the header
 *     {"__metadata__":{"checksum":"xxh64:0123456789abcdef","producer":"deepq", ...},
 *      "0.weight":{"dtype":"F32","shape":[16,4,8,8],"data_offsets":[0,16384]}, ...}    spaces
 *     the floats
 *
 * The checksum is the XXH64 of the whole file with sixteen zeros in its own place. That place is
 * fixed, and the producer's mark stands beside it: a file that has either is one of ours and must
 * have both, so that no single damage can make it pass for a file from elsewhere.
 */
#include "nn/weights.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "nn/spec_private.h"

#define CHECKSUM_MARK "{\"__metadata__\":{\"checksum\":\"xxh64:"
#define PRODUCER_MARK "\",\"producer\":\"deepq\""
#define NO_CHECKSUM   "0000000000000000"

enum {
    LENGTH_BYTES = 8,
    CHECKSUM_AT = LENGTH_BYTES + sizeof CHECKSUM_MARK - 1,
    CHECKSUM_CHARS = 16,
    PRODUCER_AT = CHECKSUM_AT + CHECKSUM_CHARS,
    MARKS_END = PRODUCER_AT + sizeof PRODUCER_MARK - 1,
    HEADER_BYTES_MAX = 1 << 20,
    DESCRIBED_BYTES_MAX = 1 << 30,
    TENSORS_MAX = 4 * NN_LAYERS_MAX,
    NAME_CHARS = 32,
    SHAPE_CHARS = 64,
};

_Static_assert(sizeof(float) == 4 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "safetensors stores little-endian 32-bit floats; this code copies them as they are");

typedef struct {
    char name[NAME_CHARS];
    int dimensions;
    int shape[4];
    size_t offset; /* in the flat array of network.h, which is the order in the file, too */
    size_t count;
} Tensor;

static Tensor tensor_of(int layer, const char *what, size_t offset, size_t count)
{
    Tensor tensor = {.dimensions = 1, .shape = {(int)count}, .offset = offset, .count = count};
    snprintf(tensor.name, sizeof tensor.name, "%d.%s", layer, what);
    return tensor;
}

static void set_shape(Tensor *tensor, int dimensions, const int shape[4])
{
    tensor->dimensions = dimensions;
    memcpy(tensor->shape, shape, sizeof tensor->shape);
}

static void shape_weight(Tensor *weight, const LayerPlan *p)
{
    const int O = p->layer.outputs, C = p->in.channels, K = p->layer.kernel;
    switch (p->layer.kind) {
    case NN_DENSE:
    case NN_NOISY: set_shape(weight, 2, (const int[4]){O, (int)shape_size(p->in)}); break;
    case NN_QUANTILES:
        set_shape(weight, 2, (const int[4]){(int)shape_size(p->in), NN_COSINES});
        break;
    case NN_CONV2D: set_shape(weight, 4, (const int[4]){O, C, K, K}); break;
    case NN_TRANSPOSED: set_shape(weight, 4, (const int[4]){C, O, K, K}); break;
    case NN_LAYER_NORM:
        if (p->in.height * p->in.width > 1)
            set_shape(weight, 3, (const int[4]){C, p->in.height, p->in.width});
        break;
    default: break;
    }
}

/* The tensors of a network; returns how many. */
static int list_tensors(const NnSpec *spec, Tensor tensor[TENSORS_MAX])
{
    LayerPlan plan[NN_LAYERS_MAX];
    nn_spec_plan(spec, plan);
    int count = 0;
    for (int l = 0; l < spec->layer_count; l++) {
        const LayerPlan *p = &plan[l];
        if (!layer_learns(p))
            continue;
        const size_t bias_at = p->offset + p->weights, after = bias_at + p->biases;
        Tensor *weight = &tensor[count++], *bias = &tensor[count++];
        *weight = tensor_of(l, "weight", p->offset, p->weights);
        *bias = tensor_of(l, "bias", bias_at, p->biases);
        shape_weight(weight, p);
        if (p->layer.kind == NN_LAYER_NORM)
            set_shape(bias, weight->dimensions, weight->shape);
        if (p->deviations > 0) {
            tensor[count] = tensor_of(l, "weight_sigma", after, p->weights);
            shape_weight(&tensor[count++], p);
            tensor[count++] = tensor_of(l, "bias_sigma", after + p->weights, p->biases);
        }
        if (p->averages > 0) {
            tensor[count++] = tensor_of(l, "running_mean", after, p->averages / 2);
            tensor[count++] = tensor_of(l, "running_var", after + p->averages / 2, p->averages / 2);
        }
    }
    return count;
}

/* ---- saving ---- */

static cJSON *describe_tensor(const Tensor *tensor)
{
    const double begin = (double)(tensor->offset * sizeof(float));
    const double end = begin + (double)(tensor->count * sizeof(float));
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddStringToObject(entry, "dtype", "F32");
    cJSON_AddItemToObject(entry, "shape", cJSON_CreateIntArray(tensor->shape, tensor->dimensions));
    cJSON_AddItemToObject(entry, "data_offsets",
                          cJSON_CreateDoubleArray((const double[]){begin, end}, 2));
    return entry;
}

static void describe_network(cJSON *metadata, const NnSpec *spec)
{
    char text[NN_SPEC_TEXT], shape[SHAPE_CHARS];
    nn_spec_text(spec, text, sizeof text);
    snprintf(shape, sizeof shape, "%dx%dx%d", spec->input.channels, spec->input.height,
             spec->input.width);
    cJSON_AddStringToObject(metadata, "checksum", "xxh64:" NO_CHECKSUM);
    cJSON_AddStringToObject(metadata, "producer", "deepq");
    cJSON_AddStringToObject(metadata, "format", "pt"); /* PyTorch's order of dimensions */
    cJSON_AddStringToObject(metadata, "network", text);
    cJSON_AddStringToObject(metadata, "input", shape);
}

/* The header as text, to be freed with cJSON_free; NULL without memory. */
static char *make_header(const Network *network, const WeightsNote *notes, int note_count)
{
    Tensor tensor[TENSORS_MAX];
    const int count = list_tensors(network_spec(network), tensor);
    cJSON *header = cJSON_CreateObject();
    cJSON *metadata = cJSON_AddObjectToObject(header, "__metadata__");
    describe_network(metadata, network_spec(network));
    for (int i = 0; i < note_count; i++) {
        assert(cJSON_GetObjectItemCaseSensitive(metadata, notes[i].key) == NULL);
        cJSON_AddStringToObject(metadata, notes[i].key, notes[i].value);
    }
    for (int i = 0; i < count; i++)
        cJSON_AddItemToObject(header, tensor[i].name, describe_tensor(&tensor[i]));
    char *text = cJSON_PrintUnformatted(header);
    cJSON_Delete(header);
    return text;
}

static void put_length(uint8_t *bytes, size_t length)
{
    for (int i = 0; i < LENGTH_BYTES; i++)
        bytes[i] = (uint8_t)(length >> (8 * i));
}

static uint64_t file_checksum(const uint8_t *bytes, size_t count)
{
    Digest digest = digest_start();
    digest_add(&digest, bytes, CHECKSUM_AT);
    digest_add(&digest, NO_CHECKSUM, CHECKSUM_CHARS);
    digest_add(&digest, bytes + PRODUCER_AT, count - PRODUCER_AT);
    return digest_value(&digest);
}

static void put_checksum(uint8_t *bytes, size_t count)
{
    char text[CHECKSUM_CHARS + 1];
    snprintf(text, sizeof text, "%016" PRIx64, file_checksum(bytes, count));
    memcpy(bytes + CHECKSUM_AT, text, CHECKSUM_CHARS);
}

bool weights_save(const Network *network, const char *path, const WeightsNote *notes,
                  int note_count, Error *error)
{
    char *header = make_header(network, notes, note_count);
    const size_t header_bytes = header != NULL ? strlen(header) : 0;
    const size_t padded_bytes = (header_bytes + 7) / 8 * 8;
    const size_t data_bytes = nn_spec_parameters(network_spec(network)) * sizeof(float);
    const size_t count = LENGTH_BYTES + padded_bytes + data_bytes;
    uint8_t *bytes = header != NULL ? malloc(count) : NULL;
    bool done = false;
    if (bytes == NULL) {
        error_work(error, "no memory for the %zu bytes of '%s'", count, path);
    } else {
        put_length(bytes, padded_bytes);
        memset(bytes + LENGTH_BYTES, ' ', padded_bytes);
        memcpy(bytes + LENGTH_BYTES, header, header_bytes);
        network_get_parameters(network, (float *)(void *)(bytes + LENGTH_BYTES + padded_bytes));
        put_checksum(bytes, count);
        done = file_replace(path, bytes, count, error);
    }
    free(bytes);
    cJSON_free(header);
    return done;
}

/* ---- loading ---- */

typedef struct {
    const char *path;
    const uint8_t *data;
    size_t data_bytes;
    Error *error;
} Loading;

/* Files from elsewhere pass. */
static bool check_checksum(const FileBytes *file, const char *path, Error *error)
{
    if (file->count < MARKS_END)
        return true;
    const bool checksum =
        memcmp(file->bytes + LENGTH_BYTES, CHECKSUM_MARK, CHECKSUM_AT - LENGTH_BYTES) == 0;
    const bool producer =
        memcmp(file->bytes + PRODUCER_AT, PRODUCER_MARK, MARKS_END - PRODUCER_AT) == 0;
    if (!checksum && !producer)
        return true;
    char expected[CHECKSUM_CHARS + 1];
    snprintf(expected, sizeof expected, "%016" PRIx64, file_checksum(file->bytes, file->count));
    if (checksum && producer && memcmp(file->bytes + CHECKSUM_AT, expected, CHECKSUM_CHARS) == 0)
        return true;
    return error_input(error, "'%s' is damaged: its checksum does not fit its %zu bytes", path,
                       file->count);
}

static void print_shape(char text[SHAPE_CHARS], const double *shape, int dimensions)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < dimensions && used < SHAPE_CHARS; i++)
        used +=
            (size_t)snprintf(text + used, SHAPE_CHARS - used, "%s%.0f", i > 0 ? "x" : "", shape[i]);
}

/* Read an array of at most `max` numbers; -1 if it is anything else. */
static int read_array(const cJSON *array, double *number, int max)
{
    if (!cJSON_IsArray(array) || cJSON_GetArraySize(array) > max)
        return -1;
    int count = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        if (!cJSON_IsNumber(item))
            return -1;
        number[count++] = item->valuedouble;
    }
    return count;
}

static bool check_shape(const Loading *loading, const Tensor *tensor, const cJSON *entry)
{
    double found[4] = {0}, wanted[4] = {0};
    const int dimensions = read_array(cJSON_GetObjectItemCaseSensitive(entry, "shape"), found, 4);
    bool same = dimensions == tensor->dimensions;
    for (int i = 0; i < tensor->dimensions; i++) {
        wanted[i] = tensor->shape[i];
        same = same && found[i] == wanted[i];
    }
    if (same)
        return true;
    char found_text[SHAPE_CHARS], wanted_text[SHAPE_CHARS];
    print_shape(found_text, found, dimensions);
    print_shape(wanted_text, wanted, tensor->dimensions);
    return error_input(loading->error,
                       "'%s' belongs to another network: its tensor '%s' is %s, where this network "
                       "has %s",
                       loading->path, tensor->name,
                       dimensions < 0 ? "of no known shape" : found_text, wanted_text);
}

static bool load_tensor(const Loading *loading, const Tensor *tensor, const cJSON *header,
                        float *parameters)
{
    const cJSON *entry = cJSON_GetObjectItemCaseSensitive(header, tensor->name);
    if (entry == NULL)
        return error_input(loading->error, "'%s' belongs to another network: it has no tensor '%s'",
                           loading->path, tensor->name);
    const char *type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "dtype"));
    if (type == NULL || strcmp(type, "F32") != 0)
        return error_input(loading->error, "'%s': tensor '%s' has type '%s', it should be 'F32'",
                           loading->path, tensor->name, type != NULL ? type : "none");
    if (!check_shape(loading, tensor, entry))
        return false;
    double at[2];
    const size_t bytes = tensor->count * sizeof(float);
    const bool there =
        read_array(cJSON_GetObjectItemCaseSensitive(entry, "data_offsets"), at, 2) == 2 &&
        at[0] >= 0 && at[0] <= (double)loading->data_bytes && at[1] == at[0] + (double)bytes &&
        at[1] <= (double)loading->data_bytes && at[0] == (double)(size_t)at[0];
    if (!there)
        return error_input(loading->error,
                           "'%s': tensor '%s' should be %zu bytes within the %zu bytes of data",
                           loading->path, tensor->name, bytes, loading->data_bytes);
    memcpy(parameters + tensor->offset, loading->data + (size_t)at[0], bytes);
    return true;
}

/* Nothing in the file that the network has not: one entry a tensor, one for the metadata, and no
 * byte of data beyond the tensors. */
static bool check_nothing_else(const Loading *loading, const cJSON *header, const Tensor *tensor,
                               int count)
{
    const cJSON *entry;
    cJSON_ArrayForEach(entry, header)
    {
        bool known = strcmp(entry->string, "__metadata__") == 0;
        for (int i = 0; i < count; i++)
            known = known || strcmp(entry->string, tensor[i].name) == 0;
        if (!known)
            return error_input(loading->error,
                               "'%s' belongs to another network: this one has no tensor '%.40s'",
                               loading->path, entry->string);
    }
    const size_t expected = (tensor[count - 1].offset + tensor[count - 1].count) * sizeof(float);
    if (loading->data_bytes != expected)
        return error_input(loading->error, "'%s' has %zu bytes of data, its tensors have %zu",
                           loading->path, loading->data_bytes, expected);
    return true;
}

static bool load_tensors(const Loading *loading, const NnSpec *spec, const cJSON *header,
                         float *parameters)
{
    Tensor tensor[TENSORS_MAX];
    const int count = list_tensors(spec, tensor);
    for (int i = 0; i < count; i++)
        if (!load_tensor(loading, &tensor[i], header, parameters))
            return false;
    return count == 0 || check_nothing_else(loading, header, tensor, count);
}

/* The header, to be deleted with cJSON_Delete, and where the data begin; NULL with an error. */
static cJSON *parse_header(const FileBytes *file, size_t *data_at, const char *path, Error *error)
{
    uint64_t length = 0;
    for (int i = 0; i < LENGTH_BYTES && file->count >= LENGTH_BYTES; i++)
        length |= (uint64_t)file->bytes[i] << (8 * i);
    if (length < 2 || length > HEADER_BYTES_MAX || length > file->count - LENGTH_BYTES) {
        error_input(error, "'%s' is no safetensors file, or was cut short after %zu bytes", path,
                    file->count);
        return NULL;
    }
    const char *text = (const char *)file->bytes + LENGTH_BYTES;
    const char *end = text;
    cJSON *header = cJSON_ParseWithLengthOpts(text, (size_t)length, &end, false);
    while (header != NULL && end < text + length && *end == ' ')
        end++;
    if (!cJSON_IsObject(header) || end != text + length) {
        cJSON_Delete(header);
        error_input(error, "'%s' is no safetensors file: its header is not one JSON object", path);
        return NULL;
    }
    *data_at = LENGTH_BYTES + (size_t)length;
    return header;
}

static bool load_file(Network *network, const FileBytes *file, const char *path, Error *error)
{
    if (!check_checksum(file, path, error))
        return false;
    size_t data_at;
    cJSON *header = parse_header(file, &data_at, path, error);
    if (header == NULL)
        return false;
    const NnSpec *spec = network_spec(network);
    const size_t count = nn_spec_parameters(spec);
    float *parameters = malloc(count * sizeof *parameters + 1);
    const Loading loading = {path, file->bytes + data_at, file->count - data_at, error};
    bool done = false;
    if (parameters == NULL)
        error_work(error, "no memory for the %zu parameters of '%s'", count, path);
    else
        done = load_tensors(&loading, spec, header, parameters);
    if (done)
        network_set_parameters(network, parameters);
    free(parameters);
    cJSON_Delete(header);
    return done;
}

bool weights_load(Network *network, const char *path, Error *error)
{
    const size_t data_bytes = nn_spec_parameters(network_spec(network)) * sizeof(float);
    FileBytes file;
    /* Room for the tensors of a larger network, so that the error can name them. */
    if (!file_read(&file, path, 8 * data_bytes + 64 * (size_t)HEADER_BYTES_MAX, error))
        return false;
    const bool done = load_file(network, &file, path, error);
    file_free(&file);
    return done;
}

/* ---- describing ---- */

static bool parse_spec(NnSpec *spec, const cJSON *header, const char *path, Error *error)
{
    const cJSON *metadata = cJSON_GetObjectItemCaseSensitive(header, "__metadata__");
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(metadata, "network"));
    const char *input = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(metadata, "input"));
    NnShape shape;
    char beyond;
    if (text == NULL || input == NULL ||
        sscanf(input, "%dx%dx%d%c", &shape.channels, &shape.height, &shape.width, &beyond) != 3)
        return error_input(error, "'%s' does not say of which network it is", path);
    return nn_spec_parse(spec, text, shape, error);
}

bool weights_spec(NnSpec *spec, const char *path, Error *error)
{
    FileBytes file;
    size_t data_at;
    if (!file_read(&file, path, DESCRIBED_BYTES_MAX, error))
        return false;
    cJSON *header =
        check_checksum(&file, path, error) ? parse_header(&file, &data_at, path, error) : NULL;
    const bool done = header != NULL && parse_spec(spec, header, path, error);
    cJSON_Delete(header);
    file_free(&file);
    return done;
}

/* ---- the first layers ---- */

static bool same_layer(const NnLayer *a, const NnLayer *b)
{
    return a->kind == b->kind && a->outputs == b->outputs && a->kernel == b->kernel &&
           a->stride == b->stride && a->padding == b->padding && a->rate == b->rate;
}

static int count_same_layers(const NnSpec *a, const NnSpec *b)
{
    int layers = 0;
    if (a->input.channels != b->input.channels || a->input.height != b->input.height ||
        a->input.width != b->input.width)
        return 0;
    while (layers < a->layer_count && layers < b->layer_count &&
           same_layer(&a->layer[layers], &b->layer[layers]))
        layers++;
    return layers;
}

static size_t first_parameters(const NnSpec *spec, int layers)
{
    NnSpec first = *spec;
    first.layer_count = layers;
    return layers > 0 ? nn_spec_parameters(&first) : 0;
}

/* The first `count` parameters of `from` into `network`. */
static bool take_first(Network *network, const Network *from, size_t count, Error *error)
{
    const size_t all = nn_spec_parameters(network_spec(network));
    const size_t others = nn_spec_parameters(network_spec(from));
    float *parameters = malloc((all + others) * sizeof *parameters);
    if (parameters == NULL)
        return error_work(error, "no memory for %zu parameters", all);
    network_get_parameters(network, parameters);
    network_get_parameters(from, parameters + all);
    memcpy(parameters, parameters + all, count * sizeof *parameters);
    network_set_parameters(network, parameters);
    free(parameters);
    return true;
}

bool weights_load_first(Network *network, const char *path, int *layers, Error *error)
{
    NnSpec spec;
    char ours[NN_SPEC_TEXT], theirs[NN_SPEC_TEXT];
    if (!weights_spec(&spec, path, error))
        return false;
    *layers = count_same_layers(network_spec(network), &spec);
    const size_t count = first_parameters(&spec, *layers);
    if (count == 0) {
        const NnShape in = network_spec(network)->input, other = spec.input;
        nn_spec_text(network_spec(network), ours, sizeof ours);
        nn_spec_text(&spec, theirs, sizeof theirs);
        return error_input(error,
                           "'%s' has no layer in common with the network: it begins '%.40s...' on "
                           "%dx%dx%d, the network '%.40s...' on %dx%dx%d",
                           path, theirs, other.channels, other.height, other.width, ours,
                           in.channels, in.height, in.width);
    }
    Network *from = network_create(&spec, 1, NN_BACKEND_AUTO, NULL, error);
    const bool done =
        from != NULL && weights_load(from, path, error) && take_first(network, from, count, error);
    network_destroy(from);
    return done;
}
