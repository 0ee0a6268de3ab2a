/*
 * disk_fault.c - a disk that fails, or a machine that dies, at a chosen moment: to be preloaded.
 *
 *     LD_PRELOAD=libdisk_fault.so DISK_FAULT=kill DISK_FAULT_AT=7 DISK_FAULT_IN=/checkpoints/ deepq
 *     ...
 *
 * Counts the calls of write, fsync, ftruncate and rename that concern a path with DISK_FAULT_IN in
 * it. The one with number DISK_FAULT_AT is done by half (a write) or not at all; then
 *
 *     DISK_FAULT=kill     the process is killed
 *     DISK_FAULT=EIO      it and all later ones fail: the disk is broken
 *     DISK_FAULT=ENOSPC   it and all later writes fail: the disk is full
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long calls;

static bool concerns(const char *path)
{
    const char *part = getenv("DISK_FAULT_IN");
    return part != NULL && strstr(path, part) != NULL;
}

static bool concerns_descriptor(int descriptor)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return false;
    path[length] = 0;
    return concerns(path);
}

static bool is_due(void)
{
    const char *at = getenv("DISK_FAULT_AT");
    return at != NULL && ++calls >= atol(at);
}

static int fail(void)
{
    const char *how = getenv("DISK_FAULT");
    if (how == NULL || strcmp(how, "kill") == 0)
        raise(SIGKILL);
    errno = how != NULL && strcmp(how, "ENOSPC") == 0 ? ENOSPC : EIO;
    return -1;
}

static bool is_full_disk(void)
{
    const char *how = getenv("DISK_FAULT");
    return how != NULL && strcmp(how, "ENOSPC") == 0;
}

typedef ssize_t WriteFunction(int, const void *, size_t);
typedef int DescriptorFunction(int);
typedef int TruncateFunction(int, off_t);
typedef int RenameFunction(const char *, const char *);

/* ISO C knows no way from a pointer to data to one to code; POSIX says this one works. */
#define REAL(type, name)                                                                           \
    type *real;                                                                                    \
    *(void **)&real = dlsym(RTLD_NEXT, name)

ssize_t write(int descriptor, const void *bytes, size_t count)
{
    REAL(WriteFunction, "write");
    if (!concerns_descriptor(descriptor) || !is_due())
        return real(descriptor, bytes, count);
    if (real(descriptor, bytes, count / 2) < 0)
        return -1;
    return fail();
}

int fsync(int descriptor)
{
    REAL(DescriptorFunction, "fsync");
    return concerns_descriptor(descriptor) && is_due() && !is_full_disk() ? fail()
                                                                          : real(descriptor);
}

int ftruncate(int descriptor, off_t length)
{
    REAL(TruncateFunction, "ftruncate");
    return concerns_descriptor(descriptor) && is_due() && !is_full_disk()
               ? fail()
               : real(descriptor, length);
}

int rename(const char *from, const char *to)
{
    REAL(RenameFunction, "rename");
    return concerns(to) && is_due() && !is_full_disk() ? fail() : real(from, to);
}
