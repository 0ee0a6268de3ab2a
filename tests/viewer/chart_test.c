/*
 * Labels of a chart: side by side where they fit, never over each other or beyond the box.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "viewer/chart.h"

enum { WIDTH = 600, HEIGHT = 320, BESIDE = 700 };

static const char *const long_label = "a preset, some_key = 2.5e-07, other = 1";

/* Two lines with these labels, drawn into the left of a wider picture. */
static Picture *chart_with(const char *first, const char *second)
{
    static const double x[] = {0, 1}, y[] = {1, 2};
    const Chart chart = {.title = "title",
                         .x_label = "x",
                         .y_label = "y",
                         .line_count = 2,
                         .line = {{first, 2, x, y, NULL, NULL}, {second, 2, x, y, NULL, NULL}}};
    Error error;
    Picture *picture = picture_create(WIDTH + BESIDE, HEIGHT, &error);
    assert_non_null(picture);
    chart_draw(picture, (Box){0, 0, WIDTH, HEIGHT}, &chart);
    return picture;
}

static bool row_differs(const Picture *a, const Picture *b, int y)
{
    const size_t row = (size_t)a->width * 3;
    return memcmp(a->rgb + (size_t)y * row, b->rgb + (size_t)y * row, row) != 0;
}

/* Rows of pixels in which letters of both labels stand. */
static int shared_rows(const char *first_label, const char *second_label)
{
    Picture *both = chart_with(first_label, second_label);
    Picture *first = chart_with(first_label, ""), *second = chart_with("", second_label);
    int count = 0, of_first = 0, of_second = 0;
    for (int y = 0; y < HEIGHT; y++) {
        of_first += row_differs(both, second, y);
        of_second += row_differs(both, first, y);
        count += row_differs(both, first, y) && row_differs(both, second, y);
    }
    assert_in_range(of_first, 1, 2 * PICTURE_LETTER_HEIGHT);
    assert_in_range(of_second, 1, 2 * PICTURE_LETTER_HEIGHT);
    picture_destroy(both);
    picture_destroy(first);
    picture_destroy(second);
    return count;
}

static void labels_stand_side_by_side_where_they_fit(void **unused)
{
    (void)unused;
    assert_true(shared_rows("quick", "pqn") > 0);
}

static void a_long_label_has_rows_of_its_own(void **unused)
{
    (void)unused;
    assert_int_equal(shared_rows(long_label, long_label), 0);
}

static void a_label_wider_than_the_box_ends_with_dots(void **unused)
{
    (void)unused;
    const char *const wide =
        "a preset, some_key = 2.5e-07, another_key = 12345.678, a_third_key = no";
    Picture *cut = chart_with(wide, "x");
    Picture *dotted = chart_with("a preset, some_key = 2.5e-07, another_key...", "x");
    assert_true(picture_equal(cut, dotted));
    const uint8_t nothing[BESIDE * 3] = {0};
    for (int y = 0; y < HEIGHT; y++)
        assert_memory_equal(cut->rgb + ((size_t)y * (WIDTH + BESIDE) + WIDTH) * 3, nothing,
                            sizeof nothing);
    picture_destroy(cut);
    picture_destroy(dotted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_stand_side_by_side_where_they_fit),
        cmocka_unit_test(a_long_label_has_rows_of_its_own),
        cmocka_unit_test(a_label_wider_than_the_box_ends_with_dots),
    };
    return cmocka_run_group_tests_name("viewer/chart", tests, NULL, NULL);
}
