/* data_private.h - what the readers of files share. */
#ifndef DEEPQ_LEARN_DATA_PRIVATE_H
#define DEEPQ_LEARN_DATA_PRIVATE_H

#include "learn/data.h"

/* The number of classes of `count` labels, which are 0, 1, 2, ... without gaps; else ERROR_INPUT
 * with the place. */
bool data_count_classes(const uint8_t *label, int count, const char *path, int *classes,
                        Error *error);

#endif
