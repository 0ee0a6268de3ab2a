#include "run/suggest.h"

#include <string.h>

enum { LETTERS_MAX = 63 }; /* of a word; more are not looked at */

static size_t smallest(size_t a, size_t b, size_t c)
{
    const size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Row by row through the table of distances between all beginnings of the two words; one row is
 * kept. */
static size_t distance(const char *a, const char *b)
{
    const size_t columns = strnlen(b, LETTERS_MAX);
    size_t row[LETTERS_MAX + 1];
    for (size_t j = 0; j <= columns; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1] != 0; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            const size_t above = row[j];
            row[j] = smallest(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[columns];
}

const char *suggest_nearest(const char *word, SuggestName *candidate)
{
    const char *best = NULL;
    size_t best_distance = 0;
    for (size_t i = 0; candidate(i) != NULL; i++) {
        const size_t d = distance(word, candidate(i));
        if (best == NULL || d < best_distance) {
            best = candidate(i);
            best_distance = d;
        }
    }
    return best;
}
