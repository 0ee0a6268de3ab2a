/*
 * film_private.h - what a film's picture is made of: the part that changed, and its colours.
 */
#ifndef DEEPQ_VIEWER_FILM_PRIVATE_H
#define DEEPQ_VIEWER_FILM_PRIVATE_H

#include <stddef.h>
#include <string.h>

#include "viewer/picture.h"

/* One of the 256 is kept for the pixels that stay as they are. */
enum { FILM_COLOURS_MAX = 255, FILM_UNCHANGED = 255 };

/* A box of a picture, beside the picture before; before NULL: all of it is new. */
typedef struct {
    Box box;
    int width; /* of the whole picture */
    const uint8_t *rgb;
    const uint8_t *before;
} FilmPart;

/* The pixel whose first byte is at `at` is not as before. */
static inline bool film_is_new(const FilmPart *part, size_t at)
{
    return part->before == NULL || memcmp(part->rgb + at, part->before + at, 3) != 0;
}

typedef struct {
    int bits; /* of each of red, green, blue that distinguish colours: 8 is all */
    int count;
    uint32_t key[FILM_COLOURS_MAX];
    uint64_t sum[FILM_COLOURS_MAX][3]; /* of the pixels' bytes, for their mean */
    uint64_t pixels[FILM_COLOURS_MAX];
    uint16_t slot[1024]; /* a hash table of 1 + index */
} FilmPalette;

/* The colours of the part's new pixels, told apart by as many bits as leave at most
 * FILM_COLOURS_MAX of them. */
void film_palette_make(FilmPalette *palette, const FilmPart *part);
int film_palette_index(const FilmPalette *palette, const uint8_t *rgb); /* of a new pixel */
Colour film_palette_colour(const FilmPalette *palette, int index);

#endif
