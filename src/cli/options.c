#include "cli/options.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int count_words(const char *text, char first)
{
    int words = 0;
    for (const char *word = text; *word != 0; word++)
        if ((word == text || word[-1] == ' ') && (first == 0 || *word == first))
            words++;
    return words;
}

static bool complain(const char *command, const char *what, const char *thing, int *status)
{
    fprintf(stderr, "deepq: %s '%s': `deepq %s --help` shows what is right\n", what, thing,
            command);
    *status = STATUS_BAD_REQUEST;
    return false;
}

static bool take_arguments(Options *options, const OptionsHelp *help, int *status)
{
    const int words = count_words(help->arguments, 0);
    const int least = words - count_words(help->arguments, '[');
    const int most = strstr(help->arguments, "...") != NULL ? OPTIONS_ARGUMENTS_MAX : words;
    int count = 0;
    for (const char *argument; (argument = poptGetArg(options->context)) != NULL;) {
        if (count >= most)
            return complain(help->command, "there is no place for the argument", argument, status);
        options->argument[count++] = argument;
    }
    options->argument_count = count;
    if (count < least)
        return complain(help->command, "something is missing of", help->arguments, status);
    return true;
}

static void print_help(poptContext context, const OptionsHelp *help)
{
    printf("usage: deepq %s%s%s [OPTION]...\n\n%s\n", help->command,
           help->arguments[0] != 0 ? " " : "", help->arguments, help->text);
    poptPrintHelp(context, stdout, 0);
}

bool options_read(Options *options, const OptionsHelp *help, struct poptOption *table, int argc,
                  const char **argv, int *status)
{
    int wants_help = 0;
    struct poptOption all[] = {
        {NULL, 0, POPT_ARG_INCLUDE_TABLE, table, 0, "Options:", NULL},
        {"help", 'h', POPT_ARG_NONE, &wants_help, 0, "show this", NULL},
        POPT_TABLEEND,
    };
    *options =
        (Options){.context = poptGetContext(help->command, argc, argv, all, 0), .table = table};
    const int end = poptGetNextOpt(options->context);
    bool go = false;
    if (end < -1) {
        complain(help->command, poptStrerror(end), poptBadOption(options->context, 0), status);
    } else if (wants_help) {
        print_help(options->context, help);
        *status = STATUS_DONE;
    } else {
        go = take_arguments(options, help, status);
    }
    if (!go)
        options_free(options);
    return go;
}

static void free_list(char **list)
{
    for (char **item = list; list != NULL && *item != NULL; item++)
        free(*item);
    free(list);
}

void options_free(Options *options)
{
    for (struct poptOption *row = options->table; row->longName != NULL; row++) {
        if (row->argInfo == POPT_ARG_STRING) {
            free(*(char **)row->arg);
            *(char **)row->arg = NULL;
        } else if (row->argInfo == POPT_ARG_ARGV) {
            free_list(*(char ***)row->arg);
            *(char ***)row->arg = NULL;
        }
    }
    poptFreeContext(options->context);
}

bool options_count(int64_t *value, const char *text, const char *name, int64_t min, int64_t max,
                   Error *error)
{
    if (text == NULL)
        return true;
    char *end;
    errno = 0;
    const long long number = strtoll(text, &end, 10);
    if (text[0] == 0 || strspn(text, "0123456789-") != strlen(text) || *end != 0 || errno != 0 ||
        number < min || number > max)
        return error_input(
            error, "'--%s' cannot be '%.60s': it is a whole number from %" PRId64 " to %" PRId64,
            name, text, min, max);
    *value = number;
    return true;
}

bool options_real(double *value, const char *text, const char *name, double min, double max,
                  Error *error)
{
    if (text == NULL)
        return true;
    char *end;
    const double number = strtod(text, &end);
    if (text[0] == 0 || strspn(text, "0123456789+-.eE") != strlen(text) || *end != 0 ||
        !isfinite(number) || number < min || number > max)
        return error_input(error, "'--%s' cannot be '%.60s': it is a number from %g to %g", name,
                           text, min, max);
    *value = number;
    return true;
}

int options_fail(const Error *error)
{
    fflush(stdout);
    fprintf(stderr, "deepq: %s\n", error->text);
    return error->kind == ERROR_INPUT ? STATUS_BAD_REQUEST : STATUS_FAILED;
}
