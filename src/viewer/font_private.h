/*
 * font_private.h - the shapes of letters, for picture_write alone.
 */
#ifndef DEEPQ_VIEWER_FONT_PRIVATE_H
#define DEEPQ_VIEWER_FONT_PRIVATE_H

#include <stdbool.h>

enum { FONT_COLUMNS = 5, FONT_ROWS = 8 };

/* Whether a dot of the letter is drawn: column 0 .. FONT_COLUMNS-1, row 0 .. FONT_ROWS-1. */
bool font_dot(char letter, int column, int row);

#endif
