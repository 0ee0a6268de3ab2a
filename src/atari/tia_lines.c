/*
 * tia_lines.c - the queue of a line's accesses, and lines from memory.
 */
#include "atari/tia_lines.h"

#include <stddef.h>
#include <string.h>

#include "atari/tia_private.h"

/* ---- accesses one after the other ---- */

static uint32_t cycle_of(TiaAccess access)
{
    return access & 0xff;
}

static int register_of(TiaAccess access)
{
    return access >> 8 & 0xff;
}

static uint8_t value_of(TiaAccess access)
{
    return (uint8_t)(access >> 16);
}

/* Pieces that ended in lines before are forgotten: they ended left of the picture, as the present
 * line's beginning is. */
static void begin_pieces(TiaLines *lines)
{
    Tia *tia = lines->tia;
    const int32_t begin = 3 * lines->queue.line_cycle;
    if (tia->piece_end < begin)
        tia->piece_begin = tia->piece_end = begin;
}

/* Do touches that came after so many writes. Returns the index of the first that came later. */
static uint32_t do_touches(TiaLines *lines, uint32_t i, uint32_t writes)
{
    const TiaQueue *queue = &lines->queue;
    for (; i < queue->touches && (queue->touch[i] >> 8 & 0xff) == writes; i++) {
        const int32_t cycle = queue->line_cycle + (int32_t)cycle_of(queue->touch[i]);
        if (queue->touch[i] >> 16)
            tia_read_other(lines->tia, cycle, lines->pixels);
        else
            tia_write(lines->tia, WSYNC, 0, cycle, lines->pixels);
    }
    return i;
}

/* Do what waits. */
static void do_queue(TiaLines *lines)
{
    TiaQueue *queue = &lines->queue;
    if (queue->writes + queue->touches > 0)
        begin_pieces(lines);
    uint32_t touch = do_touches(lines, 0, 0);
    for (uint32_t i = 0; i < queue->writes; i++) {
        const TiaAccess access = queue->write[i];
        tia_write(lines->tia, (uint16_t)register_of(access), value_of(access),
                  queue->line_cycle + (int32_t)cycle_of(access), lines->pixels);
        touch = do_touches(lines, touch, i + 1);
    }
    queue->cut = true;
    queue->writes = queue->touches = 0;
}

/* Do what waits, and the rest of the line. */
static void do_whole_line(TiaLines *lines)
{
    lines->tia->finishing = true;
    do_queue(lines);
    tia_draw(lines->tia, 3 * lines->queue.line_cycle + TIA_LINE_CLOCKS, lines->pixels);
    lines->tia->finishing = false;
}

/* So that an access can be done at once. */
static void make_way(TiaLines *lines)
{
    do_queue(lines);
    begin_pieces(lines);
}

/* ---- what a line depends on ---- */

enum {
    STATE = offsetof(Tia, collisions),
    MOTION = 4, /* words of the state */
    POSITION = 5,
    MOVABLE = 5,
    PENDING = 0xff, /* the last steps of the line before are still to come */
    LONG_AGO = 0xff,
};

_Static_assert(offsetof(Tia, motion) == STATE + 8 * MOTION, "a word begins with the motions");
_Static_assert(offsetof(Tia, position) == STATE + 8 * POSITION, "a word begins with positions");

/* What writes to a register mean to the five movable objects: sets of P0, P1, M0, M1, BL = bits 0
 * to 4, shifted. */
enum {
    P0 = 1 << TIA_P0,
    P1 = 1 << TIA_P1,
    M0 = 1 << TIA_M0,
    M1 = 1 << TIA_M1,
    BL = 1 << TIA_BL,
    ALL_MOVABLE = (1 << MOVABLE) - 1,
    SHOWS = 0,   /* these may be seen from then on, if the value has a bit of shows_if */
    TAKES = 5,   /* their positions are looked at */
    PLACES = 10, /* they get positions that have nothing to do with those before */
    SETS_MOTION = 15,
    MOVES = 1 << 20,      /* it is HMOVE */
    ASKS_HMOVE = 1 << 21, /* when the last HMOVE was matters, and missile 0's motion (HMM0) */
};

typedef struct {
    uint32_t facts;
    uint8_t shows_if;
} Effect;

static const Effect effect[TIA_REGISTERS] = {
    [RESP0] = {P0 << TAKES, 0},
    [RESP1] = {P1 << TAKES, 0},
    [RESM0] = {M0 << PLACES, 0},
    [RESM1] = {M1 << PLACES, 0},
    [RESBL] = {BL << PLACES, 0},
    [GRP0] = {P0 << SHOWS, 0xff},
    [GRP1] = {P1 << SHOWS, 0xff},
    [ENAM0] = {M0 << SHOWS, 2},
    [ENAM1] = {M1 << SHOWS, 2},
    [ENABL] = {BL << SHOWS, 2},
    [HMP0] = {P0 << SETS_MOTION, 0},
    [HMP1] = {P1 << SETS_MOTION, 0},
    [HMM0] = {M0 << SETS_MOTION | ASKS_HMOVE, 0},
    [HMM1] = {M1 << SETS_MOTION, 0},
    [HMBL] = {BL << SETS_MOTION, 0},
    [RESMP0] = {(P0 | M0) << TAKES, 0},
    [RESMP1] = {(P1 | M1) << TAKES, 0},
    [HMOVE] = {MOVES, 0},
    [HMCLR] = {ALL_MOVABLE << SETS_MOTION, 0},
};

/* Objects that could be seen without a write: graphics and enabling bits, old and new. */
static uint32_t may_be_seen(const Tia *tia)
{
    const bool p0 = tia->grp[0] | tia->grp_old[0], p1 = tia->grp[1] | tia->grp_old[1];
    return (uint32_t)p0 << TIA_P0 | (uint32_t)p1 << TIA_P1 | (tia->enam[0] ? M0 : 0u) |
           (tia->enam[1] ? M1 : 0u) | ((tia->enabl | tia->enabl_old) ? BL : 0u);
}

/* What is looked for. */
typedef struct {
    uint64_t matters[2]; /* as in TiaLine */
    uint32_t setting, setting_matters;
    uint32_t facts;
    uint32_t hash;
} Question;

static uint32_t objects(uint32_t facts, int shift)
{
    return facts >> shift & ALL_MOVABLE;
}

static uint32_t facts_of(const Tia *tia, const TiaQueue *queue)
{
    uint32_t facts = may_be_seen(tia);
    for (uint32_t i = 0; i < queue->writes; i++) {
        const TiaAccess access = queue->write[i];
        const Effect does = effect[register_of(access)];
        facts |=
            value_of(access) & does.shows_if ? does.facts : does.facts & ~(uint32_t)ALL_MOVABLE;
    }
    return facts;
}

/* The bytes of objects in a word of the state. */
static uint64_t bytes_of(uint32_t objects)
{
#define BYTE(set, object) ((set) >> (object)&1 ? 0xff : 0)
#define BYTES(set)                                                                                 \
    {                                                                                              \
        BYTE(set, 0), BYTE(set, 1), BYTE(set, 2), BYTE(set, 3), BYTE(set, 4)                       \
    }
#define BYTES_4(set)  BYTES(set), BYTES((set) + 1), BYTES((set) + 2), BYTES((set) + 3)
#define BYTES_16(set) BYTES_4(set), BYTES_4((set) + 4), BYTES_4((set) + 8), BYTES_4((set) + 12)
    static const uint8_t table[ALL_MOVABLE + 1][8] = {BYTES_16(0), BYTES_16(16)};
#undef BYTE
#undef BYTES
#undef BYTES_4
#undef BYTES_16
    uint64_t bytes;
    memcpy(&bytes, table[objects], sizeof bytes);
    return bytes;
}

static uint8_t *state_of(Tia *tia)
{
    return (uint8_t *)tia + STATE;
}

static uint32_t drawn_of(const Tia *tia, int32_t begin)
{
    return tia->line_begin == begin ? (uint32_t)(tia->drawn - begin) : PENDING;
}

/* 21 cycles after an HMOVE HMM0 may start the stars. (Strobes that ask for an HMOVE have it in
 * their own line.) */
static uint32_t hmove_cycles(const Tia *tia, int32_t begin)
{
    enum { REMEMBERED = 22 };
    const uint32_t cycles = (uint32_t)(begin - tia->hmove_clock) / 3u;
    return cycles < REMEMBERED ? cycles : LONG_AGO;
}

/* Bits 0 .. 7: how far the line is drawn; 8 .. 15: when HMOVE was; 16: whether there are combs.
 * That a PAL television has lost its colours can be seen from the colours. */
enum { HMOVE_SETTING = 0xff00 };

static uint32_t setting_of(const Tia *tia, int32_t begin, uint32_t matters)
{
    const uint32_t hmove = matters & HMOVE_SETTING ? hmove_cycles(tia, begin) << 8 : 0;
    return drawn_of(tia, begin) | hmove | (uint32_t)tia->hmove_blanks << 16;
}

static inline uint64_t state_word(const Tia *tia, int i)
{
    uint64_t word;
    memcpy(&word, (const uint8_t *)tia + STATE + 8 * i, sizeof word);
    return word;
}

/* Sums of products, whose upper bits depend on every bit. Never 0. */
static uint32_t hash_of(const Question *question, const Tia *tia, const TiaQueue *queue)
{
    uint64_t odd = 0x9e3779b97f4a7c15u;
    uint64_t hash = (question->setting ^ (uint64_t)queue->writes << 32) * odd;
    for (int i = 0; i < TIA_STATE_WORDS; i++) {
        const uint64_t matters = i < MOTION ? ~UINT64_C(0) : question->matters[i - MOTION];
        hash += (state_word(tia, i) & matters) * (odd += 0x3c6ef372fe94f82au);
    }
    for (uint32_t i = 0; i < queue->writes; i++)
        hash += queue->write[i] * (odd += 0x3c6ef372fe94f82au);
    return (uint32_t)(hash >> 32) | 1;
}

static Question ask(const Tia *tia, const TiaQueue *queue)
{
    Question question;
    const uint32_t facts = facts_of(tia, queue);
    question.facts = facts;
    question.matters[0] = bytes_of(facts & MOVES ? ALL_MOVABLE : facts & ASKS_HMOVE ? M0 : 0);
    question.matters[1] =
        ~bytes_of(ALL_MOVABLE) | bytes_of(objects(facts, SHOWS) | objects(facts, TAKES));
    question.setting_matters = facts & ASKS_HMOVE ? ~0u : ~(uint32_t)HMOVE_SETTING;
    question.setting = setting_of(tia, 3 * queue->line_cycle, question.setting_matters);
    question.hash = hash_of(&question, tia, queue);
    return question;
}

static inline bool same_writes(const TiaLine *line, const TiaQueue *queue)
{
    uint32_t differing = line->writes ^ queue->writes;
    for (int i = 0; i < TIA_USUAL_WRITES; i++) /* without a branch for each */
        differing |= line->write[i] ^ queue->write[i];
    if (differing != 0)
        return false;
    for (uint32_t i = TIA_USUAL_WRITES; i < line->writes; i++)
        differing |= line->write[i] ^ queue->write[i];
    return differing == 0;
}

/* Is this the line that is due? Which bits matter follows from those that always do and from the
 * writes, so `line` may say. */
static inline bool is_same(const TiaLine *line, const Tia *tia, const TiaQueue *queue)
{
    uint64_t differing =
        setting_of(tia, 3 * queue->line_cycle, line->setting_matters) ^ line->setting;
    for (int i = 0; i < MOTION; i++)
        differing |= line->before.word[i] ^ state_word(tia, i);
    for (int i = 0; i < 2; i++)
        differing |=
            line->before.word[MOTION + i] ^ (state_word(tia, MOTION + i) & line->matters[i]);
    return differing == 0 && line->used && same_writes(line, queue);
}

/* ---- remembering ---- */

/* What a line determines, and how far it moves what it does not. */
static void note_moves(TiaLine *line, const Tia *tia, uint32_t facts, const uint8_t *position)
{
    const uint32_t placed = objects(facts, SHOWS) | objects(facts, TAKES) | objects(facts, PLACES);
    line->known[0] = facts & MOVES ? ~UINT64_C(0) : bytes_of(objects(facts, SETS_MOTION));
    line->known[1] = ~bytes_of(ALL_MOVABLE) | bytes_of(placed);
    line->moves = false;
    for (int object = 0; object < MOVABLE; object++) {
        const int moved = tia->position[object] - position[object];
        const bool stays = placed >> object & 1 || moved == 0;
        line->moved[object] = (uint8_t)(stays ? 0 : moved < 0 ? moved + SCREEN_COLUMNS : moved);
        line->moves |= !stays;
    }
}

/* Do the line and keep what comes of it. A comb that begins in the next line may have blackened
 * pixels there: such a line is not kept, nor is one below the picture. */
static void learn(TiaLines *lines, TiaLine *line, const Question *question, int number)
{
    Tia *tia = lines->tia;
    const TiaQueue *queue = &lines->queue;
    const int32_t begin = 3 * lines->queue.line_cycle, end = begin + TIA_LINE_CLOCKS;
    uint8_t position[MOVABLE];
    memcpy(position, tia->position, sizeof position);
    memcpy(&line->before, state_of(tia), sizeof line->before);
    for (int i = 0; i < 2; i++)
        line->before.word[MOTION + i] &= question->matters[i];
    memcpy(line->matters, question->matters, sizeof line->matters);
    line->setting = question->setting;
    line->setting_matters = question->setting_matters;
    line->writes = queue->writes;
    memcpy(line->write, queue->write, sizeof line->write);
    do_whole_line(lines);
    const uint8_t *row = tia_picture_row(tia, number, lines->pixels);
    line->used = row != NULL && !(tia->drawn > end && tia->comb);
    memcpy(&line->after, state_of(tia), sizeof line->after);
    line->drawn = (uint8_t)drawn_of(tia, end);
    line->hmove_clock = question->facts & MOVES ? (uint8_t)(tia->hmove_clock - begin) : LONG_AGO;
    note_moves(line, tia, question->facts, position);
    if (row != NULL)
        memcpy(line->pixels, row, SCREEN_COLUMNS);
}

static void move(uint8_t *position, const uint8_t *moved)
{
    for (int object = 0; object < MOVABLE; object++) {
        const int sum = position[object] + moved[object];
        position[object] = (uint8_t)(sum >= SCREEN_COLUMNS ? sum - SCREEN_COLUMNS : sum);
    }
}

/* Word by word: what was written as a whole is not soon read in parts, nor the other way round. */
static void recall_state(const TiaLine *line, Tia *tia)
{
    for (int i = 0; i < TIA_STATE_WORDS; i++) {
        const uint64_t known = i < MOTION ? ~UINT64_C(0) : line->known[i - MOTION];
        const uint64_t word = (state_word(tia, i) & ~known) | (line->after.word[i] & known);
        memcpy(state_of(tia) + 8 * i, &word, sizeof word);
    }
    if (line->moves)
        move(tia->position, line->moved);
}

static void recall(const TiaLine *line, Tia *tia, int32_t begin, uint8_t *row)
{
    const int32_t end = begin + TIA_LINE_CLOCKS;
    recall_state(line, tia);
    if (line->hmove_clock != LONG_AGO)
        tia->hmove_clock = begin + line->hmove_clock;
    const bool pending = line->drawn == PENDING;
    tia->line += (tia->line_begin == begin ? 0 : 1) + (pending ? 0 : 1);
    tia->line_begin = pending ? begin : end;
    tia->drawn = pending ? end : end + line->drawn;
    tia->stale = TIA_ALL_OBJECTS;
    if (row != NULL)
        memcpy(row, line->pixels, SCREEN_COLUMNS);
}

/* ---- lines ---- */

/* Into the processor's cache. */
static inline void fetch_ahead(const TiaLine *line)
{
    for (size_t at = 0; at < sizeof *line; at += 64)
        __builtin_prefetch((const char *)line + at);
}

/* Nothing of it has been done, and all before it has; the window's last line is the end of drawing,
 * so that it ends otherwise than others. */
static bool is_whole(const TiaLines *lines, int32_t begin)
{
    const Tia *tia = lines->tia;
    if (lines->memory == NULL || lines->queue.cut || lines->queue.writes > TIA_LINE_WRITES_MAX ||
        begin < tia->window_begin || begin + TIA_LINE_CLOCKS >= tia->window_end ||
        tia->drawn < begin)
        return false;
    return tia->line_begin == begin || tia->drawn == begin;
}

/* Room for a new line, which can be found from now on. */
static TiaLine *make_room(TiaMemory *memory, uint32_t hash)
{
    const uint32_t index = memory->oldest;
    memory->oldest = (index + 1) % TIA_MEMORY_LINES;
    memory->place[hash / 2 % TIA_MEMORY_PLACES] = (TiaLinePlace){hash, index};
    return &memory->line[index];
}

/* The line that is due is not the one that was foreseen. If it is not in the memory, it is done and
 * kept there, and not `known`. */
static __attribute__((noinline)) TiaLine *find_line(TiaLines *lines, int number, bool *known)
{
    TiaMemory *memory = lines->memory;
    const Question question = ask(lines->tia, &lines->queue);
    const TiaLinePlace place = memory->place[question.hash / 2 % TIA_MEMORY_PLACES];
    TiaLine *line = &memory->line[place.line];
    *known = place.hash == question.hash && is_same(line, lines->tia, &lines->queue);
    if (!*known) {
        line = make_room(memory, question.hash);
        learn(lines, line, &question, number);
    }
    return line;
}

static void note_shown(TiaLines *lines, int row, uint16_t index)
{
    lines->turns += (lines->shown[row] == index) - (lines->shown_before[row] == index);
    lines->shown[row] = index;
}

static void do_line(TiaLines *lines)
{
    enum { AHEAD = 2 };
    Tia *tia = lines->tia;
    TiaLine *const line_0 = lines->memory->line;
    const int32_t begin = 3 * lines->queue.line_cycle;
    const int number = tia->line_begin == begin ? tia->line : tia->line + 1;
    const int row = number - tia->row_zero_line;
    TiaLine *line = &line_0[lines->guide[row]];
    bool known = is_same(line, tia, &lines->queue);
    if (!known)
        line = find_line(lines, number, &known);
    if (known)
        recall(line, tia, begin, tia_picture_row(tia, number, lines->pixels));
    note_shown(lines, row, (uint16_t)(line - line_0));
    if (row + AHEAD < tia->height)
        fetch_ahead(&line_0[lines->guide[row + AHEAD]]);
}

static void finish_line(TiaLines *lines)
{
    if (is_whole(lines, 3 * lines->queue.line_cycle)) {
        do_line(lines);
        return;
    }
    do_whole_line(lines);
}

static void set_line(TiaLines *lines, int32_t cycle)
{
    TiaQueue *queue = &lines->queue;
    queue->open_cycles = 3 * cycle < lines->tia->frame_limit ? TIA_LINE_CYCLES : 0;
    queue->line_cycle = cycle;
    queue->writes = queue->touches = 0;
    memset(queue->write, 0, TIA_USUAL_WRITES * sizeof queue->write[0]);
    queue->cut = false;
}

/* Finish the lines before that of `cycle`: those without an access, too, in the window. */
static void catch_up(TiaLines *lines, int32_t cycle)
{
    const Tia *tia = lines->tia;
    TiaQueue *queue = &lines->queue;
    if ((uint32_t)cycle - (uint32_t)queue->line_cycle < TIA_LINE_CYCLES)
        return;
    finish_line(lines);
    int32_t next = queue->line_cycle + TIA_LINE_CYCLES;
    if ((uint32_t)cycle - (uint32_t)next < TIA_LINE_CYCLES) {
        set_line(lines, next);
        return;
    }
    const int32_t here = cycle - tia_line_clock(tia, 3 * cycle) / 3;
    if (3 * next < tia->window_begin)
        next = tia->window_begin / 3;
    for (; next < here && 3 * next < tia->window_end; next += TIA_LINE_CYCLES) {
        set_line(lines, next);
        finish_line(lines);
    }
    set_line(lines, here);
}

bool tia_lines_write_now(TiaLines *lines, uint16_t address, uint8_t value, int32_t cycle)
{
    const int reg = address & (TIA_REGISTERS - 1);
    catch_up(lines, cycle);
    if (tia_is_quiet(reg) ? tia_queue_touch(&lines->queue, false, cycle)
                          : reg > VBLANK && tia_queue_write(&lines->queue, reg, value, cycle))
        return false;
    make_way(lines);
    return tia_write(lines->tia, address, value, cycle, lines->pixels);
}

uint8_t tia_lines_read_collisions(TiaLines *lines, uint16_t address, int32_t cycle)
{
    catch_up(lines, cycle);
    make_way(lines);
    return tia_read_collisions(lines->tia, address, cycle, lines->pixels);
}

void tia_lines_touch(TiaLines *lines, int32_t cycle)
{
    catch_up(lines, cycle);
    if (tia_queue_touch(&lines->queue, true, cycle))
        return;
    make_way(lines);
    tia_read_other(lines->tia, cycle, lines->pixels);
}

/* ---- updates ---- */

static void begin_rows(TiaLines *lines, int picture)
{
    TiaMemory *memory = lines->memory;
    lines->shown = memory->shown[picture];
    lines->shown_before = memory->shown[1 - picture];
    lines->guide = memory->turns ? lines->shown : lines->shown_before;
    lines->turns = 0;
}

/* The queue begins with the line before, so that the first access meets a new one. A picture that
 * nobody wants is drawn all the same: lines that are new in it may come again where one is wanted,
 * and a processor that foresees branches by those before them does so for all of the console worse
 * where pictures come and go. */
void tia_lines_begin(TiaLines *lines, Tia *tia, int32_t cycle, TiaMemory *memory, uint8_t *pixels)
{
    const bool remembers = memory != NULL && !tia->plain && !tia->eager;
    lines->tia = tia;
    lines->memory = remembers ? memory : NULL;
    lines->pixels = pixels == NULL && remembers ? memory->unwanted : pixels;
    if (remembers)
        begin_rows(lines, tia->picture);
    set_line(lines, cycle - tia_line_clock(tia, 3 * cycle) / 3 - TIA_LINE_CYCLES);
    lines->queue.cut = true;
}

void tia_lines_end(TiaLines *lines, bool frame_over)
{
    if (!frame_over)
        do_queue(lines);
    if (lines->memory != NULL)
        lines->memory->turns = lines->turns > 0;
    tia_forget_rows(lines->tia);
}
