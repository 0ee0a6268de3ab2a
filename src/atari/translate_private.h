/*
 * translate_private.h - a translation while it is written: between translate.c, which decides what
 * is translated, translate_opcodes.c, which writes what an instruction does, and
 * translate_table.c, which knows the instructions.
 *
 * The registers, of the host and of the 6507:
 *
 *     rbx   the Console            r12d  A     esi  what N is bit 7 of
 *     rbp   the CpuBus             r13d  X     edi  what Z is clear for
 *     r15d  cycle                  r14d  Y     r8d  C, 0 or 1
 *
 * A byte is a register with 0 above it. S, V and D stay in the console. The rest is free within an
 * instruction. Cycles of instructions in a row are added when somebody wants to know: `pending` of
 * them are not in r15d yet.
 */
#ifndef DEEPQ_ATARI_TRANSLATE_PRIVATE_H
#define DEEPQ_ATARI_TRANSLATE_PRIVATE_H

#include "atari/console_private.h"
#include "atari/x86_private.h"

#define CONSOLE RBX
#define BUS     RBP
#define CYCLE   R15
#define REG_A   R12
#define REG_X   R13
#define REG_Y   R14
#define REG_N   RSI
#define REG_Z   RDI
#define REG_C   R8

enum {
    STRETCH_MAX = 4096,
    JUMPS_MAX = 2 * STRETCH_MAX,
    DETOURS_MAX = 2 * STRETCH_MAX, /* of a run */
    IN_ECX = 0xffff,
};

/* A jump to an instruction of the stretch, which may have no place yet. */
typedef struct {
    uint8_t *distance;
    uint16_t target; /* index into the stretch */
} TranslatedJump;

/* What is rare and out of the way: from `from`, a jump's distance, and back to `back`, unless the
 * bus has stopped the processor. */
typedef enum { LEAVE_BEFORE, LEAVE_AFTER, READ_CHIP, WRITE_CHIP } DetourKind; /* an instruction */

typedef struct {
    DetourKind kind;
    uint8_t *from, *back;
    uint16_t pc;       /* where to go on, if not at `back` */
    int32_t pending;   /* there and at `back` */
    uint16_t address;  /* of the chip's register; IN_ECX: it is there */
    X86Register value; /* WRITE_CHIP: it is here; READ_CHIP: it comes to eax */
    uint16_t next;     /* READ_CHIP: as of the Translator */
} TranslatedDetour;

typedef struct {
    X86Code out;
    const uint8_t *exit; /* with the pc in eax and a TranslationEnd in ecx */
    const uint8_t *code; /* the stretch */
    size_t bytes;
    uint16_t begin;
    int32_t pending;
    /* the present instruction */
    uint16_t at;            /* index into the stretch */
    uint16_t next;          /* of the one behind it */
    int32_t pending_before; /* its own cycles */
    bool read_chip;         /* it has read a chip's register: the bus may have stopped it */
    TranslatedJump jump[JUMPS_MAX];
    int jumps;
    TranslatedDetour detour[DETOURS_MAX];
    int detours;
} Translator;

/* ---- translate_table.c ---- */

/* clang-format off */
typedef enum {
    NOT_TRANSLATED,
    ORA, AND, EOR, ADC, SBC, CMP, CPX, CPY, BIT, LDA, LDX, LDY, /* read */
    STA, STX, STY,
    ASL, ROL, LSR, ROR, INC, DEC, /* in memory */
    SHIFT_A,                      /* the first four of these in A */
    TRANSFER, STEP, FLAG, NOP, BRANCH, JMP, JSR, RTS, PHA, PHP, PLA, TXS, TSX,
} Operation;

typedef enum {
    IMPLIED, IMMEDIATE, ZERO, ZERO_X, ZERO_Y, ABSOLUTE, ABSOLUTE_X, ABSOLUTE_Y, INDIRECT_Y,
} Mode;

typedef struct {
    uint8_t operation, mode;
} Opcode;
/* clang-format on */

extern const Opcode translated_opcodes[256];

static inline uint16_t operand16(const uint8_t *code) /* of an instruction of three bytes */
{
    return (uint16_t)(code[1] | code[2] << 8);
}

/* How long the instruction is that begins with this byte; whether a run ends with it; and then,
 * whether the program comes to what lies behind it all the same, later. */
int opcode_bytes(uint8_t opcode);
bool opcode_ends_run(uint8_t opcode);
bool opcode_comes_back(uint8_t opcode);

/* A branch's, jump's or call's target, as an address; false: none, or not always the same. */
bool opcode_target(const uint8_t *code, uint16_t pc, uint16_t *target);

/* ---- translate_opcodes.c ---- */

/* Write the instruction at `at`. False: it is not one that is translated, and what has been written
 * is to be taken back. */
bool opcode_translate(Translator *t);

/* `pending` goes into r15d. */
static inline void flush_cycles(Translator *t)
{
    if (t->pending != 0)
        x86_do_number(&t->out, X86_ADD, CYCLE, t->pending);
    t->pending = 0;
}

/* ---- translate.c ---- */

/* The program goes on at an address, wherever that is; cycles are flushed. */
void go_to(Translator *t, uint16_t address);

#endif
