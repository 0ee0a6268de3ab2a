/* Gives each file of a folder to a fuzz target: what once was found stays found, in every build. */
#include <dirent.h>
#include <stdio.h>

#include "base/file.h"
#include "fuzz/fuzz.h"

static bool replay(const char *folder, const char *name)
{
    char path[1200];
    FileBytes file;
    Error error = {0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!file_read(&file, path, FUZZ_IMAGE_BYTES_MAX, &error)) {
        fprintf(stderr, "%s\n", error.text);
        return false;
    }
    fprintf(stderr, "%s\n", name); /* the last line before an abort names the file */
    LLVMFuzzerTestOneInput(file.bytes, file.count);
    file_free(&file);
    return true;
}

int main(int count, char **arguments)
{
    DIR *listing = count == 2 ? opendir(arguments[1]) : NULL;
    int replayed = 0;
    if (listing == NULL) {
        fprintf(stderr, "usage: %s FOLDER\n", arguments[0]);
        return 2;
    }
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;)
        if (entry->d_name[0] != '.' && !replay(arguments[1], entry->d_name))
            return 1;
        else
            replayed += entry->d_name[0] != '.';
    closedir(listing);
    fprintf(stderr, "%d inputs\n", replayed);
    return replayed > 0 ? 0 : 1;
}
