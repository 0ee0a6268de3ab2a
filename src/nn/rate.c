#include "nn/rate.h"

#include <assert.h>
#include <math.h>

static double decayed(NnRate kind, double part)
{
    static const double pi = 3.14159265358979323846;
    switch (kind) {
    case NN_RATE_LINEAR: return 1 - part;
    case NN_RATE_STEPS: return pow(0.1, part < 1 ? floor(3 * part) : 2);
    case NN_RATE_COSINE: return (1 + cos(pi * part)) / 2;
    default: return 1;
    }
}

double nn_rate(NnRate kind, int64_t update, int64_t updates, int64_t warm_up)
{
    assert(update >= 0 && updates > 0);
    const double part = update < updates ? (double)update / (double)updates : 1;
    const double warm = update < warm_up ? (double)(update + 1) / (double)warm_up : 1;
    return warm * decayed(kind, part);
}
