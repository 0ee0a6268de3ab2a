/*
 * ini_text.h - sections and keys in a text, read by inih, with sentences that name file and line.
 *
 *     IniText text = {.name = path, .left = bytes, .error = &error};
 *     if (!ini_text_read(&text, take, &mine)) ...   take(&mine, section, key, value) for each key
 *
 * A value is one line. inih knows no other way out of a long line than to cut it, and takes an
 * indented line for one more value of the key before, which would replace it: both are refused.
 */
#ifndef DEEPQ_RUN_INI_TEXT_H
#define DEEPQ_RUN_INI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum { INI_LINE_BYTES_MAX = 190 }; /* what inih takes whole, with room for the line's end */

typedef struct {
    const char *name; /* of the file, for sentences */
    const char *left; /* to read; ends with a 0 */
    int line;         /* that was read last, from 1 */
    Error *error;     /* the first; nothing more is read after it */
    bool failed;
} IniText;

/* Returns 0 after ini_text_fail, else anything else. */
typedef int IniTake(void *user, const char *section, const char *key, const char *value);

/* False: ERROR_INPUT in `error`, of the first line that is no ini or that `take` failed. Reads
 * once: for another reading `left` and `line` are set again. */
bool ini_text_read(IniText *text, IniTake *take, void *user);

/* ERROR_INPUT: "'NAME', line N: WHAT", unless something failed before. Returns 0. */
int ini_text_fail(IniText *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
