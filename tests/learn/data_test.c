/*
 * Files of examples: what a right one holds is read as it stands there; a wrong one is refused with
 * its name and the place; orders, splits and augmentation are what they say. Files are made by hand
 * here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "learn/batches.h"

enum { PATH_CHARS = 96 };

static char folder[] = "/tmp/deepq-data-XXXXXX";
static char pictures[PATH_CHARS], labels[PATH_CHARS], table[PATH_CHARS];

static int make_folder(void **unused)
{
    (void)unused;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(pictures, sizeof pictures, "%s/pictures", folder);
    snprintf(labels, sizeof labels, "%s/labels", folder);
    snprintf(table, sizeof table, "%s/table.csv", folder);
    return 0;
}

static int remove_folder(void **unused)
{
    (void)unused;
    unlink(pictures), unlink(labels), unlink(table);
    return rmdir(folder);
}

static void write_file(const char *path, const void *bytes, size_t count)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fwrite(bytes, 1, count, file) == count);
    assert_int_equal(fclose(file), 0);
}

/* Three pictures of 2 x 3 pixels, 0 to 17, of classes 0, 1, 0. */
static const uint8_t right_pictures[] = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0,  0,  2,  0,  0,  0,  3,  0,
                                         1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
static const uint8_t right_labels[] = {0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 0};

static void assert_idx_refused(const char *word, const char *place)
{
    Data data = {.count = 77};
    Error error = {0};
    assert_false(data_load_idx(&data, pictures, labels, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_int_equal(data.count, 77);
    if (strstr(error.text, word) == NULL || strstr(error.text, place) == NULL)
        fail_msg("'%s' does not say '%s' and '%s'", error.text, word, place);
}

static void idx_files_are_read_as_they_stand(void **unused)
{
    (void)unused;
    Data data;
    Error error = {0};
    write_file(pictures, right_pictures, sizeof right_pictures);
    write_file(labels, right_labels, sizeof right_labels);
    assert_true(data_load_idx(&data, pictures, labels, &error));
    assert_true(data.count == 3 && data.classes == 2);
    assert_true(data.shape.channels == 1 && data.shape.height == 2 && data.shape.width == 3);
    assert_memory_equal(data.bytes, right_pictures + 16, 18);
    assert_memory_equal(data.label, right_labels + 8, 3);
    float values[6];
    data_read(&data, 2, values);
    assert_true(values[0] == 12.0f / 255 && values[5] == 17.0f / 255);
    data_free(&data);
}

static void gzip_makes_no_difference(void **unused)
{
    (void)unused;
    Data data;
    Error error = {0};
    gzFile file = gzopen(pictures, "wb");
    assert_true(gzwrite(file, right_pictures, sizeof right_pictures) == sizeof right_pictures);
    gzclose(file);
    write_file(labels, right_labels, sizeof right_labels);
    assert_true(data_load_idx(&data, pictures, labels, &error));
    assert_memory_equal(data.bytes, right_pictures + 16, 18);
    data_free(&data);
}

static void wrong_idx_files_are_refused_by_name(void **unused)
{
    (void)unused;
    uint8_t bytes[64];
    write_file(labels, right_labels, sizeof right_labels);
    unlink(pictures);
    assert_idx_refused("there is no such file of pictures", pictures);
    write_file(pictures, right_pictures, 2);
    assert_idx_refused("ends within the first four bytes", pictures);
    write_file(pictures, right_pictures, 9);
    assert_idx_refused("ends within its header", pictures);
    write_file(pictures, right_pictures, sizeof right_pictures - 1);
    assert_idx_refused("has 17 of the 18 values", pictures);
    memcpy(bytes, right_pictures, sizeof right_pictures);
    write_file(pictures, bytes, sizeof right_pictures + 1);
    assert_idx_refused("goes on after the 18 values", pictures);
    bytes[2] = 13; /* floats */
    write_file(pictures, bytes, sizeof right_pictures);
    assert_idx_refused("begins with the bytes 0 0 13 3", pictures);
    write_file(pictures, right_labels, sizeof right_labels);
    assert_idx_refused("no IDX file of pictures", pictures);
    memcpy(bytes, right_pictures, sizeof right_pictures);
    bytes[4] = bytes[8] = bytes[12] = 255; /* 2^96 values */
    write_file(pictures, bytes, sizeof right_pictures);
    assert_idx_refused("which cannot be", pictures);
    gzFile file = gzopen(pictures, "wb");
    gzwrite(file, right_pictures, sizeof right_pictures);
    gzclose(file);
    assert_int_equal(truncate(pictures, 30), 0);
    assert_idx_refused(pictures, "");
}

static void labels_have_to_fit_the_pictures(void **unused)
{
    (void)unused;
    uint8_t bytes[16];
    write_file(pictures, right_pictures, sizeof right_pictures);
    unlink(labels);
    assert_idx_refused("there is no such file of labels", labels);
    write_file(labels, right_pictures, sizeof right_pictures);
    assert_idx_refused("no IDX file of labels", labels);
    memcpy(bytes, right_labels, sizeof right_labels);
    bytes[7] = 2;
    write_file(labels, bytes, 10);
    assert_idx_refused("2 labels for the 3 pictures", labels);
    memcpy(bytes, right_labels, sizeof right_labels);
    bytes[9] = 200;
    write_file(labels, bytes, sizeof right_labels);
    assert_idx_refused("label 200 in place 1 but no label 1", labels);
}

static void assert_csv_refused(const char *text, const char *word)
{
    Data data = {.count = 77};
    Error error = {0};
    write_file(table, text, strlen(text));
    assert_false(data_load_csv(&data, table, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_int_equal(data.count, 77);
    if (strstr(error.text, word) == NULL || strstr(error.text, table) == NULL)
        fail_msg("'%s' does not say '%s' and the file", error.text, word);
}

static void tables_are_read_as_they_stand(void **unused)
{
    (void)unused;
    const char *texts[] = {"a,b,class\n1,-2.5,0\n3e1,4,1\n", "1,-2.5,0\r\n 30 , 4 ,1"};
    for (int i = 0; i < 2; i++) {
        Data data;
        Error error = {0};
        write_file(table, texts[i], strlen(texts[i]));
        if (!data_load_csv(&data, table, &error))
            fail_msg("%s", error.text);
        assert_true(data.count == 2 && data.shape.channels == 2 && data.classes == 2);
        const float expected[] = {1, -2.5f, 30, 4};
        assert_memory_equal(data.values, expected, sizeof expected);
        assert_true(data.label[0] == 0 && data.label[1] == 1);
        data_free(&data);
    }
}

static void a_wrong_number_is_refused_with_its_row(void **unused)
{
    (void)unused;
    char text[400] = "x,y,class\n";
    for (int row = 2; row <= 18; row++)
        strcat(text, row == 17 ? "1,nan,0\n" : "1,2,0\n");
    assert_csv_refused(text, "row 17: column 2 is 'nan', it should be a finite number");
    assert_csv_refused("1,2,0\n1,two,0\n", "row 2: column 2 is 'two'");
    assert_csv_refused("1,2,0\n1,,0\n", "row 2: column 2 is ''");
    assert_csv_refused("1,1e999,0\n", "row 1: column 2 is '1e999'");
    assert_csv_refused("1,2,0\n1,2\n", "row 2: it has 2 columns, the first row has 3");
    assert_csv_refused("1,2,0\n\n1,2,1\n", "row 2");
    assert_csv_refused("1,2,0.5\n", "row 1: column 3 is '0.5', it should be a class");
    assert_csv_refused("1,2,-1\n", "row 1: column 3 is '-1'");
    assert_csv_refused("1,2,256\n", "row 1: column 3 is '256'");
    assert_csv_refused("1,2,3\n", "but no label 0");
    assert_csv_refused("", "no rows of numbers");
    assert_csv_refused("a,b\n", "no rows of numbers");
    assert_csv_refused("1\n2\n", "at least 2");
}

/* ---- orders ---- */

enum { MANY = 1000 };

static Data counted(void)
{
    Data data = {.shape = {1, 1, 1}, .count = MANY, .classes = 1};
    data.values = calloc(MANY, sizeof(float));
    data.label = calloc(MANY, 1);
    assert_true(data.values != NULL && data.label != NULL);
    for (int i = 0; i < MANY; i++)
        data.values[i] = (float)i;
    return data;
}

static void a_split_has_every_example_once(void **unused)
{
    (void)unused;
    Data data = counted();
    Error error = {0};
    Random random = random_stream(1, "split");
    DataPart *part, *rest;
    assert_true(data_split(&data, 300, &random, &part, &rest, &error));
    assert_true(part->count == 300 && rest->count == 700);
    char seen[MANY] = {0};
    int below = 0;
    for (int i = 0; i < 300; i++) {
        seen[part->index[i]]++;
        below += part->index[i] < MANY / 2;
    }
    for (int i = 0; i < 700; i++)
        seen[rest->index[i]]++;
    for (int i = 0; i < MANY; i++)
        assert_int_equal(seen[i], 1);
    assert_true(abs(below - 150) < 35); /* drawn from everywhere: 4 deviations of 8.7 at most */
    free(part), free(rest);
    data_free(&data);
}

static void an_epoch_shows_every_example_once_in_an_order_of_the_seed(void **unused)
{
    (void)unused;
    Data data = counted();
    Error error = {0};
    DataPart *part = data_all(&data, &error), *again = data_all(&data, &error);
    Random random = random_stream(1, "order"), same = random_stream(1, "order");
    Batches batches, others;
    batches_begin(&batches, part, 64, &random, &(Augmentation){0});
    batches_begin(&others, again, 64, &same, &(Augmentation){0});
    char seen[MANY] = {0};
    float values[64], other[64];
    int label[64], total = 0, moved = 0, count;
    while ((count = batches_next(&batches, values, label)) > 0) {
        assert_int_equal(batches_next(&others, other, label), count);
        assert_memory_equal(values, other, (size_t)count * sizeof *values);
        for (int n = 0; n < count; n++) {
            seen[(int)values[n]]++;
            moved += (int)values[n] != total + n;
        }
        total += count;
    }
    assert_true(total == MANY && moved > MANY * 9 / 10);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(seen[i], 1);
    free(part), free(again);
    data_free(&data);
}

/* A lone bright pixel in a picture of 5 x 7: where it comes to lie says what was done. */
static void augmentation_moves_and_mirrors_and_nothing_else(void **unused)
{
    (void)unused;
    uint8_t bytes[35] = {0}, label = 0;
    bytes[2 * 7 + 1] = 255;
    const Data data = {
        .shape = {1, 5, 7}, .count = 1, .classes = 1, .bytes = bytes, .label = &label};
    Error error = {0};
    DataPart *part = data_all(&data, &error);
    Random random = random_stream(3, "order");
    int places[35] = {0}, none = 0;
    for (int i = 0; i < 4000; i++) {
        Batches batches;
        float values[35];
        int read, at = -1, bright = 0;
        batches_begin(&batches, part, 1, &random, &(Augmentation){.flip = true, .shift = 1});
        assert_int_equal(batches_next(&batches, values, &read), 1);
        for (int k = 0; k < 35; k++)
            if (values[k] != 0)
                at = k, bright++;
        assert_true(bright <= 1);
        none += bright == 0;
        if (at >= 0)
            places[at]++;
    }
    assert_int_equal(none, 0); /* one pixel further and it would fall off */
    for (int r = 0; r < 5; r++)
        for (int c = 0; c < 7; c++) {
            const bool reached = r >= 1 && r <= 3 && (c <= 2 || c >= 4);
            const int times = places[r * 7 + c];
            assert_true(reached ? times > 150 && times < 300 : times == 0); /* 222 of 18 places */
        }
    free(part);
}

static void permuted_pixels_are_the_same_pixels_elsewhere(void **unused)
{
    (void)unused;
    uint8_t bytes[] = {10, 20, 30, 40, 50, 60};
    Data data = {.shape = {1, 1, 3}, .count = 2, .classes = 1, .bytes = bytes};
    Error error = {0};
    assert_true(data_permute(&data, (const int[]){2, 0, 1}, &error));
    const uint8_t expected[] = {30, 10, 20, 60, 40, 50};
    assert_memory_equal(bytes, expected, 6);
    Random random = random_stream(1, "pixels");
    int *order = data_draw_order(100, &random, &error), seen[100] = {0}, fixed = 0;
    for (int i = 0; i < 100; i++) {
        seen[order[i]]++;
        fixed += order[i] == i;
    }
    for (int i = 0; i < 100; i++)
        assert_int_equal(seen[i], 1);
    assert_true(fixed < 10);
    free(order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idx_files_are_read_as_they_stand),
        cmocka_unit_test(gzip_makes_no_difference),
        cmocka_unit_test(wrong_idx_files_are_refused_by_name),
        cmocka_unit_test(labels_have_to_fit_the_pictures),
        cmocka_unit_test(tables_are_read_as_they_stand),
        cmocka_unit_test(a_wrong_number_is_refused_with_its_row),
        cmocka_unit_test(a_split_has_every_example_once),
        cmocka_unit_test(an_epoch_shows_every_example_once_in_an_order_of_the_seed),
        cmocka_unit_test(augmentation_moves_and_mirrors_and_nothing_else),
        cmocka_unit_test(permuted_pixels_are_the_same_pixels_elsewhere),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
