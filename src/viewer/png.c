#include "viewer/png.h"

#include <stdlib.h>
#include <string.h>

#include <png.h>

/* Through libpng's simplified interface, which reports errors without long jumps. `name`: of the
 * picture, for the error. */
static bool encode(FileBytes *file, png_image *image, const uint8_t *pixels, const char *name,
                   Error *error)
{
    png_alloc_size_t count = 0;
    uint8_t *bytes = NULL;
    bool done = false;
    image->version = PNG_IMAGE_VERSION;
    if (png_image_write_get_memory_size(*image, count, 0, pixels, 0, NULL))
        bytes = malloc(count);
    if (bytes == NULL)
        error_work(error, "no memory for the picture '%s'", name);
    else if (!png_image_write_to_memory(image, bytes, &count, 0, pixels, 0, NULL))
        error_work(error, "cannot make the picture '%s': %s", name, image->message);
    else
        done = true;
    png_image_free(image);
    if (done)
        *file = (FileBytes){bytes, count};
    else
        free(bytes);
    return done;
}

static bool save(const char *path, png_image *image, const uint8_t *pixels, Error *error)
{
    FileBytes file;
    if (!encode(&file, image, pixels, path, error))
        return false;
    const bool done = file_replace(path, file.bytes, file.count, error);
    file_free(&file);
    return done;
}

static png_image image_of(const Picture *picture)
{
    return (png_image){
        .width = (png_uint_32)picture->width,
        .height = (png_uint_32)picture->height,
        .format = PNG_FORMAT_RGB,
    };
}

bool png_encode(FileBytes *file, const Picture *picture, Error *error)
{
    png_image image = image_of(picture);
    return encode(file, &image, picture->rgb, "in memory", error);
}

bool png_save(const char *path, const Picture *picture, Error *error)
{
    png_image image = image_of(picture);
    return save(path, &image, picture->rgb, error);
}

bool png_save_grey(const char *path, const GreyPicture *picture, Error *error)
{
    png_image image = {
        .width = (png_uint_32)picture->width,
        .height = (png_uint_32)picture->height,
        .format = PNG_FORMAT_GRAY,
    };
    return save(path, &image, picture->luminance, error);
}
