/*
 * amx_emulated.h - the instructions of AMX as plain functions, as their manual describes them, so
 * that src/nn/tiles_amx.c can be compiled and held to its twin on any machine. What the processor
 * would refuse fails here: shapes that do not go together, a tile outside of the configuration.
 */
#ifndef DEEPQ_TESTS_NN_AMX_EMULATED_H
#define DEEPQ_TESTS_NN_AMX_EMULATED_H

#include "nn/tiles.h"

/* tiles_amx.c on the emulation. */
Tiles tiles_amx_emulated(void);

/* TDPBF16PS done so far by all threads. */
long amx_emulated_products(void);

#endif
