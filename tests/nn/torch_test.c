/*
 * PyTorch computes the same outputs from the same file of weights (torch_same.py). Skipped, with a
 * sentence, where Python has no torch: Debian's package python3-torch.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "nn/network.h"
#include "nn/weights.h"

enum { BATCH = 5, PATH_CHARS = 128, ROOM = 1 << 16 };

static const struct {
    const char *name, *layers;
    NnShape input;
} networks[] = {
    {"agent", "conv 16 8 4, relu, conv 32 4 2, relu, dense 64, relu, dense 4", {4, 44, 36}},
    {"all",
     "conv 8 3 1 1, batchnorm, leaky 0.1, maxpool 2 2, conv 16 3 2 1, layernorm, tanh, "
     "transposed 5 4 2 1, sigmoid, avgpool 2 2, dropout 0.5, dense 9, softmax",
     {2, 12, 14}},
    {"turned", "transposed 33 3 3 2, relu, batchnorm, transposed 3 2 1, softmax", {7, 4, 3}},
};

static void write_floats(const char *path, const float *values, size_t count)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fwrite(values, sizeof *values, count, file) == count);
    assert_int_equal(fclose(file), 0);
}

/* Some training, so that batchnorm's averages are not those of the beginning. */
static void stir(Network *network, const float *inputs, float *outputs, size_t count)
{
    Random random = random_stream(4, "dropout");
    const NnOptimiser rule = {NN_SGD, 0.01, 0, 0, 0, 0};
    for (int t = 0; t < 20; t++) {
        network_forward_train(network, &(NnInput){.values = inputs}, BATCH, outputs, &random);
        for (size_t i = 0; i < count; i++)
            outputs[i] = (float)(i % 7) - 3;
        network_backward(network, outputs);
        network_clip_gradients(network, 1);
        network_update(network, &rule);
    }
}

static void write_case(const char *folder, int i)
{
    static float inputs[ROOM], outputs[ROOM];
    char path[PATH_CHARS];
    NnSpec spec;
    Error error = {0};
    const NnShape in = networks[i].input;
    assert_true(nn_spec_parse(&spec, networks[i].layers, in, &error));
    const NnShape out = nn_spec_shape(&spec, spec.layer_count - 1);
    const size_t size = (size_t)(BATCH * in.channels * in.height * in.width);
    const size_t count = (size_t)(BATCH * out.channels * out.height * out.width);
    assert_true(size <= ROOM && count <= ROOM);
    Network *network = network_create(&spec, BATCH, NN_BACKEND_AUTO, NULL, &error);
    Random random = random_stream(1, networks[i].name);
    network_initialise(network, NN_INIT_FAN_IN_UNIFORM, &random);
    for (size_t k = 0; k < size; k++)
        inputs[k] = (float)random_normal(&random);
    stir(network, inputs, outputs, count);
    network_forward(network, &(NnInput){.values = inputs}, BATCH, outputs);
    snprintf(path, sizeof path, "%s/%s.safetensors", folder, networks[i].name);
    assert_true(weights_save(network, path, NULL, 0, &error));
    snprintf(path, sizeof path, "%s/%s.in", folder, networks[i].name);
    write_floats(path, inputs, size);
    snprintf(path, sizeof path, "%s/%s.out", folder, networks[i].name);
    write_floats(path, outputs, count);
    snprintf(path, sizeof path, "%s/%s.txt", folder, networks[i].name);
    FILE *file = fopen(path, "w");
    fprintf(file, "%s\n%d %d %d %d\n", networks[i].layers, in.channels, in.height, in.width, BATCH);
    assert_int_equal(fclose(file), 0);
    network_destroy(network);
}

static void pytorch_computes_the_same_from_the_same_file(void **unused)
{
    (void)unused;
    char folder[] = "/tmp/deepq-torch-XXXXXX", command[1024];
    if (system("/usr/bin/python3 -c 'import torch, numpy' >/dev/null 2>&1") != 0) {
        print_message("skipped: /usr/bin/python3 has no torch (Debian: python3-torch)\n");
        skip();
    }
    assert_non_null(mkdtemp(folder));
    for (int i = 0; i < (int)(sizeof networks / sizeof networks[0]); i++)
        write_case(folder, i);
    snprintf(command, sizeof command, "/usr/bin/python3 %s/tests/nn/torch_same.py %s",
             DEEPQ_SOURCE_DIR, folder);
    const int status = system(command);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pytorch_computes_the_same_from_the_same_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
