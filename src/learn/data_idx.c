/* data_idx.c - IDX files, plain or gzip'ed: zlib reads both. */
#include "learn/data_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

enum {
    DIMENSIONS_MAX = 4,
    UNSIGNED_BYTES = 8,
    SIDE_MAX = 65536,
    READ_BYTES = 1 << 24, /* at a time; zlib counts in int */
};
#define VALUES_MAX ((size_t)1 << 32)

typedef struct {
    int dimensions;
    uint32_t size[DIMENSIONS_MAX];
    size_t count; /* bytes */
    uint8_t *bytes;
} Idx;

/* As many as there are, at most `count`; -1 where the compressed stream is damaged. */
static int64_t read_bytes(gzFile file, uint8_t *to, size_t count)
{
    size_t got = 0;
    while (got < count) {
        const size_t left = count - got;
        const int n = gzread(file, to + got, (unsigned)(left < READ_BYTES ? left : READ_BYTES));
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        got += (size_t)n;
    }
    return (int64_t)got;
}

static uint32_t number_at(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* `what`: "pictures" or "labels", with `least` to `most` dimensions. */
static bool read_header(Idx *idx, gzFile file, const char *path, const char *what, int least,
                        int most, Error *error)
{
    uint8_t magic[4], size[4 * DIMENSIONS_MAX];
    if (read_bytes(file, magic, 4) != 4)
        return error_input(error, "'%s' is no IDX file: it ends within the first four bytes", path);
    if (magic[0] != 0 || magic[1] != 0 || magic[2] != UNSIGNED_BYTES || magic[3] < least ||
        magic[3] > most)
        return error_input(error,
                           "'%s' is no IDX file of %s: it begins with the bytes %d %d %d %d, where "
                           "0 0 8 %d should be",
                           path, what, magic[0], magic[1], magic[2], magic[3], least);
    idx->dimensions = magic[3];
    if (read_bytes(file, size, 4 * (size_t)idx->dimensions) != 4 * idx->dimensions)
        return error_input(error, "'%s' is cut: it ends within its header", path);
    idx->count = 1;
    for (int i = 0; i < idx->dimensions; i++) {
        idx->size[i] = number_at(size + 4 * i);
        if (idx->size[i] == 0 || (i > 0 && idx->size[i] > SIDE_MAX) ||
            idx->size[i] > VALUES_MAX / idx->count)
            return error_input(error, "'%s' says that its dimension %d is %u, which cannot be",
                               path, i, (unsigned)idx->size[i]);
        idx->count *= idx->size[i];
    }
    return true;
}

static bool read_values(Idx *idx, gzFile file, const char *path, Error *error)
{
    idx->bytes = malloc(idx->count);
    if (idx->bytes == NULL)
        return error_work(error, "no memory for the %zu bytes of '%s'", idx->count, path);
    const int64_t got = read_bytes(file, idx->bytes, idx->count);
    uint8_t more;
    bool done = false;
    if (got < 0)
        error_input(error, "'%s' is damaged: it is no whole gzip file", path);
    else if ((size_t)got < idx->count)
        error_input(error, "'%s' is cut: it has %zu of the %zu values that its header says", path,
                    (size_t)got, idx->count);
    else if (read_bytes(file, &more, 1) != 0)
        error_input(error, "'%s' goes on after the %zu values that its header says", path,
                    idx->count);
    else
        done = true;
    if (!done)
        free(idx->bytes);
    return done;
}

static bool read_idx(Idx *idx, const char *path, const char *what, int least, int most,
                     Error *error)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return error_input(error, "cannot open '%s': there is no such file of %s", path, what);
    if (!S_ISREG(status.st_mode))
        return error_input(error, "'%s' is not a regular file", path);
    gzFile file = gzopen(path, "rb");
    if (file == NULL)
        return error_input(error, "cannot open '%s'", path);
    const bool done = read_header(idx, file, path, what, least, most, error) &&
                      read_values(idx, file, path, error);
    gzclose_r(file);
    return done;
}

bool data_count_classes(const uint8_t *label, int count, const char *path, int *classes,
                        Error *error)
{
    int first[DATA_CLASSES_MAX], most = 0;
    for (int k = 0; k < DATA_CLASSES_MAX; k++)
        first[k] = -1;
    for (int i = count - 1; i >= 0; i--) {
        first[label[i]] = i;
        most = label[i] > most ? label[i] : most;
    }
    for (int k = 0; k < most; k++)
        if (first[k] < 0)
            return error_input(error,
                               "'%s' has the label %d in place %d but no label %d: labels should "
                               "be 0, 1, 2, ... without gaps",
                               path, most, first[most], k);
    *classes = most + 1;
    return true;
}

static bool put_together(Data *data, const Idx *pictures, const Idx *labels, const char *paths[2],
                         Error *error)
{
    if (pictures->size[0] != labels->size[0])
        return error_input(error, "'%s' has %u labels for the %u pictures of '%s'", paths[1],
                           (unsigned)labels->size[0], (unsigned)pictures->size[0], paths[0]);
    int classes;
    if (pictures->size[0] > INT32_MAX)
        return error_input(error, "'%s' has too many pictures", paths[0]);
    if (!data_count_classes(labels->bytes, (int)labels->size[0], paths[1], &classes, error))
        return false;
    const uint32_t *side = pictures->size + pictures->dimensions - 2;
    *data = (Data){
        .shape = {pictures->dimensions == 4 ? (int)side[-1] : 1, (int)side[0], (int)side[1]},
        .count = (int)pictures->size[0],
        .classes = classes,
        .bytes = pictures->bytes,
        .label = labels->bytes,
    };
    return true;
}

bool data_load_idx(Data *data, const char *pictures, const char *labels, Error *error)
{
    Idx picture_file, label_file;
    if (!read_idx(&picture_file, pictures, "pictures", 3, 4, error))
        return false;
    if (!read_idx(&label_file, labels, "labels", 1, 1, error)) {
        free(picture_file.bytes);
        return false;
    }
    if (put_together(data, &picture_file, &label_file, (const char *[]){pictures, labels}, error))
        return true;
    free(picture_file.bytes);
    free(label_file.bytes);
    return false;
}
