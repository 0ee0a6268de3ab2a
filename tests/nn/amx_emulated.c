#include "nn/amx_emulated.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdatomic.h>

enum { TILES_IN_ALL = 8, ROWS_IN_ALL = 16, BYTES_OF_ROW = 64 };

typedef struct {
    int rows, bytes;
    unsigned char row[ROWS_IN_ALL][BYTES_OF_ROW];
} EmulatedTile;

static _Thread_local EmulatedTile tiles[TILES_IN_ALL];
static _Thread_local bool configured;
static atomic_long products_done;

static EmulatedTile *tile(int number)
{
    assert(configured && tiles[number].rows > 0);
    return &tiles[number];
}

/* LDTILECFG: 64 bytes; palette 1: 8 tiles of at most 16 rows of 64 bytes. Clears all tiles. */
static void emulated_loadconfig(const void *config)
{
    const unsigned char *byte = config;
    assert(byte[0] == 1 && byte[1] == 0);
    for (int i = 2; i < 16; i++)
        assert(byte[i] == 0);
    for (int t = 0; t < 16; t++) {
        const int bytes = byte[16 + 2 * t] | byte[17 + 2 * t] << 8, rows = byte[48 + t];
        assert(rows <= ROWS_IN_ALL && bytes <= BYTES_OF_ROW && (rows == 0) == (bytes == 0));
        assert(t < TILES_IN_ALL || rows == 0);
        if (t < TILES_IN_ALL)
            tiles[t] = (EmulatedTile){.rows = rows, .bytes = bytes};
    }
    configured = true;
}

static void emulated_release(void)
{
    configured = false;
}

static void emulated_zero(int number)
{
    memset(tile(number)->row, 0, sizeof tiles[number].row);
}

/* TILELOADD; what is beyond the configured rows and bytes becomes zero. */
static void emulated_loadd(int number, const void *base, ptrdiff_t stride)
{
    emulated_zero(number);
    for (int r = 0; r < tile(number)->rows; r++)
        memcpy(tiles[number].row[r], (const char *)base + r * stride, (size_t)tiles[number].bytes);
}

static void emulated_stored(int number, void *base, ptrdiff_t stride)
{
    for (int r = 0; r < tile(number)->rows; r++)
        memcpy((char *)base + r * stride, tiles[number].row[r], (size_t)tiles[number].bytes);
}

static float daz(float value)
{
    return fabsf(value) < FLT_MIN ? copysignf(0, value) : value;
}

static float half_at(const EmulatedTile *t, int row, int index)
{
    Bf16 half;
    memcpy(&half, t->row[row] + 2 * index, sizeof half);
    return daz(bf16_float(half));
}

/* TDPBF16PS: for each row, two sums a lane from zero on, of the even and of the odd numbers of all
 * pairs; then their sum, added to what is there. */
static void emulated_dpbf16ps(int to, int a, int b)
{
    EmulatedTile *c = tile(to);
    const EmulatedTile *left = tile(a), *right = tile(b);
    assert(c->rows == left->rows && c->bytes == right->bytes && left->bytes == 4 * right->rows);
    assert(to != a && to != b && a != b);
    atomic_fetch_add(&products_done, 1);
    for (int m = 0; m < c->rows; m++)
        for (int n = 0; n < c->bytes / 4; n++) {
            float half[2] = {0, 0}, sum;
            for (int k = 0; k < left->bytes / 4; k++)
                for (int i = 0; i < 2; i++)
                    half[i] = daz(
                        fmaf(half_at(left, m, 2 * k + i), half_at(right, k, 2 * n + i), half[i]));
            memcpy(&sum, c->row[m] + 4 * n, sizeof sum);
            sum = daz(daz(sum) + daz(half[0] + half[1]));
            memcpy(c->row[m] + 4 * n, &sum, sizeof sum);
        }
}

/* Where the compiler has them as macros: */
#undef _tile_loadconfig
#undef _tile_release
#undef _tile_zero
#undef _tile_loadd
#undef _tile_stored
#undef _tile_dpbf16ps

#define AMX_EMULATED
#define TARGET
#define _tile_loadconfig emulated_loadconfig
#define _tile_release    emulated_release
#define _tile_zero       emulated_zero
#define _tile_loadd      emulated_loadd
#define _tile_stored     emulated_stored
#define _tile_dpbf16ps   emulated_dpbf16ps
#include "nn/tiles_amx.c"

Tiles tiles_amx_emulated(void)
{
    return (Tiles){"bf16 amx emulated", "terms amx emulated", product};
}

long amx_emulated_products(void)
{
    return atomic_load(&products_done);
}
