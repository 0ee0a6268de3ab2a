/*
 * Weights on disk: what was saved comes back to the last bit, what was damaged is refused with a
 * sentence, what others wrote is read. Files live in a folder of their own under /tmp.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "nn/weights.h"

enum { FILE_BYTES_MAX = 1 << 20, PATH_CHARS = 80 };

static char folder[] = "/tmp/deepq-weights-XXXXXX";
static char path[PATH_CHARS], other_path[PATH_CHARS];

static int make_folder(void **unused)
{
    (void)unused;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/one.safetensors", folder);
    snprintf(other_path, sizeof other_path, "%s/two.safetensors", folder);
    return 0;
}

static int remove_folder(void **unused)
{
    (void)unused;
    unlink(path);
    unlink(other_path);
    return rmdir(folder);
}

static Network *network_of(const char *layers, NnShape input, NnBackend backend)
{
    NnSpec spec;
    Error error = {0};
    if (!nn_spec_parse(&spec, layers, input, &error))
        fail_msg("%s", error.text);
    Network *network = network_create(&spec, 1, backend, NULL, &error);
    assert_non_null(network);
    return network;
}

/* 2 3 3 + 2 = 20 parameters in layer 0, 3 (2 2 3) + 3 = 39 in layer 2. */
enum { PARAMETERS = 59 };
static const char layers[] = "conv 2 3 1, relu, dense 3";
static const NnShape input = {1, 4, 5};

static Network *small_network(uint64_t seed)
{
    Network *network = network_of(layers, input, NN_BACKEND_VECTOR);
    assert_true(nn_spec_parameters(network_spec(network)) == PARAMETERS);
    Random random = random_stream(seed, "weights");
    network_initialise(network, NN_INIT_FAN_IN_UNIFORM, &random);
    return network;
}

static FileBytes read_bytes(const char *from)
{
    FileBytes file;
    Error error = {0};
    if (!file_read(&file, from, FILE_BYTES_MAX, &error))
        fail_msg("%s", error.text);
    return file;
}

static void write_bytes(const char *to, const void *bytes, size_t count)
{
    FILE *file = fopen(to, "wb");
    assert_non_null(file);
    assert_true(fwrite(bytes, 1, count, file) == count);
    assert_int_equal(fclose(file), 0);
}

static FileBytes saved_bytes(const Network *network)
{
    Error error = {0};
    if (!weights_save(network, path, NULL, 0, &error))
        fail_msg("%s", error.text);
    return read_bytes(path);
}

static void assert_sentence(const Error *error, const char *word)
{
    assert_int_equal(error->kind, ERROR_INPUT);
    if (strstr(error->text, word) == NULL)
        fail_msg("'%s' does not say '%s'", error->text, word);
    const size_t length = strlen(error->text);
    assert_true(length > 10 && error->text[length - 1] != '.' && strchr(error->text, '\n') == NULL);
}

/* The file is refused with a sentence that has the word in it, and the network is as it was. */
static void assert_refused(Network *network, const char *from, const char *word)
{
    const size_t count = nn_spec_parameters(network_spec(network));
    float *before = calloc(count, sizeof *before), *after = calloc(count, sizeof *after);
    assert_true(before != NULL && after != NULL);
    Error error = {0};
    network_get_parameters(network, before);
    assert_false(weights_load(network, from, &error));
    assert_sentence(&error, word);
    network_get_parameters(network, after);
    assert_memory_equal(before, after, count * sizeof *before);
    free(before), free(after);
}

/* ---- there and back ---- */

/* Among the numbers are a zero with a sign, the smallest and the largest there are. */
static void what_was_saved_comes_back_to_the_last_bit(void **unused)
{
    (void)unused;
    Network *from = small_network(1), *to = small_network(2);
    float saved[PARAMETERS], loaded[PARAMETERS];
    network_get_parameters(from, saved);
    saved[0] = -0.0f, saved[1] = 0x1p-149f, saved[20] = 0x1.fffffep127f, saved[58] = 1.0f / 3;
    network_set_parameters(from, saved);
    FileBytes file = saved_bytes(from);
    file_free(&file);
    Error error = {0};
    if (!weights_load(to, path, &error))
        fail_msg("%s", error.text);
    network_get_parameters(to, loaded);
    assert_memory_equal(saved, loaded, sizeof saved);
    network_destroy(from), network_destroy(to);
}

static void backends_read_each_others_files(void **unused)
{
    (void)unused;
    Network *vector = small_network(1), *plain = network_of(layers, input, NN_BACKEND_PLAIN);
    float saved[PARAMETERS], loaded[PARAMETERS];
    FileBytes file = saved_bytes(vector);
    file_free(&file);
    Error error = {0};
    assert_true(weights_load(plain, path, &error));
    network_get_parameters(vector, saved);
    network_get_parameters(plain, loaded);
    assert_memory_equal(saved, loaded, sizeof saved);
    network_destroy(vector), network_destroy(plain);
}

static void notes_are_in_the_header_and_do_no_harm(void **unused)
{
    (void)unused;
    Network *network = small_network(1);
    Error error = {0};
    const WeightsNote notes[] = {{"game", "bricks"}, {"comment", "with \"quotes\" and a \\"}};
    assert_true(weights_save(network, path, notes, 2, &error));
    FileBytes file = read_bytes(path);
    const char *header = (const char *)file.bytes + 8;
    assert_non_null(strstr(header, "\"game\":\"bricks\""));
    assert_non_null(strstr(header, "\"comment\":\"with \\\"quotes\\\" and a \\\\\""));
    assert_non_null(strstr(header, "\"network\":\"conv 2 3 1, relu, dense 3\""));
    assert_true(weights_load(network, path, &error));
    file_free(&file);
    network_destroy(network);
}

/* ---- the format, byte by byte ---- */

/* A file as any other program might write it: tensors in another order, spaces in the JSON, no
 * checksum. "dense 2" of two inputs, weights 1 2 / 3 4, biases -1 -2; the floats are written out as
 * little-endian IEEE 754. */
#define HAND_HEADER                                                                                \
    "{ \"0.bias\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]},\n"              \
    "  \"__metadata__\": {\"format\": \"pt\"},\n"                                                  \
    "  \"0.weight\": {\"dtype\": \"F32\", \"shape\": [2, 2], \"data_offsets\": [8, 24]} }  "
static const uint8_t hand_floats[] = {
    0, 0, 0x80, 0xbf, /* -1 */
    0, 0, 0x00, 0xc0, /* -2 */
    0, 0, 0x80, 0x3f, /* 1 */
    0, 0, 0x00, 0x40, /* 2 */
    0, 0, 0x40, 0x40, /* 3 */
    0, 0, 0x80, 0x40, /* 4 */
};

static void write_by_hand(const char *header, const uint8_t *floats, size_t count)
{
    uint8_t bytes[1024] = {0};
    const size_t length = strlen(header);
    assert_true(8 + length + count <= sizeof bytes);
    bytes[0] = (uint8_t)(length & 0xff);
    bytes[1] = (uint8_t)(length >> 8);
    memcpy(bytes + 8, header, length);
    memcpy(bytes + 8 + length, floats, count);
    write_bytes(path, bytes, 8 + length + count);
}

static void a_file_written_by_hand_loads(void **unused)
{
    (void)unused;
    Network *network = network_of("dense 2", (NnShape){2, 1, 1}, NN_BACKEND_VECTOR);
    Error error = {0};
    float found[6], outputs[2];
    write_by_hand(HAND_HEADER, hand_floats, sizeof hand_floats);
    if (!weights_load(network, path, &error))
        fail_msg("%s", error.text);
    network_get_parameters(network, found);
    assert_memory_equal(found, ((float[]){1, 2, 3, 4, -1, -2}), sizeof found);
    network_forward(network, &(NnInput){.values = (float[]){10, 100}}, 1, outputs);
    assert_true(outputs[0] == 209 && outputs[1] == 428);
    network_destroy(network);
}

static void headers_that_lie_are_refused(void **unused)
{
    (void)unused;
    const struct {
        const char *header, *word;
    } lies[] = {
        {"[1, 2]", "JSON object"},
        {"{\"0.bias\": ", "JSON object"},
        {HAND_HEADER "{}", "JSON object"},
        {"{}", "no tensor '0.weight'"},
        {"{\"0.weight\":7}", "'none'"},
        {"{\"0.weight\":{\"dtype\":\"F16\",\"shape\":[2,2],\"data_offsets\":[0,16]}}", "'F16'"},
        {"{\"0.weight\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", "is 4"},
        {"{\"0.weight\":{\"dtype\":\"F32\",\"shape\":\"2x2\",\"data_offsets\":[0,16]}}", "shape"},
        {"{\"0.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}", "2x3"},
        {"{\"0.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,12]}}", "16 bytes"},
        {"{\"0.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[16,32]}}", "16 bytes"},
        {"{\"0.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[-8,8]}}", "16 bytes"},
        {"{\"0.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0.5,16.5]}}",
         "16 bytes"},
        {"{\"0.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[1e300,1e300]}}",
         "16 bytes"},
        {"{\"0.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[8,24]},"
         "\"0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
         "\"1.weight\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
         "'1.weight'"},
    };
    Network *network = network_of("dense 2", (NnShape){2, 1, 1}, NN_BACKEND_PLAIN);
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        write_by_hand(lies[i].header, hand_floats, sizeof hand_floats);
        assert_refused(network, path, lies[i].word);
    }
    network_destroy(network);
}

static void bytes_that_no_tensor_has_are_refused(void **unused)
{
    (void)unused;
    uint8_t floats[sizeof hand_floats + 4] = {0};
    memcpy(floats, hand_floats, sizeof hand_floats);
    Network *network = network_of("dense 2", (NnShape){2, 1, 1}, NN_BACKEND_PLAIN);
    write_by_hand(HAND_HEADER, floats, sizeof floats);
    assert_refused(network, path, "28 bytes of data");
    network_destroy(network);
}

/* ---- damage ---- */

static void a_file_cut_anywhere_is_refused(void **unused)
{
    (void)unused;
    Network *network = small_network(1), *victim = small_network(2);
    FileBytes file = saved_bytes(network);
    assert_true(file.count > 8 + PARAMETERS * sizeof(float));
    for (size_t count = 0; count < file.count; count++) {
        write_bytes(other_path, file.bytes, count);
        assert_refused(victim, other_path, other_path);
    }
    file_free(&file);
    network_destroy(network), network_destroy(victim);
}

/* Every third flip is among the length, the checksum and the marks beside it. */
static void a_single_flipped_bit_anywhere_is_refused(void **unused)
{
    (void)unused;
    Network *network = small_network(1), *victim = small_network(2);
    FileBytes file = saved_bytes(network);
    Random random = random_stream(9, "flip");
    for (int i = 0; i < 300; i++) {
        const size_t among = i % 3 == 0 ? 100 : file.count;
        const size_t at = random_below(&random, (uint32_t)among);
        const uint8_t bit = (uint8_t)(1u << random_below(&random, 8));
        file.bytes[at] ^= bit;
        write_bytes(other_path, file.bytes, file.count);
        assert_refused(victim, other_path, other_path);
        file.bytes[at] ^= bit;
    }
    write_bytes(other_path, file.bytes, file.count);
    Error error = {0};
    assert_true(weights_load(victim, other_path, &error)); /* undamaged again */
    file_free(&file);
    network_destroy(network), network_destroy(victim);
}

static void bytes_added_at_the_end_are_refused(void **unused)
{
    (void)unused;
    Network *network = small_network(1);
    FileBytes file = saved_bytes(network); /* there is a 0 after its bytes */
    write_bytes(other_path, file.bytes, file.count + 1);
    assert_refused(network, other_path, "checksum");
    file_free(&file);
    network_destroy(network);
}

/* ---- the wrong file ---- */

static void another_networks_weights_are_refused_by_name(void **unused)
{
    (void)unused;
    const struct {
        const char *layers;
        NnShape input;
        const char *word;
    } others[] = {
        {"conv 2 3 1, relu, dense 4", {1, 4, 5}, "'2.weight' is 3x12, where this network has 4x12"},
        {"conv 2 3 1, relu, dense 3",
         {2, 4, 5},
         "'0.weight' is 2x1x3x3, where this network has 2x2"},
        {"conv 2 3 1, dense 3", {1, 4, 5}, "'1.weight'"},
        {"conv 2 3 1, relu", {1, 4, 5}, "'2.weight'"},
        {"conv 2 3 1, relu, dense 3, relu, dense 2", {1, 4, 5}, "'4.weight'"},
        {"dense 3", {20, 1, 1}, "'0.weight' is 2x1x3x3, where this network has 3x20"},
    };
    Network *network = small_network(1);
    FileBytes file = saved_bytes(network);
    file_free(&file);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        Network *other = network_of(others[i].layers, others[i].input, NN_BACKEND_VECTOR);
        assert_refused(other, path, others[i].word);
        network_destroy(other);
    }
    network_destroy(network);
}

static void what_is_no_file_of_weights_is_refused(void **unused)
{
    (void)unused;
    Network *network = small_network(1);
    unlink(other_path);
    assert_refused(network, other_path, "cannot open");
    assert_refused(network, folder, "folder");
    const char text[] = "This is a letter, not a file of weights.";
    write_bytes(other_path, text, sizeof text);
    assert_refused(network, other_path, "no safetensors file");
    network_destroy(network);
}

/* ---- saving that fails ---- */

/* The disk is "full": files may not grow beyond 100 bytes. */
static void a_failed_save_leaves_the_old_file_as_it_was(void **unused)
{
    (void)unused;
    Network *first = small_network(1), *second = small_network(2);
    FileBytes before = saved_bytes(first);
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){100, limit.rlim_max}), 0);
    Error error = {0};
    const bool saved = weights_save(second, path, NULL, 0, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    signal(SIGXFSZ, SIG_DFL);
    assert_false(saved);
    assert_int_equal(error.kind, ERROR_WORK);
    assert_non_null(strstr(error.text, path));
    FileBytes after = read_bytes(path);
    assert_true(after.count == before.count);
    assert_memory_equal(after.bytes, before.bytes, before.count);
    char half[PATH_CHARS + 8];
    snprintf(half, sizeof half, "%s.new", path);
    assert_false(file_exists(half));
    file_free(&before), file_free(&after);
    network_destroy(first), network_destroy(second);
}

static void saving_where_nothing_can_be_saved_is_an_error(void **unused)
{
    (void)unused;
    Network *network = small_network(1);
    char nowhere[PATH_CHARS + 20];
    snprintf(nowhere, sizeof nowhere, "%s/none/x.safetensors", folder);
    Error error = {0};
    assert_false(weights_save(network, nowhere, NULL, 0, &error));
    assert_non_null(strstr(error.text, nowhere));
    network_destroy(network);
}

/* Of the layers that are the same from the input up the parameters become ours; the others stay. */
static void first_layers_begin_another_network(void **state)
{
    (void)state;
    enum { CONV = 20, LARGER = CONV + 4 * 12 + 4 };
    float before[LARGER], after[LARGER], given[PARAMETERS];
    int taken = 0;
    Error error = {0};
    Network *small = small_network(1);
    Network *larger = network_of("conv 2 3 1, relu, dense 4", input, NN_BACKEND_PLAIN);
    Random random = random_stream(2, "weights");
    network_initialise(larger, NN_INIT_FAN_IN_UNIFORM, &random);
    network_get_parameters(larger, before);
    network_get_parameters(small, given);
    assert_true(weights_save(small, path, NULL, 0, &error));
    assert_true(weights_load_first(larger, path, &taken, &error));
    assert_int_equal(taken, 2);
    network_get_parameters(larger, after);
    assert_memory_equal(after, given, CONV * sizeof *after);
    assert_memory_equal(after + CONV, before + CONV, (LARGER - CONV) * sizeof *after);
    network_destroy(small);
    network_destroy(larger);
}

static void without_a_common_layer_nothing_is_taken(void **state)
{
    (void)state;
    static const struct {
        const char *layers;
        NnShape input;
    } others[] = {{"conv 3 3 1, relu, dense 3", {1, 4, 5}},
                  {"relu, dense 3", {1, 4, 5}},
                  {"conv 2 3 1, relu, dense 3", {1, 5, 5}}};
    Network *small = small_network(1);
    Error error = {0};
    assert_true(weights_save(small, path, NULL, 0, &error));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        int taken;
        Network *other = network_of(others[i].layers, others[i].input, NN_BACKEND_PLAIN);
        assert_false(weights_load_first(other, path, &taken, &error));
        assert_int_equal(error.kind, ERROR_INPUT);
        assert_non_null(strstr(error.text, "no layer in common"));
        network_destroy(other);
    }
    network_destroy(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_saved_comes_back_to_the_last_bit),
        cmocka_unit_test(backends_read_each_others_files),
        cmocka_unit_test(notes_are_in_the_header_and_do_no_harm),
        cmocka_unit_test(a_file_written_by_hand_loads),
        cmocka_unit_test(headers_that_lie_are_refused),
        cmocka_unit_test(bytes_that_no_tensor_has_are_refused),
        cmocka_unit_test(a_file_cut_anywhere_is_refused),
        cmocka_unit_test(a_single_flipped_bit_anywhere_is_refused),
        cmocka_unit_test(bytes_added_at_the_end_are_refused),
        cmocka_unit_test(another_networks_weights_are_refused_by_name),
        cmocka_unit_test(what_is_no_file_of_weights_is_refused),
        cmocka_unit_test(a_failed_save_leaves_the_old_file_as_it_was),
        cmocka_unit_test(saving_where_nothing_can_be_saved_is_an_error),
        cmocka_unit_test(first_layers_begin_another_network),
        cmocka_unit_test(without_a_common_layer_nothing_is_taken),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
