#include "nn/loss.h"

#include <assert.h>
#include <math.h>

double nn_loss(NnLoss loss, double d)
{
    assert(loss == NN_LOSS_SQUARED || loss == NN_LOSS_HUBER);
    if (loss == NN_LOSS_HUBER && fabs(d) > 1)
        return fabs(d) - 0.5;
    return d * d / 2;
}

double nn_loss_gradient(NnLoss loss, double d)
{
    assert(loss == NN_LOSS_SQUARED || loss == NN_LOSS_HUBER);
    if (loss == NN_LOSS_HUBER && fabs(d) > 1)
        return copysign(1, d);
    return d;
}
