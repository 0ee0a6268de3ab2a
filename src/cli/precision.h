/*
 * precision.h - which numbers a run multiplies: what `precision` in its configuration comes to.
 *
 * `auto` is settled once, before the run has a folder: the precision in which an update of the
 * run's own network takes less time here. That is written into config.ini, and --resume keeps to
 * it; so the clock has its say in what a run is, but none in what comes of it.
 */
#ifndef DEEPQ_CLI_PRECISION_H
#define DEEPQ_CLI_PRECISION_H

#include "run/config.h"

/* After it, config->precision is not auto. Frames: in pixels, as the network sees them. ERROR_INPUT
 * where bf16 is asked for and this machine lacks it. `auto` takes up to a second; where the machine
 * lacks bf16, none, and f32 it is. */
bool precision_settle(RunConfig *config, int frame_height, int frame_width, Error *error);

/* "f32" or "bf16", once it is settled. */
const char *precision_name(const RunConfig *config);

#endif
