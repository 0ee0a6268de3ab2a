/*
 * json.h - a cJSON object as the text of a file.
 */
#ifndef DEEPQ_RUN_JSON_H
#define DEEPQ_RUN_JSON_H

#include <cjson/cJSON.h>

#include "base/error.h"

/* One key a line (`lines`) or all in one, a newline at the end. Deletes the object; the text is the
 * caller's to free. NULL with ERROR_WORK without memory. */
char *json_text(cJSON *object, bool lines, Error *error);

#endif
