#include "run/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { TABLE_BYTES_MAX = 256 * 1024 * 1024 };

/* Cut the text's first line off; NULL: no line is whole any more. */
static char *take_line(char **text)
{
    char *line = *text, *end = strchr(line, '\n');
    if (end == NULL)
        return NULL;
    *end = 0;
    *text = end + 1;
    return line;
}

/* Likewise a line's first field. */
static char *take_field(char **line)
{
    char *field = *line, *end = field == NULL ? NULL : strchr(field, ',');
    *line = end == NULL ? NULL : end + 1;
    if (end != NULL)
        *end = 0;
    return field;
}

static bool read_names(Table *table, char *line, const char *path, Error *error)
{
    for (char *name; (name = take_field(&line)) != NULL; table->columns++) {
        if (table->columns == TABLE_COLUMNS_MAX || strlen(name) >= TABLE_NAME_BYTES)
            return error_input(error,
                               "'%s' is no table of a run: its first line has no names of "
                               "columns",
                               path);
        strcpy(table->name[table->columns], name);
    }
    return true;
}

static bool read_number(double *value, const char *field)
{
    char *end;
    *value = field[0] == 0 ? NAN : strtod(field, &end);
    return field[0] == 0 || *end == 0;
}

/* A line's numbers, into a row; false: not as many as there are columns, or something else. */
static bool read_row(Table *table, char *line, int rows_max)
{
    int column = 0;
    for (char *field; (field = take_field(&line)) != NULL; column++) {
        double value;
        if (column == table->columns || !read_number(&value, field))
            return false;
        table->values[(size_t)column * (size_t)rows_max + (size_t)table->rows] = value;
    }
    return column == table->columns;
}

static bool read_rows(Table *table, char *text, int rows_max, const char *path, Error *error)
{
    for (char *line; (line = take_line(&text)) != NULL; table->rows++)
        if (!read_row(table, line, rows_max))
            return error_input(error, "'%s' is damaged: line %d should have %d numbers", path,
                               table->rows + 2, table->columns);
    return true;
}

static int count_lines(const char *text)
{
    int lines = 0;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    return lines;
}

bool table_read(Table *table, const char *path, Error *error)
{
    Table fresh = {0};
    FileBytes file;
    if (!file_read(&file, path, TABLE_BYTES_MAX, error))
        return false;
    char *text = (char *)file.bytes;
    const int rows = count_lines(text) - 1;
    char *names = take_line(&text);
    bool done = names != NULL ? read_names(&fresh, names, path, error)
                              : error_input(error, "'%s' is no table of a run: it is empty", path);
    if (done) {
        fresh.values = malloc((size_t)fresh.columns * (size_t)rows * sizeof *fresh.values + 1);
        done = fresh.values != NULL ? read_rows(&fresh, text, rows, path, error)
                                    : error_work(error, "no memory for the table '%s'", path);
    }
    file_free(&file);
    if (done)
        *table = fresh;
    else
        free(fresh.values);
    return done;
}

void table_free(Table *table)
{
    free(table->values);
    *table = (Table){0};
}

const double *table_column(const Table *table, const char *name)
{
    for (int i = 0; i < table->columns; i++)
        if (strcmp(table->name[i], name) == 0)
            return table->values + (size_t)i * (size_t)table->rows;
    return NULL;
}
