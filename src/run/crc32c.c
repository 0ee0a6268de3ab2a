#include "run/crc32c.h"

enum { BITS_OF_BYTE = 8 };

static const uint32_t polynomial = 0x82f63b78; /* 0x1edc6f41, lowest bit first */

uint32_t crc32c(const void *bytes, size_t count)
{
    const uint8_t *byte = bytes;
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < count; i++) {
        crc ^= byte[i];
        for (int bit = 0; bit < BITS_OF_BYTE; bit++)
            crc = crc >> 1 ^ (polynomial & (0 - (crc & 1)));
    }
    return ~crc;
}
