/*
 * suggest.h - what somebody may have meant by a name that does not exist.
 */
#ifndef DEEPQ_RUN_SUGGEST_H
#define DEEPQ_RUN_SUGGEST_H

#include <stddef.h>

/* Candidate number `index`; NULL past the last. */
typedef const char *SuggestName(size_t index);

/* The candidate with the fewest letters to insert, delete, replace [Levenshtein1966]; the first of
 * equals. There must be one. */
const char *suggest_nearest(const char *word, SuggestName *candidate);

#endif
