/*
 * png.h - pictures as .png files, through libpng.
 *
 * The file is made in memory and then replaces what was at `path`, whole or not at all. The same
 * picture always gives the same bytes: no times, no comments. The functions take memory for the
 * time of the call.
 */
#ifndef DEEPQ_VIEWER_PNG_H
#define DEEPQ_VIEWER_PNG_H

#include "base/file.h"
#include "viewer/picture.h"

/* The bytes that png_save would save, in memory; free with file_free. ERROR_WORK without memory. */
bool png_encode(FileBytes *file, const Picture *picture, Error *error);

/* Save 8 bits each of red, green and blue. ERROR_WORK if the file cannot be written; the one of
 * before is untouched then. */
bool png_save(const char *path, const Picture *picture, Error *error);

/* The same for 8 bits of grey. */
bool png_save_grey(const char *path, const GreyPicture *picture, Error *error);

#endif
