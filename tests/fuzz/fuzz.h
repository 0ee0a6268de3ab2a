/*
 * fuzz.h - what the fuzz targets share.
 *
 * A target is a function of arbitrary bytes that must neither crash nor fall short of what it
 * requires. libFuzzer looks for bytes that make it do either (`make fuzz`: clang, -DDEEPQ_FUZZ=ON);
 * what it found in the past, and some bytes of our own to begin with, lie in corpus/ and are
 * replayed in every build (replay.c).
 */
#ifndef DEEPQ_TESTS_FUZZ_H
#define DEEPQ_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* Abort with the sentence if what must hold does not. */
void fuzz_require(bool holds, const char *sentence);

/* An image for a cartridge: `count` bytes over and over (none: zeros) until it has `image_bytes`.
 */
void fuzz_fill(uint8_t *image, size_t image_bytes, const uint8_t *bytes, size_t count);

/* Sizes that cartridges have. */
enum { FUZZ_SIZES = 13, FUZZ_IMAGE_BYTES_MAX = 512 * 1024 };

extern const size_t fuzz_sizes[FUZZ_SIZES];

#endif
