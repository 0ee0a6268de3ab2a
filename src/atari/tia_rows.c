/*
 * tia_rows.c - pieces of lines by bit rows: the fast way of drawing.
 */
#include <string.h>

#include "atari/tia_private.h"

#if defined(__AVX512BW__)
#include <immintrin.h>
#endif

const TiaCopies tia_copies[8] = {
    {1, {0}},     {2, {0, 16}}, {2, {0, 32}},     {3, {0, 16, 32}},
    {2, {0, 64}}, {1, {0}},     {3, {0, 32, 64}}, {1, {0}},
};

/* ---- rows from registers ---- */

/* OR up to 32 pixels, bit 0 leftmost, into the row from pixel `x` on (0 .. 223), around the line's
 * end. */
static void row_add(TiaRow *row, uint32_t bits, int x)
{
    if (x >= SCREEN_COLUMNS)
        x -= SCREEN_COLUMNS;
    uint64_t word[TIA_ROW_WORDS + 1] = {0};
    const int shift = x & 63;
    word[x >> 6] = (uint64_t)bits << shift;
    if (shift > 32)
        word[(x >> 6) + 1] = bits >> (64 - shift);
    row->word[0] |= word[0] | word[2] >> 32; /* what is pushed over pixel 159 comes back at 0 */
    row->word[1] |= word[1];
    row->word[2] |= word[2] & 0xffffffffu;
}

static uint8_t reverse8(uint8_t byte)
{
    return (uint8_t)(((byte * 0x0802u & 0x22110u) | (byte * 0x8020u & 0x88440u)) * 0x10101u >> 16);
}

/* Each of 16 bits twice. */
static uint32_t double_bits(uint32_t bits)
{
    bits = (bits | bits << 8) & 0x00ff00ffu;
    bits = (bits | bits << 4) & 0x0f0f0f0fu;
    bits = (bits | bits << 2) & 0x33333333u;
    bits = (bits | bits << 1) & 0x55555555u;
    return bits | bits << 1;
}

static uint8_t player_graphics(const Tia *tia, int player)
{
    return tia->vdelp[player] ? tia->grp_old[player] : tia->grp[player];
}

static void add_player(const Tia *tia, int player, TiaRow *row)
{
    const uint8_t graphics = player_graphics(tia, player);
    const int mode = tia->nusiz[player] & 7;
    uint32_t bits = tia->refp[player] ? graphics : reverse8(graphics);
    int x = tia->position[player];
    if (mode == 5 || mode == 7) { /* stretched players start a pixel later */
        bits = double_bits(bits);
        x++;
    }
    if (mode == 7)
        bits = double_bits(bits);
    const TiaCopies copies = tia_copies[mode];
    for (int i = tia->first_hidden[player] ? 1 : 0; i < copies.count; i++)
        row_add(row, bits, x + copies.offset[i]);
}

static void add_missile(const Tia *tia, int missile, TiaRow *row)
{
    if (missile == 0 && tia->star == TIA_STAR_HIDDEN)
        return;
    int width = tia->nusiz[missile] >> 4 & 3;
    if (missile == 0 && tia->star == TIA_STAR_WIDE)
        width |= 1;
    const uint32_t bits = (1u << (1 << width)) - 1;
    const TiaCopies copies = tia_copies[tia->nusiz[missile] & 7];
    for (int i = 0; i < copies.count; i++)
        row_add(row, bits, tia->position[TIA_M0 + missile] + copies.offset[i]);
}

/* Each of 8 bits four times. */
static const uint32_t fourfold[256] = {
#define BIT(byte, i) ((byte) >> (i)&1 ? 0xfu << 4 * (i) : 0u)
#define ENTRY(byte)                                                                                \
    (BIT(byte, 0) | BIT(byte, 1) | BIT(byte, 2) | BIT(byte, 3) | BIT(byte, 4) | BIT(byte, 5) |     \
     BIT(byte, 6) | BIT(byte, 7))
#define ENTRIES_4(b)  ENTRY(b), ENTRY((b) + 1), ENTRY((b) + 2), ENTRY((b) + 3)
#define ENTRIES_16(b) ENTRIES_4(b), ENTRIES_4((b) + 4), ENTRIES_4((b) + 8), ENTRIES_4((b) + 12)
#define ENTRIES_64(b)                                                                              \
    ENTRIES_16(b), ENTRIES_16((b) + 16), ENTRIES_16((b) + 32), ENTRIES_16((b) + 48)
    ENTRIES_64(0),
    ENTRIES_64(64),
    ENTRIES_64(128),
    ENTRIES_64(192),
#undef BIT
#undef ENTRY
#undef ENTRIES_4
#undef ENTRIES_16
#undef ENTRIES_64
};

/* 20 cells of 4 pixels, bit 0 leftmost, and 20 more, as they are or mirrored. */
static void add_playfield(const Tia *tia, TiaRow *row)
{
    const uint32_t left = (uint32_t)tia->pf[0] >> 4 | (uint32_t)reverse8(tia->pf[1]) << 4 |
                          (uint32_t)tia->pf[2] << 12;
    const uint32_t mirrored = (uint32_t)reverse8(tia->pf[2]) | (uint32_t)tia->pf[1] << 8 |
                              (uint32_t)(reverse8(tia->pf[0]) & 15u) << 16;
    const uint32_t right = tia->reflected ? mirrored : left;
    const uint64_t middle = fourfold[right >> 8 & 0xff];
    row->word[0] = fourfold[left & 0xff] | (uint64_t)fourfold[left >> 8 & 0xff] << 32;
    row->word[1] = fourfold[left >> 16] | (uint64_t)fourfold[right & 0xff] << 16 | middle << 48;
    row->word[2] = middle >> 16 | (uint64_t)fourfold[right >> 16] << 16;
}

/* The pairs of which object o is one, bits as in Tia.collisions. */
static const uint16_t pairs_with[TIA_OBJECTS] = {
    [TIA_P0] = 0x8031, [TIA_P1] = 0x80c6, [TIA_M0] = 0x4303,
    [TIA_M1] = 0x4c0c, [TIA_BL] = 0x2550, [TIA_PF] = 0x2aa0,
};

static bool is_enabled(const Tia *tia, int object)
{
    switch (object) {
    case TIA_P0:
    case TIA_P1: return player_graphics(tia, object - TIA_P0) != 0;
    case TIA_M0:
    case TIA_M1: return tia->enam[object - TIA_M0] && !tia->resmp[object - TIA_M0];
    case TIA_BL: return tia->vdelbl ? tia->enabl_old : tia->enabl;
    default: return ((tia->pf[0] & 0xf0) | tia->pf[1] | tia->pf[2]) != 0;
    }
}

/* What the registers have made out of date: the enabled set and the pairs that can collide. Rows
 * wait until somebody asks for them. */
static void note_enabled(Tia *tia)
{
    uint8_t enabled = tia->enabled;
    for (uint32_t left = tia->stale; left != 0; left &= left - 1) {
        const int object = __builtin_ctz(left);
        enabled = (uint8_t)((enabled & ~(1 << object)) | is_enabled(tia, object) << object);
    }
    tia->stale_rows |= tia->stale;
    tia->stale = 0;
    if (enabled == tia->enabled)
        return;
    tia->enabled = enabled;
    tia->colliding_pairs = 0xffff;
    for (int object = 0; object < TIA_OBJECTS; object++)
        if (!(enabled >> object & 1))
            tia->colliding_pairs &= (uint16_t)~pairs_with[object];
}

static void compute_row(Tia *tia, int object)
{
    TiaRow *row = &tia->row[object];
    *row = (TiaRow){{0}};
    if (!(tia->enabled >> object & 1))
        return;
    switch (object) {
    case TIA_P0:
    case TIA_P1: add_player(tia, object - TIA_P0, row); break;
    case TIA_M0:
    case TIA_M1: add_missile(tia, object - TIA_M0, row); break;
    case TIA_BL:
        row_add(row, (1u << (1 << (tia->ctrlpf >> 4 & 3))) - 1, tia->position[TIA_BL]);
        break;
    default: add_playfield(tia, row);
    }
}

/* The two objects of each pair, bits as in Tia.collisions; bit 12 is no pair. */
enum { PAIRS = 0xefff };
static const uint8_t pair[16][2] = {
    {TIA_M0, TIA_P0}, {TIA_M0, TIA_P1}, {TIA_M1, TIA_P1}, {TIA_M1, TIA_P0},
    {TIA_P0, TIA_BL}, {TIA_P0, TIA_PF}, {TIA_P1, TIA_BL}, {TIA_P1, TIA_PF},
    {TIA_M0, TIA_BL}, {TIA_M0, TIA_PF}, {TIA_M1, TIA_BL}, {TIA_M1, TIA_PF},
    {TIA_BL, TIA_BL}, {TIA_BL, TIA_PF}, {TIA_M0, TIA_M1}, {TIA_P0, TIA_P1},
};

/* Those of the pairs `open` that have a pixel in common. */
static uint16_t find_touching(const Tia *tia, uint32_t open)
{
    uint32_t touching = 0;
    for (; open != 0; open &= open - 1) {
        const int p = __builtin_ctz(open);
        const uint64_t *a = tia->row[pair[p][0]].word, *b = tia->row[pair[p][1]].word;
        if ((a[0] & b[0]) | (a[1] & b[1]) | (a[2] & b[2]))
            touching |= 1u << p;
    }
    return (uint16_t)touching;
}

/* `open`: the pairs that may collide yet. Others can only come to be with CXCLR or another row. */
static void compute_rows(Tia *tia, uint32_t open)
{
    for (uint32_t left = tia->stale_rows; left != 0; left &= left - 1)
        compute_row(tia, __builtin_ctz(left));
    tia->stale_rows = 0;
    tia->touching_pairs = find_touching(tia, open);
}

/* ---- pieces ---- */

/* The pixels of word w that lie in x_begin .. x_end-1, of which there are some. */
static inline uint64_t span(int w, int x_begin, int x_end)
{
    const int begin = x_begin - 64 * w < 0 ? 0 : x_begin - 64 * w;
    const int end = x_end - 64 * w > 64 ? 64 : x_end - 64 * w;
    return ~(uint64_t)0 >> (64 - (end - begin)) << begin;
}

static void latch_collisions(Tia *tia, uint32_t open, int x_begin, int x_end)
{
    const int first = x_begin / 64, last = (x_end - 1) / 64;
    for (; open != 0; open &= open - 1) {
        const int p = __builtin_ctz(open);
        const uint64_t *a = tia->row[pair[p][0]].word, *b = tia->row[pair[p][1]].word;
        uint64_t common = 0;
        for (int w = first; w <= last; w++)
            common |= a[w] & b[w] & span(w, x_begin, x_end);
        if (common != 0)
            tia->collisions |= (uint16_t)(1 << p);
    }
}

/* Three colours laid over the background in this order, each where its word has a 1. */
typedef struct {
    uint8_t background;
    uint8_t colour[3];
    uint64_t word[3];
} Layers;

/* Priority, from low to high. As a rule: ball and playfield, player 1, player 0; with CTRLPF bit 2
 * the playfield comes last, over the players; with bit 1 (score) the playfield takes the colour and
 * the place of the player on whose side it is. ALE: when nothing but the playfield is enabled, bit
 * 1 counts although bit 2 is set. */
static inline Layers lay_out(const Tia *tia, int w)
{
    static const uint64_t left_half[TIA_ROW_WORDS] = {~(uint64_t)0, 0xffff, 0};
    const bool above = (tia->ctrlpf & 4) && tia->enabled != 1 << TIA_PF;
    const bool score = (tia->ctrlpf & 2) && !above;
    const int field = above ? 2 : 0, player1 = above ? 0 : 1, player0 = above ? 1 : 2;
    const uint64_t pf = tia->row[TIA_PF].word[w];
    Layers layers = {.background = tia->colubk};
    layers.colour[field] = tia->colupf;
    layers.colour[player1] = tia->colup[1];
    layers.colour[player0] = tia->colup[0];
    layers.word[field] = tia->row[TIA_BL].word[w] | (score ? 0 : pf);
    layers.word[player1] = tia->row[TIA_P1].word[w] | tia->row[TIA_M1].word[w] | (score ? pf : 0);
    layers.word[player0] =
        tia->row[TIA_P0].word[w] | tia->row[TIA_M0].word[w] | (score ? pf & left_half[w] : 0);
    return layers;
}

#if defined(__AVX512BW__)

static inline void paint(uint8_t *pixels, const Layers *layers, uint64_t piece)
{
    __m512i colours = _mm512_set1_epi8((char)layers->background);
    for (int i = 0; i < 3; i++)
        colours = _mm512_mask_mov_epi8(colours, layers->word[i],
                                       _mm512_set1_epi8((char)layers->colour[i]));
    _mm512_mask_storeu_epi8(pixels, piece, colours);
}

#else

/* Bit i of a byte to byte i of a word: 0xff or 0. */
static uint64_t spread_bits(uint64_t bits)
{
    const uint64_t apart = (bits & 0xff) * 0x0101010101010101u & 0x8040201008040201u;
    const uint64_t nonzero = ((apart | 0x8080808080808080u) - 0x0101010101010101u) | apart;
    return (nonzero >> 7 & 0x0101010101010101u) * 0xff;
}

static void paint(uint8_t *pixels, const Layers *layers, uint64_t piece)
{
    for (int i = 0; i < 64; i += 8) {
        const uint64_t here = spread_bits(piece >> i);
        if (here == 0)
            continue;
        uint64_t colours = layers->background * 0x0101010101010101u;
        for (int l = 0; l < 3; l++) {
            const uint64_t mask = spread_bits(layers->word[l] >> i);
            colours = (colours & ~mask) | (layers->colour[l] * 0x0101010101010101u & mask);
        }
        uint64_t old;
        memcpy(&old, pixels + i, 8);
        colours = (old & ~here) | (colours & here);
        memcpy(pixels + i, &colours, 8);
    }
}

#endif

void tia_piece_rows(Tia *tia, int x_begin, int x_end, uint8_t *row)
{
    if (tia->stale)
        note_enabled(tia);
    const uint32_t open = tia->colliding_pairs & (uint32_t)~tia->collisions & PAIRS;
    if (tia->stale_rows && (open != 0 || row != NULL))
        compute_rows(tia, open);
    if ((open & tia->touching_pairs) != 0)
        latch_collisions(tia, open & tia->touching_pairs, x_begin, x_end);
    if (row == NULL)
        return;
    if (tia->enabled == 0) {
        memset(row + x_begin, tia->colubk, (size_t)(x_end - x_begin));
        return;
    }
    for (int w = x_begin / 64; w <= (x_end - 1) / 64; w++) {
        const Layers layers = lay_out(tia, w);
        paint(row + 64 * w, &layers, span(w, x_begin, x_end));
    }
}
