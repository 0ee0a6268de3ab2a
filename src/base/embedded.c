#include "base/embedded.h"

#include <string.h>

const EmbeddedFile *embedded_find(const EmbeddedFile files[], const char *name)
{
    for (const EmbeddedFile *file = files; file->name != NULL; file++)
        if (strcmp(file->name, name) == 0)
            return file;
    return NULL;
}
