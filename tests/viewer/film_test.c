/*
 * Films, read back by giflib's own reader and put together as a viewer does; pictures, read back by
 * libpng.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <gif_lib.h>
#include <png.h>

#include "base/file.h"
#include "base/random.h"
#include "viewer/film.h"
#include "viewer/png.h"

enum { WIDTH = 40, HEIGHT = 30, BYTES = WIDTH * HEIGHT * 3 };

static char folder[] = "/tmp/deepq-film-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/film.gif", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* ---- what a viewer does ---- */

typedef struct {
    GifFileType *gif;
    uint8_t rgb[BYTES];
} Viewer;

static Viewer viewer_open(void)
{
    int error = 0;
    Viewer viewer = {.gif = DGifOpenFileName(path, &error)};
    assert_non_null(viewer.gif);
    assert_int_equal(DGifSlurp(viewer.gif), GIF_OK);
    assert_int_equal(viewer.gif->SWidth, WIDTH);
    assert_int_equal(viewer.gif->SHeight, HEIGHT);
    return viewer;
}

/* Paint image `i` over what is there. Returns its time, hundredths of a second. */
static int viewer_show(Viewer *viewer, int i)
{
    const SavedImage *image = &viewer->gif->SavedImages[i];
    const GifImageDesc *box = &image->ImageDesc;
    GraphicsControlBlock control;
    assert_int_equal(DGifSavedExtensionToGCB(viewer->gif, i, &control), GIF_OK);
    assert_int_equal(control.DisposalMode, DISPOSE_DO_NOT);
    for (int y = 0; y < box->Height; y++)
        for (int x = 0; x < box->Width; x++) {
            const int index = image->RasterBits[y * box->Width + x];
            if (index == control.TransparentColor)
                continue;
            const GifColorType colour = box->ColorMap->Colors[index];
            uint8_t *at = viewer->rgb + ((box->Top + y) * WIDTH + box->Left + x) * 3;
            at[0] = colour.Red;
            at[1] = colour.Green;
            at[2] = colour.Blue;
        }
    return control.DelayTime;
}

static void viewer_close(Viewer *viewer)
{
    int error = 0;
    assert_int_equal(DGifCloseFile(viewer->gif, &error), GIF_OK);
}

/* ---- pictures to film ---- */

/* Some boxes of few colours on what was there. */
static void scribble(uint8_t *rgb, Random *random)
{
    Picture picture = {WIDTH, HEIGHT, rgb};
    for (int i = 0; i < 3; i++) {
        const Box box = {(int)random_below(random, WIDTH) - 5,
                         (int)random_below(random, HEIGHT) - 5, (int)random_below(random, 12),
                         (int)random_below(random, 12)};
        const uint8_t level = (uint8_t)(40 * random_below(random, 6));
        picture_fill(&picture, box, (Colour){level, (uint8_t)(255 - level), 7});
    }
}

static Film *create(double frames_per_second)
{
    Error error = {0};
    Film *film = film_create(path, WIDTH, HEIGHT, frames_per_second, &error);
    assert_non_null(film);
    return film;
}

static void add(Film *film, uint8_t *rgb)
{
    Error error = {0};
    assert_true(film_add(film, &(Picture){WIDTH, HEIGHT, rgb}, &error));
}

static void finish(Film *film)
{
    Error error = {0};
    assert_true(film_finish(film, &error));
    film_destroy(film);
}

static void every_picture_comes_back_exactly_and_in_time(void **unused)
{
    (void)unused;
    enum { PICTURES = 60 };
    static uint8_t pictures[PICTURES][BYTES];
    Random random = random_stream(1, "test");
    Film *film = create(15);
    for (int i = 0; i < PICTURES; i++) {
        if (i > 0)
            memcpy(pictures[i], pictures[i - 1], BYTES);
        if (i % 7 != 3) /* each seventh is as the one before */
            scribble(pictures[i], &random);
        add(film, pictures[i]);
    }
    finish(film);
    Viewer viewer = viewer_open();
    int time = 0;
    for (int i = 0; i < viewer.gif->ImageCount; i++) {
        const int shown = (int)(time * 15 / 100.0 + 0.5); /* which picture begins now */
        time += viewer_show(&viewer, i);
        assert_memory_equal(viewer.rgb, pictures[shown], BYTES);
    }
    assert_int_equal(time, 400); /* 60 pictures at 15 a second */
    assert_in_range(viewer.gif->ImageCount, 40, 52);
    viewer_close(&viewer);
}

static void a_film_faster_than_viewers_keeps_its_length(void **unused)
{
    (void)unused;
    static uint8_t rgb[BYTES];
    Random random = random_stream(2, "test");
    Film *film = create(60);
    for (int i = 0; i < 120; i++) {
        scribble(rgb, &random);
        add(film, rgb);
    }
    finish(film);
    Viewer viewer = viewer_open();
    int time = 0;
    for (int i = 0; i < viewer.gif->ImageCount; i++) {
        const int hundredths = viewer_show(&viewer, i);
        assert_true(hundredths >= 2);
        time += hundredths;
    }
    assert_in_range(time, 199, 201);
    viewer_close(&viewer);
}

static void too_many_colours_are_brought_near(void **unused)
{
    (void)unused;
    static uint8_t rgb[BYTES];
    for (int i = 0; i < WIDTH * HEIGHT; i++) { /* 1200 colours */
        rgb[3 * i] = (uint8_t)(i % 256);
        rgb[3 * i + 1] = (uint8_t)(i / 5);
        rgb[3 * i + 2] = (uint8_t)(255 - i % 200);
    }
    Film *film = create(10);
    add(film, rgb);
    finish(film);
    Viewer viewer = viewer_open();
    viewer_show(&viewer, 0);
    for (int i = 0; i < BYTES; i++)
        assert_in_range(viewer.rgb[i] + 64 - rgb[i], 0, 128);
    viewer_close(&viewer);
}

static void a_film_that_was_not_finished_leaves_the_old_one(void **unused)
{
    (void)unused;
    uint8_t rgb[BYTES] = {0};
    Error error = {0};
    assert_true(file_replace(path, "old", 3, &error));
    Film *film = create(10);
    add(film, rgb);
    film_destroy(film);
    FileBytes old;
    assert_true(file_read(&old, path, 100, &error));
    assert_string_equal((char *)old.bytes, "old");
    file_free(&old);
    char path_new[80];
    snprintf(path_new, sizeof path_new, "%s.new", path);
    assert_false(file_exists(path_new));
}

static void a_film_whose_name_is_a_link_goes_where_it_leads(void **unused)
{
    (void)unused;
    uint8_t rgb[BYTES] = {0};
    char link[160], target[160];
    Error error = {0};
    snprintf(target, sizeof target, "%s/target.gif", folder);
    snprintf(link, sizeof link, "%s/link.gif", folder);
    assert_true(file_replace(target, "old", 3, &error));
    assert_int_equal(symlink("target.gif", link), 0);
    Film *film = film_create(link, WIDTH, HEIGHT, 10, &error);
    assert_non_null(film);
    add(film, rgb);
    finish(film);
    struct stat status;
    assert_int_equal(lstat(link, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    FileBytes file;
    assert_true(file_read(&file, target, 1 << 20, &error));
    assert_memory_equal(file.bytes, "GIF89a", 6);
    file_free(&file);
}

static void what_cannot_be_filmed_is_said(void **unused)
{
    (void)unused;
    Error error = {0};
    assert_null(film_create("/nowhere/film.gif", 8, 8, 10, &error));
    assert_int_equal(error.kind, ERROR_WORK);
    assert_non_null(strstr(error.text, "/nowhere/film.gif"));
    assert_null(film_create(path, 0, 8, 10, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_null(film_create(path, 8, 8, 0, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
}

/* ---- pictures ---- */

static void a_saved_picture_comes_back(void **unused)
{
    (void)unused;
    static uint8_t rgb[BYTES], back[BYTES];
    Error error = {0};
    Random random = random_stream(3, "test");
    scribble(rgb, &random);
    snprintf(path, sizeof path, "%s/picture.png", folder);
    assert_true(png_save(path, &(Picture){WIDTH, HEIGHT, rgb}, &error));
    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_file(&image, path) != 0);
    assert_int_equal(image.width, WIDTH);
    assert_int_equal(image.height, HEIGHT);
    image.format = PNG_FORMAT_RGB;
    assert_true(png_image_finish_read(&image, NULL, back, 0, NULL) != 0);
    assert_memory_equal(rgb, back, BYTES);
    assert_false(png_save("/nowhere/picture.png", &(Picture){WIDTH, HEIGHT, rgb}, &error));
    assert_int_equal(error.kind, ERROR_WORK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_picture_comes_back_exactly_and_in_time),
        cmocka_unit_test(a_film_faster_than_viewers_keeps_its_length),
        cmocka_unit_test(too_many_colours_are_brought_near),
        cmocka_unit_test(a_film_that_was_not_finished_leaves_the_old_one),
        cmocka_unit_test(a_film_whose_name_is_a_link_goes_where_it_leads),
        cmocka_unit_test(what_cannot_be_filmed_is_said),
        cmocka_unit_test(a_saved_picture_comes_back),
    };
    return cmocka_run_group_tests_name("viewer/film", tests, make_folder, remove_folder);
}
