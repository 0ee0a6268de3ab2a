/*
 * catch.h - the smallest problem with everything in it: a ball falls, a paddle should be below it.
 *
 *     . . o . .        10 rows, 5 columns. The ball starts in the top row, in a column left to
 * chance, and falls a . . . . .        row a step. Actions: LEFT, STAY, RIGHT. In the bottom row
 * the game ends: +1 caught, -1 missed.
 *        ...
 *     . = . . .        As in bsuite [Osband2020]; learnt in seconds, without a cartridge.
 */
#ifndef DEEPQ_ENV_CATCH_H
#define DEEPQ_ENV_CATCH_H

#include "base/error.h"
#include "env/env.h"

/* `seed` feeds the columns in which balls start. */
Env *catch_create(uint64_t seed, Error *error);

#endif
