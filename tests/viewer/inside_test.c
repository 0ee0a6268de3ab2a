/*
 * Pictures of a network's inside: filters, patches, heat. Expected pixels are worked out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "viewer/heat.h"
#include "viewer/patches.h"

enum { SIDE = 20, PIXELS = SIDE * SIDE };

static int brightness(Colour colour)
{
    return 299 * colour.red + 587 * colour.green + 114 * colour.blue;
}

static void more_is_always_brighter(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++)
        assert_true(brightness(heat_amount(i / 50.0)) <= brightness(heat_amount((i + 1) / 50.0)));
    assert_true(brightness(heat_amount(1)) > 5 * brightness(heat_amount(0)));
}

static void the_sign_of_a_weight_is_its_colour(void **state)
{
    (void)state;
    const Colour above = heat_signed(0.8), below = heat_signed(-0.8), zero = heat_signed(0);
    assert_true(above.red > above.blue);
    assert_true(below.blue > below.red);
    assert_true(brightness(zero) < brightness(above) && brightness(zero) < brightness(below));
}

static const uint8_t *pixel(const Picture *picture, int x, int y)
{
    return picture->rgb + 3 * (y * picture->width + x);
}

/* How many pixels have exactly that colour. */
static int count_colour(const Picture *picture, Colour colour)
{
    int count = 0;
    for (int y = 0; y < picture->height; y++)
        for (int x = 0; x < picture->width; x++) {
            const uint8_t *rgb = pixel(picture, x, y);
            count += rgb[0] == colour.red && rgb[1] == colour.green && rgb[2] == colour.blue;
        }
    return count;
}

static Patches *offered(const float *values, int count)
{
    Error error = {0};
    static uint8_t frame[PIXELS];
    Patches *patches = patches_create(&(PatchesPlan){2, SIDE, SIDE, 4, 4}, &error);
    for (int i = 0; i < count; i++) {
        memset(frame, i, sizeof frame);
        patches_offer(patches, 1, &(Patch){values[i], i % 16, 3, i * PATCHES_STRETCH}, frame);
    }
    return patches;
}

static void the_best_patches_are_kept_in_order(void **state)
{
    (void)state;
    static const float values[] = {3, 9, 1, 0, 7, -2, 8, 2, 6, 5, 4, 10};
    static const float best[PATCHES_EACH] = {10, 9, 8, 7, 6, 5, 4, 3};
    Patches *patches = offered(values, 12);
    Patch patch;
    for (int rank = 0; rank < PATCHES_EACH; rank++) {
        assert_true(patches_get(patches, 1, rank, &patch));
        assert_true(patch.value == best[rank]);
        assert_true(values[patch.moment / PATCHES_STRETCH] == best[rank]);
    }
    assert_false(patches_get(patches, 0, 0, &patch)); /* nobody offered it anything */
    assert_int_equal(patches_excited(patches), 1);
    patches_destroy(patches);
}

static void of_frames_that_follow_each_other_one_is_kept(void **state)
{
    (void)state;
    Error error = {0};
    static uint8_t frame[PIXELS];
    Patches *patches = patches_create(&(PatchesPlan){1, SIDE, SIDE, 4, 4}, &error);
    Patch patch;
    for (int moment = 0; moment < PATCHES_STRETCH; moment++)
        patches_offer(patches, 0, &(Patch){(float)(1 + moment % 7), 0, 0, moment}, frame);
    assert_true(patches_get(patches, 0, 0, &patch));
    assert_true(patch.value == 7);
    assert_false(patches_get(patches, 0, 1, &patch));
    patches_destroy(patches);
}

/* The frame of value v is filled with its number: the picture must show the frame that belongs to
 * the patch, after all the shifting about. */
static void a_patch_shows_the_frame_it_was_offered_with(void **state)
{
    (void)state;
    static const float values[] = {3, 9, 1, 2, 7, 3, 8, 2, 6, 5, 4, 10};
    Error error = {0};
    Patches *patches = offered(values, 12);
    Picture *picture = patches_draw(patches, &error);
    for (int i = 0; i < 12; i++) {
        const Colour grey = {(uint8_t)i, (uint8_t)i, (uint8_t)i};
        const bool kept = values[i] >= 3 && i != 5; /* of the two threes the first stays */
        assert_int_equal(count_colour(picture, grey) > 0, kept);
    }
    picture_destroy(picture);
    patches_destroy(patches);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_is_always_brighter),
        cmocka_unit_test(the_sign_of_a_weight_is_its_colour),
        cmocka_unit_test(the_best_patches_are_kept_in_order),
        cmocka_unit_test(of_frames_that_follow_each_other_one_is_kept),
        cmocka_unit_test(a_patch_shows_the_frame_it_was_offered_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
