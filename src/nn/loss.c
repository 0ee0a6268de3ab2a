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

/* The largest score is taken off all of them, so that no exponential overflows. */
double nn_cross_entropy(const double *scores, int classes, int label, double *d_scores)
{
    assert(label >= 0 && label < classes);
    double most = scores[0], sum = 0;
    for (int k = 1; k < classes; k++)
        most = fmax(most, scores[k]);
    const double right = scores[label] - most;
    for (int k = 0; k < classes; k++)
        sum += d_scores[k] = exp(scores[k] - most);
    for (int k = 0; k < classes; k++)
        d_scores[k] = d_scores[k] / sum - (k == label ? 1 : 0);
    return log(sum) - right;
}

double nn_cross_entropy_batch(const float *scores, const int *label, int batch, int classes,
                              float *d_scores)
{
    double loss = 0;
    for (int n = 0; n < batch; n++, scores += classes, d_scores += classes) {
        assert(label[n] >= 0 && label[n] < classes);
        float most = scores[0];
        double sum = 0;
        for (int k = 1; k < classes; k++)
            most = scores[k] > most ? scores[k] : most;
        const double right = (double)scores[label[n]] - most;
        for (int k = 0; k < classes; k++)
            sum += d_scores[k] = expf(scores[k] - most);
        for (int k = 0; k < classes; k++)
            d_scores[k] = (float)((d_scores[k] / sum - (k == label[n] ? 1 : 0)) / batch);
        loss += log(sum) - right;
    }
    return loss / batch;
}
