/*
 * cpu_opcodes_private.h - what each of the 256 opcodes does: the second half of cpu_core_private.h.
 */
#ifndef DEEPQ_ATARI_CPU_OPCODES_PRIVATE_H
#define DEEPQ_ATARI_CPU_OPCODES_PRIVATE_H

/* Addressing modes: the address of the operand; IMM is the operand itself. RX RY RIY are for reads,
 * which a page crossing delays; WX WY WIY for writes and read-modify-writes, which it does not. */
#define IMM fetch(bus, cpu, place)
#define ZP  zp(bus, cpu, place, 0)
#define ZX  zp(bus, cpu, place, cpu->x)
#define ZY  zp(bus, cpu, place, cpu->y)
#define AB  abs_write(bus, cpu, place, 0)
#define RX  abs_read(bus, cpu, place, cpu->x)
#define RY  abs_read(bus, cpu, place, cpu->y)
#define WX  abs_write(bus, cpu, place, cpu->x)
#define WY  abs_write(bus, cpu, place, cpu->y)
#define IX  indx(bus, cpu, place)
#define RIY indy_read(bus, cpu, place)
#define WIY indy_write(bus, cpu, place)

#define READ(address)          bus_read(bus, cpu, address, place)
#define LOAD(reg, value)       cpu->reg = set_nz(cpu, value)
#define STORE(address, value)  bus_write(bus, cpu, address, (uint8_t)(value), false)
#define LOGIC(operator, value) cpu->a = set_nz(cpu, (uint8_t)(cpu->a operator(value)))
#define MODIFY(operation, address)                                                                 \
    do {                                                                                           \
        const uint16_t at = (address);                                                             \
        STORE(at, operation(cpu, READ(at)));                                                       \
    } while (0)

/* The 16 x 16 grid of the opcodes, row by row: OP(opcode, what it does). */
/* clang-format off */
#define CPU_INSTRUCTIONS(OP) \
    OP(00, brk(bus, cpu, place))                                        \
    OP(01, LOGIC(|, READ(IX)))                                          \
    OP(02, jam(bus, cpu))                                               \
    OP(03, MODIFY(slo, IX))                                             \
    OP(04, (void)READ(ZP))                                              \
    OP(05, LOGIC(|, READ(ZP)))                                          \
    OP(06, MODIFY(asl, ZP))                                             \
    OP(07, MODIFY(slo, ZP))                                             \
    OP(08, push(bus, cpu, pack_flags(cpu), false))                      \
    OP(09, LOGIC(|, IMM))                                               \
    OP(0a, cpu->a = asl(cpu, cpu->a))                                   \
    OP(0b, anc(cpu, IMM))                                               \
    OP(0c, (void)READ(AB))                                              \
    OP(0d, LOGIC(|, READ(AB)))                                          \
    OP(0e, MODIFY(asl, AB))                                             \
    OP(0f, MODIFY(slo, AB))                                             \
    OP(10, branch(bus, cpu, place, !(cpu->negative & 0x80)))            \
    OP(11, LOGIC(|, READ(RIY)))                                         \
    OP(12, jam(bus, cpu))                                               \
    OP(13, MODIFY(slo, WIY))                                            \
    OP(14, (void)READ(ZX))                                              \
    OP(15, LOGIC(|, READ(ZX)))                                          \
    OP(16, MODIFY(asl, ZX))                                             \
    OP(17, MODIFY(slo, ZX))                                             \
    OP(18, cpu->carry = 0)                                              \
    OP(19, LOGIC(|, READ(RY)))                                          \
    OP(1a, (void)0)                                                     \
    OP(1b, MODIFY(slo, WY))                                             \
    OP(1c, (void)READ(RX))                                              \
    OP(1d, LOGIC(|, READ(RX)))                                          \
    OP(1e, MODIFY(asl, WX))                                             \
    OP(1f, MODIFY(slo, WX))                                             \
    OP(20, jsr(bus, cpu, place))                                        \
    OP(21, LOGIC(&, READ(IX)))                                          \
    OP(22, jam(bus, cpu))                                               \
    OP(23, MODIFY(rla, IX))                                             \
    OP(24, bit(cpu, READ(ZP)))                                          \
    OP(25, LOGIC(&, READ(ZP)))                                          \
    OP(26, MODIFY(rol, ZP))                                             \
    OP(27, MODIFY(rla, ZP))                                             \
    OP(28, plp(bus, cpu))                                               \
    OP(29, LOGIC(&, IMM))                                               \
    OP(2a, cpu->a = rol(cpu, cpu->a))                                   \
    OP(2b, anc(cpu, IMM))                                               \
    OP(2c, bit(cpu, READ(AB)))                                          \
    OP(2d, LOGIC(&, READ(AB)))                                          \
    OP(2e, MODIFY(rol, AB))                                             \
    OP(2f, MODIFY(rla, AB))                                             \
    OP(30, branch(bus, cpu, place, cpu->negative & 0x80))               \
    OP(31, LOGIC(&, READ(RIY)))                                         \
    OP(32, jam(bus, cpu))                                               \
    OP(33, MODIFY(rla, WIY))                                            \
    OP(34, (void)READ(ZX))                                              \
    OP(35, LOGIC(&, READ(ZX)))                                          \
    OP(36, MODIFY(rol, ZX))                                             \
    OP(37, MODIFY(rla, ZX))                                             \
    OP(38, cpu->carry = 1)                                              \
    OP(39, LOGIC(&, READ(RY)))                                          \
    OP(3a, (void)0)                                                     \
    OP(3b, MODIFY(rla, WY))                                             \
    OP(3c, (void)READ(RX))                                              \
    OP(3d, LOGIC(&, READ(RX)))                                          \
    OP(3e, MODIFY(rol, WX))                                             \
    OP(3f, MODIFY(rla, WX))                                             \
    OP(40, rti(bus, cpu, place))                                        \
    OP(41, LOGIC(^, READ(IX)))                                          \
    OP(42, jam(bus, cpu))                                               \
    OP(43, MODIFY(sre, IX))                                             \
    OP(44, (void)READ(ZP))                                              \
    OP(45, LOGIC(^, READ(ZP)))                                          \
    OP(46, MODIFY(lsr, ZP))                                             \
    OP(47, MODIFY(sre, ZP))                                             \
    OP(48, push(bus, cpu, cpu->a, false))                               \
    OP(49, LOGIC(^, IMM))                                               \
    OP(4a, cpu->a = lsr(cpu, cpu->a))                                   \
    OP(4b, cpu->a = lsr(cpu, cpu->a & IMM))                             \
    OP(4c, jump(bus, cpu, place, fetch16(bus, cpu, place)))             \
    OP(4d, LOGIC(^, READ(AB)))                                          \
    OP(4e, MODIFY(lsr, AB))                                             \
    OP(4f, MODIFY(sre, AB))                                             \
    OP(50, branch(bus, cpu, place, !cpu->overflow))                     \
    OP(51, LOGIC(^, READ(RIY)))                                         \
    OP(52, jam(bus, cpu))                                               \
    OP(53, MODIFY(sre, WIY))                                            \
    OP(54, (void)READ(ZX))                                              \
    OP(55, LOGIC(^, READ(ZX)))                                          \
    OP(56, MODIFY(lsr, ZX))                                             \
    OP(57, MODIFY(sre, ZX))                                             \
    OP(58, cpu->interrupt_disable = 0)                                  \
    OP(59, LOGIC(^, READ(RY)))                                          \
    OP(5a, (void)0)                                                     \
    OP(5b, MODIFY(sre, WY))                                             \
    OP(5c, (void)READ(RX))                                              \
    OP(5d, LOGIC(^, READ(RX)))                                          \
    OP(5e, MODIFY(lsr, WX))                                             \
    OP(5f, MODIFY(sre, WX))                                             \
    OP(60, rts(bus, cpu, place))                                        \
    OP(61, adc(cpu, READ(IX)))                                          \
    OP(62, jam(bus, cpu))                                               \
    OP(63, MODIFY(rra, IX))                                             \
    OP(64, (void)READ(ZP))                                              \
    OP(65, adc(cpu, READ(ZP)))                                          \
    OP(66, MODIFY(ror, ZP))                                             \
    OP(67, MODIFY(rra, ZP))                                             \
    OP(68, pla(bus, cpu))                                               \
    OP(69, adc(cpu, IMM))                                               \
    OP(6a, cpu->a = ror(cpu, cpu->a))                                   \
    OP(6b, arr(cpu, IMM))                                               \
    OP(6c, jmp_indirect(bus, cpu, place))                               \
    OP(6d, adc(cpu, READ(AB)))                                          \
    OP(6e, MODIFY(ror, AB))                                             \
    OP(6f, MODIFY(rra, AB))                                             \
    OP(70, branch(bus, cpu, place, cpu->overflow))                      \
    OP(71, adc(cpu, READ(RIY)))                                         \
    OP(72, jam(bus, cpu))                                               \
    OP(73, MODIFY(rra, WIY))                                            \
    OP(74, (void)READ(ZX))                                              \
    OP(75, adc(cpu, READ(ZX)))                                          \
    OP(76, MODIFY(ror, ZX))                                             \
    OP(77, MODIFY(rra, ZX))                                             \
    OP(78, cpu->interrupt_disable = 1)                                  \
    OP(79, adc(cpu, READ(RY)))                                          \
    OP(7a, (void)0)                                                     \
    OP(7b, MODIFY(rra, WY))                                             \
    OP(7c, (void)READ(RX))                                              \
    OP(7d, adc(cpu, READ(RX)))                                          \
    OP(7e, MODIFY(ror, WX))                                             \
    OP(7f, MODIFY(rra, WX))                                             \
    OP(80, (void)IMM)                                                   \
    OP(81, STORE(IX, cpu->a))                                           \
    OP(82, (void)IMM)                                                   \
    OP(83, STORE(IX, cpu->a & cpu->x))                                  \
    OP(84, STORE(ZP, cpu->y))                                           \
    OP(85, STORE(ZP, cpu->a))                                           \
    OP(86, STORE(ZP, cpu->x))                                           \
    OP(87, STORE(ZP, cpu->a & cpu->x))                                  \
    OP(88, LOAD(y, (uint8_t)(cpu->y - 1)))                              \
    OP(89, (void)IMM)                                                   \
    OP(8a, LOAD(a, cpu->x))                                             \
    OP(8b, LOAD(a, (cpu->a | 0xee) & cpu->x & IMM))                     \
    OP(8c, STORE(AB, cpu->y))                                           \
    OP(8d, STORE(AB, cpu->a))                                           \
    OP(8e, STORE(AB, cpu->x))                                           \
    OP(8f, STORE(AB, cpu->a & cpu->x))                                  \
    OP(90, branch(bus, cpu, place, !cpu->carry))                        \
    OP(91, STORE(WIY, cpu->a))                                          \
    OP(92, jam(bus, cpu))                                               \
    OP(93, store_high(bus, cpu, WIY, cpu->a & cpu->x))                  \
    OP(94, STORE(ZX, cpu->y))                                           \
    OP(95, STORE(ZX, cpu->a))                                           \
    OP(96, STORE(ZY, cpu->x))                                           \
    OP(97, STORE(ZY, cpu->a & cpu->x))                                  \
    OP(98, LOAD(a, cpu->y))                                             \
    OP(99, STORE(WY, cpu->a))                                           \
    OP(9a, cpu->s = cpu->x)                                             \
    OP(9b, cpu->s = cpu->a & cpu->x, store_high(bus, cpu, WY, cpu->s))  \
    OP(9c, store_high(bus, cpu, WX, cpu->y))                            \
    OP(9d, STORE(WX, cpu->a))                                           \
    OP(9e, store_high(bus, cpu, WY, cpu->x))                            \
    OP(9f, store_high(bus, cpu, WY, cpu->a & cpu->x))                   \
    OP(a0, LOAD(y, IMM))                                                \
    OP(a1, LOAD(a, READ(IX)))                                           \
    OP(a2, LOAD(x, IMM))                                                \
    OP(a3, cpu->x = LOAD(a, READ(IX)))                                  \
    OP(a4, LOAD(y, READ(ZP)))                                           \
    OP(a5, LOAD(a, READ(ZP)))                                           \
    OP(a6, LOAD(x, READ(ZP)))                                           \
    OP(a7, cpu->x = LOAD(a, READ(ZP)))                                  \
    OP(a8, LOAD(y, cpu->a))                                             \
    OP(a9, LOAD(a, IMM))                                                \
    OP(aa, LOAD(x, cpu->a))                                             \
    OP(ab, cpu->x = LOAD(a, (cpu->a | 0xee) & IMM))                     \
    OP(ac, LOAD(y, READ(AB)))                                           \
    OP(ad, LOAD(a, READ(AB)))                                           \
    OP(ae, LOAD(x, READ(AB)))                                           \
    OP(af, cpu->x = LOAD(a, READ(AB)))                                  \
    OP(b0, branch(bus, cpu, place, cpu->carry))                         \
    OP(b1, LOAD(a, READ(RIY)))                                          \
    OP(b2, jam(bus, cpu))                                               \
    OP(b3, cpu->x = LOAD(a, READ(RIY)))                                 \
    OP(b4, LOAD(y, READ(ZX)))                                           \
    OP(b5, LOAD(a, READ(ZX)))                                           \
    OP(b6, LOAD(x, READ(ZY)))                                           \
    OP(b7, cpu->x = LOAD(a, READ(ZY)))                                  \
    OP(b8, cpu->overflow = 0)                                           \
    OP(b9, LOAD(a, READ(RY)))                                           \
    OP(ba, LOAD(x, cpu->s))                                             \
    OP(bb, las(cpu, READ(RY)))                                          \
    OP(bc, LOAD(y, READ(RX)))                                           \
    OP(bd, LOAD(a, READ(RX)))                                           \
    OP(be, LOAD(x, READ(RY)))                                           \
    OP(bf, cpu->x = LOAD(a, READ(RY)))                                  \
    OP(c0, compare(cpu, cpu->y, IMM))                                   \
    OP(c1, compare(cpu, cpu->a, READ(IX)))                              \
    OP(c2, (void)IMM)                                                   \
    OP(c3, MODIFY(dcp, IX))                                             \
    OP(c4, compare(cpu, cpu->y, READ(ZP)))                              \
    OP(c5, compare(cpu, cpu->a, READ(ZP)))                              \
    OP(c6, MODIFY(dec, ZP))                                             \
    OP(c7, MODIFY(dcp, ZP))                                             \
    OP(c8, LOAD(y, (uint8_t)(cpu->y + 1)))                              \
    OP(c9, compare(cpu, cpu->a, IMM))                                   \
    OP(ca, LOAD(x, (uint8_t)(cpu->x - 1)))                              \
    OP(cb, sbx(cpu, IMM))                                               \
    OP(cc, compare(cpu, cpu->y, READ(AB)))                              \
    OP(cd, compare(cpu, cpu->a, READ(AB)))                              \
    OP(ce, MODIFY(dec, AB))                                             \
    OP(cf, MODIFY(dcp, AB))                                             \
    OP(d0, branch(bus, cpu, place, cpu->zero != 0))                     \
    OP(d1, compare(cpu, cpu->a, READ(RIY)))                             \
    OP(d2, jam(bus, cpu))                                               \
    OP(d3, MODIFY(dcp, WIY))                                            \
    OP(d4, (void)READ(ZX))                                              \
    OP(d5, compare(cpu, cpu->a, READ(ZX)))                              \
    OP(d6, MODIFY(dec, ZX))                                             \
    OP(d7, MODIFY(dcp, ZX))                                             \
    OP(d8, cpu->decimal = 0)                                            \
    OP(d9, compare(cpu, cpu->a, READ(RY)))                              \
    OP(da, (void)0)                                                     \
    OP(db, MODIFY(dcp, WY))                                             \
    OP(dc, (void)READ(RX))                                              \
    OP(dd, compare(cpu, cpu->a, READ(RX)))                              \
    OP(de, MODIFY(dec, WX))                                             \
    OP(df, MODIFY(dcp, WX))                                             \
    OP(e0, compare(cpu, cpu->x, IMM))                                   \
    OP(e1, sbc(cpu, READ(IX)))                                          \
    OP(e2, (void)IMM)                                                   \
    OP(e3, MODIFY(isc, IX))                                             \
    OP(e4, compare(cpu, cpu->x, READ(ZP)))                              \
    OP(e5, sbc(cpu, READ(ZP)))                                          \
    OP(e6, MODIFY(inc, ZP))                                             \
    OP(e7, MODIFY(isc, ZP))                                             \
    OP(e8, LOAD(x, (uint8_t)(cpu->x + 1)))                              \
    OP(e9, sbc(cpu, IMM))                                               \
    OP(ea, (void)0)                                                     \
    OP(eb, sbc(cpu, IMM))                                               \
    OP(ec, compare(cpu, cpu->x, READ(AB)))                              \
    OP(ed, sbc(cpu, READ(AB)))                                          \
    OP(ee, MODIFY(inc, AB))                                             \
    OP(ef, MODIFY(isc, AB))                                             \
    OP(f0, branch(bus, cpu, place, cpu->zero == 0))                     \
    OP(f1, sbc(cpu, READ(RIY)))                                         \
    OP(f2, jam(bus, cpu))                                               \
    OP(f3, MODIFY(isc, WIY))                                            \
    OP(f4, (void)READ(ZX))                                              \
    OP(f5, sbc(cpu, READ(ZX)))                                          \
    OP(f6, MODIFY(inc, ZX))                                             \
    OP(f7, MODIFY(isc, ZX))                                             \
    OP(f8, cpu->decimal = 1)                                            \
    OP(f9, sbc(cpu, READ(RY)))                                          \
    OP(fa, (void)0)                                                     \
    OP(fb, MODIFY(isc, WY))                                             \
    OP(fc, (void)READ(RX))                                              \
    OP(fd, sbc(cpu, READ(RX)))                                          \
    OP(fe, MODIFY(inc, WX))                                             \
    OP(ff, MODIFY(isc, WX))
/* clang-format on */

/* One instruction, its bytes asked of the bus. */
CPU_INLINE void cpu_step(CpuBus *bus, Cpu *cpu)
{
    CpuPlace *const place = NULL;
    const uint8_t opcode = fetch(bus, cpu, place);
    cpu->cycle += cpu_base_cycles[opcode];
    switch (opcode) {
#define OP(opcode, ...)                                                                            \
    case 0x##opcode: __VA_ARGS__; break;
        CPU_INSTRUCTIONS(OP)
#undef OP
    }
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic" /* the addresses of labels are GNU C */

/* Instructions from the bus's stretch, as long as they lie there; where a program jumps after the
 * stretch's last cycle, no longer. Each instruction ends with the jump to the next one: so the
 * processor learns for each by itself what comes after it, and foresees jumps that it could not
 * from one place for all. */
static __attribute__((noinline)) void cpu_run(CpuBus *bus, Cpu *registers)
{
    Cpu copy = *registers, *const cpu = &copy; /* in the processor's own registers */
    CpuPlace here = {bus->stretch.code, 0}, *const place = &here;
#define OP(opcode, ...) [0x##opcode] = &&op_##opcode,
    static const void *const label[256] = {CPU_INSTRUCTIONS(OP)};
#undef OP
#define NEXT                                                                                       \
    do {                                                                                           \
        if (here.at >= bus->stretch.bytes)                                                         \
            goto out;                                                                              \
        goto *label[here.code[here.at]];                                                           \
    } while (0)
    set_pc(bus, cpu, place, copy.pc);
    NEXT;
#define OP(opcode, ...)                                                                            \
    op_##opcode : here.at++;                                                                       \
    copy.bus = 0x##opcode;                                                                         \
    copy.cycle += cpu_base_cycles[0x##opcode];                                                     \
    __VA_ARGS__;                                                                                   \
    NEXT;
    CPU_INSTRUCTIONS(OP)
#undef OP
#undef NEXT
out:
    copy.pc = get_pc(bus, cpu, place);
    *registers = copy;
}

#pragma GCC diagnostic pop

#undef CPU_INSTRUCTIONS
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
