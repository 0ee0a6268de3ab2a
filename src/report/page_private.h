/*
 * page_private.h - the sections of a page, each in a file of its own or in page.c.
 */
#ifndef DEEPQ_REPORT_PAGE_PRIVATE_H
#define DEEPQ_REPORT_PAGE_PRIVATE_H

#include "report/subject.h"
#include "report/text.h"

/* The scores, and the papers' where they played the game. */
void page_add_scores(Text *page, const Subject *subject);

/* A picture of each layer's weights, of the best run. */
bool page_add_layers(Text *page, const Subject *subject, Error *error);

/* The command that makes each run again, and all that it was told. */
void page_add_recipe(Text *page, const Subject *subject);

#endif
