#include "run/csv.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ROW_BYTES = 1002 };

static bool append(CsvFile *file, const char *text, size_t count, Error *error)
{
    size_t done = 0;
    while (done < count) {
        const ssize_t put = write(file->descriptor, text + done, count - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0) {
            const int why = errno;
            if (done > 0 && ftruncate(file->descriptor, (off_t)file->size_bytes) != 0)
                return error_work(error, "cannot write '%s', and half a row stays: %s", file->path,
                                  strerror(why));
            return error_work(error, "cannot write '%s': %s", file->path, strerror(why));
        }
        done += (size_t)put;
    }
    file->size_bytes += (int64_t)count;
    digest_add(&file->digest, text, count);
    return true;
}

static bool error_path(const char *path, Error *error)
{
    return error_input(error, "the path '%.200s...' is longer than %d bytes", path,
                       CSV_PATH_BYTES - 1);
}

bool csv_create(CsvFile *file, const char *path, const char *header, Error *error)
{
    CsvFile fresh = {.digest = digest_start()};
    const int length = snprintf(fresh.path, sizeof fresh.path, "%s", path);
    if (length < 0 || (size_t)length >= sizeof fresh.path)
        return error_path(path, error);
    fresh.descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
    if (fresh.descriptor < 0)
        return error_work(error, "cannot make '%s': %s", path, strerror(errno));
    if (!append(&fresh, header, strlen(header), error)) {
        close(fresh.descriptor);
        return false;
    }
    *file = fresh;
    return true;
}

bool csv_append(CsvFile *file, Error *error, const char *format, ...)
{
    char row[ROW_BYTES];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(row, sizeof row - 1, format, arguments);
    va_end(arguments);
    assert(length >= 0 && (size_t)length < sizeof row - 1);
    row[length] = '\n';
    return append(file, row, (size_t)length + 1, error);
}

CsvMark csv_mark(const CsvFile *file)
{
    return (CsvMark){file->size_bytes, digest_value(&file->digest)};
}

bool csv_flush(const CsvFile *file, Error *error)
{
    if (fsync(file->descriptor) == 0)
        return true;
    return error_work(error, "cannot write '%s': %s", file->path, strerror(errno));
}

bool csv_open(CsvFile *file, const char *path, Error *error)
{
    CsvFile fresh = {.digest = digest_start()};
    const int length = snprintf(fresh.path, sizeof fresh.path, "%s", path);
    if (length < 0 || (size_t)length >= sizeof fresh.path)
        return error_path(path, error);
    fresh.descriptor = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
    if (fresh.descriptor < 0)
        return error_input(error, "cannot open '%s': %s", path, strerror(errno));
    *file = fresh;
    return true;
}

bool csv_begins_with(const CsvFile *file, const char *header)
{
    char first[ROW_BYTES];
    const size_t length = strlen(header);
    assert(length < sizeof first);
    return pread(file->descriptor, first, length, 0) == (ssize_t)length &&
           memcmp(first, header, length) == 0;
}

/* The digest of the first `count` bytes. */
static bool digest_beginning(const CsvFile *file, int64_t count, Digest *digest, Error *error)
{
    char bytes[1 << 14];
    *digest = digest_start();
    for (int64_t at = 0; at < count;) {
        const int64_t left = count - at;
        const size_t wanted = left < (int64_t)sizeof bytes ? (size_t)left : sizeof bytes;
        const ssize_t got = pread(file->descriptor, bytes, wanted, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_input(error, "cannot read '%s': %s", file->path, strerror(errno));
        if (got == 0)
            return error_input(error, "'%s' has %lld bytes, and had %lld already", file->path,
                               (long long)at, (long long)count);
        digest_add(digest, bytes, (size_t)got);
        at += got;
    }
    return true;
}

bool csv_has(const CsvFile *file, CsvMark mark, Error *error)
{
    Digest digest;
    if (!digest_beginning(file, mark.size_bytes, &digest, error))
        return false;
    if (digest_value(&digest) == mark.digest)
        return true;
    return error_input(error, "'%s' is damaged: its first %lld bytes are not what was written",
                       file->path, (long long)mark.size_bytes);
}

bool csv_cut(CsvFile *file, CsvMark mark, Error *error)
{
    if (!digest_beginning(file, mark.size_bytes, &file->digest, error))
        return false;
    if (ftruncate(file->descriptor, (off_t)mark.size_bytes) != 0)
        return error_work(error, "cannot write '%s': %s", file->path, strerror(errno));
    file->size_bytes = mark.size_bytes;
    return true;
}

void csv_close(CsvFile *file)
{
    close(file->descriptor);
}
