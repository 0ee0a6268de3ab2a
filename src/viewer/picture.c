#include "viewer/picture.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/font_private.h"

enum { RGB_BYTES = 3 };

Picture *picture_create(int width, int height, Error *error)
{
    if (width < 1 || height < 1 || width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX) {
        error_input(error, "a picture of '%d' x '%d' pixels is not possible: sides are 1 to %d",
                    width, height, PICTURE_SIDE_MAX);
        return NULL;
    }
    const size_t bytes = (size_t)width * (size_t)height * RGB_BYTES;
    Picture *picture = calloc(1, sizeof *picture + bytes);
    if (picture == NULL) {
        error_work(error, "no memory for a picture of '%d' x '%d' pixels", width, height);
        return NULL;
    }
    *picture = (Picture){.width = width, .height = height, .rgb = (uint8_t *)(picture + 1)};
    return picture;
}

void picture_destroy(Picture *picture)
{
    free(picture);
}

Enlargement enlargement_of(double aspect, int down)
{
    assert(aspect > 0 && down >= 1);
    const double across = floor(aspect * down + 0.5);
    return (Enlargement){.across = across < 1 ? 1 : (int)across, .down = down};
}

static uint8_t *pixel_at(const Picture *picture, int x, int y)
{
    return picture->rgb + ((size_t)y * (size_t)picture->width + (size_t)x) * RGB_BYTES;
}

/* The part of a box that lies in the picture; width or height 0 or less where there is none. */
static Box clip(const Picture *picture, Box box)
{
    const int left = box.x > 0 ? box.x : 0;
    const int top = box.y > 0 ? box.y : 0;
    const int right = picture->width - box.x < box.width ? picture->width : box.x + box.width;
    const int bottom = picture->height - box.y < box.height ? picture->height : box.y + box.height;
    return (Box){left, top, right - left, bottom - top};
}

void picture_fill(Picture *picture, Box box, Colour colour)
{
    const Box part = clip(picture, box);
    for (int y = part.y; y < part.y + part.height; y++) {
        uint8_t *at = pixel_at(picture, part.x, y);
        for (int x = 0; x < part.width; x++, at += RGB_BYTES) {
            at[0] = colour.red;
            at[1] = colour.green;
            at[2] = colour.blue;
        }
    }
}

void picture_outline(Picture *picture, Box box, Colour colour)
{
    if (box.width <= 0 || box.height <= 0)
        return; /* no inside to have a border */
    picture_fill(picture, (Box){box.x, box.y, box.width, 1}, colour);
    picture_fill(picture, (Box){box.x, box.y + box.height - 1, box.width, 1}, colour);
    picture_fill(picture, (Box){box.x, box.y, 1, box.height}, colour);
    picture_fill(picture, (Box){box.x + box.width - 1, box.y, 1, box.height}, colour);
}

/* Bresenham's: `error` is the distance from the true line, in units that need no fractions. */
void picture_line(Picture *picture, Point from, Point to, Colour colour)
{
    const int across = abs(to.x - from.x), down = abs(to.y - from.y);
    const int right = from.x < to.x ? 1 : -1, below = from.y < to.y ? 1 : -1;
    int error = across - down;
    for (Point at = from;;) {
        picture_fill(picture, (Box){at.x, at.y, 1, 1}, colour);
        if (at.x == to.x && at.y == to.y)
            return;
        const int doubled = 2 * error;
        if (doubled > -down) {
            error -= down;
            at.x += right;
        }
        if (doubled < across) {
            error += across;
            at.y += below;
        }
    }
}

static Box box_of(Point at, int x, int y, Enlargement by)
{
    return (Box){at.x + x * by.across, at.y + y * by.down, by.across, by.down};
}

void picture_paste(Picture *picture, Point at, const Picture *part, Enlargement by)
{
    assert(by.across >= 1 && by.down >= 1);
    for (int y = 0; y < part->height; y++) {
        for (int x = 0; x < part->width; x++) {
            const uint8_t *rgb = pixel_at(part, x, y);
            picture_fill(picture, box_of(at, x, y, by), (Colour){rgb[0], rgb[1], rgb[2]});
        }
    }
}

void picture_paste_grey(Picture *picture, Point at, const GreyPicture *part, Enlargement by)
{
    assert(by.across >= 1 && by.down >= 1);
    const uint8_t *luminance = part->luminance;
    for (int y = 0; y < part->height; y++) {
        for (int x = 0; x < part->width; x++, luminance++)
            picture_fill(picture, box_of(at, x, y, by),
                         (Colour){*luminance, *luminance, *luminance});
    }
}

static void write_letter(Picture *picture, Point at, int size, Colour colour, char letter)
{
    for (int row = 0; row < FONT_ROWS; row++)
        for (int column = 0; column < FONT_COLUMNS; column++)
            if (font_dot(letter, column, row))
                picture_fill(picture, box_of(at, column, row, (Enlargement){size, size}), colour);
}

void picture_write(Picture *picture, Point at, int size, Colour colour, const char *text)
{
    assert(size >= 1);
    Point pen = at;
    for (; *text != 0; text++) {
        if (*text == '\n') {
            pen = (Point){at.x, pen.y + size * PICTURE_LETTER_HEIGHT};
            continue;
        }
        write_letter(picture, pen, size, colour, *text);
        pen.x += size * PICTURE_LETTER_WIDTH;
    }
}

int picture_text_width(const char *text, int size)
{
    int widest = 0, letters = 0;
    for (; *text != 0; text++) {
        letters = *text == '\n' ? 0 : letters + 1;
        if (letters > widest)
            widest = letters;
    }
    return widest * size * PICTURE_LETTER_WIDTH;
}

bool picture_equal(const Picture *a, const Picture *b)
{
    return a->width == b->width && a->height == b->height &&
           memcmp(a->rgb, b->rgb, (size_t)a->width * (size_t)a->height * RGB_BYTES) == 0;
}
