#include "nn/engine.h"

#include <assert.h>
#include <string.h>

void engine_share(Engine *reader, const Engine *of)
{
    reader->parameters = of->parameters;
}

void engine_run(Parallel *team, int pieces, ParallelPiece *piece, void *context)
{
    if (team != NULL && pieces > 1) {
        parallel_run(team, pieces, piece, context);
        return;
    }
    for (int i = 0; i < pieces; i++)
        piece(context, i);
}

void engine_read_picture(const NnInput *input, NnShape shape, int n, float *values)
{
    const size_t plane_size = (size_t)shape.height * (size_t)shape.width;
    const size_t channels = (size_t)shape.channels;
    if (input->values != NULL) {
        const size_t size = channels * plane_size;
        memcpy(values, input->values + (size_t)n * size, size * sizeof *values);
        return;
    }
    for (size_t c = 0; c < channels; c++, values += plane_size) {
        const uint8_t *plane = input->planes[(size_t)n * channels + c];
        for (size_t i = 0; i < plane_size; i++)
            values[i] = plane != NULL ? (float)plane[i] / 255 : 0;
    }
}

void engine_draw_dropout(double rate, size_t count, Random *random, float *scale)
{
    assert(random != NULL);
    const float kept = (float)(1 / (1 - rate));
    for (size_t i = 0; i < count; i++)
        scale[i] = random_unit(random) < rate ? 0 : kept;
}

void norm_move_averages(const LayerPlan *l, size_t values, const float *kept, float *running)
{
    const size_t C = l->weights;
    const double momentum = NN_NORM_MOMENTUM;
    const double unbiased = values > 1 ? (double)values / (double)(values - 1) : 1;
    for (size_t c = 0; c < C; c++) {
        running[c] = (float)((1 - momentum) * running[c] + momentum * kept[c]);
        running[C + c] =
            (float)((1 - momentum) * running[C + c] + momentum * unbiased * kept[C + c]);
    }
}
