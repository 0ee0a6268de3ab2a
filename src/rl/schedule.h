/*
 * schedule.h - numbers that change as a run goes on.
 */
#ifndef DEEPQ_RL_SCHEDULE_H
#define DEEPQ_RL_SCHEDULE_H

#include <stdint.h>

/* `start` up to step `begin`, then linearly to `end` in `length` steps, `end` from there on. length
 * 0: `end` at once. */
static inline double schedule_linear(double start, double end, int64_t begin, int64_t length,
                                     int64_t step)
{
    if (step < begin)
        return start;
    if (step >= begin + length)
        return end;
    return start + (end - start) * (double)(step - begin) / (double)length;
}

/* Multiples of `every` among the steps after `before`, up to `now`. */
static inline int64_t schedule_due(int64_t before, int64_t now, int64_t every)
{
    return now / every - before / every;
}

#endif
