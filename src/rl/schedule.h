/*
 * schedule.h - a number that goes from one value to another along a straight line in time.
 *
 *     start |-----------.                     begin_steps: where the line leaves `start`
 *           |            `.                   begin_steps + length_steps: where it reaches `end`
 *       end |              `------------
 *           +-----------|----|---------- steps
 */
#ifndef DEEPQ_RL_SCHEDULE_H
#define DEEPQ_RL_SCHEDULE_H

#include <stdint.h>

typedef struct {
    double start;
    double end;
    int64_t begin_steps;
    int64_t length_steps; /* 0: from begin_steps on the value is `end` */
} Schedule;

double schedule_value(const Schedule *schedule, int64_t steps);

#endif
