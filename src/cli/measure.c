#include "cli/measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

const char *measure_game(const char *asked)
{
    return asked != NULL ? asked : "bricks";
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double measure_median(double values[], size_t count)
{
    qsort(values, count, sizeof values[0], compare);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

int64_t measure_resident_bytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (int64_t)usage.ru_maxrss * 1024; /* Linux counts KiB */
}

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

double measure_cpu_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

static void print_value(const Measure *measure, bool json)
{
    if (measure->text != NULL)
        printf(json ? "\"%s\"" : "%s", measure->text);
    else if (measure->number == floor(measure->number) && fabs(measure->number) < 1e15)
        printf("%.0f", measure->number);
    else
        printf("%.6g", measure->number);
}

void measure_print(const Measure measures[], size_t count, bool json)
{
    for (size_t i = 0; i < count; i++) {
        if (json)
            printf("%s\"%s\": ", i == 0 ? "{" : ", ", measures[i].name);
        else
            printf("%-20s ", measures[i].name);
        print_value(&measures[i], json);
        if (!json)
            putchar('\n');
    }
    if (json)
        printf("}\n");
}
