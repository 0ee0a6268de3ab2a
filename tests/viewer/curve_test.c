/*
 * Curves against drawings made by hand, and drawing beyond a picture's edges.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "viewer/curve.h"
#include "viewer/picture.h"

static const CurveShape shape = {24, 8, CURVE_ASCII, "frames", "score"};

static void assert_drawn(const CurvePoint *points, int count, const CurveShape *how,
                         const char *expected)
{
    char text[CURVE_TEXT_BYTES];
    const size_t length = curve_draw(text, sizeof text, points, count, how);
    assert_string_equal(text, expected);
    assert_int_equal(length, strlen(expected));
}

/* Four rows of two dots: eight heights over 20 columns. */
static void a_slope_climbs_dot_by_dot(void **unused)
{
    (void)unused;
    const CurvePoint points[] = {{0, 10}, {19, 17}};
    assert_drawn(points, 2, &shape,
                 "score\n"
                 "17 |               ...''\n"
                 "   |          ...''\n"
                 "   |     ..'''\n"
                 "10 |..'''\n"
                 "   +--------------------\n"
                 "   0                  19\n"
                 "                  frames\n");
}

static void a_gap_is_left_open_and_numbers_are_short(void **unused)
{
    (void)unused;
    const CurvePoint points[] = {{0, 0}, {9.5e6, 0}, {9.6e6, NAN}, {14e6, 3}, {19e6, 3}};
    assert_drawn(points, 5, &shape,
                 "score\n"
                 "3 |               ''''''\n"
                 "  |\n"
                 "  |\n"
                 "0 |...........\n"
                 "  +---------------------\n"
                 "  0                  19M\n"
                 "                  frames\n");
}

static void one_value_lies_in_the_middle(void **unused)
{
    (void)unused;
    const CurvePoint point = {5, 2};
    const CurveShape bare = {24, 6, CURVE_BRAILLE, NULL, NULL};
    char text[CURVE_TEXT_BYTES];
    curve_draw(text, sizeof text, &point, 1, &bare);
    assert_non_null(strstr(text, "3 |"));
    assert_non_null(strstr(text, "1 |"));
    assert_non_null(
        strstr(text, "\n  |          \xe2\xa2\x80\n")); /* the right lowest dot of eight */
}

static void without_values_it_says_so(void **unused)
{
    (void)unused;
    const CurvePoint point = {5, NAN};
    assert_drawn(&point, 1, &shape, "no values yet\n");
    assert_drawn(NULL, 0, &shape, "no values yet\n");
}

static void too_little_room_cuts_whole_lines(void **unused)
{
    (void)unused;
    const CurvePoint points[] = {{0, 10}, {19, 17}};
    char text[CURVE_TEXT_BYTES], whole[CURVE_TEXT_BYTES];
    curve_draw(whole, sizeof whole, points, 2, &shape);
    for (size_t capacity = 0; capacity < 120; capacity++) {
        memset(text, '#', sizeof text);
        const size_t length = curve_draw(text, capacity, points, 2, &shape);
        assert_true(length <= capacity && (length == 0 || text[length - 1] == '\n'));
        assert_memory_equal(text, whole, length);
        assert_true(capacity == 0 || text[length] == 0);
        assert_int_equal(text[capacity], '#');
    }
}

static void nothing_is_drawn_beyond_the_edges(void **unused)
{
    (void)unused;
    enum { SIDE = 9, ROOM = 64 };
    uint8_t bytes[ROOM + SIDE * SIDE * 3 + ROOM];
    memset(bytes, 0xee, sizeof bytes);
    Picture picture = {SIDE, SIDE, bytes + ROOM};
    const Colour white = {255, 255, 255};
    picture_fill(&picture, (Box){-100, -100, 1000, 1000}, (Colour){0, 0, 0});
    picture_outline(&picture, (Box){-3, 4, 30, 2}, white);
    picture_line(&picture, (Point){-20, -20}, (Point){40, 33}, white);
    picture_write(&picture, (Point){-4, 5}, 3, white, "W\x80\nx");
    picture_paste_grey(&picture, (Point){6, 6}, &(GreyPicture){2, 2, (uint8_t[]){1, 2, 3, 4}},
                       (Enlargement){5, 5});
    for (int i = 0; i < ROOM; i++)
        assert_true(bytes[i] == 0xee && bytes[sizeof bytes - 1 - (size_t)i] == 0xee);
    assert_int_equal(picture.rgb[(8 * SIDE + 8) * 3], 1);
}

static void a_text_is_as_wide_as_its_longest_line(void **unused)
{
    (void)unused;
    assert_int_equal(picture_text_width("ab\nabcd\na", 2), 4 * 2 * PICTURE_LETTER_WIDTH);
    assert_int_equal(picture_text_width("", 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slope_climbs_dot_by_dot),
        cmocka_unit_test(a_gap_is_left_open_and_numbers_are_short),
        cmocka_unit_test(one_value_lies_in_the_middle),
        cmocka_unit_test(without_values_it_says_so),
        cmocka_unit_test(too_little_room_cuts_whole_lines),
        cmocka_unit_test(nothing_is_drawn_beyond_the_edges),
        cmocka_unit_test(a_text_is_as_wide_as_its_longest_line),
    };
    return cmocka_run_group_tests_name("viewer/curve", tests, NULL, NULL);
}
