#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

const size_t fuzz_sizes[FUZZ_SIZES] = {2048,  4096,  8192,  10240,  10495,  10496, 12288,
                                       16384, 32768, 65536, 131072, 262144, 524288};

void fuzz_require(bool holds, const char *sentence)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", sentence);
    abort();
}

void fuzz_fill(uint8_t *image, size_t image_bytes, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < image_bytes; i++)
        image[i] = count == 0 ? 0 : bytes[i % count];
}
