#include "atari/phosphor.h"

#include <stdlib.h>

static int channel(uint32_t rgb, int c)
{
    return rgb >> (8 * c) & 0xff;
}

/* ALE: the blend loses the lowest two bits of each channel before it looks for its neighbour. */
static int blend_channel(int a, int b)
{
    const int high = a > b ? a : b, low = a > b ? b : a;
    return ((high - low) * 77 / 100 + low) & 0xfc;
}

/* The even index whose colour is nearest, by the sum of the channels' differences; the lowest of
 * several. */
static uint8_t nearest(ConsoleFormat format, const int wanted[3])
{
    int best = 0, best_distance = 3 * 256;
    for (int index = 0; index < 256; index += 2) {
        const uint32_t rgb = palette_rgb(format, (uint8_t)index);
        int distance = 0;
        for (int c = 0; c < 3; c++)
            distance += abs(channel(rgb, c) - wanted[c]);
        if (distance < best_distance) {
            best = index;
            best_distance = distance;
        }
    }
    return (uint8_t)best;
}

static uint8_t blend(ConsoleFormat format, uint8_t a, uint8_t b)
{
    const uint32_t x = palette_rgb(format, a), y = palette_rgb(format, b);
    int wanted[3];
    for (int c = 0; c < 3; c++)
        wanted[c] = blend_channel(channel(x, c), channel(y, c));
    return nearest(format, wanted);
}

/* Few pairs of colours make up two pictures: those that were looked for last are remembered. */
void phosphor_blend(ConsoleFormat format, const uint8_t *now, const uint8_t *before, size_t count,
                    uint8_t *blended)
{
    enum { REMEMBERED = 256 };
    struct {
        bool known;
        uint8_t now, before, blended;
    } pair[REMEMBERED] = {{0}};
    for (size_t i = 0; i < count; i++) {
        const uint8_t a = now[i], b = before[i];
        const int at = (a ^ (b << 4 | b >> 4)) & (REMEMBERED - 1);
        if (!pair[at].known || pair[at].now != a || pair[at].before != b) {
            pair[at].known = true;
            pair[at].now = a;
            pair[at].before = b;
            pair[at].blended = blend(format, a, b);
        }
        blended[i] = pair[at].blended;
    }
}
