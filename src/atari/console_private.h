/*
 * console_private.h - the bus, for console.c and for what is translated to run on it (translate.c).
 */
#ifndef DEEPQ_ATARI_CONSOLE_PRIVATE_H
#define DEEPQ_ATARI_CONSOLE_PRIVATE_H

#include "atari/cartridge_private.h"
#include "atari/console.h"
#include "atari/tia_lines.h"
#include "atari/translate.h"

enum { PIECE_BYTES = 64, PIECES = 64 }; /* of the cartridge's 4 KB; stretches are of whole ones */

typedef struct CpuBus {
    Console *console;
    TiaLines lines;
    CartridgePort port;
    uint64_t hot; /* the cartridge's */
    const uint8_t *window[CARTRIDGE_WINDOWS];
    CpuStretch stretch; /* where code has been found; `bytes` 0: stop before the next one */
    uint64_t queued;    /* bit r: writes to the TIA's register r may wait in its queue */
    const uint32_t
        *entry; /* while a translation runs: where that of each byte of the stretch is, */
    const uint8_t *entry_base; /* counted from here; 0: nowhere yet */
    bool listens;              /* the cartridge does */
    bool frame_over;
    bool stop; /* the update is over */
} CpuBus;

/* The 6507 has 13 address lines; the chips decode few of them. */
static inline bool is_cartridge(uint16_t address)
{
    return address & 0x1000;
}

static inline bool is_ram(uint16_t address) /* where is_cartridge has said no */
{
    return (address & 0x0080) && !(address & 0x0200);
}

static inline bool is_riot(uint16_t address)
{
    return (address & 0x0280) == 0x0280;
}

/* A read and a write of a chip's register. `next`: where in the stretch the next instruction lies,
 * if an instruction there reads its operand. `noise`: what was on the bus before. After either,
 * stretch.bytes may be 0. */
typedef struct {
    int32_t cycle; /* of the access */
    uint8_t value;
} ChipRead;

ChipRead console_read_chip(CpuBus *bus, uint16_t address, int32_t cycle, size_t next,
                           uint8_t noise);

/* Returns the cycle at which the processor goes on. */
int32_t console_write_chip(CpuBus *bus, uint16_t address, uint8_t value, int32_t cycle,
                           bool after_write);

/* Run what is translated of the bus's stretch, from the console's program counter on; the stretch
 * is one of the bytes that the translation was created with. */
typedef enum {
    TRANSLATION_NONE, /* nothing has been run: there is nothing */
    TRANSLATION_STEP, /* the next instruction is not one that is translated */
    TRANSLATION_LEFT, /* out of the stretch, or the bus has stopped it, or it runs for long */
} TranslationEnd;

TranslationEnd translation_run(Translation *translation, CpuBus *bus);

#endif
