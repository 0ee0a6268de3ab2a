/*
 * clock.h - how long something took. For progress lines and benchmarks only: nothing that a run
 * computes may depend on it.
 */
#ifndef DEEPQ_BASE_CLOCK_H
#define DEEPQ_BASE_CLOCK_H

double clock_seconds(void); /* seconds since some fixed moment; never goes backwards */

#endif
