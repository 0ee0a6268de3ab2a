/*
 * tia.h - the Television Interface Adaptor: five movable objects, a playfield, and no memory of any
 * picture.
 *
 * The chip draws while the processor writes its registers, so the picture is a matter of when. This
 * model is lazy: nothing happens until a register is touched; then everything up to that moment is
 * drawn with the registers as they were ("draw"), and then the write acts. One line:
 *
 *     clock    0                68              148             228
 *              |-- blank -------|---- pixels 0..159 -------------|
 *     h        ^ where WSYNC lets the processor go on (cycle 0 of 76)
 *
 * A piece of a line between two draws has constant registers. It is drawn with bit rows: for each
 * object 160 bits, bit x = the object covers pixel x. Collisions are ANDs of rows, colours are
 * three masks laid over each other. tia_draw_plain.c does the same pixel by pixel, straight from
 * the registers; tests compare the two.
 *
 * Labels: [Stella1983] is Atari's programmer's guide, with register names as spelt there; [ALE] the
 * reference.
 */
#ifndef DEEPQ_ATARI_TIA_H
#define DEEPQ_ATARI_TIA_H

#include <stdbool.h>
#include <stdint.h>

enum {
    TIA_LINE_CLOCKS = 228,
    TIA_BLANK_CLOCKS = 68,
    SCREEN_COLUMNS = 160,
    SCREEN_ROWS_MAX = 250,
    TIA_NEVER = 0x3fffffff, /* a clock that no frame reaches */
};

/* Write registers. */
enum {
    VSYNC,
    VBLANK,
    WSYNC,
    RSYNC,
    NUSIZ0,
    NUSIZ1,
    COLUP0,
    COLUP1,
    COLUPF,
    COLUBK,
    CTRLPF,
    REFP0,
    REFP1,
    PF0,
    PF1,
    PF2,
    RESP0,
    RESP1,
    RESM0,
    RESM1,
    RESBL,
    AUDC0,
    AUDC1,
    AUDF0,
    AUDF1,
    AUDV0,
    AUDV1,
    GRP0,
    GRP1,
    ENAM0,
    ENAM1,
    ENABL,
    HMP0,
    HMP1,
    HMM0,
    HMM1,
    HMBL,
    VDELP0,
    VDELP1,
    VDELBL,
    RESMP0,
    RESMP1,
    HMOVE,
    HMCLR,
    CXCLR,
    TIA_REGISTERS = 64
};

typedef enum { TIA_P0, TIA_P1, TIA_M0, TIA_M1, TIA_BL, TIA_PF, TIA_OBJECTS } TiaObject;

enum { TIA_ALL_OBJECTS = 63, TIA_ROW_WORDS = 3 };

/* 160 bits: bit x & 63 of word x >> 6 is pixel x. The upper half of the last word is 0. */
typedef struct {
    uint64_t word[TIA_ROW_WORDS];
} TiaRow;

typedef enum { TIA_STAR_OFF, TIA_STAR_NORMAL, TIA_STAR_WIDE, TIA_STAR_HIDDEN } TiaStar;

struct Screen;

typedef struct {
    /* the television, as the last reset found it */
    int32_t first_line, height;
    int32_t line_limit; /* a frame ends by itself after this line, with the next write */
    bool hmove_blanks;
    bool pal;

    /* time, in clocks since the frame began */
    int32_t frame_begin;  /* where line 0 began: 0 or somewhat before */
    int32_t drawn;        /* everything before this clock is drawn */
    int32_t line_begin;   /* of the line that `drawn` is in, or at the end of */
    int32_t line;         /* its number */
    int32_t window_begin; /* where the visible lines begin and end */
    int32_t window_end;
    int32_t frame_limit;            /* from here on every write ends the frame */
    int32_t piece_begin, piece_end; /* the last piece, had every access drawn at once */
    int32_t row_zero_line;          /* the line that is row 0 of the picture */
    int32_t vsync_done; /* a vertical sync may end from here on; TIA_NEVER: none has begun */
    int32_t hmove_clock;
    int32_t dump_end_cycle; /* CPU cycle at which the paddles' capacitors began to charge */
    int32_t lines_before;   /* lines of the last complete frame */
    uint8_t picture;        /* which of the Screen's two is being drawn */

    /* From here to the next empty line: all that the rest of a line depends on, registers as they
     * were written and what they have led to. tia_lines.c takes it as six words, of which the last
     * two begin with motion and position. */
    _Alignas(8) uint16_t collisions; /* bit 2 r + 1: bit 7 of read register r; bit 2 r: its bit 6 */
    uint8_t vblank;
    uint8_t nusiz[2];
    uint8_t colup[2], colupf, colubk;
    uint8_t ctrlpf;
    uint8_t pf[3];
    uint8_t refp[2];
    uint8_t grp[2], grp_old[2]; /* the new and the old graphics; VDELP shows the old */
    uint8_t enam[2];
    uint8_t enabl, enabl_old;
    uint8_t vdelp[2], vdelbl;
    uint8_t resmp[2];
    bool reflected; /* the right half of the playfield is a mirror image */
    bool comb;      /* HMOVE's black pixels are due in this line */
    uint8_t star;   /* TiaStar: HMM0 written amid a motion, the trick behind starfields */
    uint8_t star_line;
    uint8_t motion[5]; /* HMP0 .. HMBL: the upper four bits */
    uint8_t unused[3];
    uint8_t position[5];  /* of P0, P1, M0, M1, BL: 0 .. 159 */
    bool first_hidden[2]; /* RESPx in the line: the first copy comes only with the next line */
    uint8_t unused_too;

    /* worked out from all that when drawing asks for it */
    uint8_t stale;            /* bit o: `enabled` and the row of object o are out of date */
    uint8_t stale_rows;       /* bit o: the row alone */
    uint8_t enabled;          /* bit o: object o shows somewhere */
    uint16_t colliding_pairs; /* bits as in collisions: both objects are enabled */
    uint16_t touching_pairs;  /* among these are all pairs that have a pixel in common somewhere */
    TiaRow row[TIA_OBJECTS];

    bool finishing; /* the present line is being drawn to its end: what runs on is drawn over */
    bool eager;     /* draw at every access */
    bool plain; /* draw with the plain twin, and let the console skip nothing and ask the bus for
                       each byte of the program (tests) */
} Tia;

void tia_reset(Tia *tia, int first_line, int height, bool hmove_blanks, bool pal);
void tia_begin_frame(Tia *tia, int32_t cycles_gone);

/* A write of `value` to register address & 63, stamped with the CPU cycle. WSYNC's waiting is the
 * console's affair. Returns true if the frame ends with it. `pixels`: the picture that is being
 * drawn, or NULL. */
bool tia_write(Tia *tia, uint16_t address, uint8_t value, int32_t cycle, uint8_t *pixels);

/* Collision bits 7 and 6 of read register 0 .. 7, everything up to the cycle taken into account. */
uint8_t tia_read_collisions(Tia *tia, uint16_t address, int32_t cycle, uint8_t *pixels);

/* A read of another register: it changes nothing and yet ends a piece. */
void tia_read_other(Tia *tia, int32_t cycle, uint8_t *pixels);

/* Bring picture and collisions up to `clock`. */
void tia_draw(Tia *tia, int32_t clock, uint8_t *pixels);

/* Forget what is worked out from the registers; it will be worked out again. */
void tia_forget_rows(Tia *tia);

/* An access without effect on the picture, which yet ends a piece at `clock`. */
static inline void tia_touch(Tia *tia, int32_t clock)
{
    if (clock > tia->piece_end) {
        tia->piece_begin = tia->piece_end;
        tia->piece_end = clock;
    }
}

static inline int32_t tia_line_clock(const Tia *tia, int32_t clock) /* h */
{
    return (int32_t)((uint32_t)(clock - tia->frame_begin) % TIA_LINE_CLOCKS);
}

static inline int32_t tia_line(const Tia *tia, int32_t clock)
{
    return (int32_t)((uint32_t)(clock - tia->frame_begin) / TIA_LINE_CLOCKS);
}

#endif
