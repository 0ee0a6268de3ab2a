#include "support/test_data.h"

#include <stdlib.h>
#include <unistd.h>

enum { STATUS_SKIPPED = 77 }; /* SKIP_RETURN_CODE of tests/CMakeLists.txt */

static bool missing;

bool test_data_path(char *path, size_t size, const char *relative)
{
    const char *folder = getenv("DEEPQ_TEST_DATA");
    snprintf(path, size, "%s/%s", folder != NULL ? folder : DEEPQ_SOURCE_DIR "/../shared",
             relative);
    if (access(path, R_OK) == 0)
        return true;
    fprintf(stderr, "skipped: '%s' is not there (DEEPQ_TEST_DATA names the folder)\n", relative);
    missing = true;
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

int test_data_status(int failed)
{
    return failed == 0 && missing ? STATUS_SKIPPED : failed;
}
