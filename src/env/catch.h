/*
 * catch.h - the toy: a ball falls, a paddle catches it.
 *
 *     10 rows, 5 columns          . . o . .     the ball starts in row 0, in a column drawn from
 * the one ball, one paddle        . . . . .     environment's own stream, and falls a row a step a
 * step is a frame           . . . . . 9 steps are an episode      . . # . .     the paddle starts
 * in the middle of the last row
 *
 * Actions are left, stay and right. When the ball reaches the paddle's row the episode ends with
 * reward +1 if the paddle is there and -1 if not; all other rewards are 0. Random play scores about
 * -0.6, perfect play 1. The rules are those of the catch environment of [Bsuite].
 *
 * It is here so that a learner can be seen to learn, in a test, in seconds, without a cartridge;
 * and as the shortest example of an environment of one's own.
 */
#ifndef DEEPQ_ENV_CATCH_H
#define DEEPQ_ENV_CATCH_H

#include "base/error.h"
#include "env/env.h"

enum { CATCH_ROWS = 10, CATCH_COLUMNS = 5, CATCH_CELL_PIXELS = 16 };
enum { CATCH_LEFT, CATCH_STAY, CATCH_RIGHT, CATCH_ACTIONS };

/* The frame is CATCH_ROWS x CATCH_COLUMNS bytes, 255 where the ball or the paddle is, else 0; the
 * picture has CATCH_CELL_PIXELS pixels to a cell. The caller owns the environment (env_destroy).
 * NULL with ERROR_WORK where memory is missing. */
Env *catch_create(uint64_t seed, Error *error);

#endif
