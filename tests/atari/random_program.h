/*
 * random_program.h - programs made up at random that do to the TIA what real ones do, and worse.
 *
 * A program is a frame loop: vertical sync, blank lines, then a few blocks, each a loop over some
 * lines; a block is a handful of steps, each chosen from those in random_program.c: writes at a
 * given cycle of the line, strobes during the draw, motion early and late, missiles locked and let
 * go, timers, collisions read in mid-line, frames of odd lengths. Values come from dice and from
 * what the program has read, so one wrong collision bit changes all that follows.
 */
#ifndef DEEPQ_TESTS_RANDOM_PROGRAM_H
#define DEEPQ_TESTS_RANDOM_PROGRAM_H

#include <stdint.h>

#include "base/random.h"

enum { RANDOM_PROGRAM_BYTES = 4096 };

void random_program(uint8_t image[RANDOM_PROGRAM_BYTES], Random *random);

#endif
