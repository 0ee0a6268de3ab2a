/*
 * The eyes against the definition of a mean over an area, in floating point, and on pictures whose
 * answer is known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <inttypes.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "atari/palette.h"
#include "base/digest.h"
#include "base/random.h"
#include "env/eyes.h"

static uint8_t picture[SCREEN_ROWS_MAX * SCREEN_COLUMNS], before[SCREEN_ROWS_MAX * SCREEN_COLUMNS];
static uint8_t frame[EYES_ROWS * EYES_COLUMNS];

static void fill_randomly(uint8_t *pixels, uint64_t seed)
{
    Random random = random_stream(seed, "picture");
    for (int i = 0; i < SCREEN_ROWS_MAX * SCREEN_COLUMNS; i++)
        pixels[i] = (uint8_t)(random_bits(&random) & 0xfe);
}

/* How much of the unit from `at` to at + 1 lies between begin and end. */
static double overlap(double begin, double end, int at)
{
    const double left = begin > at ? begin : at, right = end < at + 1 ? end : at + 1;
    return right > left ? right - left : 0;
}

static double mean_luminance(double top, double bottom, double left, double right, int rows)
{
    double sum = 0;
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < SCREEN_COLUMNS; x++) {
            const uint8_t a = palette_gray(CONSOLE_NTSC, picture[y * SCREEN_COLUMNS + x]);
            const uint8_t b = palette_gray(CONSOLE_NTSC, before[y * SCREEN_COLUMNS + x]);
            sum += overlap(top, bottom, y) * overlap(left, right, x) * (a > b ? a : b);
        }
    return sum / ((bottom - top) * (right - left));
}

static void assert_means(EyesKind kind, int rows)
{
    const double tall = (double)rows / (kind == EYES_2013 ? 110 : 84), wide = 160.0 / 84;
    const int first = kind == EYES_2013 ? 18 : 0;
    const Eyes eyes = eyes_make(kind, CONSOLE_NTSC, rows);
    fill_randomly(picture, 1);
    fill_randomly(before, 2);
    eyes_see(&eyes, picture, before, frame);
    for (int y = 0; y < EYES_ROWS; y += 9)
        for (int x = 0; x < EYES_COLUMNS; x += 7) {
            const double mean = mean_luminance((first + y) * tall, (first + y + 1) * tall, x * wide,
                                               (x + 1) * wide, rows);
            assert_true(fabs(frame[y * EYES_COLUMNS + x] - mean) < 0.5 + 1e-6);
        }
}

static void each_pixel_is_the_mean_of_what_it_covers(void **state)
{
    (void)state;
    assert_means(EYES_2015, 210);
    assert_means(EYES_2013, 210);
    assert_means(EYES_2015, 250);
    assert_means(EYES_2013, 214);
}

static void a_picture_of_one_colour_stays_so(void **state)
{
    (void)state;
    const Eyes eyes = eyes_make(EYES_2015, CONSOLE_NTSC, 210);
    for (int colour = 0; colour < 256; colour += 2) {
        memset(picture, colour, sizeof picture);
        eyes_see(&eyes, picture, NULL, frame);
        for (int i = 0; i < EYES_ROWS * EYES_COLUMNS; i++)
            assert_int_equal(frame[i], palette_gray(CONSOLE_NTSC, (uint8_t)colour));
    }
}

static void the_brighter_of_two_frames_is_seen(void **state)
{
    (void)state;
    const Eyes eyes = eyes_make(EYES_2015, CONSOLE_NTSC, 210);
    memset(picture, 0x00, sizeof picture);
    memset(before, 0x0e, sizeof before); /* white */
    eyes_see(&eyes, picture, before, frame);
    assert_int_equal(frame[0], 236);
    eyes_see(&eyes, picture, NULL, frame);
    assert_int_equal(frame[0], 0);
}

/* Vectors and plain loops see the same bits: what the loops saw is written down here. */
static void every_machine_sees_the_same_bits(void **state)
{
    (void)state;
    static const struct {
        EyesKind kind;
        ConsoleFormat format;
        int rows;
        uint64_t digest;
    } seen[] = {
        {EYES_2015, CONSOLE_NTSC, 210, UINT64_C(0x384bf1db094a6c13)},
        {EYES_2013, CONSOLE_NTSC, 210, UINT64_C(0xe84d55cbe3363022)},
        {EYES_2015, CONSOLE_PAL, 250, UINT64_C(0x7ab1791ca763bfc7)},
        {EYES_2013, CONSOLE_PAL, 250, UINT64_C(0x2e00e2ea88ec2b40)},
        {EYES_2015, CONSOLE_NTSC, 211, UINT64_C(0x97a7f77fa2ca17f6)},
    };
    fill_randomly(picture, 3);
    fill_randomly(before, 4);
    for (int i = 0; i < SCREEN_ROWS_MAX * SCREEN_COLUMNS; i += 3)
        picture[i] |= 1; /* PAL's colour loss */
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        const Eyes eyes = eyes_make(seen[i].kind, seen[i].format, seen[i].rows);
        eyes_see(&eyes, picture, before, frame);
        const uint64_t digest = fnv1a64(FNV1A64_START, frame, sizeof frame);
        if (digest != seen[i].digest)
            fail_msg("picture %zu: %016" PRIx64, i, digest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pixel_is_the_mean_of_what_it_covers),
        cmocka_unit_test(a_picture_of_one_colour_stays_so),
        cmocka_unit_test(the_brighter_of_two_frames_is_seen),
        cmocka_unit_test(every_machine_sees_the_same_bits),
    };
    return cmocka_run_group_tests_name("env/eyes", tests, NULL, NULL);
}
