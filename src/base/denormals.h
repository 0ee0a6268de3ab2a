/*
 * denormals.h - what the processor does with floats below 2^-126, which it keeps with fewer digits.
 *
 * Each operation on one takes it a hundred times as long as any other. And they come by the
 * thousand: where gradients have stopped, as those of units that no state excites any more, an
 * optimiser's averages shrink by a constant factor each update, into that range and not out of it.
 * Nobody needs such numbers; so network.h's functions take and give 0 in their place, on processors
 * where that is to be had (x86, by the thread's MXCSR register; elsewhere these functions do
 * nothing).
 *
 *     const Denormals before = denormals_set(DENORMALS_ZERO);
 *     ... many floats ...
 *     denormals_set(before);
 */
#ifndef DEEPQ_BASE_DENORMALS_H
#define DEEPQ_BASE_DENORMALS_H

typedef enum { DENORMALS_KEPT, DENORMALS_ZERO } Denormals;

/* Of the calling thread. A team's threads work as the one whose loop or task it is (parallel.h). */
Denormals denormals_get(void);
Denormals denormals_set(Denormals denormals); /* returns what it was */

#endif
