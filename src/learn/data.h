/*
 * data.h - examples to learn from: pictures or rows of numbers, each with the class it belongs to.
 *
 *     Data data;
 *     if (!data_load_idx(&data, "train-images.gz", "train-labels.gz", &error))
 *         ...
 *     Random random = random_stream(seed, "split");
 *     DataPart *train, *validation;
 *     data_split(&data, 5000, &random, &train, &validation, &error);
 *
 * IDX [LeCun1998]: four bytes 0, 0, 8 (unsigned bytes), number of dimensions; each dimension as
 * four bytes, the highest first; the values. Pictures have three dimensions N H W, or four, N C H
 * W; labels have one. Files may be gzip'ed.
 *
 * CSV: one example a row, numbers between commas, the last of them the class, 0, 1, 2, ...; a first
 * row of names is passed over.
 *
 * Files are input: whatever is wrong with one is ERROR_INPUT, with the file and the place.
 */
#ifndef DEEPQ_LEARN_DATA_H
#define DEEPQ_LEARN_DATA_H

#include "base/error.h"
#include "base/random.h"
#include "nn/network.h"

enum { DATA_CLASSES_MAX = 256 };

typedef struct {
    NnShape shape; /* of an example; a CSV's rows: channels values */
    int count;
    int classes;    /* labels are 0 .. classes-1, and each occurs */
    uint8_t *bytes; /* either these, count x C H W, a byte b for b/255, */
    float *values;  /* or these */
    uint8_t *label; /* count of them */
} Data;

/* On failure `data` is as it was. To be freed with data_free. */
bool data_load_idx(Data *data, const char *pictures, const char *labels, Error *error);
bool data_load_csv(Data *data, const char *path, Error *error);
void data_free(Data *data);

/* Training and test examples. `name`: "fashion-mnist" (Debian's package dataset-fashion-mnist), or
 * a folder with train.csv and test.csv, or with the four IDX files by their usual names:
 * train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte,
 * t10k-labels-idx1-ubyte, plain or .gz. ERROR_INPUT, too, where the two do not fit together. */
bool data_load_named(Data *train, Data *test, const char *name, Error *error);

/* The names of fashion-mnist's classes; NULL for other data. */
const char *const *data_class_names(const char *name);

/* Some of the examples, in some order. */
typedef struct {
    const Data *data;
    int count;
    int index[];
} DataPart;

/* `count` examples drawn without replacement; the rest may be wanted, too (`rest` may be NULL; must
 * not be empty otherwise). `data` must outlive both; free() frees one. False: no memory. */
bool data_split(const Data *data, int count, Random *random, DataPart **part, DataPart **rest,
                Error *error);
DataPart *data_all(const Data *data, Error *error);

/* The part's examples by themselves, in the part's order. To be freed. */
bool data_copy(const DataPart *part, Data *data, Error *error);

/* 0 .. count-1 in an order that is drawn; to be freed. */
int *data_draw_order(int count, Random *random, Error *error);

/* Pixels in another order, the same for all pictures: what `place` says, a permutation of a
 * picture's bytes. Only for data of bytes. */
bool data_permute(Data *data, const int *place, Error *error);

#endif
