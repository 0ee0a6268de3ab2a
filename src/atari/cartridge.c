#include "atari/cartridge.h"

#include <md5.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "atari/cartridge_private.h"
#include "base/file.h"

const char *cartridge_type_name(CartridgeType type)
{
    static const char *const names[] = {"detect", "2K", "4K"};
    return names[type];
}

static bool equal_halves(const uint8_t *bytes, size_t half)
{
    return memcmp(bytes, bytes + half, half) == 0;
}

static CartridgeType detect_type(const uint8_t *bytes, size_t size_bytes)
{
    if (size_bytes == 2048 || (size_bytes == 4096 && equal_halves(bytes, 2048)))
        return CARTRIDGE_2K;
    return size_bytes == 4096 ? CARTRIDGE_4K : CARTRIDGE_DETECT;
}

static bool size_fits(CartridgeType type, size_t size_bytes)
{
    return size_bytes == 4096 || (type == CARTRIDGE_2K && size_bytes == 2048);
}

Cartridge *cartridge_create(const uint8_t *bytes, size_t size_bytes, CartridgeType type,
                            const char *name, Error *error)
{
    const CartridgeType wanted = type == CARTRIDGE_DETECT ? detect_type(bytes, size_bytes) : type;
    if (wanted == CARTRIDGE_DETECT || !size_fits(wanted, size_bytes)) {
        error_input(error,
                    "'%s' has %zu bytes; the cartridges that can be played have 2048 or 4096", name,
                    size_bytes);
        return NULL;
    }
    Cartridge *cartridge = malloc(sizeof *cartridge + size_bytes);
    if (cartridge == NULL) {
        error_work(error, "no memory for the cartridge '%s'", name);
        return NULL;
    }
    cartridge->type = wanted;
    cartridge->size_bytes = size_bytes;
    memcpy(cartridge->bytes, bytes, size_bytes);
    MD5Data(bytes, size_bytes, cartridge->md5);
    return cartridge;
}

static bool is_gzip(const FileBytes *file)
{
    return file->count >= 2 && file->bytes[0] == 0x1f && file->bytes[1] == 0x8b;
}

/* Unpack into `image`, at most CARTRIDGE_BYTES_MAX bytes; returns how many, or 0 if it is no whole
 * gzip file or more. */
static size_t unpack_gzip(const FileBytes *file, uint8_t *image)
{
    enum { GZIP_WINDOW_BITS = 15 + 16 };
    z_stream stream = {
        .next_in = file->bytes,
        .avail_in = (uInt)file->count,
        .next_out = image,
        .avail_out = CARTRIDGE_BYTES_MAX,
    };
    if (inflateInit2(&stream, GZIP_WINDOW_BITS) != Z_OK)
        return 0;
    const int status = inflate(&stream, Z_FINISH);
    const size_t count = stream.total_out;
    inflateEnd(&stream);
    return status == Z_STREAM_END ? count : 0;
}

static Cartridge *create_from_gzip(const FileBytes *file, CartridgeType type, const char *path,
                                   Error *error)
{
    uint8_t *image = malloc(CARTRIDGE_BYTES_MAX);
    if (image == NULL) {
        error_work(error, "no memory for the cartridge '%s'", path);
        return NULL;
    }
    const size_t count = unpack_gzip(file, image);
    Cartridge *cartridge = NULL;
    if (count == 0)
        error_input(error, "'%s' is not a whole gzip file with a cartridge in it", path);
    else
        cartridge = cartridge_create(image, count, type, path, error);
    free(image);
    return cartridge;
}

Cartridge *cartridge_load(const char *path, CartridgeType type, Error *error)
{
    FileBytes file;
    if (!file_read(&file, path, CARTRIDGE_BYTES_MAX, error))
        return NULL;
    Cartridge *cartridge = is_gzip(&file)
                               ? create_from_gzip(&file, type, path, error)
                               : cartridge_create(file.bytes, file.count, type, path, error);
    file_free(&file);
    return cartridge;
}

void cartridge_destroy(Cartridge *cartridge)
{
    free(cartridge);
}

void cartridge_reset(const Cartridge *cartridge, CartridgeState *state)
{
    (void)cartridge; /* neither 2K nor 4K has anything to switch */
    *state = (CartridgeState){0};
}

void cartridge_windows(const Cartridge *cartridge, const CartridgeState *state,
                       const uint8_t *window[CARTRIDGE_WINDOWS])
{
    (void)state;
    for (size_t w = 0; w < CARTRIDGE_WINDOWS; w++)
        window[w] = cartridge->bytes + w * CARTRIDGE_WINDOW_BYTES % cartridge->size_bytes;
}
