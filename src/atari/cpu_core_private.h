/*
 * cpu_core_private.h - the 6507: fetch, decode, do.
 *
 * Included by whoever has a bus. Before it, define CpuBus and
 *
 *     static inline uint8_t bus_read(CpuBus *bus, Cpu *cpu, uint16_t address);
 *     static inline void bus_write(CpuBus *bus, Cpu *cpu, uint16_t address, uint8_t value,
 *                                  bool after_write);
 *
 * which set cpu->bus to the byte that went over the wires. The console's bus is in console.c, the
 * tests' is 64 KB of plain memory. cpu_step then executes one instruction.
 *
 * Time: an instruction's base cycles are added when its opcode is fetched, page-crossing cycles
 * before the read that they delay; so every access after the opcode carries the cycle at which the
 * instruction ends. ALE: no dummy accesses: the bus sees just the bytes that the result needs, and
 * the few that are noted below.
 *
 * Undocumented opcodes go by the names of the "no more secrets" list [Groepaz2021].
 */
#ifndef DEEPQ_ATARI_CPU_CORE_PRIVATE_H
#define DEEPQ_ATARI_CPU_CORE_PRIVATE_H

#include <stddef.h>

#include "atari/cpu.h"

/* All of it goes into one function, so that the registers of one processor live in those of the
 * other. */
#define CPU_INLINE static inline __attribute__((always_inline))

/* Base cycles by opcode: rows by the upper digit, columns by the lower. ALE: A7 takes 4. */
static const uint8_t cpu_base_cycles[256] = {
    /* 0 */ 7, 6, 2, 8, 3, 3, 5, 5, 3, 2, 2, 2, 4, 4, 6, 6,
    /* 1 */ 2, 5, 2, 8, 4, 4, 6, 6, 2, 4, 2, 7, 4, 4, 7, 7,
    /* 2 */ 6, 6, 2, 8, 3, 3, 5, 5, 4, 2, 2, 2, 4, 4, 6, 6,
    /* 3 */ 2, 5, 2, 8, 4, 4, 6, 6, 2, 4, 2, 7, 4, 4, 7, 7,
    /* 4 */ 6, 6, 2, 8, 3, 3, 5, 5, 3, 2, 2, 2, 3, 4, 6, 6,
    /* 5 */ 2, 5, 2, 8, 4, 4, 6, 6, 2, 4, 2, 7, 4, 4, 7, 7,
    /* 6 */ 6, 6, 2, 8, 3, 3, 5, 5, 4, 2, 2, 2, 5, 4, 6, 6,
    /* 7 */ 2, 5, 2, 8, 4, 4, 6, 6, 2, 4, 2, 7, 4, 4, 7, 7,
    /* 8 */ 2, 6, 2, 6, 3, 3, 3, 3, 2, 2, 2, 2, 4, 4, 4, 4,
    /* 9 */ 2, 6, 2, 6, 4, 4, 4, 4, 2, 5, 2, 5, 5, 5, 5, 5,
    /* A */ 2, 6, 2, 6, 3, 3, 3, 4, 2, 2, 2, 2, 4, 4, 4, 4,
    /* B */ 2, 5, 2, 5, 4, 4, 4, 4, 2, 4, 2, 4, 4, 4, 4, 4,
    /* C */ 2, 6, 2, 8, 3, 3, 5, 5, 2, 2, 2, 2, 4, 4, 6, 6,
    /* D */ 2, 5, 2, 8, 4, 4, 6, 6, 2, 4, 2, 7, 4, 4, 7, 7,
    /* E */ 2, 6, 2, 8, 3, 3, 5, 5, 2, 2, 2, 2, 4, 4, 6, 6,
    /* F */ 2, 5, 2, 8, 4, 4, 6, 6, 2, 4, 2, 7, 4, 4, 7, 7,
};

/* ---- fetching and addresses ---- */

/* Where the bytes of an instruction lie, if that is plain memory, whose reading nobody notices;
 * NULL: they are to be asked of the bus. */
typedef const uint8_t *CpuCode;

CPU_INLINE uint8_t fetch(CpuBus *bus, Cpu *cpu, CpuCode code, int byte)
{
    const uint16_t pc = cpu->pc++;
    return code != NULL ? (cpu->bus = code[byte]) : bus_read(bus, cpu, pc);
}

CPU_INLINE uint16_t fetch16(CpuBus *bus, Cpu *cpu, CpuCode code)
{
    const uint8_t low = fetch(bus, cpu, code, 1);
    return (uint16_t)(low | fetch(bus, cpu, code, 2) << 8);
}

CPU_INLINE uint16_t zp(CpuBus *bus, Cpu *cpu, CpuCode code, uint8_t index)
{
    return (uint8_t)(fetch(bus, cpu, code, 1) + index);
}

CPU_INLINE uint16_t pointer(CpuBus *bus, Cpu *cpu, uint8_t at)
{
    const uint8_t low = bus_read(bus, cpu, at);
    return (uint16_t)(low | bus_read(bus, cpu, (uint8_t)(at + 1)) << 8);
}

CPU_INLINE uint16_t indx(CpuBus *bus, Cpu *cpu, CpuCode code)
{
    return pointer(bus, cpu, (uint8_t)(fetch(bus, cpu, code, 1) + cpu->x));
}

/* Base plus index for a read: one cycle more where the sum lies in another page. */
CPU_INLINE uint16_t crossing(Cpu *cpu, uint16_t base, uint8_t index)
{
    const uint16_t address = (uint16_t)(base + index);
    cpu->cycle += (base ^ address) >> 8 != 0;
    return address;
}

CPU_INLINE uint16_t abs_read(CpuBus *bus, Cpu *cpu, CpuCode code, uint8_t index)
{
    return crossing(cpu, fetch16(bus, cpu, code), index);
}

CPU_INLINE uint16_t abs_write(CpuBus *bus, Cpu *cpu, CpuCode code, uint8_t index)
{
    return (uint16_t)(fetch16(bus, cpu, code) + index);
}

CPU_INLINE uint16_t indy_read(CpuBus *bus, Cpu *cpu, CpuCode code)
{
    return crossing(cpu, pointer(bus, cpu, fetch(bus, cpu, code, 1)), cpu->y);
}

CPU_INLINE uint16_t indy_write(CpuBus *bus, Cpu *cpu, CpuCode code)
{
    return (uint16_t)(pointer(bus, cpu, fetch(bus, cpu, code, 1)) + cpu->y);
}

/* ---- flags and arithmetic ---- */

CPU_INLINE uint8_t set_nz(Cpu *cpu, uint8_t value)
{
    cpu->negative = cpu->zero = value;
    return value;
}

CPU_INLINE uint8_t pack_flags(const Cpu *cpu) /* as PHP and BRK push them: bits 5 and 4 set */
{
    return (uint8_t)((cpu->negative & 0x80) | cpu->overflow << 6 | 0x30 | cpu->decimal << 3 |
                     cpu->interrupt_disable << 2 | (cpu->zero == 0) << 1 | cpu->carry);
}

CPU_INLINE void unpack_flags(Cpu *cpu, uint8_t flags)
{
    cpu->negative = flags;
    cpu->overflow = flags >> 6 & 1;
    cpu->decimal = flags >> 3 & 1;
    cpu->interrupt_disable = flags >> 2 & 1;
    cpu->zero = (uint8_t)(~flags & 2);
    cpu->carry = flags & 1;
}

static inline int from_bcd(uint8_t byte)
{
    return (byte >> 4) * 10 + (byte & 15);
}

static inline uint8_t to_bcd(int number)
{
    return (uint8_t)((number / 10 % 10) << 4 | number % 10);
}

/* ALE: decimal sums are made of the digits' values, also of digits above 9, and N and Z belong to
 * the result. */
CPU_INLINE uint8_t add_decimal(Cpu *cpu, uint8_t value)
{
    const int sum = from_bcd(cpu->a) + from_bcd(value) + cpu->carry;
    cpu->carry = sum > 99;
    return to_bcd((sum & 255) % 100);
}

CPU_INLINE uint8_t subtract_decimal(Cpu *cpu, uint8_t value)
{
    const int borrow = 1 - cpu->carry;
    int difference = from_bcd(cpu->a) - from_bcd(value) - borrow;
    cpu->carry = cpu->a >= value + borrow;
    if (difference < 0)
        difference += 100;
    if (difference < 0) /* only from digits above 9 */
        return (uint8_t)from_bcd((uint8_t)(256 + difference));
    return to_bcd(difference % 100);
}

CPU_INLINE void adc(Cpu *cpu, uint8_t value)
{
    const uint8_t before = cpu->a;
    if (cpu->decimal) {
        cpu->a = set_nz(cpu, add_decimal(cpu, value));
        cpu->overflow = (before ^ cpu->a) & (cpu->a ^ value) & 0x80 ? 1 : 0;
        return;
    }
    const unsigned sum = (unsigned)before + value + cpu->carry;
    cpu->overflow = (~(before ^ value) & (before ^ sum) & 0x80) != 0;
    cpu->carry = sum > 0xff;
    cpu->a = set_nz(cpu, (uint8_t)sum);
}

CPU_INLINE void sbc(Cpu *cpu, uint8_t value)
{
    if (!cpu->decimal) {
        adc(cpu, (uint8_t)~value);
        return;
    }
    const uint8_t before = cpu->a;
    cpu->a = set_nz(cpu, subtract_decimal(cpu, value));
    cpu->overflow = (before ^ cpu->a) & (cpu->a ^ value) & 0x80 ? 1 : 0;
}

CPU_INLINE void compare(Cpu *cpu, uint8_t reg, uint8_t value)
{
    cpu->carry = reg >= value;
    set_nz(cpu, (uint8_t)(reg - value));
}

CPU_INLINE void bit(Cpu *cpu, uint8_t value)
{
    cpu->negative = value;
    cpu->overflow = value >> 6 & 1;
    cpu->zero = cpu->a & value;
}

CPU_INLINE uint8_t asl(Cpu *cpu, uint8_t value)
{
    cpu->carry = value >> 7;
    return set_nz(cpu, (uint8_t)(value << 1));
}

CPU_INLINE uint8_t lsr(Cpu *cpu, uint8_t value)
{
    cpu->carry = value & 1;
    return set_nz(cpu, value >> 1);
}

CPU_INLINE uint8_t rol(Cpu *cpu, uint8_t value)
{
    const uint8_t carry = cpu->carry;
    cpu->carry = value >> 7;
    return set_nz(cpu, (uint8_t)(value << 1 | carry));
}

CPU_INLINE uint8_t ror(Cpu *cpu, uint8_t value)
{
    const uint8_t carry = cpu->carry;
    cpu->carry = value & 1;
    return set_nz(cpu, (uint8_t)(value >> 1 | carry << 7));
}

CPU_INLINE uint8_t inc(Cpu *cpu, uint8_t value)
{
    return set_nz(cpu, (uint8_t)(value + 1));
}

CPU_INLINE uint8_t dec(Cpu *cpu, uint8_t value)
{
    return set_nz(cpu, (uint8_t)(value - 1));
}

/* Undocumented: a read-modify-write with an accumulator operation on its result. */

CPU_INLINE uint8_t slo(Cpu *cpu, uint8_t value)
{
    value = asl(cpu, value);
    cpu->a = set_nz(cpu, cpu->a | value);
    return value;
}

CPU_INLINE uint8_t rla(Cpu *cpu, uint8_t value)
{
    value = rol(cpu, value);
    cpu->a = set_nz(cpu, cpu->a & value);
    return value;
}

CPU_INLINE uint8_t sre(Cpu *cpu, uint8_t value)
{
    value = lsr(cpu, value);
    cpu->a = set_nz(cpu, cpu->a ^ value);
    return value;
}

CPU_INLINE uint8_t rra(Cpu *cpu, uint8_t value)
{
    value = ror(cpu, value);
    adc(cpu, value);
    return value;
}

CPU_INLINE uint8_t dcp(Cpu *cpu, uint8_t value)
{
    value = (uint8_t)(value - 1);
    compare(cpu, cpu->a, value);
    return value;
}

CPU_INLINE uint8_t isc(Cpu *cpu, uint8_t value)
{
    value = (uint8_t)(value + 1);
    sbc(cpu, value);
    return value;
}

/* AND, then ROR with the adder half at work: C and V come from bits 6 and 5; in decimal mode digits
 * are fixed up. */
CPU_INLINE void arr(Cpu *cpu, uint8_t value)
{
    const uint8_t masked = cpu->a & value;
    uint8_t result = (uint8_t)(masked >> 1 | cpu->carry << 7);
    set_nz(cpu, result);
    cpu->overflow = (masked ^ result) >> 6 & 1;
    if (!cpu->decimal) {
        cpu->carry = result >> 6 & 1;
        cpu->overflow = (result >> 6 ^ result >> 5) & 1;
    } else {
        if ((masked & 15) + (masked & 1) > 5)
            result = (uint8_t)((result & 0xf0) | ((result + 6) & 15));
        cpu->carry = (masked >> 4) + (masked >> 4 & 1) > 5;
        if (cpu->carry)
            result = (uint8_t)(result + 0x60);
    }
    cpu->a = result;
}

CPU_INLINE void anc(Cpu *cpu, uint8_t value)
{
    cpu->a = set_nz(cpu, cpu->a & value);
    cpu->carry = cpu->a >> 7;
}

CPU_INLINE void sbx(Cpu *cpu, uint8_t value)
{
    const uint8_t both = cpu->a & cpu->x;
    compare(cpu, both, value);
    cpu->x = (uint8_t)(both - value);
}

CPU_INLINE void las(Cpu *cpu, uint8_t value)
{
    cpu->a = cpu->x = cpu->s = set_nz(cpu, cpu->s & value);
}

/* SHA, SHX, SHY, TAS. ALE: the value is ANDed with the high byte of the effective address plus one,
 * and goes there. */
CPU_INLINE void store_high(CpuBus *bus, Cpu *cpu, uint16_t address, uint8_t value)
{
    bus_write(bus, cpu, address, value & (uint8_t)((address >> 8) + 1), false);
}

/* ---- jumps and the stack ---- */

CPU_INLINE void branch(CpuBus *bus, Cpu *cpu, CpuCode code, bool taken)
{
    const int8_t offset = (int8_t)fetch(bus, cpu, code, 1);
    if (!taken)
        return;
    const uint16_t target = (uint16_t)(cpu->pc + offset);
    cpu->cycle += (target ^ cpu->pc) >> 8 != 0 ? 2 : 1;
    cpu->pc = target;
}

CPU_INLINE void push(CpuBus *bus, Cpu *cpu, uint8_t value, bool after_write)
{
    bus_write(bus, cpu, (uint16_t)(0x100 | cpu->s--), value, after_write);
}

CPU_INLINE uint8_t pull(CpuBus *bus, Cpu *cpu)
{
    return bus_read(bus, cpu, (uint16_t)(0x100 | ++cpu->s));
}

CPU_INLINE void peek_stack(CpuBus *bus, Cpu *cpu) /* one of the dummy reads that are kept */
{
    bus_read(bus, cpu, (uint16_t)(0x100 | cpu->s));
}

CPU_INLINE void brk(CpuBus *bus, Cpu *cpu, CpuCode code)
{
    fetch(bus, cpu, code, 1); /* the padding byte */
    push(bus, cpu, (uint8_t)(cpu->pc >> 8), false);
    push(bus, cpu, (uint8_t)cpu->pc, true);
    push(bus, cpu, pack_flags(cpu), true);
    cpu->interrupt_disable = 1;
    const uint8_t low = bus_read(bus, cpu, 0xfffe);
    cpu->pc = (uint16_t)(low | bus_read(bus, cpu, 0xffff) << 8);
}

CPU_INLINE void jsr(CpuBus *bus, Cpu *cpu, CpuCode code)
{
    const uint8_t low = fetch(bus, cpu, code, 1);
    peek_stack(bus, cpu);
    push(bus, cpu, (uint8_t)(cpu->pc >> 8), false);
    push(bus, cpu, (uint8_t)cpu->pc, true);
    cpu->pc = (uint16_t)(low | bus_read(bus, cpu, cpu->pc) << 8);
}

CPU_INLINE void rts(CpuBus *bus, Cpu *cpu)
{
    peek_stack(bus, cpu);
    const uint8_t low = pull(bus, cpu);
    cpu->pc = (uint16_t)(low | pull(bus, cpu) << 8);
    bus_read(bus, cpu, cpu->pc++);
}

CPU_INLINE void rti(CpuBus *bus, Cpu *cpu)
{
    peek_stack(bus, cpu);
    unpack_flags(cpu, pull(bus, cpu));
    const uint8_t low = pull(bus, cpu);
    cpu->pc = (uint16_t)(low | pull(bus, cpu) << 8);
}

CPU_INLINE void jmp_indirect(CpuBus *bus, Cpu *cpu, CpuCode code)
{
    const uint16_t at = fetch16(bus, cpu, code);
    const uint8_t low = bus_read(bus, cpu, at);
    const uint16_t next = (uint16_t)((at & 0xff00) | ((at + 1) & 0xff)); /* never over a page */
    cpu->pc = (uint16_t)(low | bus_read(bus, cpu, next) << 8);
}

CPU_INLINE void plp(CpuBus *bus, Cpu *cpu)
{
    peek_stack(bus, cpu);
    unpack_flags(cpu, pull(bus, cpu));
}

CPU_INLINE void pla(CpuBus *bus, Cpu *cpu)
{
    peek_stack(bus, cpu);
    cpu->a = set_nz(cpu, pull(bus, cpu));
}

/* ---- the instructions ---- */

/* Addressing modes: the address of the operand; IMM is the operand itself. RX RY RIY are for reads,
 * which a page crossing delays; WX WY WIY for writes and read-modify-writes, which it does not. */
#define IMM fetch(bus, cpu, code, 1)
#define ZP  zp(bus, cpu, code, 0)
#define ZX  zp(bus, cpu, code, cpu->x)
#define ZY  zp(bus, cpu, code, cpu->y)
#define AB  abs_write(bus, cpu, code, 0)
#define RX  abs_read(bus, cpu, code, cpu->x)
#define RY  abs_read(bus, cpu, code, cpu->y)
#define WX  abs_write(bus, cpu, code, cpu->x)
#define WY  abs_write(bus, cpu, code, cpu->y)
#define IX  indx(bus, cpu, code)
#define RIY indy_read(bus, cpu, code)
#define WIY indy_write(bus, cpu, code)

#define READ(address)          bus_read(bus, cpu, address)
#define LOAD(reg, value)       cpu->reg = set_nz(cpu, value)
#define STORE(address, value)  bus_write(bus, cpu, address, (uint8_t)(value), false)
#define LOGIC(operator, value) cpu->a = set_nz(cpu, (uint8_t)(cpu->a operator(value)))
#define MODIFY(operation, address)                                                                 \
    do {                                                                                           \
        const uint16_t at = (address);                                                             \
        STORE(at, operation(cpu, READ(at)));                                                       \
    } while (0)

/* One instruction, laid out as the 16 x 16 grid of the opcodes, row by row. */
CPU_INLINE void cpu_step(CpuBus *bus, Cpu *cpu, CpuCode code)
{
    const uint8_t opcode = fetch(bus, cpu, code, 0);
    cpu->cycle += cpu_base_cycles[opcode];
    switch (opcode) {
    case 0x00: brk(bus, cpu, code); break;
    case 0x01: LOGIC(|, READ(IX)); break;
    case 0x03: MODIFY(slo, IX); break;
    case 0x04: (void)READ(ZP); break;
    case 0x05: LOGIC(|, READ(ZP)); break;
    case 0x06: MODIFY(asl, ZP); break;
    case 0x07: MODIFY(slo, ZP); break;
    case 0x08: push(bus, cpu, pack_flags(cpu), false); break;
    case 0x09: LOGIC(|, IMM); break;
    case 0x0a: cpu->a = asl(cpu, cpu->a); break;
    case 0x0b: anc(cpu, IMM); break;
    case 0x0c: (void)READ(AB); break;
    case 0x0d: LOGIC(|, READ(AB)); break;
    case 0x0e: MODIFY(asl, AB); break;
    case 0x0f: MODIFY(slo, AB); break;
    case 0x10: branch(bus, cpu, code, !(cpu->negative & 0x80)); break;
    case 0x11: LOGIC(|, READ(RIY)); break;
    case 0x13: MODIFY(slo, WIY); break;
    case 0x14: (void)READ(ZX); break;
    case 0x15: LOGIC(|, READ(ZX)); break;
    case 0x16: MODIFY(asl, ZX); break;
    case 0x17: MODIFY(slo, ZX); break;
    case 0x18: cpu->carry = 0; break;
    case 0x19: LOGIC(|, READ(RY)); break;
    case 0x1a: break;
    case 0x1b: MODIFY(slo, WY); break;
    case 0x1c: (void)READ(RX); break;
    case 0x1d: LOGIC(|, READ(RX)); break;
    case 0x1e: MODIFY(asl, WX); break;
    case 0x1f: MODIFY(slo, WX); break;
    case 0x20: jsr(bus, cpu, code); break;
    case 0x21: LOGIC(&, READ(IX)); break;
    case 0x23: MODIFY(rla, IX); break;
    case 0x24: bit(cpu, READ(ZP)); break;
    case 0x25: LOGIC(&, READ(ZP)); break;
    case 0x26: MODIFY(rol, ZP); break;
    case 0x27: MODIFY(rla, ZP); break;
    case 0x28: plp(bus, cpu); break;
    case 0x29: LOGIC(&, IMM); break;
    case 0x2a: cpu->a = rol(cpu, cpu->a); break;
    case 0x2b: anc(cpu, IMM); break;
    case 0x2c: bit(cpu, READ(AB)); break;
    case 0x2d: LOGIC(&, READ(AB)); break;
    case 0x2e: MODIFY(rol, AB); break;
    case 0x2f: MODIFY(rla, AB); break;
    case 0x30: branch(bus, cpu, code, cpu->negative & 0x80); break;
    case 0x31: LOGIC(&, READ(RIY)); break;
    case 0x33: MODIFY(rla, WIY); break;
    case 0x34: (void)READ(ZX); break;
    case 0x35: LOGIC(&, READ(ZX)); break;
    case 0x36: MODIFY(rol, ZX); break;
    case 0x37: MODIFY(rla, ZX); break;
    case 0x38: cpu->carry = 1; break;
    case 0x39: LOGIC(&, READ(RY)); break;
    case 0x3a: break;
    case 0x3b: MODIFY(rla, WY); break;
    case 0x3c: (void)READ(RX); break;
    case 0x3d: LOGIC(&, READ(RX)); break;
    case 0x3e: MODIFY(rol, WX); break;
    case 0x3f: MODIFY(rla, WX); break;
    case 0x40: rti(bus, cpu); break;
    case 0x41: LOGIC(^, READ(IX)); break;
    case 0x43: MODIFY(sre, IX); break;
    case 0x44: (void)READ(ZP); break;
    case 0x45: LOGIC(^, READ(ZP)); break;
    case 0x46: MODIFY(lsr, ZP); break;
    case 0x47: MODIFY(sre, ZP); break;
    case 0x48: push(bus, cpu, cpu->a, false); break;
    case 0x49: LOGIC(^, IMM); break;
    case 0x4a: cpu->a = lsr(cpu, cpu->a); break;
    case 0x4b: cpu->a = lsr(cpu, cpu->a & IMM); break;
    case 0x4c: cpu->pc = fetch16(bus, cpu, code); break;
    case 0x4d: LOGIC(^, READ(AB)); break;
    case 0x4e: MODIFY(lsr, AB); break;
    case 0x4f: MODIFY(sre, AB); break;
    case 0x50: branch(bus, cpu, code, !cpu->overflow); break;
    case 0x51: LOGIC(^, READ(RIY)); break;
    case 0x53: MODIFY(sre, WIY); break;
    case 0x54: (void)READ(ZX); break;
    case 0x55: LOGIC(^, READ(ZX)); break;
    case 0x56: MODIFY(lsr, ZX); break;
    case 0x57: MODIFY(sre, ZX); break;
    case 0x58: cpu->interrupt_disable = 0; break;
    case 0x59: LOGIC(^, READ(RY)); break;
    case 0x5a: break;
    case 0x5b: MODIFY(sre, WY); break;
    case 0x5c: (void)READ(RX); break;
    case 0x5d: LOGIC(^, READ(RX)); break;
    case 0x5e: MODIFY(lsr, WX); break;
    case 0x5f: MODIFY(sre, WX); break;
    case 0x60: rts(bus, cpu); break;
    case 0x61: adc(cpu, READ(IX)); break;
    case 0x63: MODIFY(rra, IX); break;
    case 0x64: (void)READ(ZP); break;
    case 0x65: adc(cpu, READ(ZP)); break;
    case 0x66: MODIFY(ror, ZP); break;
    case 0x67: MODIFY(rra, ZP); break;
    case 0x68: pla(bus, cpu); break;
    case 0x69: adc(cpu, IMM); break;
    case 0x6a: cpu->a = ror(cpu, cpu->a); break;
    case 0x6b: arr(cpu, IMM); break;
    case 0x6c: jmp_indirect(bus, cpu, code); break;
    case 0x6d: adc(cpu, READ(AB)); break;
    case 0x6e: MODIFY(ror, AB); break;
    case 0x6f: MODIFY(rra, AB); break;
    case 0x70: branch(bus, cpu, code, cpu->overflow); break;
    case 0x71: adc(cpu, READ(RIY)); break;
    case 0x73: MODIFY(rra, WIY); break;
    case 0x74: (void)READ(ZX); break;
    case 0x75: adc(cpu, READ(ZX)); break;
    case 0x76: MODIFY(ror, ZX); break;
    case 0x77: MODIFY(rra, ZX); break;
    case 0x78: cpu->interrupt_disable = 1; break;
    case 0x79: adc(cpu, READ(RY)); break;
    case 0x7a: break;
    case 0x7b: MODIFY(rra, WY); break;
    case 0x7c: (void)READ(RX); break;
    case 0x7d: adc(cpu, READ(RX)); break;
    case 0x7e: MODIFY(ror, WX); break;
    case 0x7f: MODIFY(rra, WX); break;
    case 0x80: (void)IMM; break;
    case 0x81: STORE(IX, cpu->a); break;
    case 0x82: (void)IMM; break;
    case 0x83: STORE(IX, cpu->a & cpu->x); break;
    case 0x84: STORE(ZP, cpu->y); break;
    case 0x85: STORE(ZP, cpu->a); break;
    case 0x86: STORE(ZP, cpu->x); break;
    case 0x87: STORE(ZP, cpu->a & cpu->x); break;
    case 0x88: LOAD(y, (uint8_t)(cpu->y - 1)); break;
    case 0x89: (void)IMM; break;
    case 0x8a: LOAD(a, cpu->x); break;
    case 0x8b: LOAD(a, (cpu->a | 0xee) & cpu->x & IMM); break;
    case 0x8c: STORE(AB, cpu->y); break;
    case 0x8d: STORE(AB, cpu->a); break;
    case 0x8e: STORE(AB, cpu->x); break;
    case 0x8f: STORE(AB, cpu->a & cpu->x); break;
    case 0x90: branch(bus, cpu, code, !cpu->carry); break;
    case 0x91: STORE(WIY, cpu->a); break;
    case 0x93: store_high(bus, cpu, WIY, cpu->a & cpu->x); break;
    case 0x94: STORE(ZX, cpu->y); break;
    case 0x95: STORE(ZX, cpu->a); break;
    case 0x96: STORE(ZY, cpu->x); break;
    case 0x97: STORE(ZY, cpu->a & cpu->x); break;
    case 0x98: LOAD(a, cpu->y); break;
    case 0x99: STORE(WY, cpu->a); break;
    case 0x9a: cpu->s = cpu->x; break;
    case 0x9b: cpu->s = cpu->a & cpu->x, store_high(bus, cpu, WY, cpu->s); break;
    case 0x9c: store_high(bus, cpu, WX, cpu->y); break;
    case 0x9d: STORE(WX, cpu->a); break;
    case 0x9e: store_high(bus, cpu, WY, cpu->x); break;
    case 0x9f: store_high(bus, cpu, WY, cpu->a & cpu->x); break;
    case 0xa0: LOAD(y, IMM); break;
    case 0xa1: LOAD(a, READ(IX)); break;
    case 0xa2: LOAD(x, IMM); break;
    case 0xa3: cpu->x = LOAD(a, READ(IX)); break;
    case 0xa4: LOAD(y, READ(ZP)); break;
    case 0xa5: LOAD(a, READ(ZP)); break;
    case 0xa6: LOAD(x, READ(ZP)); break;
    case 0xa7: cpu->x = LOAD(a, READ(ZP)); break;
    case 0xa8: LOAD(y, cpu->a); break;
    case 0xa9: LOAD(a, IMM); break;
    case 0xaa: LOAD(x, cpu->a); break;
    case 0xab: cpu->x = LOAD(a, (cpu->a | 0xee) & IMM); break;
    case 0xac: LOAD(y, READ(AB)); break;
    case 0xad: LOAD(a, READ(AB)); break;
    case 0xae: LOAD(x, READ(AB)); break;
    case 0xaf: cpu->x = LOAD(a, READ(AB)); break;
    case 0xb0: branch(bus, cpu, code, cpu->carry); break;
    case 0xb1: LOAD(a, READ(RIY)); break;
    case 0xb3: cpu->x = LOAD(a, READ(RIY)); break;
    case 0xb4: LOAD(y, READ(ZX)); break;
    case 0xb5: LOAD(a, READ(ZX)); break;
    case 0xb6: LOAD(x, READ(ZY)); break;
    case 0xb7: cpu->x = LOAD(a, READ(ZY)); break;
    case 0xb8: cpu->overflow = 0; break;
    case 0xb9: LOAD(a, READ(RY)); break;
    case 0xba: LOAD(x, cpu->s); break;
    case 0xbb: las(cpu, READ(RY)); break;
    case 0xbc: LOAD(y, READ(RX)); break;
    case 0xbd: LOAD(a, READ(RX)); break;
    case 0xbe: LOAD(x, READ(RY)); break;
    case 0xbf: cpu->x = LOAD(a, READ(RY)); break;
    case 0xc0: compare(cpu, cpu->y, IMM); break;
    case 0xc1: compare(cpu, cpu->a, READ(IX)); break;
    case 0xc2: (void)IMM; break;
    case 0xc3: MODIFY(dcp, IX); break;
    case 0xc4: compare(cpu, cpu->y, READ(ZP)); break;
    case 0xc5: compare(cpu, cpu->a, READ(ZP)); break;
    case 0xc6: MODIFY(dec, ZP); break;
    case 0xc7: MODIFY(dcp, ZP); break;
    case 0xc8: LOAD(y, (uint8_t)(cpu->y + 1)); break;
    case 0xc9: compare(cpu, cpu->a, IMM); break;
    case 0xca: LOAD(x, (uint8_t)(cpu->x - 1)); break;
    case 0xcb: sbx(cpu, IMM); break;
    case 0xcc: compare(cpu, cpu->y, READ(AB)); break;
    case 0xcd: compare(cpu, cpu->a, READ(AB)); break;
    case 0xce: MODIFY(dec, AB); break;
    case 0xcf: MODIFY(dcp, AB); break;
    case 0xd0: branch(bus, cpu, code, cpu->zero != 0); break;
    case 0xd1: compare(cpu, cpu->a, READ(RIY)); break;
    case 0xd3: MODIFY(dcp, WIY); break;
    case 0xd4: (void)READ(ZX); break;
    case 0xd5: compare(cpu, cpu->a, READ(ZX)); break;
    case 0xd6: MODIFY(dec, ZX); break;
    case 0xd7: MODIFY(dcp, ZX); break;
    case 0xd8: cpu->decimal = 0; break;
    case 0xd9: compare(cpu, cpu->a, READ(RY)); break;
    case 0xda: break;
    case 0xdb: MODIFY(dcp, WY); break;
    case 0xdc: (void)READ(RX); break;
    case 0xdd: compare(cpu, cpu->a, READ(RX)); break;
    case 0xde: MODIFY(dec, WX); break;
    case 0xdf: MODIFY(dcp, WX); break;
    case 0xe0: compare(cpu, cpu->x, IMM); break;
    case 0xe1: sbc(cpu, READ(IX)); break;
    case 0xe2: (void)IMM; break;
    case 0xe3: MODIFY(isc, IX); break;
    case 0xe4: compare(cpu, cpu->x, READ(ZP)); break;
    case 0xe5: sbc(cpu, READ(ZP)); break;
    case 0xe6: MODIFY(inc, ZP); break;
    case 0xe7: MODIFY(isc, ZP); break;
    case 0xe8: LOAD(x, (uint8_t)(cpu->x + 1)); break;
    case 0xe9: sbc(cpu, IMM); break;
    case 0xea: break;
    case 0xeb: sbc(cpu, IMM); break;
    case 0xec: compare(cpu, cpu->x, READ(AB)); break;
    case 0xed: sbc(cpu, READ(AB)); break;
    case 0xee: MODIFY(inc, AB); break;
    case 0xef: MODIFY(isc, AB); break;
    case 0xf0: branch(bus, cpu, code, cpu->zero == 0); break;
    case 0xf1: sbc(cpu, READ(RIY)); break;
    case 0xf3: MODIFY(isc, WIY); break;
    case 0xf4: (void)READ(ZX); break;
    case 0xf5: sbc(cpu, READ(ZX)); break;
    case 0xf6: MODIFY(inc, ZX); break;
    case 0xf7: MODIFY(isc, ZX); break;
    case 0xf8: cpu->decimal = 1; break;
    case 0xf9: sbc(cpu, READ(RY)); break;
    case 0xfa: break;
    case 0xfb: MODIFY(isc, WY); break;
    case 0xfc: (void)READ(RX); break;
    case 0xfd: sbc(cpu, READ(RX)); break;
    case 0xfe: MODIFY(inc, WX); break;
    case 0xff: MODIFY(isc, WX); break;
    default: cpu->jammed = true; break; /* KIL: x2 of the odd rows and of 0, 2, 4, 6 */
    }
}

#undef IMM
#undef ZP
#undef ZX
#undef ZY
#undef AB
#undef RX
#undef RY
#undef WX
#undef WY
#undef IX
#undef RIY
#undef WIY
#undef READ
#undef LOAD
#undef STORE
#undef LOGIC
#undef MODIFY

#endif
