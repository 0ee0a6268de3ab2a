/*
 * error.h - what went wrong, in one sentence.
 *
 * A caller that is wrong meets an assert. A world that is wrong (a file, a cartridge, an option)
 * meets an Error: the function returns false or NULL, leaves its outputs as they were, and puts one
 * sentence here that names the thing in quotes and says what would be right: lower case, no full
 * stop.
 *
 *     Error error = {0};
 *     if (!cartridge_load(&cartridge, path, &error))
 *         fprintf(stderr, "deepq: %s\n", error.text);
 *
 * Only the command line prints; it ends with status 2 for ERROR_INPUT and 1 for ERROR_WORK.
 */
#ifndef DEEPQ_BASE_ERROR_H
#define DEEPQ_BASE_ERROR_H

#include <stdbool.h>

typedef enum {
    ERROR_NONE,
    ERROR_INPUT, /* the request or its input is bad: asking again in the same way will not help */
    ERROR_WORK,  /* the request was good, the work failed: a full disk, no memory, a lost device */
} ErrorKind;

typedef struct {
    ErrorKind kind;
    char text[512]; /* cut, never overrun */
} Error;

/* Fill `error` (never NULL) with the formatted sentence. Return false, so that a failing function
 * can end with `return error_input(error, ...)`. A later call replaces what an earlier one said. */
bool error_input(Error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool error_work(Error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
