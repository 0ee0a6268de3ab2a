#include "atari/cartridge.h"

#include <md5.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "atari/cartridge_private.h"
#include "atari/translate.h"
#include "base/file.h"

static bool size_fits(CartridgeType type, size_t size_bytes)
{
    enum { PIECE_BYTES = 2048 };
    const CartridgeTraits *traits = cartridge_traits(type);
    return size_bytes >= traits->size_min && size_bytes <= traits->size_max &&
           (type == CARTRIDGE_DPC || size_bytes % PIECE_BYTES == 0);
}

/* ALE: two cartridges start in the other bank. */
static uint8_t first_bank(const Cartridge *cartridge)
{
    static const char *const others[] = {"bc24440b59092559a1ec26055fd1270e",
                                         "75ee371ccfc4f43e7d9b8f24e1266b55"};
    for (int i = 0; i < 2; i++)
        if (cartridge->type == CARTRIDGE_F8 && strcmp(cartridge->md5, others[i]) == 0)
            return 0;
    return cartridge_traits(cartridge->type)->first_bank;
}

/* Which type to play it as; CARTRIDGE_DETECT: none, and the error says why. */
static CartridgeType type_for(CartridgeType wanted, const uint8_t *bytes, size_t size_bytes,
                              const char *name, Error *error)
{
    if (wanted == CARTRIDGE_DETECT) {
        const CartridgeType found = cartridge_detect(bytes, size_bytes);
        if (found == CARTRIDGE_DETECT)
            error_input(error,
                        "'%s' has %zu bytes; cartridges have 2, 4, 8, 10, 12, 16, 32, 64, 128, "
                        "256 or 512 KB",
                        name, size_bytes);
        return found;
    }
    if (size_fits(wanted, size_bytes))
        return wanted;
    error_input(error, "'%s' has %zu bytes; a cartridge of type %s has %zu%s", name, size_bytes,
                cartridge_type_name(wanted), cartridge_traits(wanted)->size_min,
                cartridge_traits(wanted)->size_max > cartridge_traits(wanted)->size_min ? " or more"
                                                                                        : "");
    return CARTRIDGE_DETECT;
}

Cartridge *cartridge_create(const uint8_t *bytes, size_t size_bytes, CartridgeType type,
                            const char *name, Error *error)
{
    const CartridgeType found = type_for(type, bytes, size_bytes, name, error);
    if (found == CARTRIDGE_DETECT)
        return NULL;
    Cartridge *cartridge = malloc(sizeof *cartridge + size_bytes);
    if (cartridge == NULL) {
        error_work(error, "no memory for the cartridge '%s'", name);
        return NULL;
    }
    cartridge->type = found;
    cartridge->size_bytes = size_bytes;
    cartridge->ram_bytes = cartridge_traits(found)->ram_bytes;
    cartridge->hot = cartridge_traits(found)->hot;
    memcpy(cartridge->bytes, bytes, size_bytes);
    MD5Data(bytes, size_bytes, cartridge->md5);
    cartridge->first_bank = first_bank(cartridge);
    cartridge->translation = translation_create(cartridge->bytes, size_bytes);
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

/* Put what a gzip file holds in its place. */
static bool unpack(FileBytes *file, const char *path, Error *error)
{
    uint8_t *image = malloc(CARTRIDGE_BYTES_MAX);
    if (image == NULL)
        return error_work(error, "no memory for the cartridge '%s'", path);
    const size_t count = unpack_gzip(file, image);
    if (count == 0) {
        free(image);
        return error_input(error, "'%s' is not a whole gzip file with a cartridge in it", path);
    }
    file_free(file);
    *file = (FileBytes){.bytes = image, .count = count};
    return true;
}

/* `image` is the caller's to free. */
static bool read_image(FileBytes *image, const char *path, Error *error)
{
    FileBytes file;
    if (!file_read(&file, path, CARTRIDGE_BYTES_MAX, error))
        return false;
    if (is_gzip(&file) && !unpack(&file, path, error)) {
        file_free(&file);
        return false;
    }
    *image = file;
    return true;
}

Cartridge *cartridge_load(const char *path, CartridgeType type, Error *error)
{
    FileBytes image;
    if (!read_image(&image, path, error))
        return NULL;
    Cartridge *cartridge = cartridge_create(image.bytes, image.count, type, path, error);
    file_free(&image);
    return cartridge;
}

bool cartridge_file_md5(char md5[CARTRIDGE_MD5_BYTES], const char *path, Error *error)
{
    FileBytes image;
    if (!read_image(&image, path, error))
        return false;
    MD5Data(image.bytes, image.count, md5);
    file_free(&image);
    return true;
}

void cartridge_destroy(Cartridge *cartridge)
{
    if (cartridge != NULL)
        translation_destroy(cartridge->translation);
    free(cartridge);
}
