/*
 * tia.c - when the TIA draws, and what each of its registers does.
 *
 * A write at CPU cycle c happens in this order, and the order matters:
 *   1. everything before clock 3 c + delay is drawn with the registers as they were; the delay is
 *      the register's own (graphics show a clock later, playfield cells two to five, player
 *      reflection and sizes eight);
 *   2. the frame ends, if this write ends it;
 *   3. the register takes its value.
 */
#include "atari/tia.h"

#include <stddef.h>
#include <string.h>

#include "atari/tia_private.h"

/* ---- drawing up to a moment ---- */

/* ALE: while the comb is due, each piece that starts left of clock 76 is blackened from its first
 * pixel on, by as many pixels as are left to clock 76; a piece that stays in the blank blackens
 * from pixel 0, and all that it blackens too much is drawn over unless the frame ends there. */
static void draw_comb(Tia *tia, int h_begin, int h_end, uint8_t *row)
{
    if (h_begin >= TIA_BLANK_CLOCKS + 8)
        return;
    int x = h_begin - TIA_BLANK_CLOCKS;
    if (x < 0)
        x = 0;
    const int from = h_end < TIA_BLANK_CLOCKS ? h_end : x + TIA_BLANK_CLOCKS;
    if (row != NULL)
        memset(row + x, 0, (size_t)(TIA_BLANK_CLOCKS + 8 - from));
    if (h_end >= TIA_BLANK_CLOCKS + 8)
        tia->comb = false;
}

/* Draw the present line from clock h_begin to h_end, both 0 .. 228 in the line. */
static void draw_piece(Tia *tia, int h_begin, int h_end, uint8_t *row)
{
    if (h_end > TIA_BLANK_CLOCKS) {
        const int x_begin = h_begin < TIA_BLANK_CLOCKS ? 0 : h_begin - TIA_BLANK_CLOCKS;
        const int x_end = h_end - TIA_BLANK_CLOCKS;
        if (tia->vblank & 2) {
            if (row != NULL)
                memset(row + x_begin, 0, (size_t)(x_end - x_begin));
        } else if (tia->plain) {
            tia_piece_plain(tia, x_begin, x_end, row);
        } else {
            tia_piece_rows(tia, x_begin, x_end, row);
        }
    }
    if (tia->comb)
        draw_comb(tia, h_begin, h_end, row);
}

static int wrap_position(int position)
{
    if (position >= SCREEN_COLUMNS)
        return position - SCREEN_COLUMNS;
    return position < 0 ? position + SCREEN_COLUMNS : position;
}

/* HMM0 changed in the midst of a motion leaves missile 0 moving a little in every line: stars. */
static void step_star(Tia *tia)
{
    static const uint8_t left[4] = {18, 33, 0, 17};
    static const uint8_t shape[4] = {TIA_STAR_NORMAL, TIA_STAR_WIDE, TIA_STAR_HIDDEN,
                                     TIA_STAR_NORMAL};
    tia->star_line = (tia->star_line + 1) & 3;
    tia->position[TIA_M0] = (uint8_t)wrap_position(tia->position[TIA_M0] - left[tia->star_line]);
    tia->star = shape[tia->star_line];
    tia->stale |= 1 << TIA_M0;
}

static void show_first_copy(Tia *tia, int player)
{
    if (tia->first_hidden[player])
        tia->stale |= (uint8_t)(1 << (TIA_P0 + player));
    tia->first_hidden[player] = false;
}

static void end_line(Tia *tia)
{
    const bool reflected = tia->ctrlpf & 1;
    if (reflected != tia->reflected)
        tia->stale |= 1 << TIA_PF;
    tia->reflected = reflected;
    show_first_copy(tia, 0);
    show_first_copy(tia, 1);
    if (tia->star != TIA_STAR_OFF)
        step_star(tia);
    tia->line_begin += TIA_LINE_CLOCKS;
    tia->line++;
}

/* Where the present line is in the picture; NULL outside it. */
static uint8_t *picture_row(const Tia *tia, uint8_t *pixels)
{
    const int row = tia->line - tia->row_zero_line;
    return pixels == NULL || row >= tia->height ? NULL : pixels + row * SCREEN_COLUMNS;
}

void tia_draw(Tia *tia, int32_t clock, uint8_t *pixels)
{
    if (clock < tia->window_begin || tia->drawn >= tia->window_end || tia->drawn >= clock)
        return;
    if (clock > tia->window_end)
        clock = tia->window_end;
    for (;;) {
        const int32_t line_end = tia->line_begin + TIA_LINE_CLOCKS;
        const int32_t stop = clock < line_end ? clock : line_end;
        if (stop > tia->drawn)
            draw_piece(tia, tia->drawn - tia->line_begin, stop - tia->line_begin,
                       picture_row(tia, pixels));
        tia->drawn = stop;
        if (clock <= line_end) /* at the very end of a line its last steps wait for the next call */
            return;
        end_line(tia);
    }
}

/* The piece that ended where all is drawn now runs on to the end of its group of pixels. Where the
 * comb is still due, it has blackened them. */
static void run_on(Tia *tia, uint8_t *pixels)
{
    uint8_t *row = picture_row(tia, pixels);
    const int x_end = tia->drawn - tia->line_begin - TIA_BLANK_CLOCKS;
    const int x_begin = tia->piece_begin - tia->line_begin - TIA_BLANK_CLOCKS;
    if (row != NULL && x_end > 0 && x_end < SCREEN_COLUMNS && !(tia->vblank & 2) && !tia->comb)
        tia_run_on(tia, x_begin < 0 ? 0 : x_begin, x_end, row);
}

/* ---- resets and frames ---- */

static void set_window(Tia *tia)
{
    tia->window_begin = tia->frame_begin + TIA_LINE_CLOCKS * tia->first_line;
    tia->window_end = tia->window_begin + TIA_LINE_CLOCKS * tia->height;
    tia->frame_limit = tia->frame_begin + TIA_LINE_CLOCKS * (tia->line_limit + 1);
}

void tia_reset(Tia *tia, int first_line, int height, bool hmove_blanks, bool pal)
{
    enum { NTSC_LINE_LIMIT = 290, PAL_LINE_LIMIT = 342 };
    const bool eager = tia->eager, plain = tia->plain;
    *tia = (Tia){
        .first_line = first_line,
        .height = height,
        .line_limit = pal ? PAL_LINE_LIMIT : NTSC_LINE_LIMIT,
        .hmove_blanks = hmove_blanks,
        .pal = pal,
        .vsync_done = TIA_NEVER,
        .stale = TIA_ALL_OBJECTS,
        .eager = eager,
        .plain = plain,
    };
    set_window(tia);
}

void tia_begin_frame(Tia *tia, int32_t cycles_gone)
{
    tia->frame_begin = -tia_line_clock(tia, 3 * cycles_gone);
    set_window(tia);
    tia->drawn = tia->line_begin = tia->window_begin;
    tia->line = tia->first_line;
    tia->piece_begin = tia->piece_end = tia->window_begin;
    tia->row_zero_line = tia->first_line;
    tia->hmove_clock -= 3 * cycles_gone;
    if (tia->vsync_done != TIA_NEVER)
        tia->vsync_done -= 3 * cycles_gone;
    tia->dump_end_cycle -= cycles_gone;
    tia->picture ^= 1;
    if (tia->pal) { /* a frame of an odd number of lines makes a PAL television lose the colours */
        const uint8_t odd = tia->lines_before & 1;
        tia->colup[0] = (uint8_t)((tia->colup[0] & 0xfe) | odd);
        tia->colup[1] = (uint8_t)((tia->colup[1] & 0xfe) | odd);
        tia->colupf = (uint8_t)((tia->colupf & 0xfe) | odd);
        tia->colubk = (uint8_t)((tia->colubk & 0xfe) | odd);
    }
}

/* ---- registers ---- */

static int write_delay(const Tia *tia, int reg, int32_t clock)
{
    static const uint8_t delay[TIA_REGISTERS] = {
        [VBLANK] = 1, [NUSIZ0] = 8, [NUSIZ1] = 8, [REFP0] = 1, [REFP1] = 1,
        [RESM0] = 8,  [RESM1] = 8,  [GRP0] = 1,   [GRP1] = 1,
    };
    static const uint8_t playfield_delay[4] = {4, 5, 2, 3}; /* by the cycle of the line, modulo 4 */
    if (reg >= PF0 && reg <= PF2) /* a line has a multiple of four cycles */
        return playfield_delay[(uint32_t)(clock - tia->frame_begin) / 3 & 3];
    return delay[reg];
}

static uint8_t colour_written(const Tia *tia, uint8_t value)
{
    return (uint8_t)((value & 0xfe) | (tia->pal ? tia->lines_before & 1 : 0));
}

/* GRP0 also makes GRP1's new graphics the old ones, which VDELP1 shows; and the other way round. */
static bool shows_grp(const Tia *tia, int player, uint8_t value)
{
    const int other = 1 - player;
    return (!tia->vdelp[player] && tia->grp[player] != value) ||
           (tia->vdelp[other] && tia->grp_old[other] != tia->grp[other]) ||
           (player == 1 && tia->vdelbl && tia->enabl_old != tia->enabl);
}

/* Does this write change anything that is seen or collides? If not, nothing need be drawn before
 * it. NUSIZ and RESM are not asked for: before them is always drawn. */
static bool write_shows(const Tia *tia, int reg, uint8_t value, int32_t clock)
{
    switch (reg) {
    case VBLANK: return (tia->vblank ^ value) & 2;
    case COLUP0: return tia->colup[0] != colour_written(tia, value);
    case COLUP1: return tia->colup[1] != colour_written(tia, value);
    case COLUPF: return tia->colupf != colour_written(tia, value);
    case COLUBK: return tia->colubk != colour_written(tia, value);
    case CTRLPF: return tia->ctrlpf != value || tia->reflected != (value & 1);
    case REFP0: return tia->refp[0] != (value & 8);
    case REFP1: return tia->refp[1] != (value & 8);
    case PF0:
    case PF1:
    case PF2: return tia->pf[reg - PF0] != value;
    case GRP0: return shows_grp(tia, 0, value);
    case GRP1: return shows_grp(tia, 1, value);
    case ENAM0: return tia->enam[0] != (value & 2);
    case ENAM1: return tia->enam[1] != (value & 2);
    case ENABL: return !tia->vdelbl && tia->enabl != (value & 2);
    case VDELP0: return tia->vdelp[0] != (value & 1) && tia->grp[0] != tia->grp_old[0];
    case VDELP1: return tia->vdelp[1] != (value & 1) && tia->grp[1] != tia->grp_old[1];
    case VDELBL: return tia->vdelbl != (value & 1) && tia->enabl != tia->enabl_old;
    case RESMP0: return tia->resmp[0] != (value & 2);
    case RESMP1: return tia->resmp[1] != (value & 2);
    case HMM0: return clock - tia->hmove_clock < TIA_LINE_CLOCKS; /* it may start the stars */
    case RESP0:
    case RESP1:
    case RESBL:
    case HMOVE:
    case CXCLR: return true;
    default: return false;
    }
}

/* Most writes are of what is there already, or to registers that nobody sees. */
static bool writes_nothing_new(const Tia *tia, int reg, uint8_t value)
{
    static const struct {
        uint8_t offset, mask; /* of the field that holds the value; mask 0: no such field */
    } field[TIA_REGISTERS] = {
#define FIELD(reg, member, bits) [reg] = {offsetof(Tia, member), bits}
        FIELD(COLUP0, colup[0], 0xfe),     FIELD(COLUP1, colup[1], 0xfe),
        FIELD(COLUPF, colupf, 0xfe),       FIELD(COLUBK, colubk, 0xfe),
        FIELD(REFP0, refp[0], 0x08),       FIELD(REFP1, refp[1], 0x08),
        FIELD(PF0, pf[0], 0xff),           FIELD(PF1, pf[1], 0xff),
        FIELD(PF2, pf[2], 0xff),           FIELD(ENAM0, enam[0], 0x02),
        FIELD(ENAM1, enam[1], 0x02),       FIELD(ENABL, enabl, 0x02),
        FIELD(HMP0, motion[TIA_P0], 0xf0), FIELD(HMP1, motion[TIA_P1], 0xf0),
        FIELD(HMM1, motion[TIA_M1], 0xf0), FIELD(HMBL, motion[TIA_BL], 0xf0),
        FIELD(VDELP0, vdelp[0], 0x01),     FIELD(VDELP1, vdelp[1], 0x01),
        FIELD(VDELBL, vdelbl, 0x01),       FIELD(RESMP0, resmp[0], 0x02),
        FIELD(RESMP1, resmp[1], 0x02),
#undef FIELD
    };
    static const bool unseen[TIA_REGISTERS] = {
        [WSYNC] = true, [RSYNC] = true, [AUDC0] = true, [AUDC1] = true,
        [AUDF0] = true, [AUDF1] = true, [AUDV0] = true, [AUDV1] = true,
    };
    const uint8_t mask = field[reg].mask;
    if (mask != 0)
        return ((const uint8_t *)tia)[field[reg].offset] == (value & mask);
    return unseen[reg] || reg > CXCLR;
}

static bool ends_frame(Tia *tia, int reg, uint8_t value, int32_t clock)
{
    if (clock >= tia->frame_limit)
        return true;
    if (reg != VSYNC || (value & 2) || clock < tia->vsync_done)
        return false;
    tia->vsync_done = TIA_NEVER;
    return true;
}

static void write_vblank(Tia *tia, uint8_t value, int32_t cycle)
{
    if ((tia->vblank & 0x80) && !(value & 0x80))
        tia->dump_end_cycle = cycle;
    tia->vblank = value;
}

static void write_ctrlpf(Tia *tia, uint8_t value, int h)
{
    enum { TOO_LATE_TO_REFLECT = 147 }; /* the right half has begun */
    tia->ctrlpf = value;
    if (h < TOO_LATE_TO_REFLECT)
        tia->reflected = value & 1;
    tia->stale |= 1 << TIA_PF | 1 << TIA_BL;
}

static void normal_missile0(Tia *tia)
{
    if (tia->star != TIA_STAR_OFF)
        tia->star = TIA_STAR_NORMAL;
    tia->stale |= 1 << TIA_M0;
}

static void write_nusiz(Tia *tia, int player, uint8_t value)
{
    tia->nusiz[player] = value;
    tia->first_hidden[player] = false;
    tia->stale |= (uint8_t)((1 << TIA_P0 | 1 << TIA_M0) << player);
    if (player == 0)
        normal_missile0(tia);
}

/* The place at which an object strobed at h shows up, `late` clocks after the strobe; `blank` if
 * that is in the blank. */
static int strobe_position(int h, int late, int blank)
{
    return h < TIA_BLANK_CLOCKS ? blank : (h - TIA_BLANK_CLOCKS + late) % SCREEN_COLUMNS;
}

/* A strobe that hits a copy on its way shows that copy to its end, and the new first copy with the
 * next line; one that comes just before a copy shows it at once. */
static void write_resp(Tia *tia, int player, int32_t clock, uint8_t *pixels)
{
    const int mode = tia->nusiz[player] & 7;
    const int width = mode == 5 ? 16 : mode == 7 ? 32 : 8;
    const int fresh = strobe_position(tia_line_clock(tia, clock), 5, 3);
    bool before_copy = false, within_copy = false;
    for (int i = 0; i < tia_copies[mode].count; i++) {
        const int start = tia->position[player] + tia_copies[mode].offset[i];
        const int distance = (fresh - start + 2 * SCREEN_COLUMNS) % SCREEN_COLUMNS;
        before_copy |= distance < 4;
        within_copy |= distance >= 4 && distance < 4 + width;
    }
    if (within_copy && !before_copy) {
        tia_touch(tia, clock + 11);
        tia_draw(tia, clock + 11, pixels);
        run_on(tia, pixels);
    }
    tia->position[player] = (uint8_t)fresh;
    tia->first_hidden[player] = !before_copy;
    tia->stale |= (uint8_t)(1 << (TIA_P0 + player));
}

/* Missiles and ball; ALE: six strobes shortly after an HMOVE, each made for one game, land
 * elsewhere. */
static void write_resm(Tia *tia, TiaObject object, int32_t clock)
{
    static const struct {
        uint8_t object, hmove_cycles, h, position;
    } special[] = {
        {TIA_M0, 20, 69, 8}, {TIA_M1, 3, 18, 3}, {TIA_BL, 18, 60, 10}, {TIA_BL, 18, 69, 10},
        {TIA_BL, 3, 18, 3},  {TIA_BL, 7, 30, 6}, {TIA_BL, 6, 27, 5},
    };
    const int h = tia_line_clock(tia, clock);
    const int hmove_cycles = (clock - tia->hmove_clock) / 3;
    tia->position[object] = (uint8_t)strobe_position(h, 4, 2);
    for (unsigned i = 0; i < sizeof special / sizeof special[0]; i++)
        if (special[i].object == object && special[i].hmove_cycles == hmove_cycles &&
            special[i].h == h)
            tia->position[object] = special[i].position;
    tia->stale |= (uint8_t)(1 << object);
    if (object == TIA_M0)
        normal_missile0(tia);
}

static void write_resmp(Tia *tia, int missile, uint8_t value)
{
    const int mode = tia->nusiz[missile] & 7;
    const int middle = mode == 5 ? 8 : mode == 7 ? 16 : 4;
    if (tia->resmp[missile] && !(value & 2)) {
        tia->position[TIA_M0 + missile] =
            (uint8_t)((tia->position[missile] + middle) % SCREEN_COLUMNS);
        if (missile == 0)
            normal_missile0(tia);
    }
    tia->resmp[missile] = value & 2;
    tia->stale |= (uint8_t)(1 << (TIA_M0 + missile));
}

static void write_grp(Tia *tia, int player, uint8_t value)
{
    if (shows_grp(tia, player, value))
        tia->stale |= 1 << TIA_P0 | 1 << TIA_P1 | 1 << TIA_BL;
    tia->grp[player] = value;
    tia->grp_old[1 - player] = tia->grp[1 - player];
    if (player == 1)
        tia->enabl_old = tia->enabl;
}

static void write_hmove(Tia *tia, int32_t clock)
{
    enum { COMB_LAST_CYCLE = 20, LAST_CYCLE = 75 };
    const int cycle = tia_line_clock(tia, clock) / 3;
    for (int object = 0; object < 5; object++) {
        const int motion = tia_hmove_motion[cycle][tia->motion[object] >> 4];
        if (motion == 0)
            continue;
        tia->position[object] = (uint8_t)wrap_position(tia->position[object] + motion);
        tia->stale |= (uint8_t)(1 << object);
    }
    show_first_copy(tia, 0);
    show_first_copy(tia, 1);
    if (tia->star != TIA_STAR_OFF)
        tia->stale |= 1 << TIA_M0;
    tia->star = TIA_STAR_OFF;
    tia->hmove_clock = clock;
    if (tia->hmove_blanks && (cycle <= COMB_LAST_CYCLE || cycle == LAST_CYCLE))
        tia->comb = true;
}

static void write_hmm0(Tia *tia, uint8_t value, int32_t clock)
{
    enum { AMID_MOTION_CLOCKS = 63 };
    if (clock == tia->hmove_clock + AMID_MOTION_CLOCKS && tia->motion[TIA_M0] >> 4 == 7 &&
        value >> 4 == 6) {
        tia->star = TIA_STAR_NORMAL;
        tia->star_line = 0;
    }
    tia->motion[TIA_M0] = value & 0xf0;
}

/* A register whose only effect is on the rows of `objects`. */
static void set_register(Tia *tia, uint8_t *field, uint8_t value, int objects)
{
    if (*field != value)
        tia->stale |= (uint8_t)objects;
    *field = value;
}

static void write_register(Tia *tia, int reg, uint8_t value, int32_t cycle, uint8_t *pixels)
{
    enum { P0 = 1 << TIA_P0, P1 = 1 << TIA_P1, M0 = 1 << TIA_M0, M1 = 1 << TIA_M1 };
    const int32_t clock = 3 * cycle;
    switch (reg) {
    case VSYNC: tia->vsync_done = value & 2 ? clock + TIA_LINE_CLOCKS : tia->vsync_done; break;
    case VBLANK: write_vblank(tia, value, cycle); break;
    case NUSIZ0: write_nusiz(tia, 0, value); break;
    case NUSIZ1: write_nusiz(tia, 1, value); break;
    case COLUP0: tia->colup[0] = colour_written(tia, value); break;
    case COLUP1: tia->colup[1] = colour_written(tia, value); break;
    case COLUPF: tia->colupf = colour_written(tia, value); break;
    case COLUBK: tia->colubk = colour_written(tia, value); break;
    case CTRLPF: write_ctrlpf(tia, value, tia_line_clock(tia, clock)); break;
    case REFP0: set_register(tia, &tia->refp[0], value & 8, P0); break;
    case REFP1: set_register(tia, &tia->refp[1], value & 8, P1); break;
    case PF0:
    case PF1:
    case PF2: set_register(tia, &tia->pf[reg - PF0], value, 1 << TIA_PF); break;
    case RESP0: write_resp(tia, 0, clock, pixels); break;
    case RESP1: write_resp(tia, 1, clock, pixels); break;
    case RESM0: write_resm(tia, TIA_M0, clock); break;
    case RESM1: write_resm(tia, TIA_M1, clock); break;
    case RESBL: write_resm(tia, TIA_BL, clock); break;
    case GRP0: write_grp(tia, 0, value); break;
    case GRP1: write_grp(tia, 1, value); break;
    case ENAM0: set_register(tia, &tia->enam[0], value & 2, M0); break;
    case ENAM1: set_register(tia, &tia->enam[1], value & 2, M1); break;
    case ENABL: set_register(tia, &tia->enabl, value & 2, 1 << TIA_BL); break;
    case HMP0: tia->motion[TIA_P0] = value & 0xf0; break;
    case HMP1: tia->motion[TIA_P1] = value & 0xf0; break;
    case HMM0: write_hmm0(tia, value, clock); break;
    case HMM1: tia->motion[TIA_M1] = value & 0xf0; break;
    case HMBL: tia->motion[TIA_BL] = value & 0xf0; break;
    case VDELP0: set_register(tia, &tia->vdelp[0], value & 1, P0); break;
    case VDELP1: set_register(tia, &tia->vdelp[1], value & 1, P1); break;
    case VDELBL: set_register(tia, &tia->vdelbl, value & 1, 1 << TIA_BL); break;
    case RESMP0: write_resmp(tia, 0, value); break;
    case RESMP1: write_resmp(tia, 1, value); break;
    case HMOVE: write_hmove(tia, clock); break;
    case HMCLR: memset(tia->motion, 0, sizeof tia->motion); break;
    case CXCLR: tia->collisions = 0, tia->touching_pairs = 0xffff; break;
    default:
        break; /* WSYNC is the console's; RSYNC, audio and what has no register do nothing here */
    }
}

/* While the comb is due every access draws, for each piece then blackens pixels of its own
 * (draw_comb). */
static bool draws_always(const Tia *tia)
{
    return tia->comb | tia->eager;
}

/* Drawing goes to the end of the nominal piece, which may lie beyond this write's own: where one
 * instruction pushes several bytes into registers, one of an earlier write with a longer delay.
 *
 * What of a piece runs on is drawn over by the next one, so as a rule it is enough to let the last
 * one before a frame's end run on, of which only the begin must be known. After a write that draws
 * far ahead the next piece may be too short for that, so it draws, whether or not it shows. And
 * where an update ends without its frame, any piece may be the last: the console then asks for
 * eager drawing. */
static void draw_before_write(Tia *tia, int reg, uint8_t value, int32_t clock, bool frame_ends,
                              uint8_t *pixels)
{
    enum { FAR_CLOCKS = 8 };
    const int delay = write_delay(tia, reg, clock);
    const bool runs_on = frame_ends || delay >= FAR_CLOCKS || draws_always(tia);
    tia_touch(tia, clock + delay);
    if (!runs_on && !write_shows(tia, reg, value, clock))
        return;
    const int32_t drawn = tia->drawn;
    tia_draw(tia, tia->piece_end, pixels);
    if (runs_on && tia->drawn > drawn)
        run_on(tia, pixels);
}

bool tia_write(Tia *tia, uint16_t address, uint8_t value, int32_t cycle, uint8_t *pixels)
{
    const int reg = address & (TIA_REGISTERS - 1);
    const int32_t clock = 3 * cycle;
    const bool frame_ends = ends_frame(tia, reg, value, clock);
    if (!frame_ends && !draws_always(tia) && writes_nothing_new(tia, reg, value)) {
        tia_touch(tia, clock + write_delay(tia, reg, clock));
        return false;
    }
    draw_before_write(tia, reg, value, clock, frame_ends, pixels);
    write_register(tia, reg, value, cycle, pixels);
    return frame_ends;
}

/* An instruction that reads and then writes may end the frame right here: the piece runs on. */
static void draw_before_read(Tia *tia, uint8_t *pixels)
{
    const int32_t drawn = tia->drawn;
    tia_draw(tia, tia->piece_end, pixels);
    if (tia->drawn > drawn)
        run_on(tia, pixels);
}

void tia_read_other(Tia *tia, int32_t cycle, uint8_t *pixels)
{
    tia_touch(tia, 3 * cycle);
    if (draws_always(tia))
        draw_before_read(tia, pixels);
}

uint8_t tia_read_collisions(Tia *tia, uint16_t address, int32_t cycle, uint8_t *pixels)
{
    tia_touch(tia, 3 * cycle);
    draw_before_read(tia, pixels);
    return (uint8_t)((tia->collisions >> 2 * (address & 7) & 3) << 6);
}
