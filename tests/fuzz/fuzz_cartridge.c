/*
 * fuzz_cartridge.c - arbitrary bytes as a cartridge, from memory, from a file, from a gzip'ed file.
 *
 *     byte 0     the type, modulo CARTRIDGE_TYPES
 *     byte 1     bits 0, 1: the way (below); bits 2 .. 5: the size, fuzz_sizes[]; from 13 on: just
 *                the bytes that are there
 *     the rest   the image; with a size, over and over
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "atari/cartridge.h"
#include "fuzz/fuzz.h"

enum { HEADER_BYTES = 2, PACKED_BYTES_MAX = FUZZ_IMAGE_BYTES_MAX + 1024 };

typedef enum { WAY_CREATE, WAY_LOAD, WAY_LOAD_GZIP, WAY_LOAD_CUT_GZIP } Way;

typedef struct {
    const uint8_t *bytes;
    size_t count;
    CartridgeType type;
} Image;

static char scratch_path[] = "/tmp/deepq-fuzz-XXXXXX";

static void remove_scratch(void)
{
    unlink(scratch_path);
}

/* One file for the life of the process. */
static int scratch_file(void)
{
    static int file = -1;
    if (file >= 0)
        return file;
    file = mkstemp(scratch_path);
    fuzz_require(file >= 0, "no temporary file");
    atexit(remove_scratch);
    return file;
}

static Cartridge *load(const uint8_t *bytes, size_t count, CartridgeType type, Error *error)
{
    const int file = scratch_file();
    fuzz_require(ftruncate(file, 0) == 0 && pwrite(file, bytes, count, 0) == (ssize_t)count,
                 "the temporary file cannot be written");
    return cartridge_load(scratch_path, type, error);
}

static size_t pack_gzip(const Image *image, uint8_t *packed)
{
    enum { GZIP_WINDOW_BITS = 15 + 16, MEMORY = 8, QUICK = 1 };
    z_stream stream = {
        .next_in = (Bytef *)(uintptr_t)image->bytes, /* zlib's own header lacks the const */
        .avail_in = (uInt)image->count,
        .next_out = packed,
        .avail_out = PACKED_BYTES_MAX,
    };
    fuzz_require(deflateInit2(&stream, QUICK, Z_DEFLATED, GZIP_WINDOW_BITS, MEMORY,
                              Z_DEFAULT_STRATEGY) == Z_OK,
                 "no deflate");
    fuzz_require(deflate(&stream, Z_FINISH) == Z_STREAM_END, "deflate did not come to an end");
    const size_t count = stream.total_out;
    deflateEnd(&stream);
    return count;
}

static void check(const Cartridge *cartridge, const Image *image)
{
    fuzz_require(cartridge->type > CARTRIDGE_DETECT && cartridge->type < CARTRIDGE_TYPES,
                 "a cartridge without a type");
    fuzz_require(image->type == CARTRIDGE_DETECT || cartridge->type == image->type,
                 "another type than was asked for");
    fuzz_require(cartridge->ram_bytes <= CARTRIDGE_RAM_BYTES_MAX, "more RAM than a console keeps");
    fuzz_require(strlen(cartridge->md5) == 32, "no md5");
}

static void check_same(const Cartridge *created, const Cartridge *loaded)
{
    fuzz_require((created == NULL) == (loaded == NULL), "created, but not loaded");
    if (created == NULL)
        return;
    fuzz_require(created->type == loaded->type && created->size_bytes == loaded->size_bytes &&
                     memcmp(created->bytes, loaded->bytes, created->size_bytes) == 0 &&
                     strcmp(created->md5, loaded->md5) == 0,
                 "what was packed is not what was unpacked");
}

static Cartridge *load_packed(const Image *image, bool cut, Error *error)
{
    static uint8_t packed[PACKED_BYTES_MAX];
    const size_t count = pack_gzip(image, packed);
    return load(packed, cut ? count - 1 : count, image->type, error);
}

static Cartridge *load_some_way(const Image *image, Way way, Error *error)
{
    switch (way) {
    case WAY_LOAD: return load(image->bytes, image->count, image->type, error);
    case WAY_LOAD_GZIP: return load_packed(image, false, error);
    case WAY_LOAD_CUT_GZIP: return load_packed(image, true, error);
    default: return cartridge_create(image->bytes, image->count, image->type, "fuzz", error);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    static uint8_t filled[FUZZ_IMAGE_BYTES_MAX];
    if (count < HEADER_BYTES || count > FUZZ_IMAGE_BYTES_MAX)
        return 0;
    const unsigned size = bytes[1] >> 2 & 15;
    const Way way = bytes[1] & 3;
    Image image = {bytes + HEADER_BYTES, count - HEADER_BYTES, bytes[0] % CARTRIDGE_TYPES};
    if (size < FUZZ_SIZES) {
        fuzz_fill(filled, fuzz_sizes[size], image.bytes, image.count);
        image.bytes = filled;
        image.count = fuzz_sizes[size];
    }
    Error error = {0};
    Cartridge *cartridge = load_some_way(&image, way, &error);
    if (cartridge == NULL)
        fuzz_require(error.kind == ERROR_INPUT && error.text[0] != 0, "refused without a word");
    else
        check(cartridge, &image);
    fuzz_require(way != WAY_LOAD_CUT_GZIP || cartridge == NULL, "half a gzip file was loaded");
    if (way == WAY_LOAD_GZIP && image.count > 0) {
        Cartridge *created = cartridge_create(image.bytes, image.count, image.type, "fuzz", &error);
        check_same(created, cartridge);
        cartridge_destroy(created);
    }
    cartridge_destroy(cartridge);
    return 0;
}
