/*
 * data_csv.c - tables of numbers. The text is gone through twice: to count and check rows and
 * columns, then to read the numbers.
 */
#include "learn/data_private.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { COLUMNS_MAX = 1 << 20, FIELD_CHARS = 40 };
#define CSV_BYTES_MAX ((size_t)1 << 32)

typedef struct {
    const char *path;
    const char *text;
    int columns; /* the label's included */
    int rows;    /* of numbers */
    int header_rows;
} Csv;

static const char *row_end(const char *row)
{
    return row + strcspn(row, "\n");
}

static bool is_blank(const char *row)
{
    return row[strspn(row, " \t\r")] == '\n' || row[strspn(row, " \t\r")] == '\0';
}

static int count_columns(const char *row)
{
    int columns = 1;
    for (const char *end = row_end(row); row < end; row++)
        columns += *row == ',';
    return columns;
}

static bool begins_with_a_name(const char *row)
{
    char *end;
    strtod(row, &end);
    return end == row && !is_blank(row);
}

/* Files end with or without an empty row; no other is empty. */
static bool measure(Csv *csv, Error *error)
{
    const char *row = csv->text;
    csv->header_rows = begins_with_a_name(row) ? 1 : 0;
    for (int number = 1; *row != '\0'; number++) {
        const char *end = row_end(row);
        const int columns = count_columns(row);
        if (is_blank(row) && *end == '\0')
            break;
        if (number == 1)
            csv->columns = columns;
        if (columns != csv->columns)
            return error_input(error, "'%s', row %d: it has %d columns, the first row has %d",
                               csv->path, number, columns, csv->columns);
        csv->rows += number > csv->header_rows;
        row = *end == '\n' ? end + 1 : end;
    }
    if (csv->rows == 0)
        return error_input(error, "'%s' has no rows of numbers", csv->path);
    if (csv->columns < 2 || csv->columns > COLUMNS_MAX)
        return error_input(error,
                           "'%s' has %d columns: it should have at least 2, the last of which is "
                           "the class",
                           csv->path, csv->columns);
    return true;
}

static bool complain(const Csv *csv, int row, int column, const char *field, const char *should,
                     Error *error)
{
    const int length = (int)strcspn(field, ",\r\n");
    return error_input(error, "'%s', row %d: column %d is '%.*s', it should be %s", csv->path,
                       row + 1 + csv->header_rows, column + 1,
                       length < FIELD_CHARS ? length : FIELD_CHARS, field, should);
}

/* Read one field and step behind it. */
static bool read_field(const Csv *csv, const char **text, int row, int column, double *value,
                       Error *error)
{
    const char *field = *text;
    const size_t length = strcspn(field, ",\n");
    char *end;
    *value = strtod(field, &end);
    const char *rest = end + strspn(end, " \t\r");
    if (end == field || rest != field + length || !isfinite((float)*value))
        return complain(csv, row, column, field, "a finite number", error);
    *text = field + length + (field[length] != '\0');
    return true;
}

static bool read_row(const Csv *csv, const char **text, int row, float *values, uint8_t *label,
                     Error *error)
{
    double value;
    for (int i = 0; i < csv->columns - 1; i++) {
        if (!read_field(csv, text, row, i, &value, error))
            return false;
        values[i] = (float)value;
    }
    const char *field = *text;
    if (!read_field(csv, text, row, csv->columns - 1, &value, error))
        return false;
    if (value != floor(value) || value < 0 || value >= DATA_CLASSES_MAX)
        return complain(csv, row, csv->columns - 1, field, "a class from 0 to 255", error);
    *label = (uint8_t)value;
    return true;
}

static bool read_rows(const Csv *csv, Data *data, Error *error)
{
    const char *text = csv->header_rows > 0 ? row_end(csv->text) + 1 : csv->text;
    const size_t values = (size_t)(csv->columns - 1);
    for (int row = 0; row < csv->rows; row++)
        if (!read_row(csv, &text, row, data->values + (size_t)row * values, &data->label[row],
                      error))
            return false;
    return data_count_classes(data->label, csv->rows, csv->path, &data->classes, error);
}

static bool read_table(Csv *csv, Data *data, Error *error)
{
    if (!measure(csv, error))
        return false;
    Data made = {.shape = {csv->columns - 1, 1, 1}, .count = csv->rows};
    made.values = malloc((size_t)csv->rows * (size_t)(csv->columns - 1) * sizeof(float));
    made.label = malloc((size_t)csv->rows);
    bool done = made.values != NULL && made.label != NULL;
    if (!done)
        error_work(error, "no memory for the %d rows of '%s'", csv->rows, csv->path);
    done = done && read_rows(csv, &made, error);
    if (done)
        *data = made;
    else
        data_free(&made);
    return done;
}

bool data_load_csv(Data *data, const char *path, Error *error)
{
    FileBytes file;
    if (!file_read(&file, path, CSV_BYTES_MAX, error))
        return false;
    Csv csv = {.path = path, .text = (const char *)file.bytes};
    bool done = false;
    if (strlen(csv.text) != file.count)
        error_input(error, "'%s' is no table of numbers: it has bytes that are 0", path);
    else
        done = read_table(&csv, data, error);
    file_free(&file);
    return done;
}
