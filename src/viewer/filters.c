#include "viewer/filters.h"

#include <float.h>
#include <math.h>

#include "viewer/heat.h"

enum { GAP = 1, STRIP_GAP = 6 }; /* pixels between channels, between filters */

/* Pixels from one strip to the next. */
static int strip_width(const FilterBank *bank, int side)
{
    return bank->channels * (bank->kernel * side + GAP) - GAP + STRIP_GAP;
}

static int strip_height(const FilterBank *bank, int side)
{
    return bank->kernel * side + STRIP_GAP;
}

/* How many strips lie beside each other. */
static int strips_across(const FilterBank *bank, int side)
{
    const double area = (double)bank->filters * strip_width(bank, side) * strip_height(bank, side);
    const int across = (int)lround(sqrt(area) / strip_width(bank, side));
    return across < 1 ? 1 : across > bank->filters ? bank->filters : across;
}

int filters_side(const FilterBank *bank, int wanted)
{
    int side = 1;
    while (strips_across(bank, side + 1) * strip_width(bank, side + 1) + STRIP_GAP <= wanted)
        side++;
    return side;
}

static double largest_size(const FilterBank *bank)
{
    const size_t count = (size_t)bank->filters * (size_t)bank->channels * (size_t)bank->kernel *
                         (size_t)bank->kernel;
    double largest = DBL_MIN;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs((double)bank->weights[i]));
    return largest;
}

static void draw_square(Picture *picture, Point at, const float *weights, int kernel, int side,
                        double largest)
{
    for (int y = 0; y < kernel; y++)
        for (int x = 0; x < kernel; x++, weights++)
            picture_fill(picture, (Box){at.x + x * side, at.y + y * side, side, side},
                         heat_signed((double)*weights / largest));
}

Picture *filters_draw(const FilterBank *bank, int side, Error *error)
{
    const int across = strips_across(bank, side);
    const int down = (bank->filters + across - 1) / across;
    const int width = strip_width(bank, side), height = strip_height(bank, side);
    Picture *picture = picture_create(across * width + STRIP_GAP, down * height + STRIP_GAP, error);
    if (picture == NULL)
        return NULL;
    picture_fill(picture, (Box){0, 0, picture->width, picture->height}, (Colour){48, 51, 60});
    const double largest = largest_size(bank);
    const int area = bank->kernel * bank->kernel;
    for (int i = 0; i < bank->filters * bank->channels; i++) {
        const int filter = i / bank->channels, channel = i % bank->channels;
        const Point at = {STRIP_GAP + filter % across * width +
                              channel * (bank->kernel * side + GAP),
                          STRIP_GAP + filter / across * height};
        draw_square(picture, at, bank->weights + (size_t)i * (size_t)area, bank->kernel, side,
                    largest);
    }
    return picture;
}
