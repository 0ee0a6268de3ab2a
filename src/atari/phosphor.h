/*
 * phosphor.h - two pictures as one, as ALE's color_averaging shows them: a television's phosphor
 * still glows from the frame before, so what is drawn in every other frame is seen all the time.
 *
 * Of the two colours, channel by channel, 77 % of the way from the darker to the brighter, then the
 * palette's nearest colour [ALE].
 */
#ifndef DEEPQ_ATARI_PHOSPHOR_H
#define DEEPQ_ATARI_PHOSPHOR_H

#include <stddef.h>

#include "atari/palette.h"

/* blended[i]: the colour index of now[i] and before[i] together, for i < count. */
void phosphor_blend(ConsoleFormat format, const uint8_t *now, const uint8_t *before, size_t count,
                    uint8_t *blended);

#endif
