#include "viewer/png.h"

#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "base/file.h"

/* Through libpng's simplified interface, which reports errors without long jumps. */
static bool save(const char *path, png_image *image, const uint8_t *pixels, Error *error)
{
    png_alloc_size_t count = 0;
    uint8_t *bytes = NULL;
    bool done = false;
    image->version = PNG_IMAGE_VERSION;
    if (png_image_write_get_memory_size(*image, count, 0, pixels, 0, NULL))
        bytes = malloc(count);
    if (bytes == NULL)
        error_work(error, "no memory for the picture '%s'", path);
    else if (!png_image_write_to_memory(image, bytes, &count, 0, pixels, 0, NULL))
        error_work(error, "cannot make the picture '%s': %s", path, image->message);
    else
        done = file_replace(path, bytes, count, error);
    free(bytes);
    png_image_free(image);
    return done;
}

bool png_save(const char *path, const Picture *picture, Error *error)
{
    png_image image = {
        .width = (png_uint_32)picture->width,
        .height = (png_uint_32)picture->height,
        .format = PNG_FORMAT_RGB,
    };
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
