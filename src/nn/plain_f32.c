/* plain_f32.c - plain.h for float. */
#include "nn/plain.h"

#include <math.h>
#include <string.h>

#define REAL        float
#define PLAIN(name) name##_f32
#define EXP         expf
#define TANH        tanhf
#define SQRT        sqrtf
#include "nn/plain.inc"
