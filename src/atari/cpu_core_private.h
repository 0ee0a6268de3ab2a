/*
 * cpu_core_private.h - the 6507: fetch, decode, do.
 *
 * Included by whoever has a bus. Before it, define CpuBus and
 *
 *     static inline uint8_t bus_read(CpuBus *bus, Cpu *cpu, uint16_t address,
 *                                    const CpuPlace *place);
 *     static inline void bus_write(CpuBus *bus, Cpu *cpu, uint16_t address, uint8_t value,
 *                                  bool after_write);
 *
 * which set cpu->bus to the byte that went over the wires (`place`: where the next instruction is,
 * if cpu_run reads an operand; else NULL), and bus_jam(bus), which hears of a KIL opcode. A CpuBus
 * has a member `CpuStretch stretch`: plain memory whose reading nobody notices. The bus may set its
 * `bytes` to 0 in any access; then cpu_run stops before the next instruction. The console's bus is
 * in console.c, the tests' is 64 KB of plain memory.
 *
 *     cpu_step(&bus, &cpu);   one instruction, its bytes by bus_read
 *     cpu_run(&bus, &cpu);    as many as lie in the stretch, up to about its last cycle
 *
 * What instructions are made of is here; the instructions are in cpu_opcodes_private.h.
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
#include "atari/cpu_cycles_private.h"

/* All of it goes into one function, so that the registers of one processor live in those of the
 * other. */
#define CPU_INLINE static inline __attribute__((always_inline))

/* ---- fetching and addresses ---- */

CPU_INLINE uint16_t get_pc(const CpuBus *bus, const Cpu *cpu, const CpuPlace *place)
{
    return place != NULL ? (uint16_t)(bus->stretch.begin + place->at) : cpu->pc;
}

CPU_INLINE void set_pc(const CpuBus *bus, Cpu *cpu, CpuPlace *place, uint16_t pc)
{
    if (place != NULL)
        place->at = (size_t)pc - bus->stretch.begin;
    else
        cpu->pc = pc;
}

CPU_INLINE uint8_t fetch(CpuBus *bus, Cpu *cpu, CpuPlace *place)
{
    if (place != NULL)
        return cpu->bus = place->code[place->at++];
    const uint16_t pc = cpu->pc++;
    return bus_read(bus, cpu, pc, NULL);
}

CPU_INLINE uint16_t fetch16(CpuBus *bus, Cpu *cpu, CpuPlace *place)
{
    const uint8_t low = fetch(bus, cpu, place);
    return (uint16_t)(low | fetch(bus, cpu, place) << 8);
}

CPU_INLINE uint16_t zp(CpuBus *bus, Cpu *cpu, CpuPlace *place, uint8_t index)
{
    return (uint8_t)(fetch(bus, cpu, place) + index);
}

CPU_INLINE uint16_t pointer(CpuBus *bus, Cpu *cpu, uint8_t at)
{
    const uint8_t low = bus_read(bus, cpu, at, NULL);
    return (uint16_t)(low | bus_read(bus, cpu, (uint8_t)(at + 1), NULL) << 8);
}

CPU_INLINE uint16_t indx(CpuBus *bus, Cpu *cpu, CpuPlace *place)
{
    return pointer(bus, cpu, (uint8_t)(fetch(bus, cpu, place) + cpu->x));
}

/* Base plus index for a read: one cycle more where the sum lies in another page. */
CPU_INLINE uint16_t crossing(Cpu *cpu, uint16_t base, uint8_t index)
{
    const uint16_t address = (uint16_t)(base + index);
    cpu->cycle += (base ^ address) >> 8 != 0;
    return address;
}

CPU_INLINE uint16_t abs_read(CpuBus *bus, Cpu *cpu, CpuPlace *place, uint8_t index)
{
    return crossing(cpu, fetch16(bus, cpu, place), index);
}

CPU_INLINE uint16_t abs_write(CpuBus *bus, Cpu *cpu, CpuPlace *place, uint8_t index)
{
    return (uint16_t)(fetch16(bus, cpu, place) + index);
}

CPU_INLINE uint16_t indy_read(CpuBus *bus, Cpu *cpu, CpuPlace *place)
{
    return crossing(cpu, pointer(bus, cpu, fetch(bus, cpu, place)), cpu->y);
}

CPU_INLINE uint16_t indy_write(CpuBus *bus, Cpu *cpu, CpuPlace *place)
{
    return (uint16_t)(pointer(bus, cpu, fetch(bus, cpu, place)) + cpu->y);
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

/* A program that goes round and round jumps. */
CPU_INLINE void jump(CpuBus *bus, Cpu *cpu, CpuPlace *place, uint16_t pc)
{
    set_pc(bus, cpu, place, pc);
    if (place != NULL && cpu->cycle >= bus->stretch.last_cycle)
        bus->stretch.bytes = 0;
}

CPU_INLINE void branch(CpuBus *bus, Cpu *cpu, CpuPlace *place, bool taken)
{
    const int8_t offset = (int8_t)fetch(bus, cpu, place);
    if (!taken)
        return;
    const uint16_t pc = get_pc(bus, cpu, place), target = (uint16_t)(pc + offset);
    cpu->cycle += (target ^ pc) >> 8 != 0 ? 2 : 1;
    jump(bus, cpu, place, target);
}

CPU_INLINE void push(CpuBus *bus, Cpu *cpu, uint8_t value, bool after_write)
{
    bus_write(bus, cpu, (uint16_t)(0x100 | cpu->s--), value, after_write);
}

CPU_INLINE uint8_t pull(CpuBus *bus, Cpu *cpu)
{
    return bus_read(bus, cpu, (uint16_t)(0x100 | ++cpu->s), NULL);
}

CPU_INLINE void peek_stack(CpuBus *bus, Cpu *cpu) /* one of the dummy reads that are kept */
{
    bus_read(bus, cpu, (uint16_t)(0x100 | cpu->s), NULL);
}

CPU_INLINE void push_pc(CpuBus *bus, Cpu *cpu, const CpuPlace *place)
{
    const uint16_t pc = get_pc(bus, cpu, place);
    push(bus, cpu, (uint8_t)(pc >> 8), false);
    push(bus, cpu, (uint8_t)pc, true);
}

CPU_INLINE uint16_t pull_pc(CpuBus *bus, Cpu *cpu)
{
    const uint8_t low = pull(bus, cpu);
    return (uint16_t)(low | pull(bus, cpu) << 8);
}

/* The address that lies at `at`, its upper byte at `next`. */
CPU_INLINE uint16_t vector(CpuBus *bus, Cpu *cpu, uint16_t at, uint16_t next)
{
    const uint8_t low = bus_read(bus, cpu, at, NULL);
    return (uint16_t)(low | bus_read(bus, cpu, next, NULL) << 8);
}

CPU_INLINE void brk(CpuBus *bus, Cpu *cpu, CpuPlace *place)
{
    fetch(bus, cpu, place); /* the padding byte */
    push_pc(bus, cpu, place);
    push(bus, cpu, pack_flags(cpu), true);
    cpu->interrupt_disable = 1;
    jump(bus, cpu, place, vector(bus, cpu, 0xfffe, 0xffff));
}

CPU_INLINE void jsr(CpuBus *bus, Cpu *cpu, CpuPlace *place)
{
    const uint8_t low = fetch(bus, cpu, place);
    peek_stack(bus, cpu);
    push_pc(bus, cpu, place);
    const uint16_t target = (uint16_t)(low | fetch(bus, cpu, place) << 8);
    jump(bus, cpu, place, target);
}

CPU_INLINE void rts(CpuBus *bus, Cpu *cpu, CpuPlace *place)
{
    peek_stack(bus, cpu);
    const uint16_t pc = pull_pc(bus, cpu);
    bus_read(bus, cpu, pc, NULL);
    jump(bus, cpu, place, (uint16_t)(pc + 1));
}

CPU_INLINE void rti(CpuBus *bus, Cpu *cpu, CpuPlace *place)
{
    peek_stack(bus, cpu);
    unpack_flags(cpu, pull(bus, cpu));
    jump(bus, cpu, place, pull_pc(bus, cpu));
}

CPU_INLINE void jmp_indirect(CpuBus *bus, Cpu *cpu, CpuPlace *place)
{
    const uint16_t at = fetch16(bus, cpu, place);
    const uint16_t next = (uint16_t)((at & 0xff00) | ((at + 1) & 0xff)); /* never over a page */
    jump(bus, cpu, place, vector(bus, cpu, at, next));
}

CPU_INLINE void plp(CpuBus *bus, Cpu *cpu)
{
    peek_stack(bus, cpu);
    unpack_flags(cpu, pull(bus, cpu));
}

CPU_INLINE void jam(CpuBus *bus, Cpu *cpu)
{
    cpu->jammed = true;
    bus_jam(bus);
}

CPU_INLINE void pla(CpuBus *bus, Cpu *cpu)
{
    peek_stack(bus, cpu);
    cpu->a = set_nz(cpu, pull(bus, cpu));
}

#include "atari/cpu_opcodes_private.h"

#endif
