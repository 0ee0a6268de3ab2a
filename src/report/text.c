#include "report/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for `count` bytes more and the 0. */
static bool make_room(Text *text, size_t count)
{
    if (text->failed || text->count + count < text->capacity)
        return !text->failed;
    const size_t capacity = 2 * (text->count + count) + 1024;
    char *grown = realloc(text->bytes, capacity);
    if (grown == NULL) {
        free(text->bytes);
        *text = (Text){.failed = true};
        return false;
    }
    text->bytes = grown;
    text->capacity = capacity;
    return true;
}

static void add_bytes(Text *text, const char *bytes, size_t count)
{
    if (!make_room(text, count))
        return;
    memcpy(text->bytes + text->count, bytes, count);
    text->count += count;
    text->bytes[text->count] = 0;
}

void text_add(Text *text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int count = vsnprintf(NULL, 0, format, arguments);
    if (count >= 0 && make_room(text, (size_t)count)) {
        vsnprintf(text->bytes + text->count, (size_t)count + 1, format, again);
        text->count += (size_t)count;
    }
    va_end(again);
    va_end(arguments);
}

void text_add_plain(Text *text, const char *plain)
{
    add_bytes(text, plain, strlen(plain));
}

void text_add_escaped(Text *text, const char *plain)
{
    for (; *plain != 0; plain++)
        switch (*plain) {
        case '&': text_add_plain(text, "&amp;"); break;
        case '<': text_add_plain(text, "&lt;"); break;
        case '>': text_add_plain(text, "&gt;"); break;
        case '"': text_add_plain(text, "&quot;"); break;
        default: add_bytes(text, plain, 1);
        }
}

void text_add_base64(Text *text, const uint8_t *bytes, size_t count)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < count; i += 3) {
        const size_t left = count - i;
        const unsigned b0 = bytes[i], b1 = left > 1 ? bytes[i + 1] : 0,
                       b2 = left > 2 ? bytes[i + 2] : 0;
        const char four[4] = {digits[b0 >> 2], digits[(b0 & 3) << 4 | b1 >> 4],
                              left > 1 ? digits[(b1 & 15) << 2 | b2 >> 6] : '=',
                              left > 2 ? digits[b2 & 63] : '='};
        add_bytes(text, four, sizeof four);
    }
}

void text_free(Text *text)
{
    free(text->bytes);
    *text = (Text){0};
}
