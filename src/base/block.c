#define _DEFAULT_SOURCE /* madvise */
#include "base/block.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { LARGE_PAGE = 2 << 20 };

static size_t round_up(size_t bytes, size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

/* A block is rounded up to whole large pages only where that is little. */
void *block_create(size_t bytes)
{
    const size_t unit = bytes >= 4 * (size_t)LARGE_PAGE ? LARGE_PAGE : BLOCK_ALIGNMENT;
    const size_t size = round_up(bytes > 0 ? bytes : 1, unit);
    void *block = aligned_alloc(unit, size);
    if (block == NULL)
        return NULL;
#if defined(MADV_HUGEPAGE)
    if (unit == LARGE_PAGE)
        (void)madvise(block, size, MADV_HUGEPAGE); /* a wish: without it, small pages do as well */
#endif
    memset(block, 0, size);
    return block;
}
