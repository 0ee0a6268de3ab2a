/*
 * cartridges.h - the cartridges of this project, built into the program: cartridges/NAME.bin.
 *
 *     const EmbeddedFile *bricks = embedded_find(game_cartridges, "bricks");
 *
 * They are a library of their own, deepq_cartridges, so that only what plays them carries them.
 */
#ifndef DEEPQ_GAMES_CARTRIDGES_H
#define DEEPQ_GAMES_CARTRIDGES_H

#include "base/embedded.h"

extern const EmbeddedFile game_cartridges[];

#endif
