/*
 * frame_store.h - the newest frames of one environment by number: as they are, or packed.
 *
 * From one frame to the next a game changes little. Packed, frames are kept in groups of four, the
 * first as it is, the others as what differs from the frame before (exclusive or: zero where
 * nothing does), each through LZ4:
 *
 *     number        4g     4g+1      4g+2      4g+3
 *     kept          x_0    x_1^x_0   x_2^x_1   x_3^x_2       1 to 9 % of the bytes; bench/LOG.md
 *
 * To read a frame is to unpack its group up to it. The newest group, still open, is kept as it is.
 * Packed groups lie one after the other in pages of memory; a page whose last group has grown too
 * old is used again, so the store takes what its fullest moment needs, and takes it as it fills.
 *
 *     for (int64_t n = 0; n < many; n++)
 *         frame_store_put(store, n, frame, &error);
 *     frame_store_read(store, many - 5, 5, room, planes);
 */
#ifndef DEEPQ_RL_FRAME_STORE_H
#define DEEPQ_RL_FRAME_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct FrameStore FrameStore;

/* Whether `count` frames, of all stores together, can be expected to fit into the machine's memory
 * and leave a fifth of it to all else. ERROR_INPUT says how many would. */
bool frame_store_fits(int64_t count, size_t frame_bytes, bool packed, Error *error);

/* Keeps at least the `count` newest frames. Frames of more than 32 KB are never packed. */
FrameStore *frame_store_create(int64_t count, size_t frame_bytes, bool packed, Error *error);
void frame_store_destroy(FrameStore *store); /* NULL is fine */

/* Frame `number`: the one after the newest (0 at first, or as
 * frame_store_restart says), or the newest again, in its place.
 * ERROR_WORK, and nothing put, if packed frames need more memory than the machine has. */
bool frame_store_put(FrameStore *store, int64_t number, const uint8_t *frame, Error *error);

/* Forget all frames; `number` is put next. */
void frame_store_restart(FrameStore *store, int64_t number);

/* planes[i]: frame first + i, for i < count, all among those that are kept. Where they had to be
 * unpacked they lie in `room` (frame_store_room bytes), else in the store until the next put. Calls
 * with different rooms may run at the same time. */
void frame_store_read(const FrameStore *store, int64_t first, int count, uint8_t *room,
                      const uint8_t **planes);
size_t frame_store_room(const FrameStore *store, int count); /* bytes; 0: none is needed */

int64_t frame_store_bytes(const FrameStore *store); /* taken by what is kept */

#endif
