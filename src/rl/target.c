#include "rl/target.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "rl/agent.h"

/* ---- what is promised ---- */

/* T log pi, by action: log pi without the cancellation that softmax first would have. */
static void log_policy(const DqnConfig *config, const Head *head, const float *x, double *t_log_pi)
{
    const double temperature = config->munchausen_temperature;
    float q[DQN_ACTIONS_MAX];
    double sum = 0;
    head_values(head, x, q);
    const double most = q[agent_best(q, head->actions)];
    for (int a = 0; a < head->actions; a++)
        sum += exp((q[a] - most) / temperature);
    for (int a = 0; a < head->actions; a++)
        t_log_pi[a] = q[a] - most - temperature * log(sum);
}

static void add_sample(Target *target, double value, double weight)
{
    assert(target->count < TARGET_SAMPLES_MAX);
    target->value[target->count] = value;
    target->weight[target->count++] = weight;
}

/* The return from s' on after action b there, with `bonus` added, for a share of all. */
static void add_action(Target *target, const Head *head, const Promise *promise, int b,
                       double bonus, double share)
{
    const float *x = promise->x_next + b * head->atoms;
    double p[DQN_ATOMS_MAX];
    if (head->returns == DQN_RETURNS_CATEGORIES)
        head_probabilities(head, x, p);
    for (int i = 0; i < head->atoms; i++) {
        const bool categories = head->returns == DQN_RETURNS_CATEGORIES;
        const double value = categories ? head_atom_value(head, i) : x[i];
        add_sample(target, promise->reward + promise->discount * (value + bonus),
                   categories ? share * p[i] : share / head->atoms);
    }
}

/* Quantile by quantile, so that as many samples stay as there are quantiles. */
static void add_mixed_quantiles(Target *target, const DqnConfig *config, const Head *head,
                                const Promise *promise, const double *t_log_pi)
{
    for (int i = 0; i < head->atoms; i++) {
        double mean = 0;
        for (int b = 0; b < head->actions; b++)
            mean += exp(t_log_pi[b] / config->munchausen_temperature) *
                    (promise->x_next[b * head->atoms + i] - t_log_pi[b]);
        add_sample(target, promise->reward + promise->discount * mean, 1.0 / head->atoms);
    }
}

static void add_munchausen(Target *target, const DqnConfig *config, const Head *head,
                           const Promise *promise)
{
    double here[DQN_ACTIONS_MAX], next[DQN_ACTIONS_MAX];
    Promise praised = *promise;
    log_policy(config, head, promise->x_state, here);
    log_policy(config, head, promise->x_next, next);
    praised.reward += config->munchausen * fmax(here[promise->action], config->munchausen_floor);
    if (head->returns != DQN_RETURNS_CATEGORIES) {
        add_mixed_quantiles(target, config, head, &praised, next);
        return;
    }
    for (int b = 0; b < head->actions; b++)
        add_action(target, head, &praised, b, -next[b],
                   exp(next[b] / config->munchausen_temperature));
}

void target_of(Target *target, const DqnConfig *config, const Head *head, const Promise *promise)
{
    target->count = 0;
    if (config->munchausen > 0) {
        add_munchausen(target, config, head, promise);
        return;
    }
    float q[DQN_ACTIONS_MAX];
    head_values(head, promise->x_choice, q);
    add_action(target, head, promise, agent_best(q, head->actions), 0, 1);
}

/* ---- losses ---- */

static double target_mean(const Target *target)
{
    double mean = 0;
    for (int j = 0; j < target->count; j++)
        mean += target->weight[j] * target->value[j];
    return mean;
}

/* Each sample's weight to the two atoms beside it, in proportion. */
static void project(const Target *target, const Head *head, double *m)
{
    const double step = (head->value_max - head->value_min) / (head->atoms - 1);
    memset(m, 0, (size_t)head->atoms * sizeof *m);
    for (int j = 0; j < target->count; j++) {
        const double value = fmin(fmax(target->value[j], head->value_min), head->value_max);
        const double at = (value - head->value_min) / step;
        const int below = at < head->atoms - 1 ? (int)at : head->atoms - 2;
        m[below] += target->weight[j] * (below + 1 - at);
        m[below + 1] += target->weight[j] * (at - below);
    }
}

static double categories_loss(const Target *target, const Head *head, const float *x, float *d_x)
{
    double m[DQN_ATOMS_MAX], p[DQN_ATOMS_MAX], loss = 0;
    project(target, head, m);
    head_probabilities(head, x, p);
    for (int i = 0; i < head->atoms; i++) {
        const double never_log_zero = 1e-300;
        loss -= m[i] * log(p[i] + never_log_zero);
        d_x[i] = (float)(p[i] - m[i]);
    }
    return loss;
}

/* Huber's loss and slope of each pair are written out: with 200 quantiles there are 40,000. */
static double quantiles_loss(const Target *target, const Head *head, const float *taus,
                             const float *x, float *d_x)
{
    double loss = 0;
    for (int i = 0; i < head->atoms; i++) {
        const double tau = taus != NULL ? taus[i] : (2 * i + 1) / (2.0 * head->atoms);
        const double own = x[i];
        double sum = 0, slope = 0;
        for (int j = 0; j < target->count; j++) {
            const double error = own - target->value[j], far = fabs(error);
            const double cut = far < 1 ? far : 1;
            const double side = target->weight[j] * (error > 0 ? 1 - tau : tau);
            sum += side * cut * (far - cut / 2);
            slope += side * (error > 0 ? cut : -cut);
        }
        loss += sum;
        d_x[i] = (float)slope;
    }
    return loss;
}

double target_loss(const Target *target, const DqnConfig *config, const Head *head,
                   const float *taus, const float *x, float *d_x)
{
    if (head->returns == DQN_RETURNS_CATEGORIES)
        return categories_loss(target, head, x, d_x);
    if (head->returns == DQN_RETURNS_QUANTILES || head->returns == DQN_RETURNS_IMPLICIT)
        return quantiles_loss(target, head, taus, x, d_x);
    const double error = x[0] - target_mean(target);
    d_x[0] = (float)nn_loss_gradient(config->loss, error);
    return nn_loss(config->loss, error);
}

double target_surprise(const Target *target, const Head *head, const float *x, double loss)
{
    return head->returns == DQN_RETURNS_MEAN ? fabs(x[0] - target_mean(target)) : loss;
}
