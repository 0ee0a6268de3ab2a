/* translate_table.c - which of the 6507's instructions are translated, and where they lead. */
#include "atari/translate_private.h"

/* clang-format off */

/* The eight ways of ORA and its like, from their first opcode on (01: that by X and a pointer). */
#define ALL_MODES(first, operation)                                                                \
    [(first) + 0x04] = {operation, ZERO}, [(first) + 0x08] = {operation, IMMEDIATE},               \
            [(first) + 0x0c] = {operation, ABSOLUTE}, [(first) + 0x10] = {operation, INDIRECT_Y},  \
            [(first) + 0x14] = {operation, ZERO_X}, [(first) + 0x18] = {operation, ABSOLUTE_Y},    \
            [(first) + 0x1c] = {operation, ABSOLUTE_X}
/* ASL and its like, from the one in page 0 on. */
#define IN_MEMORY(first, operation)                                                                \
    [first] = {operation, ZERO}, [(first) + 0x08] = {operation, ABSOLUTE},                         \
    [(first) + 0x10] = {operation, ZERO_X}

const Opcode translated_opcodes[256] = {
    ALL_MODES(0x01, ORA), ALL_MODES(0x21, AND), ALL_MODES(0x41, EOR), ALL_MODES(0x61, ADC),
    ALL_MODES(0xa1, LDA), ALL_MODES(0xc1, CMP), ALL_MODES(0xe1, SBC),
    IN_MEMORY(0x06, ASL), IN_MEMORY(0x26, ROL), IN_MEMORY(0x46, LSR), IN_MEMORY(0x66, ROR),
    IN_MEMORY(0xe6, INC), IN_MEMORY(0xc6, DEC),
    [0x24] = {BIT, ZERO}, [0x2c] = {BIT, ABSOLUTE},
    [0xa2] = {LDX, IMMEDIATE}, [0xa6] = {LDX, ZERO}, [0xae] = {LDX, ABSOLUTE},
    [0xb6] = {LDX, ZERO_Y}, [0xbe] = {LDX, ABSOLUTE_Y},
    [0xa0] = {LDY, IMMEDIATE}, [0xa4] = {LDY, ZERO}, [0xac] = {LDY, ABSOLUTE},
    [0xb4] = {LDY, ZERO_X}, [0xbc] = {LDY, ABSOLUTE_X},
    [0xe0] = {CPX, IMMEDIATE}, [0xe4] = {CPX, ZERO}, [0xec] = {CPX, ABSOLUTE},
    [0xc0] = {CPY, IMMEDIATE}, [0xc4] = {CPY, ZERO}, [0xcc] = {CPY, ABSOLUTE},
    [0x85] = {STA, ZERO}, [0x95] = {STA, ZERO_X}, [0x8d] = {STA, ABSOLUTE},
    [0x99] = {STA, ABSOLUTE_Y}, [0x9d] = {STA, ABSOLUTE_X},
    [0x86] = {STX, ZERO}, [0x96] = {STX, ZERO_Y}, [0x8e] = {STX, ABSOLUTE},
    [0x84] = {STY, ZERO}, [0x94] = {STY, ZERO_X}, [0x8c] = {STY, ABSOLUTE},
    [0x0a] = {SHIFT_A, 0}, [0x2a] = {SHIFT_A, 0}, [0x4a] = {SHIFT_A, 0}, [0x6a] = {SHIFT_A, 0},
    [0xaa] = {TRANSFER, 0}, [0xa8] = {TRANSFER, 0}, [0x8a] = {TRANSFER, 0}, [0x98] = {TRANSFER, 0},
    [0xe8] = {STEP, 0}, [0xc8] = {STEP, 0}, [0xca] = {STEP, 0}, [0x88] = {STEP, 0},
    [0x18] = {FLAG, 0}, [0x38] = {FLAG, 0}, [0x58] = {FLAG, 0}, [0x78] = {FLAG, 0},
    [0xb8] = {FLAG, 0}, [0xd8] = {FLAG, 0}, [0xf8] = {FLAG, 0},
    [0xea] = {NOP, 0},
    [0x10] = {BRANCH, 0}, [0x30] = {BRANCH, 0}, [0x50] = {BRANCH, 0}, [0x70] = {BRANCH, 0},
    [0x90] = {BRANCH, 0}, [0xb0] = {BRANCH, 0}, [0xd0] = {BRANCH, 0}, [0xf0] = {BRANCH, 0},
    [0x4c] = {JMP, 0}, [0x20] = {JSR, 0}, [0x60] = {RTS, 0}, [0x48] = {PHA, 0}, [0x08] = {PHP, 0},
    [0x68] = {PLA, 0},
    [0x9a] = {TXS, 0}, [0xba] = {TSX, 0},
};
/* clang-format on */

int opcode_bytes(uint8_t opcode)
{
    static const uint8_t by_column[16] = {2, 2, 1, 2, 2, 2, 2, 2, 1, 2, 1, 2, 3, 3, 3, 3};
    const int column = opcode & 15;
    if (opcode == 0x20)
        return 3;
    if (opcode == 0x40 || opcode == 0x60)
        return 1;
    if (column == 2)
        return opcode & 0x80 && !(opcode & 0x10) ? 2 : 1;
    return (column == 9 || column == 11) && opcode & 0x10 ? 3 : by_column[column];
}

bool opcode_ends_run(uint8_t opcode)
{
    const Operation operation = translated_opcodes[opcode].operation;
    return operation == NOT_TRANSLATED || operation == JMP || operation == JSR || operation == RTS;
}

bool opcode_comes_back(uint8_t opcode)
{
    const Operation operation = translated_opcodes[opcode].operation;
    return operation == NOT_TRANSLATED || operation == JSR;
}

bool opcode_target(const uint8_t *code, uint16_t pc, uint16_t *target)
{
    const Operation operation = translated_opcodes[code[0]].operation;
    *target = operation == BRANCH ? (uint16_t)(pc + 2 + (int8_t)code[1]) : operand16(code);
    return operation == BRANCH || operation == JMP || operation == JSR;
}
