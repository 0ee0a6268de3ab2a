/*
 * block.h - memory for large arrays that are read from one end to the other.
 *
 * In large pages where the system has them (Linux on x86, by madvise): the processor then looks up
 * an address every two megabytes instead of every four kilobytes, and reads ahead across what would
 * be the ends of pages.
 */
#ifndef DEEPQ_BASE_BLOCK_H
#define DEEPQ_BASE_BLOCK_H

#include <stddef.h>

enum { BLOCK_ALIGNMENT = 64 }; /* bytes */

/* Zeros, aligned to BLOCK_ALIGNMENT at least; given back by free(). NULL where there is no memory.
 */
void *block_create(size_t bytes);

#endif
