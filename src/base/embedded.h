/*
 * embedded.h - files that were built into the program (cmake/DeepqEmbed.cmake).
 *
 *     extern const EmbeddedFile run_presets[];
 *     const EmbeddedFile *quick = embedded_find(run_presets, "quick");
 */
#ifndef DEEPQ_BASE_EMBEDDED_H
#define DEEPQ_BASE_EMBEDDED_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *name;     /* without folder and extension; NULL in the row that ends a table */
    const uint8_t *bytes; /* count of them and a 0 behind, so that texts are strings */
    size_t count;
} EmbeddedFile;

/* The row of that name in a table that ends with a NULL name; NULL: none. */
const EmbeddedFile *embedded_find(const EmbeddedFile files[], const char *name);

#endif
