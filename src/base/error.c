#include "base/error.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

static void error_fill(Error *error, ErrorKind kind, const char *format, va_list arguments)
{
    assert(error != NULL);
    error->kind = kind;
    vsnprintf(error->text, sizeof error->text, format, arguments);
}

bool error_input(Error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error_fill(error, ERROR_INPUT, format, arguments);
    va_end(arguments);
    return false;
}

bool error_work(Error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error_fill(error, ERROR_WORK, format, arguments);
    va_end(arguments);
    return false;
}
