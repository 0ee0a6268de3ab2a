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

bool csv_create(CsvFile *file, const char *path, const char *header, Error *error)
{
    CsvFile fresh = {.digest = digest_start()};
    const int length = snprintf(fresh.path, sizeof fresh.path, "%s", path);
    if (length < 0 || (size_t)length >= sizeof fresh.path)
        return error_input(error, "the path '%.200s...' is longer than %d bytes", path,
                           CSV_PATH_BYTES - 1);
    fresh.descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
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

void csv_close(CsvFile *file)
{
    close(file->descriptor);
}
