/*
 * all_tiles.h - every way to multiply bfloat16 that can be tried on this machine, for the tests of
 * products and of networks.
 */
#ifndef DEEPQ_TESTS_NN_ALL_TILES_H
#define DEEPQ_TESTS_NN_ALL_TILES_H

#include <stdlib.h>
#include <string.h>

#include "nn/amx_emulated.h"

enum { TILES_MAX = 4 };

/* All that there are here; returns how many. */
static inline int all_tiles(Tiles tiles[TILES_MAX])
{
    int count = 0;
    tiles[count++] = tiles_plain();
    if (LANES == 16)
        tiles[count++] = tiles_amx_emulated();
    if (tiles_avx512().name != NULL)
        tiles[count++] = tiles_avx512();
    if (tiles_amx().name != NULL)
        tiles[count++] = tiles_amx();
    return count;
}

/* Zeros, aligned as vectors want it. */
static inline void *take(size_t count, size_t size)
{
    const size_t bytes = (count * size + VECTOR_BYTES) / VECTOR_BYTES * VECTOR_BYTES;
    void *block = aligned_alloc(VECTOR_BYTES, bytes);
    assert_non_null(block);
    memset(block, 0, bytes);
    return block;
}

#endif
