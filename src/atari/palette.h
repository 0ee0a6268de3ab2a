/*
 * palette.h - from the TIA's colour indices to red, green, blue and to luminance [ALE].
 *
 * An index is even: hue in the upper four bits, brightness in the next three. Only PAL's colour
 * loss makes odd ones.
 */
#ifndef DEEPQ_ATARI_PALETTE_H
#define DEEPQ_ATARI_PALETTE_H

#include "atari/console.h"

uint32_t palette_rgb(ConsoleFormat format, uint8_t index); /* 0xrrggbb */
uint8_t palette_gray(ConsoleFormat format,
                     uint8_t index); /* luminance, as all published agents saw it */

#endif
