/*
 * page.h - a report: runs as one page of HTML that needs nothing else.
 *
 *     Subject *subject = subject_create(paths, count, &error);
 *     const PageExtras extras = {.program = "deepq 0.1.0"};
 *     if (subject != NULL && page_write(subject, &extras, "report.html", &error)) ...
 *     subject_destroy(subject);
 *
 * Learning curves, the score beside the papers', a film, what each layer weighs, how to reproduce
 * it, the configuration. Pictures are embedded; light and dark follow the reader's system; it fits
 * a phone and can be printed. The same runs give the same bytes.
 */
#ifndef DEEPQ_REPORT_PAGE_H
#define DEEPQ_REPORT_PAGE_H

#include "base/file.h"
#include "report/subject.h"

typedef struct {
    const char *program;   /* "deepq 0.1.0": who writes the page */
    FileBytes film;        /* a .gif of subject_best's agent; count 0: none */
    const char *film_text; /* what it shows, in a sentence */
} PageExtras;

/* Replace the file at `path`. Layers are left out where there are no weights yet. */
bool page_write(const Subject *subject, const PageExtras *extras, const char *path, Error *error);

#endif
