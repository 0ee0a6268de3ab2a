#include "support/test_data.h"

#include <stdlib.h>
#include <unistd.h>

bool test_data_path(char *path, size_t size, const char *relative)
{
    const char *folder = getenv("DEEPQ_TEST_DATA");
    snprintf(path, size, "%s/%s", folder != NULL ? folder : DEEPQ_SOURCE_DIR "/../shared",
             relative);
    if (access(path, R_OK) == 0)
        return true;
    fprintf(stderr, "skipped: '%s' is not there (DEEPQ_TEST_DATA names the folder)\n", relative);
    return false;
}

FILE *test_data_open_xz(const char *relative)
{
    char path[1024], command[1100];
    if (!test_data_path(path, sizeof path, relative))
        return NULL;
    snprintf(command, sizeof command, "xz -dc '%s'", path);
    return popen(command, "r");
}
