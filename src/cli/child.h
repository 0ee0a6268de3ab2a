/*
 * child.h - this same program, started again for a part of the work.
 */
#ifndef DEEPQ_CLI_CHILD_H
#define DEEPQ_CLI_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/* Start deepq with the arguments, which end with NULL; the first is the command. What it prints
 * goes nowhere, what it complains about where our complaints go. -1 with ERROR_WORK. */
pid_t child_start(const char *const arguments[], Error *error);

/* Wait for any child. Returns which has ended and sets its exit status (128 + the signal that
 * killed it); 0: a signal came instead; -1: there is none. */
pid_t child_wait(int *status);

#endif
