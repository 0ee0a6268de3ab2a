#include "learn/data.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { PATH_CHARS = 4096 };

static const char fashion_mnist[] = "fashion-mnist";
static const char fashion_mnist_folder[] = "/usr/share/datasets/fashion-mnist";

static const char *const fashion_mnist_classes[] = {
    "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot",
};

void data_free(Data *data)
{
    free(data->bytes);
    free(data->values);
    free(data->label);
    *data = (Data){0};
}

const char *const *data_class_names(const char *name)
{
    return strcmp(name, fashion_mnist) == 0 ? fashion_mnist_classes : NULL;
}

/* The plain file's path where there is one, else that of the gzip'ed one. */
static const char *find(char path[PATH_CHARS], const char *folder, const char *name)
{
    snprintf(path, PATH_CHARS, "%s/%s", folder, name);
    if (!file_exists(path))
        snprintf(path, PATH_CHARS, "%s/%s.gz", folder, name);
    return path;
}

static bool load_pair(Data *data, const char *folder, const char *part, Error *error)
{
    char pictures[PATH_CHARS], labels[PATH_CHARS], name[80];
    snprintf(name, sizeof name, "%s-images-idx3-ubyte", part);
    find(pictures, folder, name);
    snprintf(name, sizeof name, "%s-labels-idx1-ubyte", part);
    return data_load_idx(data, pictures, find(labels, folder, name), error);
}

static bool load_part(Data *data, const char *folder, bool csv, bool train, Error *error)
{
    char path[PATH_CHARS];
    if (!csv)
        return load_pair(data, folder, train ? "train" : "t10k", error);
    snprintf(path, sizeof path, "%s/%s.csv", folder, train ? "train" : "test");
    return data_load_csv(data, path, error);
}

static bool fit_together(const Data *train, const Data *test, const char *name, Error *error)
{
    const NnShape a = train->shape, b = test->shape;
    if (a.channels != b.channels || a.height != b.height || a.width != b.width)
        return error_input(error,
                           "'%s': the test examples are %dx%dx%d, those to train with %dx%dx%d",
                           name, b.channels, b.height, b.width, a.channels, a.height, a.width);
    for (int i = 0; i < test->count; i++)
        if (test->label[i] >= train->classes)
            return error_input(error,
                               "'%s': test example %d has the label %d, those to train with have 0 "
                               "to %d",
                               name, i, test->label[i], train->classes - 1);
    return true;
}

bool data_load_named(Data *train, Data *test, const char *name, Error *error)
{
    char csv_path[PATH_CHARS];
    const bool known = strcmp(name, fashion_mnist) == 0;
    const char *folder = known ? fashion_mnist_folder : name;
    if (!file_exists(folder))
        return known ? error_input(error,
                                   "there is no '%s': Debian's package dataset-fashion-mnist "
                                   "brings it (apt-get install dataset-fashion-mnist)",
                                   folder)
                     : error_input(error, "there is no folder '%s'", folder);
    snprintf(csv_path, sizeof csv_path, "%s/train.csv", folder);
    const bool csv = file_exists(csv_path);
    Data made = {0}, other = {0};
    if (!load_part(&made, folder, csv, true, error))
        return false;
    const bool done =
        load_part(&other, folder, csv, false, error) && fit_together(&made, &other, name, error);
    if (!done) {
        data_free(&made);
        data_free(&other);
        return false;
    }
    other.classes = made.classes;
    *train = made;
    *test = other;
    return true;
}

/* One byte or one float for each value. */
static void *copy_examples(const DataPart *part, const void *from, size_t bytes, Error *error)
{
    char *to = malloc((size_t)part->count * bytes);
    if (to == NULL)
        error_work(error, "no memory for %d examples", part->count);
    for (int n = 0; to != NULL && n < part->count; n++)
        memcpy(to + (size_t)n * bytes, (const char *)from + (size_t)part->index[n] * bytes, bytes);
    return to;
}

bool data_copy(const DataPart *part, Data *data, Error *error)
{
    const Data *from = part->data;
    const size_t size =
        (size_t)from->shape.channels * (size_t)from->shape.height * (size_t)from->shape.width;
    Data made = {.shape = from->shape, .count = part->count, .classes = from->classes};
    made.label = copy_examples(part, from->label, 1, error);
    if (from->bytes != NULL)
        made.bytes = copy_examples(part, from->bytes, size, error);
    else
        made.values = copy_examples(part, from->values, size * sizeof(float), error);
    const bool done = made.label != NULL && (made.bytes != NULL || made.values != NULL);
    if (done)
        *data = made;
    else
        data_free(&made);
    return done;
}

int *data_draw_order(int count, Random *random, Error *error)
{
    int *order = malloc((size_t)count * sizeof *order);
    if (order == NULL)
        error_work(error, "no memory for an order of %d", count);
    for (int i = 0; order != NULL && i < count; i++) {
        const int j = (int)random_below(random, (uint32_t)i + 1);
        order[i] = i; /* where j is i, too */
        order[i] = order[j];
        order[j] = i;
    }
    return order;
}

static DataPart *part_create(const Data *data, int count, Error *error)
{
    DataPart *part = malloc(sizeof *part + (size_t)count * sizeof part->index[0]);
    if (part == NULL) {
        error_work(error, "no memory for the order of %d examples", count);
        return NULL;
    }
    part->data = data;
    part->count = count;
    return part;
}

DataPart *data_all(const Data *data, Error *error)
{
    DataPart *part = part_create(data, data->count, error);
    for (int i = 0; part != NULL && i < data->count; i++)
        part->index[i] = i;
    return part;
}

bool data_split(const Data *data, int count, Random *random, DataPart **part, DataPart **rest,
                Error *error)
{
    assert(count >= 1 && count <= data->count && (rest == NULL || count < data->count));
    DataPart *all = data_all(data, error);
    if (all == NULL)
        return false;
    for (int i = 0; i < count; i++) { /* a shuffle that stops where enough are drawn */
        const int j = i + (int)random_below(random, (uint32_t)(data->count - i));
        const int drawn = all->index[j];
        all->index[j] = all->index[i];
        all->index[i] = drawn;
    }
    if (rest != NULL) {
        *rest = part_create(data, data->count - count, error);
        if (*rest == NULL) {
            free(all);
            return false;
        }
        memcpy((*rest)->index, all->index + count, (size_t)(*rest)->count * sizeof(int));
    }
    all->count = count;
    *part = all;
    return true;
}

bool data_permute(Data *data, const int *place, Error *error)
{
    const size_t size =
        (size_t)data->shape.channels * (size_t)data->shape.height * (size_t)data->shape.width;
    uint8_t *picture = malloc(size);
    assert(data->bytes != NULL);
    if (picture == NULL)
        return error_work(error, "no memory for a picture of %zu bytes", size);
    for (int n = 0; n < data->count; n++) {
        uint8_t *bytes = data->bytes + (size_t)n * size;
        memcpy(picture, bytes, size);
        for (size_t i = 0; i < size; i++)
            bytes[i] = picture[place[i]];
    }
    free(picture);
    return true;
}
