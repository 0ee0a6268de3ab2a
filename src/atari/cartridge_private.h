/*
 * cartridge_private.h - the console's way into a cartridge.
 *
 * Addresses are as the processor puts them out, 16 bits. What lies in a 64-byte piece whose bit in
 * cartridge->hot is 0 can be read through the windows, and writing it does nothing; the rest goes
 * through cartridge_read and cartridge_write, after which the windows may be others.
 */
#ifndef DEEPQ_ATARI_CARTRIDGE_PRIVATE_H
#define DEEPQ_ATARI_CARTRIDGE_PRIVATE_H

#include "atari/cartridge.h"
#include "base/mt19937.h"

enum { CARTRIDGE_WINDOW_BYTES = 1024 };

/* A cartridge while it is played: RAM of cartridge->ram_bytes bytes. */
typedef struct {
    const Cartridge *cartridge;
    CartridgeState *state;
    uint8_t *ram;
} CartridgePort;

/* What a type consists of. */
typedef struct {
    const char *name;
    size_t size_min, size_max; /* of the image, bytes; every multiple of size_min fits */
    uint16_t first_hotspot;    /* touching hotspot + i brings bank i; 0: none of that kind */
    uint8_t banks;             /* of 4 KB */
    uint8_t first_bank;
    uint16_t ram_bytes;
    uint16_t ram_write, ram_read; /* where its RAM is written and read */
    uint64_t hot;
} CartridgeTraits;

const CartridgeTraits *cartridge_traits(CartridgeType type);

/* By content; CARTRIDGE_DETECT: nothing has that size. cartridge_detect.c. */
CartridgeType cartridge_detect(const uint8_t *bytes, size_t size_bytes);

void cartridge_power_on(const CartridgePort *port);
void cartridge_reset(const CartridgePort *port, Mt19937 *noise); /* fills the RAM from `noise` */

/* A frame begins: cycles count from 0 again. */
void cartridge_begin_frame(CartridgeState *state, int32_t cycles_gone);

/* The bytes that the windows show now. */
void cartridge_windows(const CartridgePort *port, const uint8_t *window[CARTRIDGE_WINDOWS]);

uint8_t cartridge_read(const CartridgePort *port, uint16_t address, int32_t cycle);
void cartridge_write(const CartridgePort *port, uint16_t address, uint8_t value);

/* Does it listen to what passes between the processor and the chips? */
bool cartridge_listens(const Cartridge *cartridge);

/* Such an access. True: the windows may be others now. */
bool cartridge_overhear(const CartridgePort *port, uint16_t address, bool write, uint8_t value);

/* cartridge_dpc.c */
void dpc_power_on(DpcState *dpc);
void dpc_reset(DpcState *dpc);
void dpc_clock(DpcState *dpc); /* its shift register, at each access to its addresses */
uint8_t dpc_read(DpcState *dpc, const uint8_t *display, uint16_t reg, int32_t cycle); /* 0..0x3f */
void dpc_write(DpcState *dpc, uint16_t reg, uint8_t value); /* 0x40..0x7f */

#endif
