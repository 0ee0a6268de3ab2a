/*
 * options.h - reads a command's options and arguments, by popt's tables.
 *
 *     static const char *seed;
 *     struct poptOption table[] = {
 *         {"seed", 0, POPT_ARG_STRING, &seed, 0, "of every random stream", "N"},
 *         POPT_TABLEEND,
 *     };
 *     Options options;
 *     int status;
 *     if (!options_read(&options, &help, table, argc, argv, &status))
 *         return status;
 *     ... options.argument[0] ...
 *     options_free(&options);
 *
 * Numbers are read as texts first, so that a bad one gets a sentence with its range.
 */
#ifndef DEEPQ_CLI_OPTIONS_H
#define DEEPQ_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include <popt.h>

#include "base/error.h"

enum { OPTIONS_ARGUMENTS_MAX = 32 };

/* Exit statuses of the program. */
enum { STATUS_DONE = 0, STATUS_FAILED = 1, STATUS_BAD_REQUEST = 2, STATUS_INTERRUPTED = 130 };

typedef struct {
    const char *command;   /* "train" */
    const char *arguments; /* "GAME|ROM": one word for each, [optional] ones in brackets;
                              "RUN...": one or more */
    const char *text;      /* what it does, with an example; ends with a newline */
} OptionsHelp;

typedef struct {
    poptContext context;
    struct poptOption *table;
    const char *argument[OPTIONS_ARGUMENTS_MAX]; /* NULL where not given */
    int argument_count;
} Options;

/* Read argv (argv[0] is the command's name). False: help was printed or something was wrong and has
 * been said; *status is the exit status then, and nothing is left to free. POPT_ARG_STRING and
 * POPT_ARG_ARGV values belong to `options`.
 */
bool options_read(Options *options, const OptionsHelp *help, struct poptOption *table, int argc,
                  const char **argv, int *status);
void options_free(Options *options);

/* The value of an option as a whole number, or a number, in min .. max. `text` NULL: *value stays.
 */
bool options_count(int64_t *value, const char *text, const char *name, int64_t min, int64_t max,
                   Error *error);
bool options_real(double *value, const char *text, const char *name, double min, double max,
                  Error *error);

/* Say the error on stderr. Returns the exit status that goes with it. */
int options_fail(const Error *error);

#endif
