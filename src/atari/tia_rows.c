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

static void add_player(const Tia *tia, int player, uint8_t graphics, TiaRow *row)
{
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

/* 20 cells of 4 pixels, bit 0 leftmost, to 80 pixels. */
static void add_playfield(const Tia *tia, TiaRow *row)
{
    const uint32_t left = (uint32_t)tia->pf[0] >> 4 | (uint32_t)reverse8(tia->pf[1]) << 4 |
                          (uint32_t)tia->pf[2] << 12;
    const uint32_t mirrored = (uint32_t)reverse8(tia->pf[2]) | (uint32_t)tia->pf[1] << 8 |
                              (uint32_t)(reverse8(tia->pf[0]) & 15u) << 16;
    const uint32_t right = tia->reflected ? mirrored : left;
    for (int cell = 0; cell < 20;
         cell += 8) { /* eight cells, 32 pixels at a time; the last time four */
        row_add(row, double_bits(double_bits(left >> cell & 0xff)), 4 * cell);
        row_add(row, double_bits(double_bits(right >> cell & 0xff)), 80 + 4 * cell);
    }
}

/* The pairs of which object o is one, bits as in Tia.collisions. */
static const uint16_t pairs_with[TIA_OBJECTS] = {
    [TIA_P0] = 0x8031, [TIA_P1] = 0x80c6, [TIA_M0] = 0x4303,
    [TIA_M1] = 0x4c0c, [TIA_BL] = 0x2550, [TIA_PF] = 0x2aa0,
};

static void refresh_player(Tia *tia, int player)
{
    const uint8_t graphics = player_graphics(tia, player);
    tia->row[TIA_P0 + player] = (TiaRow){{0}};
    tia->enabled &= (uint8_t) ~(1 << (TIA_P0 + player));
    if (graphics == 0)
        return;
    tia->enabled |= (uint8_t)(1 << (TIA_P0 + player));
    add_player(tia, player, graphics, &tia->row[TIA_P0 + player]);
}

static void refresh_missile(Tia *tia, int missile)
{
    tia->row[TIA_M0 + missile] = (TiaRow){{0}};
    tia->enabled &= (uint8_t) ~(1 << (TIA_M0 + missile));
    if (!tia->enam[missile] || tia->resmp[missile])
        return;
    tia->enabled |= (uint8_t)(1 << (TIA_M0 + missile));
    add_missile(tia, missile, &tia->row[TIA_M0 + missile]);
}

static void refresh_ball(Tia *tia)
{
    tia->row[TIA_BL] = (TiaRow){{0}};
    tia->enabled &= (uint8_t) ~(1 << TIA_BL);
    if (!(tia->vdelbl ? tia->enabl_old : tia->enabl))
        return;
    tia->enabled |= 1 << TIA_BL;
    row_add(&tia->row[TIA_BL], (1u << (1 << (tia->ctrlpf >> 4 & 3))) - 1, tia->position[TIA_BL]);
}

static void refresh_playfield(Tia *tia)
{
    tia->row[TIA_PF] = (TiaRow){{0}};
    tia->enabled &= (uint8_t) ~(1 << TIA_PF);
    if (((tia->pf[0] & 0xf0) | tia->pf[1] | tia->pf[2]) == 0)
        return;
    tia->enabled |= 1 << TIA_PF;
    add_playfield(tia, &tia->row[TIA_PF]);
}

/* Work out what the registers have made out of date: rows, the enabled set, the pairs that can
 * collide. */
static void refresh(Tia *tia)
{
    const uint8_t enabled = tia->enabled;
    for (int i = 0; i < 2; i++) {
        if (tia->stale >> (TIA_P0 + i) & 1)
            refresh_player(tia, i);
        if (tia->stale >> (TIA_M0 + i) & 1)
            refresh_missile(tia, i);
    }
    if (tia->stale >> TIA_BL & 1)
        refresh_ball(tia);
    if (tia->stale >> TIA_PF & 1)
        refresh_playfield(tia);
    tia->stale = 0;
    if (tia->enabled == enabled)
        return;
    tia->colliding_pairs = 0xffff;
    for (int object = 0; object < TIA_OBJECTS; object++)
        if (!(tia->enabled >> object & 1))
            tia->colliding_pairs &= (uint16_t)~pairs_with[object];
}

/* ---- pieces ---- */

static TiaRow span(int x_begin, int x_end)
{
    TiaRow row;
    for (int w = 0; w < TIA_ROW_WORDS; w++) {
        const int begin = x_begin - 64 * w < 0 ? 0 : x_begin - 64 * w;
        const int end = x_end - 64 * w > 64 ? 64 : x_end - 64 * w;
        row.word[w] = begin >= end ? 0 : (~(uint64_t)0 >> (64 - (end - begin))) << begin;
    }
    return row;
}

static void latch_collisions(Tia *tia, const TiaRow *piece)
{
    static const uint8_t pair[16][2] = {
        {TIA_M0, TIA_P0}, {TIA_M0, TIA_P1}, {TIA_M1, TIA_P1}, {TIA_M1, TIA_P0},
        {TIA_P0, TIA_BL}, {TIA_P0, TIA_PF}, {TIA_P1, TIA_BL}, {TIA_P1, TIA_PF},
        {TIA_M0, TIA_BL}, {TIA_M0, TIA_PF}, {TIA_M1, TIA_BL}, {TIA_M1, TIA_PF},
        {TIA_BL, TIA_BL}, {TIA_BL, TIA_PF}, {TIA_M0, TIA_M1}, {TIA_P0, TIA_P1},
    };
    uint32_t open = tia->colliding_pairs & (uint32_t)~tia->collisions & 0xefffu;
    for (; open != 0; open &= open - 1) {
        const int p = __builtin_ctz(open);
        const uint64_t *a = tia->row[pair[p][0]].word, *b = tia->row[pair[p][1]].word;
        const uint64_t common = (a[0] & b[0] & piece->word[0]) | (a[1] & b[1] & piece->word[1]) |
                                (a[2] & b[2] & piece->word[2]);
        if (common != 0)
            tia->collisions |= (uint16_t)(1 << p);
    }
}

/* Three colours laid over the background in this order, each where its row has a 1. */
typedef struct {
    uint8_t background;
    uint8_t colour[3];
    TiaRow row[3];
} Layers;

/* Priority, from low to high. As a rule: ball and playfield, player 1, player 0; with CTRLPF bit 2
 * the playfield comes last, over the players; with bit 1 (score) the playfield takes the colour and
 * the place of the player on whose side it is. ALE: when nothing but the playfield is enabled, bit
 * 1 counts although bit 2 is set. */
static void lay_out(const Tia *tia, Layers *layers)
{
    static const TiaRow left_half = {{~(uint64_t)0, 0xffff, 0}};
    const bool above = (tia->ctrlpf & 4) && tia->enabled != 1 << TIA_PF;
    const bool score = (tia->ctrlpf & 2) && !above;
    const int field = above ? 2 : 0, player1 = above ? 0 : 1, player0 = above ? 1 : 2;
    layers->background = tia->colubk;
    layers->colour[field] = tia->colupf;
    layers->colour[player1] = tia->colup[1];
    layers->colour[player0] = tia->colup[0];
    for (int w = 0; w < TIA_ROW_WORDS; w++) {
        const uint64_t pf = tia->row[TIA_PF].word[w];
        layers->row[field].word[w] = tia->row[TIA_BL].word[w] | (score ? 0 : pf);
        layers->row[player1].word[w] =
            tia->row[TIA_P1].word[w] | tia->row[TIA_M1].word[w] | (score ? pf : 0);
        layers->row[player0].word[w] = tia->row[TIA_P0].word[w] | tia->row[TIA_M0].word[w] |
                                       (score ? pf & left_half.word[w] : 0);
    }
}

#if defined(__AVX512BW__)

static void paint_word(uint8_t *row, const Layers *layers, int w, uint64_t piece)
{
    __m512i colours = _mm512_set1_epi8((char)layers->background);
    for (int i = 0; i < 3; i++)
        colours = _mm512_mask_mov_epi8(colours, layers->row[i].word[w],
                                       _mm512_set1_epi8((char)layers->colour[i]));
    _mm512_mask_storeu_epi8(row + 64 * w, piece, colours);
}

#else

/* Bit i of a byte to byte i of a word: 0xff or 0. */
static uint64_t spread_bits(uint64_t bits)
{
    const uint64_t apart = (bits & 0xff) * 0x0101010101010101u & 0x8040201008040201u;
    const uint64_t nonzero = ((apart | 0x8080808080808080u) - 0x0101010101010101u) | apart;
    return (nonzero >> 7 & 0x0101010101010101u) * 0xff;
}

static void paint_word(uint8_t *row, const Layers *layers, int w, uint64_t piece)
{
    for (int i = 0; i < 64; i += 8) {
        const uint64_t here = spread_bits(piece >> i);
        if (here == 0)
            continue;
        uint64_t colours = layers->background * 0x0101010101010101u;
        for (int l = 0; l < 3; l++) {
            const uint64_t mask = spread_bits(layers->row[l].word[w] >> i);
            colours = (colours & ~mask) | (layers->colour[l] * 0x0101010101010101u & mask);
        }
        uint64_t old;
        memcpy(&old, row + 64 * w + i, 8);
        colours = (old & ~here) | (colours & here);
        memcpy(row + 64 * w + i, &colours, 8);
    }
}

#endif

void tia_piece_rows(Tia *tia, int x_begin, int x_end, uint8_t *row)
{
    if (tia->stale)
        refresh(tia);
    const TiaRow piece = span(x_begin, x_end);
    if (tia->colliding_pairs & (uint16_t)~tia->collisions)
        latch_collisions(tia, &piece);
    if (row == NULL)
        return;
    if (tia->enabled == 0) {
        memset(row + x_begin, tia->colubk, (size_t)(x_end - x_begin));
        return;
    }
    Layers layers;
    lay_out(tia, &layers);
    for (int w = 0; w < TIA_ROW_WORDS; w++)
        if (piece.word[w] != 0)
            paint_word(row, &layers, w, piece.word[w]);
}
