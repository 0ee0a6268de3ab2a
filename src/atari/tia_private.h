/*
 * tia_private.h - between the files of the TIA: tables, and the two ways of drawing a piece of a
 * line.
 */
#ifndef DEEPQ_ATARI_TIA_PRIVATE_H
#define DEEPQ_ATARI_TIA_PRIVATE_H

#include <stddef.h>

#include "atari/tia.h"

extern const int8_t tia_hmove_motion[76][16];

/* Where the copies of an object start, by NUSIZ & 7, relative to its position; count of them. */
typedef struct {
    uint8_t count;
    uint8_t offset[3];
} TiaCopies;

extern const TiaCopies tia_copies[8];

/* Draw pixels x_begin .. x_end-1 of one line with the registers as they are: latch collisions, and
 * write colours to `row` (160 bytes) unless it is NULL. Not called while VBLANK is on. */
void tia_piece_rows(Tia *tia, int x_begin, int x_end, uint8_t *row);
void tia_piece_plain(Tia *tia, int x_begin, int x_end, uint8_t *row);

/* ALE: with some sets of enabled objects a piece that ends within a group of four pixels is drawn
 * on to the group's end, if the group began in it and no movable object could reach into it. It
 * shows only where the frame ends right there; else it is drawn over. */
void tia_run_on(Tia *tia, int x_begin, int x_end, uint8_t *row);

/* Where line `number` is in the picture; NULL outside it. */
static inline uint8_t *tia_picture_row(const Tia *tia, int number, uint8_t *pixels)
{
    const int row = number - tia->row_zero_line;
    return pixels == NULL || row >= tia->height ? NULL : pixels + row * SCREEN_COLUMNS;
}

#endif
