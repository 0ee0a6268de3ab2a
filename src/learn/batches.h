/*
 * batches.h - examples in small heaps: shuffled, cut into mini-batches, as floats.
 *
 *     Batches batches;
 *     batches_begin(&batches, part, 64, &random, &(Augmentation){.flip = true, .shift = 2});
 *     while ((n = batches_next(&batches, inputs, labels)) > 0)
 *         ... learn from n examples ...
 *
 * Each begin shuffles the part anew. Order and augmentation come from the stream alone.
 */
#ifndef DEEPQ_LEARN_BATCHES_H
#define DEEPQ_LEARN_BATCHES_H

#include "learn/data.h"

/* Only for pictures. All zeros: none. */
typedef struct {
    bool flip; /* left and right exchanged with probability 1/2 */
    int shift; /* moved by up to so many pixels in each direction; zeros come in */
    int erase; /* a square of so many pixels is cleared, anywhere, with probability 1/2; 0: none */
} Augmentation;

typedef struct {
    DataPart *part;
    int size;
    int next;
    Random *random;
    Augmentation augmentation;
} Batches;

/* `random` NULL: in order, without augmentation. */
void batches_begin(Batches *batches, DataPart *part, int size, Random *random,
                   const Augmentation *augmentation);

/* Fill inputs[n][C][H][W] and labels[n]; returns n: `size`, fewer at the end, then 0. */
int batches_next(Batches *batches, float *inputs, int *labels);

/* One example as floats. */
void data_read(const Data *data, int index, float *values);

#endif
