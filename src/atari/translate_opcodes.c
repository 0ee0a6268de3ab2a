/*
 * translate_opcodes.c - what is written for an instruction of the 6507.
 *
 * Not translated, and left to the interpreter: decimal sums (the flag is asked each time), accesses
 * through pointers to elsewhere than the stretch, the stack where it is not in RAM, whatever
 * touches hot addresses, and what programs rarely do: undocumented instructions, indirect jumps,
 * PLP, BRK, RTI, what changes a chip's register in place.
 */
#include <assert.h>
#include <stddef.h>

#include "atari/translate_private.h"

/* ---- pieces of instructions ---- */

#define CPU(member)    x86_at(CONSOLE, (int32_t)offsetof(Console, cpu.member))
#define OF_BUS(member) x86_at(BUS, (int32_t)offsetof(CpuBus, member))

/* The RAM's byte at an address, or at the address in a register: 80 .. ff. */
static X86Memory ram_at(int address)
{
    return x86_at(CONSOLE, (int32_t)offsetof(Console, riot.ram) + (address & 0x7f));
}

static X86Memory ram_by(X86Register address)
{
    X86Memory memory = ram_at(0);
    memory.index = address;
    memory.displacement -= 0x80;
    return memory;
}

static TranslatedDetour *detour(Translator *t, DetourKind kind, uint8_t *from)
{
    assert(t->detours < DETOURS_MAX); /* translate.c has seen to it */
    TranslatedDetour *one = &t->detour[t->detours++];
    *one = (TranslatedDetour){.kind = kind, .from = from};
    return one;
}

/* If the condition holds, the interpreter is to do this instruction; nothing of it is done. */
static void leave_if(Translator *t, X86Condition when)
{
    TranslatedDetour *leave = detour(t, LEAVE_BEFORE, x86_jump_if(&t->out, when));
    leave->pc = (uint16_t)(t->begin + t->at);
    leave->pending = t->pending_before;
}

static void set_nz(Translator *t, X86Register from)
{
    x86_move(&t->out, REG_N, from);
    x86_move(&t->out, REG_Z, from);
}

/* To eax. */
static void read_chip(Translator *t, uint8_t *from, uint16_t address)
{
    TranslatedDetour *read = detour(t, READ_CHIP, from);
    read->back = t->out.at;
    read->pending = t->pending;
    read->address = address;
    read->next = t->next;
    t->read_chip = true;
}

/* ---- operands ---- */

static X86Register index_of(Mode mode)
{
    return mode == ZERO_X || mode == ABSOLUTE_X ? REG_X : REG_Y;
}

/* To ecx, the address in page 0: base plus index. */
static void index_zero(Translator *t, int base, Mode mode)
{
    x86_sum(&t->out, RCX, x86_at(index_of(mode), base));
    x86_widen(&t->out, RCX, RCX);
}

static void is_in_ram(Translator *t)
{
    x86_test_number(&t->out, RCX, 0x80);
}

/* In edx: an index into the stretch. Its byte to eax. */
static void load_code(Translator *t)
{
    x86_do_number(&t->out, X86_CMP, RDX, (int32_t)t->bytes);
    leave_if(t, X86_ABOVE_EQUAL);
    x86_move_address(&t->out, RAX, t->code);
    x86_load_byte(&t->out, RAX, (X86Memory){RAX, RDX, 0, 0});
}

/* A cycle more where the sum of two bytes, in ecx, is in another page. */
static void add_crossing(Translator *t)
{
    x86_shift(&t->out, X86_SHR, RCX, 8);
    x86_do(&t->out, X86_ADD, CYCLE, RCX);
}

/* The processor has 13 address lines: what it sees at an address it sees at others, too. */
enum { ADDRESS_LINES = 0x1fff };

static uint16_t in_stretch(const Translator *t, uint16_t address)
{
    return (uint16_t)((address - t->begin) & ADDRESS_LINES);
}

static bool read_absolute(Translator *t, uint16_t address)
{
    const uint16_t at = in_stretch(t, address);
    if (is_cartridge(address)) {
        if (at >= t->bytes)
            return false;
        x86_move_number(&t->out, RAX, t->code[at]);
    } else if (is_ram(address)) {
        x86_load_byte(&t->out, RAX, ram_at(address));
    } else {
        read_chip(t, x86_jump(&t->out), address);
    }
    return true;
}

/* To ecx, the address: base plus index, if it is in page 0 and so, as the base is, in RAM. */
static void index_ram(Translator *t, uint16_t base, Mode mode)
{
    x86_sum(&t->out, RCX, x86_at(index_of(mode), base));
    x86_do_number(&t->out, X86_CMP, RCX, 0x100);
    leave_if(t, X86_ABOVE_EQUAL);
}

static bool is_low_ram(uint16_t base)
{
    return base >= 0x80 && base < 0x100;
}

static bool read_indexed(Translator *t, uint16_t base, Mode mode)
{
    X86Code *out = &t->out;
    const X86Register index = index_of(mode);
    if (is_low_ram(base)) {
        index_ram(t, base, mode);
        x86_load_byte(out, RAX, ram_by(RCX));
        return true;
    }
    if (!is_cartridge(base))
        return false;
    x86_sum(out, RDX, x86_at(index, in_stretch(t, base)));
    load_code(t);
    if ((base & 0xff) != 0) {
        x86_sum(out, RCX, x86_at(index, base & 0xff));
        add_crossing(t);
    }
    return true;
}

static bool read_by_pointer(Translator *t, uint8_t at)
{
    X86Code *out = &t->out;
    if (at < 0x80 || at == 0xff)
        return false;
    x86_load_two(out, RCX, ram_at(at));
    x86_sum(out, RDX, (X86Memory){RCX, REG_Y, 0, -(int32_t)t->begin});
    x86_do_number(out, X86_AND, RDX, ADDRESS_LINES);
    load_code(t);
    x86_widen(out, RCX, RCX);
    x86_do(out, X86_ADD, RCX, REG_Y);
    add_crossing(t);
    return true;
}

/* To eax. False: it is not translated. */
static bool read_operand(Translator *t, Mode mode)
{
    const uint8_t *code = t->code + t->at;
    uint8_t *chip;
    switch (mode) {
    case IMMEDIATE: x86_move_number(&t->out, RAX, code[1]); return true;
    case ZERO: return read_absolute(t, code[1]);
    case ABSOLUTE: return read_absolute(t, operand16(code));
    case ZERO_X:
    case ZERO_Y:
        index_zero(t, code[1], mode);
        is_in_ram(t);
        chip = x86_jump_if(&t->out, X86_ZERO);
        x86_load_byte(&t->out, RAX, ram_by(RCX));
        read_chip(t, chip, IN_ECX);
        return true;
    case ABSOLUTE_X:
    case ABSOLUTE_Y: return read_indexed(t, operand16(code), mode);
    default: return read_by_pointer(t, code[1]);
    }
}

/* ---- writing to chips ---- */

/* Out of the way: the console does it. */
static void call_write(Translator *t, uint8_t *from, uint16_t address, X86Register value)
{
    TranslatedDetour *write = detour(t, WRITE_CHIP, from);
    write->pc = (uint16_t)(t->begin + t->next);
    write->pending = t->pending;
    write->back = t->out.at;
    write->address = address;
    write->value = value;
}

/* tia_queue_write, on the spot. */
static void queue_write(Translator *t, int reg, uint16_t address, X86Register value)
{
    X86Code *out = &t->out;
    X86Memory place = OF_BUS(lines.queue.write);
    place.index = RDX;
    place.scale_bits = 2;
    x86_sum(out, RCX, x86_at(CYCLE, t->pending));
    x86_do_memory(out, X86_SUB, RCX, OF_BUS(lines.queue.line_cycle));
    x86_load(out, RDX, OF_BUS(lines.queue.writes));
    x86_do_memory(out, X86_CMP, RCX, OF_BUS(lines.queue.open_cycles));
    uint8_t *late = x86_jump_if(out, X86_ABOVE_EQUAL);
    x86_do_number(out, X86_CMP, RDX, TIA_QUEUE_MAX);
    uint8_t *full = x86_jump_if(out, X86_ZERO);
    x86_move(out, RAX, value);
    x86_shift(out, X86_SHL, RAX, 16);
    x86_do(out, X86_OR, RAX, RCX);
    x86_do_number(out, X86_OR, RAX, reg << 8);
    x86_store(out, place, RAX);
    x86_do_number(out, X86_ADD, RDX, 1);
    x86_store(out, OF_BUS(lines.queue.writes), RDX);
    call_write(t, late, address, value);
    call_write(t, full, address, value);
}

static void write_chip(Translator *t, uint16_t address, X86Register value)
{
    const int reg = address & (TIA_REGISTERS - 1);
    if (!is_riot(address) && tia_waiting_registers() >> reg & 1) {
        queue_write(t, reg, address, value);
        return;
    }
    uint8_t *always = x86_jump(&t->out);
    call_write(t, always, address, value);
}

/* ---- stores ---- */

static bool store_absolute(Translator *t, uint16_t address, X86Register value)
{
    if (is_cartridge(address))
        return false;
    if (is_ram(address))
        x86_store_byte(&t->out, ram_at(address), value);
    else
        write_chip(t, address, value);
    return true;
}

static bool store_indexed(Translator *t, uint16_t base, Mode mode, X86Register value)
{
    if (!is_low_ram(base))
        return false;
    index_ram(t, base, mode);
    x86_store_byte(&t->out, ram_by(RCX), value);
    return true;
}

static bool store(Translator *t, Mode mode, X86Register value)
{
    const uint8_t *code = t->code + t->at;
    switch (mode) {
    case ZERO: return store_absolute(t, code[1], value);
    case ABSOLUTE: return store_absolute(t, operand16(code), value);
    case ZERO_X:
    case ZERO_Y: {
        index_zero(t, code[1], mode);
        is_in_ram(t);
        uint8_t *chip = x86_jump_if(&t->out, X86_ZERO);
        x86_store_byte(&t->out, ram_by(RCX), value);
        call_write(t, chip, IN_ECX, value);
        return true;
    }
    default: return store_indexed(t, operand16(code), mode, value);
    }
}

/* ---- what is done with an operand, in eax ---- */

static void add_with_carry(Translator *t)
{
    X86Code *out = &t->out;
    x86_move(out, RCX, REG_A);
    x86_carry_from(out, REG_C);
    x86_do_bytes(out, X86_ADC, RCX, RAX);
    x86_set(out, X86_CARRY, REG_C);
    x86_set_memory(out, X86_OVERFLOW, CPU(overflow));
    x86_widen(out, REG_A, RCX);
    set_nz(t, REG_A);
}

static void compare(Translator *t, X86Register reg)
{
    X86Code *out = &t->out;
    x86_move(out, RCX, reg);
    x86_do_bytes(out, X86_SUB, RCX, RAX);
    x86_set(out, X86_ABOVE_EQUAL, REG_C);
    x86_widen(out, RCX, RCX);
    set_nz(t, RCX);
}

static void bit(Translator *t)
{
    X86Code *out = &t->out;
    x86_move(out, REG_N, RAX);
    x86_move(out, REG_Z, RAX);
    x86_do(out, X86_AND, REG_Z, REG_A);
    x86_shift(out, X86_SHR, RAX, 6);
    x86_do_number(out, X86_AND, RAX, 1);
    x86_store_byte(out, CPU(overflow), RAX);
}

static void load(Translator *t, X86Register reg)
{
    x86_move(&t->out, reg, RAX);
    set_nz(t, RAX);
}

static void logic(Translator *t, X86Arithmetic what)
{
    x86_do(&t->out, what, REG_A, RAX);
    set_nz(t, REG_A);
}

static void use_operand(Translator *t, Operation operation)
{
    switch (operation) {
    case ORA: logic(t, X86_OR); break;
    case AND: logic(t, X86_AND); break;
    case EOR: logic(t, X86_XOR); break;
    case SBC: x86_do_number(&t->out, X86_XOR, RAX, 0xff); /* fall through */
    case ADC: add_with_carry(t); break;
    case CMP: compare(t, REG_A); break;
    case CPX: compare(t, REG_X); break;
    case CPY: compare(t, REG_Y); break;
    case BIT: bit(t); break;
    case LDA: load(t, REG_A); break;
    case LDX: load(t, REG_X); break;
    default: load(t, REG_Y);
    }
}

static bool read_and_use(Translator *t, const Opcode *opcode)
{
    if (opcode->operation == ADC || opcode->operation == SBC) {
        x86_compare_byte(&t->out, CPU(decimal), 0);
        leave_if(t, X86_NOT_ZERO);
    }
    if (!read_operand(t, opcode->mode))
        return false;
    use_operand(t, opcode->operation);
    return true;
}

/* eax, in place. */
static void modify(Translator *t, Operation operation)
{
    static const X86Shift shift[] = {X86_SHL, X86_RCL, X86_SHR, X86_RCR};
    X86Code *out = &t->out;
    if (operation == INC || operation == DEC) {
        x86_do_number(out, X86_ADD, RAX, operation == INC ? 1 : -1);
        x86_widen(out, RAX, RAX);
    } else {
        if (operation == ROL || operation == ROR)
            x86_carry_from(out, REG_C);
        x86_shift_byte(out, shift[operation - ASL], RAX);
        x86_set(out, X86_CARRY, REG_C);
    }
    set_nz(t, RAX);
}

static bool modify_memory(Translator *t, const Opcode *opcode)
{
    const uint8_t *code = t->code + t->at;
    const uint16_t address = opcode->mode == ABSOLUTE ? operand16(code) : code[1];
    X86Memory memory = ram_by(RCX);
    if (opcode->mode == ZERO_X) {
        index_zero(t, code[1], ZERO_X);
        is_in_ram(t);
        leave_if(t, X86_ZERO);
    } else {
        if (is_cartridge(address) || !is_ram(address))
            return false;
        memory = ram_at(address);
    }
    x86_load_byte(&t->out, RAX, memory);
    modify(t, opcode->operation);
    x86_store_byte(&t->out, memory, RAX);
    return true;
}

/* ---- instructions without an operand ---- */

static void shift_a(Translator *t, uint8_t opcode)
{
    x86_move(&t->out, RAX, REG_A);
    modify(t, (Operation)(ASL + (opcode >> 5)));
    x86_move(&t->out, REG_A, RAX);
}

static void transfer(Translator *t, uint8_t opcode)
{
    const X86Register to = opcode == 0xaa ? REG_X : opcode == 0xa8 ? REG_Y : REG_A;
    const X86Register from = opcode == 0x8a ? REG_X : opcode == 0x98 ? REG_Y : REG_A;
    x86_move(&t->out, to, from);
    set_nz(t, from);
}

/* INX, INY, DEX, DEY. */
static void step(Translator *t, uint8_t opcode)
{
    const X86Register reg = opcode == 0xe8 || opcode == 0xca ? REG_X : REG_Y;
    x86_do_number(&t->out, X86_ADD, reg, opcode >= 0xe0 || opcode == 0xc8 ? 1 : -1);
    x86_widen(&t->out, reg, reg);
    set_nz(t, reg);
}

static void flag(Translator *t, uint8_t opcode)
{
    switch (opcode) {
    case 0x18: x86_move_number(&t->out, REG_C, 0); break;
    case 0x38: x86_move_number(&t->out, REG_C, 1); break;
    case 0xb8: x86_store_number(&t->out, CPU(overflow), 0); break;
    case 0x58:
    case 0x78: x86_store_number(&t->out, CPU(interrupt_disable), opcode == 0x78); break;
    default: x86_store_number(&t->out, CPU(decimal), opcode == 0xf8);
    }
}

/* ---- jumps and the stack ---- */

/* A program that goes round and round jumps back. */
static void leave_if_late(Translator *t, uint16_t target)
{
    x86_do_memory(&t->out, X86_CMP, CYCLE, OF_BUS(stretch.last_cycle));
    TranslatedDetour *leave = detour(t, LEAVE_AFTER, x86_jump_if(&t->out, X86_GREATER_EQUAL));
    leave->pc = target;
}

static void jump(Translator *t, uint16_t target)
{
    flush_cycles(t);
    if (target <= (uint16_t)(t->begin + t->at))
        leave_if_late(t, target);
    go_to(t, target);
}

/* The jump if the branch is not taken; returns its distance. */
static uint8_t *pass_by(Translator *t, uint8_t opcode)
{
    const bool wants_set = opcode & 0x20;
    switch (opcode >> 6) {
    case 0: x86_test_number(&t->out, REG_N, 0x80); break;
    case 1: x86_compare_byte(&t->out, CPU(overflow), 0); break;
    case 2: x86_test_number(&t->out, REG_C, 1); break;
    default: x86_test_number(&t->out, REG_Z, 0xff);
    }
    const bool when_zero = opcode >> 6 == 3 ? !wants_set : wants_set; /* Z is set where edi is 0 */
    return x86_jump_if(&t->out, when_zero ? X86_ZERO : X86_NOT_ZERO);
}

static void branch(Translator *t, uint8_t opcode, uint16_t target)
{
    const uint16_t pc = (uint16_t)(t->begin + t->next);
    const int32_t pending = t->pending;
    uint8_t *not_taken = pass_by(t, opcode);
    t->pending += (target ^ pc) >> 8 != 0 ? 2 : 1;
    jump(t, target);
    x86_aim(&t->out, not_taken, t->out.at);
    t->pending = pending;
}

/* S, to ecx, if it is from `first` to `last`. */
static void load_stack(Translator *t, int first, int last)
{
    x86_load_byte(&t->out, RCX, CPU(s));
    x86_sum(&t->out, RDX, x86_at(RCX, -first));
    x86_do_number(&t->out, X86_CMP, RDX, last - first + 1);
    leave_if(t, X86_ABOVE_EQUAL);
}

static X86Memory stack_at(int offset)
{
    X86Memory memory = ram_by(RCX);
    memory.displacement += offset;
    return memory;
}

static void move_stack(Translator *t, int by)
{
    x86_do_number(&t->out, X86_ADD, RCX, by);
    x86_store_byte(&t->out, CPU(s), RCX);
}

static void call(Translator *t, uint16_t target)
{
    load_stack(t, 0x81, 0xff);
    x86_move_number(&t->out, RAX, (uint16_t)(t->begin + t->at + 2));
    x86_store_two(&t->out, stack_at(-1), RAX);
    move_stack(t, -2);
    jump(t, target);
}

/* To where a translation is; else the interpreter finds the way. */
static void return_from_call(Translator *t)
{
    X86Code *out = &t->out;
    load_stack(t, 0x80, 0xfd);
    x86_load_two(out, RAX, stack_at(1));
    x86_sum(out, RAX, x86_at(RAX, 1 - (int32_t)t->begin));
    x86_sum(out, RDX, x86_at(RAX, -1));
    x86_do_number(out, X86_CMP, RDX, (int32_t)t->bytes - 1);
    leave_if(t, X86_ABOVE_EQUAL);
    x86_load_address(out, RDX, OF_BUS(entry));
    x86_load(out, RDX, (X86Memory){RDX, RAX, 2, 0});
    x86_do_number(out, X86_CMP, RDX, 0);
    leave_if(t, X86_ZERO);
    move_stack(t, 2);
    flush_cycles(t);
    leave_if_late(t, t->begin); /* nobody will ask where */
    x86_memory(out, 0x48, 0x03, RDX, OF_BUS(entry_base));
    x86_jump_to(out, RDX);
}

static void push_a(Translator *t)
{
    load_stack(t, 0x80, 0xff);
    x86_store_byte(&t->out, stack_at(0), REG_A);
    move_stack(t, -1);
}

/* Bits 5 and 4 are set. */
static void pack_flags(Translator *t, X86Register to)
{
    X86Code *out = &t->out;
    x86_move(out, to, REG_N);
    x86_do_number(out, X86_AND, to, 0x80);
    x86_do(out, X86_OR, to, REG_C);
    x86_do_number(out, X86_OR, to, 0x30);
    x86_load_byte(out, RDX, CPU(overflow));
    x86_shift(out, X86_SHL, RDX, 6);
    x86_do(out, X86_OR, to, RDX);
    x86_load_byte(out, RDX, CPU(decimal));
    x86_shift(out, X86_SHL, RDX, 3);
    x86_do(out, X86_OR, to, RDX);
    x86_load_byte(out, RDX, CPU(interrupt_disable));
    x86_shift(out, X86_SHL, RDX, 2);
    x86_do(out, X86_OR, to, RDX);
    x86_do_number(out, X86_CMP, REG_Z, 1); /* a carry where Z is 0 */
    x86_do(out, X86_SBB, RDX, RDX);
    x86_do_number(out, X86_AND, RDX, 2);
    x86_do(out, X86_OR, to, RDX);
}

/* Programs push flags into the TIA, whose registers lie where the stack would go on: Z enables an
 * object. */
static void push_flags(Translator *t)
{
    X86Code *out = &t->out;
    pack_flags(t, RAX);
    x86_load_byte(out, RCX, CPU(s));
    x86_sum(out, RDX, x86_at(RCX, -1));
    x86_store_byte(out, CPU(s), RDX);
    is_in_ram(t);
    uint8_t *chip = x86_jump_if(out, X86_ZERO);
    x86_store_byte(out, stack_at(0), RAX);
    call_write(t, chip, IN_ECX, RAX);
}

static void pull_a(Translator *t)
{
    load_stack(t, 0x80, 0xfe);
    x86_load_byte(&t->out, REG_A, stack_at(1));
    set_nz(t, REG_A);
    move_stack(t, 1);
}

/* ---- all together ---- */

static bool translate_plain(Translator *t, const Opcode *opcode, uint8_t byte)
{
    uint16_t target = 0;
    opcode_target(t->code + t->at, (uint16_t)(t->begin + t->at), &target);
    switch ((Operation)opcode->operation) {
    case NOT_TRANSLATED: return false;
    case SHIFT_A: shift_a(t, byte); break;
    case TRANSFER: transfer(t, byte); break;
    case STEP: step(t, byte); break;
    case FLAG: flag(t, byte); break;
    case BRANCH: branch(t, byte, target); break;
    case JMP: jump(t, target); break;
    case JSR: call(t, target); break;
    case RTS: return_from_call(t); break;
    case PHA: push_a(t); break;
    case PHP: push_flags(t); break;
    case PLA: pull_a(t); break;
    case TXS: x86_store_byte(&t->out, CPU(s), REG_X); break;
    case TSX:
        x86_load_byte(&t->out, REG_X, CPU(s));
        set_nz(t, REG_X);
        break;
    default: break; /* NOP */
    }
    return true;
}

bool opcode_translate(Translator *t)
{
    const uint8_t byte = t->code[t->at];
    const Opcode *opcode = &translated_opcodes[byte];
    const Operation operation = opcode->operation;
    if (operation >= ORA && operation <= LDY)
        return read_and_use(t, opcode);
    if (operation >= STA && operation <= STY)
        return store(t, opcode->mode, operation == STA ? REG_A : operation == STX ? REG_X : REG_Y);
    if (operation >= ASL && operation <= DEC)
        return modify_memory(t, opcode);
    return translate_plain(t, opcode, byte);
}
