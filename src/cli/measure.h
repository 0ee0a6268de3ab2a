/*
 * measure.h - what benchmarks share: medians, memory, results as lines or as JSON.
 */
#ifndef DEEPQ_CLI_MEASURE_H
#define DEEPQ_CLI_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The game to measure: the one that was asked for, or bricks, which is always there. */
const char *measure_game(const char *asked);

double measure_median(double values[], size_t count); /* sorts them; count > 0 */
int64_t measure_resident_bytes(void);                 /* at most, so far, of this process */
double measure_cpu_seconds(void);                     /* of all threads of this process */

/* One measured number or named fact. */
typedef struct {
    const char *name;
    double number;
    const char *text; /* instead of the number; NULL: the number */
} Measure;

/* One JSON object on a line, or one "name value" line each. */
void measure_print(const Measure measures[], size_t count, bool json);

#endif
