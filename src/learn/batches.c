#include "learn/batches.h"

#include <string.h>

static size_t size_of(const Data *data)
{
    return (size_t)data->shape.channels * (size_t)data->shape.height * (size_t)data->shape.width;
}

void data_read(const Data *data, int index, float *values)
{
    const size_t size = size_of(data);
    if (data->values != NULL) {
        memcpy(values, data->values + (size_t)index * size, size * sizeof *values);
        return;
    }
    const uint8_t *bytes = data->bytes + (size_t)index * size;
    for (size_t i = 0; i < size; i++)
        values[i] = (float)bytes[i] / 255;
}

static void shuffle(DataPart *part, Random *random)
{
    for (int i = part->count - 1; i > 0; i--) {
        const int j = (int)random_below(random, (uint32_t)i + 1);
        const int swap = part->index[i];
        part->index[i] = part->index[j];
        part->index[j] = swap;
    }
}

void batches_begin(Batches *batches, DataPart *part, int size, Random *random,
                   const Augmentation *augmentation)
{
    *batches = (Batches){.part = part, .size = size, .random = random};
    if (random == NULL)
        return;
    batches->augmentation = *augmentation;
    shuffle(part, random);
}

static void flip_rows(float *plane, int rows, int width)
{
    for (int r = 0; r < rows; r++, plane += width)
        for (int i = 0, j = width - 1; i < j; i++, j--) {
            const float swap = plane[i];
            plane[i] = plane[j];
            plane[j] = swap;
        }
}

/* Move a row's values by `by` places to the right. */
static void shift_row(float *row, int width, int by)
{
    const int left = by > 0 ? by : 0, count = width - (by > 0 ? by : -by);
    memmove(row + left, row + left - by, (size_t)count * sizeof *row);
    memset(by > 0 ? row : row + count, 0, (size_t)(width - count) * sizeof *row);
}

static void shift_plane(float *plane, int height, int width, int down, int right)
{
    const size_t row = (size_t)width * sizeof *plane;
    const int count = height - (down > 0 ? down : -down);
    if (down > 0) {
        memmove(plane + down * width, plane, (size_t)count * row);
        memset(plane, 0, (size_t)down * row);
    } else {
        memmove(plane, plane - down * width, (size_t)count * row);
        memset(plane + count * width, 0, (size_t)-down * row);
    }
    for (int r = 0; r < height; r++)
        shift_row(plane + r * width, width, right);
}

static int draw_shift(Random *random, int most)
{
    return (int)random_below(random, 2 * (uint32_t)most + 1) - most;
}

static void erase_square(float *values, NnShape shape, int side, Random *random)
{
    const int top = (int)random_below(random, (uint32_t)(shape.height - side + 1));
    const int left = (int)random_below(random, (uint32_t)(shape.width - side + 1));
    for (int c = 0; c < shape.channels; c++)
        for (int r = top; r < top + side; r++)
            memset(values + (c * shape.height + r) * shape.width + left, 0,
                   (size_t)side * sizeof *values);
}

/* The stream is drawn from in the same way for every example, whatever comes out. */
static void augment(const Augmentation *a, NnShape shape, Random *random, float *values)
{
    const int plane = shape.height * shape.width;
    if (a->flip && random_below(random, 2) == 1)
        flip_rows(values, shape.channels * shape.height, shape.width);
    if (a->shift > 0) {
        const int down = draw_shift(random, a->shift), right = draw_shift(random, a->shift);
        for (int c = 0; c < shape.channels; c++)
            shift_plane(values + c * plane, shape.height, shape.width, down, right);
    }
    if (a->erase > 0 && random_below(random, 2) == 1)
        erase_square(values, shape, a->erase, random);
}

int batches_next(Batches *batches, float *inputs, int *labels)
{
    const Data *data = batches->part->data;
    const int left = batches->part->count - batches->next;
    const int count = left < batches->size ? left : batches->size;
    for (int n = 0; n < count; n++, inputs += size_of(data)) {
        const int index = batches->part->index[batches->next + n];
        data_read(data, index, inputs);
        labels[n] = data->label[index];
        if (batches->random != NULL)
            augment(&batches->augmentation, data->shape, batches->random, inputs);
    }
    batches->next += count;
    return count;
}
