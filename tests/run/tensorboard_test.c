/* Event files of TensorBoard, byte by byte; tests/cli/tensorboard.sh reads them with another
 * program. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "run/crc32c.h"
#include "run/table.h"
#include "run/tensorboard.h"

/* [RFC3720] B.4, and the check value that catalogues of checksums give. */
static void crc32c_gives_the_published_values(void **state)
{
    (void)state;
    uint8_t bytes[32];
    memset(bytes, 0, sizeof bytes);
    assert_int_equal(crc32c(bytes, sizeof bytes), 0x8a9136aa);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(crc32c(bytes, sizeof bytes), 0x62a8ab43);
    for (int i = 0; i < 32; i++)
        bytes[i] = (uint8_t)i;
    assert_int_equal(crc32c(bytes, sizeof bytes), 0x46dd794e);
    assert_int_equal(crc32c("123456789", 9), 0xe3069283);
}

static void new_folder(char folder[64])
{
    strcpy(folder, "/tmp/deepq-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
}

/* The message by the rules of Protocol Buffers, written out by hand. */
static void a_scalar_is_the_bytes_that_protocol_buffers_ask_for(void **state)
{
    (void)state;
    static const uint8_t expected[] = {
        0x09, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, /* 1: double 1.5 */
        0x10, 0xac, 0x02,                   /* 2: varint 300 */
        0x2a, 0x0a,                         /* 5: 10 bytes */
        0x0a, 0x08,                         /*   1: 8 bytes */
        0x0a, 0x01, 'q',                    /*     1: "q" */
        0x15, 0, 0, 0x20, 0x40,             /*     2: float 2.5 */
    };
    char folder[64];
    TensorBoard board;
    Error error = {0};
    FileBytes file;
    new_folder(folder);
    assert_true(tensorboard_begin(&board, folder, 1e9, &error));
    TensorBoardEvent event = {.wall_seconds = 1.5, .step = 300};
    tensorboard_add_scalar(&event, "q", 2.5);
    assert_true(tensorboard_write(&board, &event, &error));
    tensorboard_end(&board);
    assert_true(file_read(&file, board.path, 1 << 16, &error));
    const size_t at = file.count - sizeof expected - 4;
    assert_memory_equal(file.bytes + at, expected, sizeof expected);
    assert_int_equal(file.bytes[at - 12], sizeof expected);
    file_free(&file);
    unlink(board.path);
    rmdir(folder);
}

static void write_text(const char *path, const char *text)
{
    Error error = {0};
    assert_true(file_replace(path, text, strlen(text), &error));
}

static void a_table_is_read_back_and_what_is_half_written_is_left(void **state)
{
    (void)state;
    char folder[64], path[96];
    Table table;
    Error error = {0};
    new_folder(folder);
    snprintf(path, sizeof path, "%s/table.csv", folder);
    write_text(path, "epoch,score\n1,2.5\n2,\n3,-4e2\n4,1");
    assert_true(table_read(&table, path, &error));
    assert_int_equal(table.rows, 3);
    const double *score = table_column(&table, "score");
    assert_true(score[0] == 2.5 && isnan(score[1]) && score[2] == -400);
    assert_true(table_column(&table, "epoch")[2] == 3);
    assert_null(table_column(&table, "frames"));
    table_free(&table);
    static const char *const damaged[] = {"epoch,score\n1\n", "epoch,score\n1,2,3\n",
                                          "epoch,score\n1,x\n", "", "no end of a line"};
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
        write_text(path, damaged[i]);
        error = (Error){0};
        assert_false(table_read(&table, path, &error));
        assert_int_equal(error.kind, ERROR_INPUT);
        assert_non_null(strstr(error.text, path));
    }
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc32c_gives_the_published_values),
        cmocka_unit_test(a_scalar_is_the_bytes_that_protocol_buffers_ask_for),
        cmocka_unit_test(a_table_is_read_back_and_what_is_half_written_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
