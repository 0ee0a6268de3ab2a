/*
 * table.h - a run's table (csv.h), read back as numbers.
 *
 *     Table table;
 *     if (table_read(&table, "runs/mine/metrics.csv", &error)) {
 *         const double *score = table_column(&table, "eval_mean_score");
 *         ... score[0 .. table.rows-1] ...
 *         table_free(&table);
 *     }
 */
#ifndef DEEPQ_RUN_TABLE_H
#define DEEPQ_RUN_TABLE_H

#include "base/error.h"

enum { TABLE_COLUMNS_MAX = 64, TABLE_NAME_BYTES = 32 };

typedef struct {
    int rows, columns;
    char name[TABLE_COLUMNS_MAX][TABLE_NAME_BYTES];
    double *values; /* column by column; NaN where a field is empty */
} Table;

/* ERROR_INPUT if the file is missing or no table of numbers; the sentence names the line. What
 * stands behind the last end of a line is passed over: somebody may be writing it. */
bool table_read(Table *table, const char *path, Error *error);
void table_free(Table *table);

/* The column's `rows` values; NULL: there is none of that name. */
const double *table_column(const Table *table, const char *name);

#endif
