/*
 * csv.h - a table on disk that grows row by row.
 *
 * A row is written whole and handed to the system at once; where that fails (a full disk) the file
 * is cut back to the rows before. So what stands there can be read at any moment, after any end.
 */
#ifndef DEEPQ_RUN_CSV_H
#define DEEPQ_RUN_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"

enum { CSV_PATH_BYTES = 1024 };

typedef struct {
    char path[CSV_PATH_BYTES];
    int descriptor;
    int64_t size_bytes;
    Digest digest; /* of all that was written */
} CsvFile;

/* Make a file that is not there yet, with its first lines. ERROR_WORK if that cannot be. */
bool csv_create(CsvFile *file, const char *path, const char *header, Error *error);

/* Append one formatted row; its newline is added here. At most 1,000 bytes. */
bool csv_append(CsvFile *file, Error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* How far it has come: what of it a checkpoint knows. */
typedef struct {
    int64_t size_bytes;
    uint64_t digest;
} CsvMark;

CsvMark csv_mark(const CsvFile *file);
bool csv_flush(const CsvFile *file, Error *error); /* down to the disk */

/* Open a file that is there. Before rows are appended, csv_cut says where. */
bool csv_open(CsvFile *file, const char *path, Error *error);

/* Whether its first lines are those, of at most 1,000 bytes. */
bool csv_begins_with(const CsvFile *file, const char *header);

/* Whether it begins with just what the mark is of. ERROR_INPUT says what is wrong. */
bool csv_has(const CsvFile *file, CsvMark mark, Error *error);

/* Cut it back to the mark, which it has. */
bool csv_cut(CsvFile *file, CsvMark mark, Error *error);

void csv_close(CsvFile *file);

#endif
