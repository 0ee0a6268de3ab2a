#include "run/ini_text.h"

#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int ini_text_fail(IniText *text, const char *format, ...)
{
    char what[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    if (!text->failed)
        error_input(text->error, "'%.80s', line %d: %s", text->name, text->line, what);
    text->failed = true;
    return 0;
}

static bool goes_on_with_the_line_before(const char *line)
{
    const size_t blanks = strspn(line, " \t");
    return blanks > 0 && line[blanks] != 0 && strchr(";#\r\n", line[blanks]) == NULL;
}

static char *read_line(char *line, int bytes, void *stream)
{
    IniText *text = stream;
    size_t length = strcspn(text->left, "\n");
    length += text->left[length] == '\n';
    if (length == 0 || text->failed)
        return NULL;
    text->line++;
    if (length > INI_LINE_BYTES_MAX || length >= (size_t)bytes) {
        ini_text_fail(text, "longer than %d bytes", INI_LINE_BYTES_MAX);
        return NULL;
    }
    memcpy(line, text->left, length);
    line[length] = 0;
    text->left += length;
    if (goes_on_with_the_line_before(line)) {
        ini_text_fail(text, "it begins with a blank: a key and its whole value stand on one line, "
                            "from its beginning");
        return NULL;
    }
    return line;
}

bool ini_text_read(IniText *text, IniTake *take, void *user)
{
    if (ini_parse_stream(read_line, text, take, user) != 0)
        ini_text_fail(text, "neither [section] nor key = value");
    return !text->failed;
}
