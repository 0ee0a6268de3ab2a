/*
 * test_data.h - what other programs did: the folder of vectors, and files in it.
 *
 * Looked for where DEEPQ_TEST_DATA says, else in ../shared beside the sources. A test that does
 * without says so and skips; its program ends with what CTest counts as skipped:
 *
 *     return test_data_status(cmocka_run_group_tests(tests, NULL, NULL));
 */
#ifndef DEEPQ_TESTS_TEST_DATA_H
#define DEEPQ_TESTS_TEST_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* "FOLDER/relative" into path; false, with a line on stderr, if there is no such file. */
bool test_data_path(char *path, size_t size, const char *relative);

/* Open the unpacked text of FOLDER/relative, an .xz file. NULL, with a line on stderr, if it is not
 * there; close with pclose. */
FILE *test_data_open_xz(const char *relative);

/* The exit status of a program of which so many tests failed: 77 if none did, but something was not
 * there to test with. */
int test_data_status(int failed);

#endif
