/*
 * crc32c.h - the 32-bit cyclic redundancy check with Castagnoli's polynomial, as TensorBoard's
 * files use it [RFC3720].
 */
#ifndef DEEPQ_RUN_CRC32C_H
#define DEEPQ_RUN_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Of `count` bytes. Bit by bit: some megabytes a second, enough for a few kilobytes an epoch. */
uint32_t crc32c(const void *bytes, size_t count);

#endif
