/* plain_f64.c - plain.h for double. */
#include "nn/plain.h"

#include <math.h>
#include <string.h>

#define REAL        double
#define PLAIN(name) name##_f64
#define EXP         exp
#define TANH        tanh
#define SQRT        sqrt
#include "nn/plain.inc"
