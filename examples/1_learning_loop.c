/* The learning loop: pick a case, run the network, change the weights towards the answer. The cases
 * are exclusive-or's four, which no single layer can tell apart.
 *
 *     cc 1_learning_loop.c $(pkg-config --cflags --libs deepq-nn) -o learning_loop
 */
#include <deepq_nn.h>
#include <stdio.h>
#include <stdlib.h>

static const float input[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
static const float answer[4] = {0, 1, 1, 0};

int main(void)
{
    DeepqNn *nn = deepq_nn_create("dense 8, tanh, dense 1", 2, 1, 1, 1, 1, NULL);
    deepq_nn_initialise(nn, DEEPQ_NN_GLOROT, 1);
    const DeepqNnOptimiser descent = deepq_nn_sgd(0.1, 0);
    float output;
    srand(1);
    for (int i = 0; i < 5000; i++) {
        const int picked = rand() % 4;
        deepq_nn_forward_train(nn, input[picked], 1, &output);
        deepq_nn_squared(&output, &answer[picked], 1, 1, &output);
        deepq_nn_backward(nn, &output);
        deepq_nn_update(nn, &descent);
    }
    for (int i = 0; i < 4; i++) {
        deepq_nn_forward(nn, input[i], 1, &output);
        printf("%g xor %g: %.2f\n", input[i][0], input[i][1], output);
    }
    deepq_nn_destroy(nn);
    return 0;
}
