/*
 * cartridge.h - the program in its plastic case: an image of bytes and the way its banks are
 * switched.
 *
 * A Cartridge never changes while it is played; which bank is in and what its RAM holds is state of
 * the console.
 *
 *     Error error = {0};
 *     Cartridge *cartridge = cartridge_load("tetris.bin", CARTRIDGE_DETECT, &error);
 *     ...
 *     cartridge_destroy(cartridge);
 */
#ifndef DEEPQ_ATARI_CARTRIDGE_H
#define DEEPQ_ATARI_CARTRIDGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { CARTRIDGE_BYTES_MAX = 512 * 1024 };

typedef enum {
    CARTRIDGE_DETECT, /* by content */
    CARTRIDGE_2K,     /* one bank, seen twice */
    CARTRIDGE_4K,     /* one bank */
} CartridgeType;

/* What a cartridge remembers while it is played; part of the console's state. */
typedef struct {
    uint8_t bank; /* which one is in, for the types that have several */
} CartridgeState;

typedef struct Cartridge {
    CartridgeType type;
    size_t size_bytes;
    char md5[33];    /* of the image, lower-case hexadecimal */
    uint8_t bytes[]; /* size_bytes of them */
} Cartridge;

/* Copy `size_bytes` bytes. NULL with ERROR_INPUT if no cartridge type has that size. `name` is for
 * the sentence. */
Cartridge *cartridge_create(const uint8_t *bytes, size_t size_bytes, CartridgeType type,
                            const char *name, Error *error);

/* Read a file: an image, plain or gzip'ed. NULL with an error that names the file. */
Cartridge *cartridge_load(const char *path, CartridgeType type, Error *error);

void cartridge_destroy(Cartridge *cartridge); /* NULL is fine */

const char *cartridge_type_name(CartridgeType type); /* "2K", "4K" */

#endif
