/*
 * x86_private.h - the instructions of x86-64 that translate.c writes, as [Intel] encodes them.
 *
 * Operands are 32 bits wide where no other width is named, and clear the upper half of a register;
 * a byte register's other bits stay. Memory operands are [base + displacement], or with an index
 * register added. Jumps and calls are written with 32 bits of distance, to be filled in by
 * x86_aim.
 */
#ifndef DEEPQ_ATARI_X86_PRIVATE_H
#define DEEPQ_ATARI_X86_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef enum {
    RAX,
    RCX,
    RDX,
    RBX,
    RSP,
    RBP,
    RSI,
    RDI,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15
} X86Register;

/* Conditions of jumps and of SETcc. */
typedef enum {
    X86_OVERFLOW = 0,
    X86_CARRY = 2,
    X86_ABOVE_EQUAL = 3,
    X86_ZERO = 4,
    X86_NOT_ZERO = 5,
    X86_GREATER_EQUAL = 13,
} X86Condition;

/* The arithmetic that has one scheme of opcodes, and the shifts by one that have another. */
typedef enum {
    X86_ADD,
    X86_OR,
    X86_ADC,
    X86_SBB,
    X86_AND,
    X86_SUB,
    X86_XOR,
    X86_CMP
} X86Arithmetic;
typedef enum { X86_RCL = 2, X86_RCR, X86_SHL, X86_SHR } X86Shift;

/* A place in memory; index RSP: none. */
typedef struct {
    X86Register base, index;
    int scale_bits; /* the index counts 1 << scale_bits bytes */
    int32_t displacement;
} X86Memory;

/* Where the next instruction goes. What does not fit is left out, and `full` tells. */
typedef struct {
    uint8_t *at, *end;
    bool full;
} X86Code;

static inline X86Memory x86_at(X86Register base, int32_t displacement)
{
    return (X86Memory){base, RSP, 0, displacement};
}

static inline void x86_bytes(X86Code *code, const void *bytes, size_t count)
{
    code->full |= (size_t)(code->end - code->at) < count;
    if (code->full)
        return;
    memcpy(code->at, bytes, count);
    code->at += count;
}

static inline void x86_byte(X86Code *code, int byte)
{
    const uint8_t value = (uint8_t)byte;
    x86_bytes(code, &value, 1);
}

static inline void x86_word(X86Code *code, int32_t word)
{
    x86_bytes(code, &word, sizeof word);
}

/* Opcodes of two bytes are given with 0x0f in front. `prefix`: at least this one, 0x40 for byte
 * registers, 0x48 for 64 bits. */
static inline void x86_opcode(X86Code *code, int prefix, int opcode, int reg, int index, int base)
{
    prefix |= (reg >> 3) << 2 | (index >> 3) << 1 | base >> 3;
    if (prefix != 0)
        x86_byte(code, prefix | 0x40);
    if (opcode > 0xff)
        x86_byte(code, opcode >> 8);
    x86_byte(code, opcode);
}

static inline void x86_registers(X86Code *code, int prefix, int opcode, int reg, X86Register other)
{
    x86_opcode(code, prefix, opcode, reg, 0, (int)other);
    x86_byte(code, 0xc0 | (reg & 7) << 3 | ((int)other & 7));
}

static inline void x86_memory(X86Code *code, int prefix, int opcode, int reg, X86Memory memory)
{
    const bool plain = memory.index == RSP && (memory.base & 7) != RSP;
    x86_opcode(code, prefix, opcode, reg, memory.index == RSP ? 0 : (int)memory.index,
               (int)memory.base);
    x86_byte(code, 0x80 | (reg & 7) << 3 | (plain ? (int)memory.base & 7 : 4));
    if (!plain)
        x86_byte(code,
                 memory.scale_bits << 6 | ((int)memory.index & 7) << 3 | ((int)memory.base & 7));
    x86_word(code, memory.displacement);
}

/* ---- moves ---- */

static inline void x86_move(X86Code *code, X86Register to, X86Register from)
{
    x86_registers(code, 0, 0x8b, (int)to, from);
}

static inline void x86_move_wide(X86Code *code, X86Register to, X86Register from) /* 64 bits */
{
    x86_registers(code, 0x48, 0x8b, (int)to, from);
}

static inline void x86_move_number(X86Code *code, X86Register to, int32_t number)
{
    x86_opcode(code, 0, 0xb8 | ((int)to & 7), 0, 0, (int)to);
    x86_word(code, number);
}

static inline void x86_move_address(X86Code *code, X86Register to, const void *address)
{
    x86_opcode(code, 0x48, 0xb8 | ((int)to & 7), 0, 0, (int)to);
    x86_bytes(code, &address, sizeof address);
}

static inline void x86_widen(X86Code *code, X86Register to, X86Register byte)
{
    x86_registers(code, 0x40, 0x0fb6, (int)to, byte);
}

static inline void x86_load(X86Code *code, X86Register to, X86Memory from)
{
    x86_memory(code, 0, 0x8b, (int)to, from);
}

static inline void x86_load_address(X86Code *code, X86Register to, X86Memory from)
{
    x86_memory(code, 0x48, 0x8b, (int)to, from);
}

static inline void x86_load_byte(X86Code *code, X86Register to, X86Memory from)
{
    x86_memory(code, 0, 0x0fb6, (int)to, from);
}

static inline void x86_load_two(X86Code *code, X86Register to, X86Memory from)
{
    x86_memory(code, 0, 0x0fb7, (int)to, from);
}

static inline void x86_store(X86Code *code, X86Memory to, X86Register from)
{
    x86_memory(code, 0, 0x89, (int)from, to);
}

static inline void x86_store_two(X86Code *code, X86Memory to, X86Register from)
{
    x86_byte(code, 0x66);
    x86_memory(code, 0, 0x89, (int)from, to);
}

static inline void x86_store_byte(X86Code *code, X86Memory to, X86Register from)
{
    x86_memory(code, 0x40, 0x88, (int)from, to);
}

static inline void x86_store_number(X86Code *code, X86Memory to, int byte)
{
    x86_memory(code, 0, 0xc6, 0, to);
    x86_byte(code, byte);
}

/* The address itself, as a number. */
static inline void x86_sum(X86Code *code, X86Register to, X86Memory sum)
{
    x86_memory(code, 0, 0x8d, (int)to, sum);
}

/* ---- arithmetic ---- */

static inline void x86_do(X86Code *code, X86Arithmetic what, X86Register to, X86Register by)
{
    x86_registers(code, 0, (int)what << 3 | 3, (int)to, by);
}

static inline void x86_do_bytes(X86Code *code, X86Arithmetic what, X86Register to, X86Register by)
{
    x86_registers(code, 0x40, (int)what << 3 | 2, (int)to, by);
}

static inline void x86_do_number(X86Code *code, X86Arithmetic what, X86Register to, int32_t number)
{
    x86_registers(code, 0, 0x81, (int)what, to);
    x86_word(code, number);
}

static inline void x86_do_memory(X86Code *code, X86Arithmetic what, X86Register to, X86Memory by)
{
    x86_memory(code, 0, (int)what << 3 | 3, (int)to, by);
}

/* A byte in memory, or eight of them, with a number of -128 .. 127. */
static inline void x86_compare_byte(X86Code *code, X86Memory memory, int number)
{
    x86_memory(code, 0, 0x80, X86_CMP, memory);
    x86_byte(code, number);
}

static inline void x86_compare_eight(X86Code *code, X86Memory memory, int number)
{
    x86_memory(code, 0x48, 0x83, X86_CMP, memory);
    x86_byte(code, number);
}

static inline void x86_test_number(X86Code *code, X86Register reg, int32_t bits)
{
    x86_registers(code, 0, 0xf7, 0, reg);
    x86_word(code, bits);
}

static inline void x86_shift_byte(X86Code *code, X86Shift what, X86Register byte)
{
    x86_registers(code, 0x40, 0xd0, (int)what, byte);
}

static inline void x86_shift(X86Code *code, X86Shift what, X86Register reg, int bits)
{
    x86_registers(code, 0, 0xc1, (int)what, reg);
    x86_byte(code, bits);
}

static inline void x86_shift_eight(X86Code *code, X86Shift what, X86Register reg, int bits)
{
    x86_registers(code, 0x48, 0xc1, (int)what, reg);
    x86_byte(code, bits);
}

/* Bit 0 becomes the carry. */
static inline void x86_carry_from(X86Code *code, X86Register reg)
{
    x86_registers(code, 0, 0x0fba, 4, reg);
    x86_byte(code, 0);
}

static inline void x86_set(X86Code *code, X86Condition when, X86Register byte)
{
    x86_registers(code, 0x40, 0x0f90 | (int)when, 0, byte);
}

static inline void x86_set_memory(X86Code *code, X86Condition when, X86Memory byte)
{
    x86_memory(code, 0, 0x0f90 | (int)when, 0, byte);
}

/* ---- jumps ---- */

/* These return where the distance lies. */
static inline uint8_t *x86_jump(X86Code *code)
{
    x86_byte(code, 0xe9);
    x86_word(code, 0);
    return code->at - 4;
}

static inline uint8_t *x86_jump_if(X86Code *code, X86Condition when)
{
    x86_byte(code, 0x0f);
    x86_byte(code, 0x80 | (int)when);
    x86_word(code, 0);
    return code->at - 4;
}

static inline void x86_aim(const X86Code *code, uint8_t *distance, const uint8_t *target)
{
    const int32_t value = (int32_t)(target - (distance + 4));
    if (!code->full)
        memcpy(distance, &value, sizeof value);
}

static inline void x86_jump_to(X86Code *code, X86Register address)
{
    x86_registers(code, 0, 0xff, 4, address);
}

static inline void x86_call(X86Code *code, X86Register address)
{
    x86_registers(code, 0, 0xff, 2, address);
}

static inline void x86_push(X86Code *code, X86Register reg)
{
    x86_opcode(code, 0, 0x50 | ((int)reg & 7), 0, 0, (int)reg);
}

static inline void x86_pop(X86Code *code, X86Register reg)
{
    x86_opcode(code, 0, 0x58 | ((int)reg & 7), 0, 0, (int)reg);
}

static inline void x86_return(X86Code *code)
{
    x86_byte(code, 0xc3);
}

#endif
