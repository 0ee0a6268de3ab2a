/*
 * cartridge_private.h - the console's way into a cartridge.
 */
#ifndef DEEPQ_ATARI_CARTRIDGE_PRIVATE_H
#define DEEPQ_ATARI_CARTRIDGE_PRIVATE_H

#include "atari/cartridge.h"

enum { CARTRIDGE_WINDOWS = 4, CARTRIDGE_WINDOW_BYTES = 1024 };

void cartridge_reset(const Cartridge *cartridge, CartridgeState *state);

/* The bytes that the four 1 KB windows of the cartridge's 4 KB show now. */
void cartridge_windows(const Cartridge *cartridge, const CartridgeState *state,
                       const uint8_t *window[CARTRIDGE_WINDOWS]);

#endif
