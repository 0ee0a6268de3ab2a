#include "viewer/heat.h"

#include <assert.h>
#include <float.h>
#include <math.h>

/* The positive part of a slope that starts at `from` and reaches one `over` later, in bytes. */
static uint8_t ramp(double value, double from, double over)
{
    const double part = (value - from) / over;
    return (uint8_t)lround(255 * fmin(1, fmax(0, part)));
}

static Colour mix(Colour a, Colour b, double part)
{
    return (Colour){(uint8_t)lround(a.red + (b.red - a.red) * part),
                    (uint8_t)lround(a.green + (b.green - a.green) * part),
                    (uint8_t)lround(a.blue + (b.blue - a.blue) * part)};
}

Colour heat_signed(double value)
{
    static const Colour zero = {14, 15, 19}, above = {255, 170, 60}, below = {80, 160, 255};
    const double size = fmin(1, fabs(value));
    return !(size > 0) ? zero : mix(zero, value > 0 ? above : below, size);
}

Colour heat_amount(double value)
{
    static const Colour nothing = {30, 32, 40};
    if (!(value > 0))
        return nothing;
    const Colour hot = {ramp(value, 0, 0.4), ramp(value, 0.25, 0.5), ramp(value, 0.7, 0.4)};
    return (Colour){hot.red > nothing.red ? hot.red : nothing.red,
                    hot.green > nothing.green ? hot.green : nothing.green,
                    hot.blue > nothing.blue ? hot.blue : nothing.blue};
}

void heat_draw(Picture *picture, Point at, const HeatMap *map, int side)
{
    assert(side >= 1 && map->most > 0);
    const float *value = map->values;
    for (int y = 0; y < map->height; y++)
        for (int x = 0; x < map->width; x++, value++)
            picture_fill(picture, (Box){at.x + x * side, at.y + y * side, side, side},
                         heat_amount((double)*value / map->most));
}

double heat_most(const float *values, size_t count)
{
    float most = FLT_MIN;
    for (size_t i = 0; i < count; i++)
        most = values[i] > most ? values[i] : most;
    return (double)most;
}
