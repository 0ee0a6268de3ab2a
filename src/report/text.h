/*
 * text.h - a text that grows: the page while it is written.
 *
 *     Text page = {0};
 *     text_add(&page, "<h1>%d runs</h1>", 3);
 *     text_add_escaped(&page, "a < b");
 *     ... page.bytes, page.count, unless page.failed ...
 *     text_free(&page);
 *
 * Where memory runs out the text is empty, `failed` is set, and all that follows does nothing: one
 * look at the end is enough.
 */
#ifndef DEEPQ_REPORT_TEXT_H
#define DEEPQ_REPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    char *bytes; /* count of them and a 0 behind; NULL while there are none */
    size_t count, capacity;
    bool failed;
} Text;

void text_add(Text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_plain(Text *text, const char *plain);   /* as it is */
void text_add_escaped(Text *text, const char *plain); /* for HTML: & < > " as entities */
void text_add_base64(Text *text, const uint8_t *bytes, size_t count);
void text_free(Text *text);

#endif
