#define _XOPEN_SOURCE 700 /* realpath */

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_open_file(FileBytes *file, int descriptor, const char *path, size_t size,
                           Error *error)
{
    uint8_t *bytes = malloc(size + 1);
    if (bytes == NULL)
        return error_work(error, "no memory for the %zu bytes of '%s'", size, path);
    size_t count = 0;
    while (count < size) {
        const ssize_t got = read(descriptor, bytes + count, size - count);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(bytes);
            return error_input(error, "cannot read '%s': %s", path, strerror(errno));
        }
        if (got == 0)
            break; /* it shrank while we read */
        count += (size_t)got;
    }
    bytes[count] = 0;
    *file = (FileBytes){.bytes = bytes, .count = count};
    return true;
}

bool file_read(FileBytes *file, const char *path, size_t max_bytes, Error *error)
{
    /* Without O_NONBLOCK, a pipe by that name would keep us until somebody writes into it. */
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return error_input(error, "cannot open '%s': %s", path, strerror(errno));
    struct stat status;
    bool done = false;
    if (fstat(descriptor, &status) != 0)
        error_input(error, "cannot read '%s': %s", path, strerror(errno));
    else if (S_ISDIR(status.st_mode))
        error_input(error, "'%s' is a folder, not a file", path);
    else if (!S_ISREG(status.st_mode))
        error_input(error, "'%s' is not a regular file", path);
    else if ((uintmax_t)status.st_size > max_bytes)
        error_input(error, "'%s' has %jd bytes, more than the %zu that are possible here", path,
                    (intmax_t)status.st_size, max_bytes);
    else
        done = read_open_file(file, descriptor, path, (size_t)status.st_size, error);
    close(descriptor);
    return done;
}

void file_free(FileBytes *file)
{
    free(file->bytes);
    *file = (FileBytes){0};
}

bool file_put(int descriptor, const void *bytes, size_t count)
{
    const char *at = bytes;
    while (count > 0) {
        const ssize_t put = write(descriptor, at, count);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        at += put;
        count -= (size_t)put;
    }
    return true;
}

/* A rename lasts through a power cut only when the folder that holds the name is flushed as well.
 * Some file systems cannot flush folders (EINVAL) and need not. */
static bool flush_folder_of(const char *path)
{
    char folder[FILE_PATH_BYTES];
    const size_t length = (size_t)(file_name(path) - path);
    memcpy(folder, path, length);
    folder[length] = 0;
    const int descriptor = open(length > 0 ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool done = fsync(descriptor) == 0 || errno == EINVAL;
    const int why = errno;
    close(descriptor);
    errno = why;
    return done;
}

static bool error_write(Error *error, const char *path, int why)
{
    return error_work(error, "cannot write '%s': %s", path, strerror(why));
}

/* Returns 0, or errno of what failed. */
static int write_and_close(int descriptor, const void *bytes, size_t count)
{
    int why = file_put(descriptor, bytes, count) ? 0 : errno;
    if (close(descriptor) != 0 && why == 0)
        why = errno;
    return why;
}

/* To a device or a pipe the bytes are given: there is nothing of before to keep. */
static bool write_into(const char *path, const void *bytes, size_t count, Error *error)
{
    const int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    const int why = descriptor < 0 ? errno : write_and_close(descriptor, bytes, count);
    return why == 0 || error_write(error, path, why);
}

static bool is_special(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

bool file_draft(FileDraft *draft, const char *path, Error *error)
{
    struct stat status;
    if (is_special(path))
        return error_input(error, "'%.200s' is a device or a pipe: a file is wanted", path);
    const bool link = lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
    char *target = link ? realpath(path, NULL) : NULL; /* NULL: it leads nowhere, and is replaced */
    const char *place = target != NULL ? target : path;
    const size_t length = strlen(place);
    const bool fits = length + sizeof ".new" <= sizeof draft->path;
    if (fits) {
        memcpy(draft->place, place, length + 1);
        memcpy(draft->path, place, length);
        memcpy(draft->path + length, ".new", sizeof ".new");
    } else {
        error_input(error, "the path '%.200s...' is longer than %d bytes", place, FILE_PATH_BYTES);
    }
    free(target);
    return fits;
}

/* By name: whoever wrote the file has closed it. */
static bool flush_file(const char *path)
{
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool done = fsync(descriptor) == 0;
    const int why = errno;
    close(descriptor);
    errno = why;
    return done;
}

bool file_draft_keep(const FileDraft *draft, Error *error)
{
    if (!flush_file(draft->path) || rename(draft->path, draft->place) != 0) {
        const int why = errno;
        unlink(draft->path);
        return error_write(error, draft->place, why);
    }
    return flush_folder_of(draft->place) ||
           error_work(error, "cannot flush the folder of '%s': %s", draft->place, strerror(errno));
}

bool file_replace(const char *path, const void *bytes, size_t count, Error *error)
{
    FileDraft draft;
    if (is_special(path))
        return write_into(path, bytes, count, error);
    if (!file_draft(&draft, path, error))
        return false;
    const int descriptor = open(draft.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    const int why = descriptor < 0 ? errno : write_and_close(descriptor, bytes, count);
    if (why == 0)
        return file_draft_keep(&draft, error);
    if (descriptor >= 0)
        unlink(draft.path);
    return error_write(error, draft.place, why);
}

bool file_make_folder(const char *path, Error *error)
{
    char partial[FILE_PATH_BYTES];
    const size_t length = strlen(path);
    if (length == 0 || length >= sizeof partial)
        return error_input(error, "'%.200s' is no path for a folder", path);
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != 0)
            continue;
        memcpy(partial, path, i);
        partial[i] = 0;
        if (mkdir(partial, 0755) != 0 && errno != EEXIST)
            return error_work(error, "cannot make the folder '%s': %s", partial, strerror(errno));
    }
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
        return error_work(error, "'%s' is there and is not a folder", path);
    return true;
}

bool file_exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

bool file_ends_in(const char *path, const char *suffix)
{
    const char *name = file_name(path);
    const size_t length = strlen(name), end = strlen(suffix);
    return length > end && strcasecmp(name + length - end, suffix) == 0;
}
