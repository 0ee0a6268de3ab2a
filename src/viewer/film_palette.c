/*
 * film_palette.c - the colours of a part of a picture, few enough for a .gif.
 */
#include <string.h>

#include "viewer/film_private.h"

enum { SLOTS = 1024, FEWEST_BITS = 2, ALL_BITS = 8, RGB_BYTES = 3 };

/* A colour without its lowest bits, as a number. */
static uint32_t key_of(const uint8_t *rgb, int bits)
{
    const int cut = ALL_BITS - bits;
    return (uint32_t)(rgb[0] >> cut) << 16 | (uint32_t)(rgb[1] >> cut) << 8 |
           (uint32_t)(rgb[2] >> cut);
}

/* Where a key is, or would be put: the table always has room, being four times as large as the
 * palette. */
static int slot_of(const FilmPalette *palette, uint32_t key)
{
    int slot = (int)(key * 2654435761u >> 22) % SLOTS;
    while (palette->slot[slot] != 0 && palette->key[palette->slot[slot] - 1] != key)
        slot = (slot + 1) % SLOTS;
    return slot;
}

/* False: there is no room for another colour. */
static bool count_colour(FilmPalette *palette, const uint8_t *rgb)
{
    const uint32_t key = key_of(rgb, palette->bits);
    const int slot = slot_of(palette, key);
    if (palette->slot[slot] == 0) {
        if (palette->count == FILM_COLOURS_MAX)
            return false;
        palette->key[palette->count] = key;
        palette->slot[slot] = (uint16_t)++palette->count;
    }
    const int colour = palette->slot[slot] - 1;
    for (int i = 0; i < RGB_BYTES; i++)
        palette->sum[colour][i] += rgb[i];
    palette->pixels[colour]++;
    return true;
}

static bool fill(FilmPalette *palette, const FilmPart *part)
{
    for (int y = part->box.y; y < part->box.y + part->box.height; y++)
        for (int x = part->box.x; x < part->box.x + part->box.width; x++) {
            const size_t at = ((size_t)y * (size_t)part->width + (size_t)x) * RGB_BYTES;
            if (film_is_new(part, at) && !count_colour(palette, part->rgb + at))
                return false;
        }
    return true;
}

void film_palette_make(FilmPalette *palette, const FilmPart *part)
{
    for (int bits = ALL_BITS; bits >= FEWEST_BITS; bits--) {
        memset(palette, 0, sizeof *palette);
        palette->bits = bits;
        if (fill(palette, part))
            return;
    }
}

int film_palette_index(const FilmPalette *palette, const uint8_t *rgb)
{
    return palette->slot[slot_of(palette, key_of(rgb, palette->bits))] - 1;
}

Colour film_palette_colour(const FilmPalette *palette, int index)
{
    const uint64_t pixels = palette->pixels[index];
    const uint64_t *sum = palette->sum[index];
    return (Colour){
        .red = (uint8_t)((sum[0] + pixels / 2) / pixels),
        .green = (uint8_t)((sum[1] + pixels / 2) / pixels),
        .blue = (uint8_t)((sum[2] + pixels / 2) / pixels),
    };
}
