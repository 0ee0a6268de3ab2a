/*
 * cartridge.h - the program in its plastic case: an image of bytes and the way its banks are
 * switched.
 *
 * The processor sees 4 KB of cartridge. Larger images are cut into banks, and the program changes
 * which it sees by touching certain addresses. A Cartridge itself never changes while it is played:
 * which banks are in and what its RAM holds is state of the console. (What is known of how to play
 * it faster grows, unnoticed: translate.h.)
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

enum {
    CARTRIDGE_BYTES_MAX = 512 * 1024,
    CARTRIDGE_RAM_BYTES_MAX = 2048,
    CARTRIDGE_WINDOWS = 4, /* of 1 KB each make the 4 KB that the processor sees */
    CARTRIDGE_MD5_BYTES = 33,
};

/* Named as the field names them: after the hotspots, or the maker. */
typedef enum {
    CARTRIDGE_DETECT, /* by content, as the reference does */
    CARTRIDGE_2K,     /* one bank, seen twice */
    CARTRIDGE_4K,     /* one bank */
    CARTRIDGE_CV,     /* 2 KB and 1 KB of RAM (CommaVid) */
    CARTRIDGE_F8,     /* 2 banks */
    CARTRIDGE_F8SC,   /* ... and 128 bytes of RAM (the Superchip) */
    CARTRIDGE_F6,     /* 4 banks */
    CARTRIDGE_F6SC,   /* ... and 128 bytes */
    CARTRIDGE_F4,     /* 8 banks */
    CARTRIDGE_F4SC,   /* ... and 128 bytes */
    CARTRIDGE_FA,     /* 3 banks and 256 bytes (CBS) */
    CARTRIDGE_E0,     /* 8 slices of 1 KB in four windows (Parker Brothers) */
    CARTRIDGE_E7,     /* 8 slices of 2 KB, 2 KB of RAM (M Network) */
    CARTRIDGE_FE,     /* 2 banks, chosen by address bit 13 (Activision) */
    CARTRIDGE_3F,     /* any number of 2 KB slices (Tigervision) */
    CARTRIDGE_UA,     /* 2 banks, switched outside of the cartridge's addresses (UA Ltd.) */
    CARTRIDGE_DPC,    /* 2 banks and a chip that fetches pictures and plays music (Pitfall II) */
    CARTRIDGE_TYPES,
} CartridgeType;

enum { DPC_FETCHERS = 8 };

/* The display processor: eight counters that fetch bytes, a shift register for chance. */
typedef struct {
    uint8_t top[DPC_FETCHERS];
    uint8_t bottom[DPC_FETCHERS];
    uint16_t counter[DPC_FETCHERS]; /* 11 bits */
    uint8_t flag[DPC_FETCHERS];
    bool music[DPC_FETCHERS]; /* only 5, 6 and 7 can be */
    uint8_t shift_register;
    int32_t music_cycle;   /* when the music was last asked for */
    double music_fraction; /* of a tick, left over then */
} DpcState;

/* What a cartridge remembers while it is played; part of the console's state. */
typedef struct {
    uint16_t slice[CARTRIDGE_WINDOWS]; /* which KB of the image each window shows */
    uint8_t ram_slice;                 /* E7: which 256 bytes are in */
    bool ram_below;                    /* E7: the lower 2 KB are RAM */
    DpcState dpc;
} CartridgeState;

typedef struct Cartridge {
    CartridgeType type;
    size_t size_bytes;
    size_t ram_bytes; /* on the cartridge */
    uint8_t first_bank;
    uint64_t hot; /* bit i: to touch the i-th 64 of the 4096 addresses may do something */
    char md5[CARTRIDGE_MD5_BYTES];   /* of the image, lower-case hexadecimal */
    struct Translation *translation; /* makes playing faster and changes nothing; NULL: none */
    uint8_t bytes[];                 /* size_bytes of them */
} Cartridge;

/* Copy `size_bytes` bytes. NULL with ERROR_INPUT if the type (or, to detect, no type) has that
 * size. `name` is for the sentence. */
Cartridge *cartridge_create(const uint8_t *bytes, size_t size_bytes, CartridgeType type,
                            const char *name, Error *error);

/* Read a file: an image, plain or gzip'ed. NULL with an error that names the file. */
Cartridge *cartridge_load(const char *path, CartridgeType type, Error *error);

/* The md5 of the image in a file, plain or gzip'ed, as Cartridge has it; of any image, whether or
 * not a cartridge can have that size. Fails like cartridge_load. */
bool cartridge_file_md5(char md5[CARTRIDGE_MD5_BYTES], const char *path, Error *error);

void cartridge_destroy(Cartridge *cartridge); /* NULL is fine */

const char *cartridge_type_name(CartridgeType type); /* "detect", "2K", "F8SC" ... */

/* The type of that name, in either case. False with ERROR_INPUT and the list of names. */
bool cartridge_type_parse(CartridgeType *type, const char *name, Error *error);

#endif
