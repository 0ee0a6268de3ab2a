/*
 * picture.h - pictures in memory, and what is drawn on them.
 *
 * A Picture is a view of rows of red, green, blue bytes, whoever owns them: an environment's
 * drawing in the caller's array, or memory that picture_create took. The point (0, 0) is the top
 * left pixel; y grows downwards. Whatever lies outside of a picture is not drawn; nothing ever is
 * an error.
 *
 *     uint8_t rgb[210 * 160 * 3];                       a console's picture, pixels wider than high
 *     env_draw(env, rgb);
 *     const Picture screen = {.width = 160, .height = 210, .rgb = rgb};
 *     const Enlargement by = enlargement_of(spec.picture_aspect, 2);
 *     Picture *page = picture_create(160 * by.across, 210 * by.down, &error);
 *     picture_paste(page, (Point){0, 0}, &screen, by);
 *     picture_write(page, (Point){8, 8}, 1, (Colour){255, 255, 255}, "SCORE 21");
 */
#ifndef DEEPQ_VIEWER_PICTURE_H
#define DEEPQ_VIEWER_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum {
    PICTURE_SIDE_MAX = 16384,  /* pixels */
    PICTURE_LETTER_WIDTH = 6,  /* a letter's cell at size 1, the space after it included */
    PICTURE_LETTER_HEIGHT = 8, /* ... and the space below it */
};

typedef struct {
    uint8_t red;
    uint8_t green;
    uint8_t blue;
} Colour;

typedef struct {
    int x;
    int y;
} Point;

typedef struct {
    int x; /* the left column */
    int y; /* the top row */
    int width;
    int height;
} Box;

typedef struct {
    int width;    /* pixels, 1 .. PICTURE_SIDE_MAX */
    int height;   /* pixels, 1 .. PICTURE_SIDE_MAX */
    uint8_t *rgb; /* height rows of width pixels of 3 bytes, without gaps */
} Picture;

/* Luminance alone, 0 black to 255 white: an agent's frame. */
typedef struct {
    int width;
    int height;
    const uint8_t *luminance; /* width * height bytes, row by row */
} GreyPicture;

/* By how many whole pixels one pixel becomes wider and higher; both at least 1. */
typedef struct {
    int across;
    int down;
} Enlargement;

/* A black picture. NULL: ERROR_INPUT for a side outside of 1 .. PICTURE_SIDE_MAX, ERROR_WORK
 * without memory. */
Picture *picture_create(int width, int height, Error *error);
void picture_destroy(Picture *picture); /* NULL is fine */

/* Rows `down` times as high, columns as many times as wide as comes nearest to pixels of that
 * aspect (width divided by height; 12/7 for a console on a television: 2, 3, 5, 7 across for 1, 2,
 * 3, 4 down). */
Enlargement enlargement_of(double aspect, int down);

/* Draw a picture, enlarged, with its top left corner at `at`. The two do not overlap in memory. */
void picture_paste(Picture *picture, Point at, const Picture *part, Enlargement by);

/* The same for an agent's frame. */
void picture_paste_grey(Picture *picture, Point at, const GreyPicture *part, Enlargement by);

void picture_fill(Picture *picture, Box box, Colour colour);    /* a box of one colour */
void picture_outline(Picture *picture, Box box, Colour colour); /* its border, one pixel, inside */
void picture_line(Picture *picture, Point from, Point to, Colour colour); /* both ends included */

/* Write a line of text with its top left corner at `at`, each dot of a letter size x size pixels.
 * ASCII 32 .. 126; a box stands for what is neither that nor '\n', which begins a new line. What is
 * behind the letters stays. */
void picture_write(Picture *picture, Point at, int size, Colour colour, const char *text);

/* Pixels from the left edge of the longest line of a text to the end of its last cell. */
int picture_text_width(const char *text, int size);

/* Both have the same size and the same pixels. */
bool picture_equal(const Picture *a, const Picture *b);

#endif
