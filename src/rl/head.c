#include "rl/head.h"

#include <math.h>
#include <string.h>

enum { ATOMS_MAX = DQN_ATOMS_MAX };

Head head_of(const DqnConfig *config, int actions)
{
    return (Head){
        .actions = actions,
        .atoms = config->returns == DQN_RETURNS_MEAN ? 1 : config->atoms,
        .dueling = config->dueling,
        .returns = config->returns,
        .value_min = config->value_min,
        .value_max = config->value_max,
    };
}

int head_outputs(const Head *head)
{
    return (head->actions + head->dueling) * head->atoms;
}

void head_combine(const Head *head, const float *outputs, float *x)
{
    const int atoms = head->atoms, actions = head->actions;
    if (!head->dueling) {
        memcpy(x, outputs, (size_t)(actions * atoms) * sizeof *x);
        return;
    }
    const float *value = outputs, *advantage = outputs + atoms;
    for (int i = 0; i < atoms; i++) {
        float sum = 0;
        for (int a = 0; a < actions; a++)
            sum += advantage[a * atoms + i];
        const float base = value[i] - sum / (float)actions;
        for (int a = 0; a < actions; a++)
            x[a * atoms + i] = base + advantage[a * atoms + i];
    }
}

double head_atom_value(const Head *head, int i)
{
    const double step = (head->value_max - head->value_min) / (head->atoms - 1);
    return head->value_min + step * i;
}

void head_probabilities(const Head *head, const float *x, double *p)
{
    double most = x[0], sum = 0;
    for (int i = 1; i < head->atoms; i++)
        most = fmax(most, x[i]);
    for (int i = 0; i < head->atoms; i++)
        sum += p[i] = exp(x[i] - most);
    for (int i = 0; i < head->atoms; i++)
        p[i] /= sum;
}

static double mean_category(const Head *head, const float *x)
{
    double p[ATOMS_MAX], mean = 0;
    head_probabilities(head, x, p);
    for (int i = 0; i < head->atoms; i++)
        mean += p[i] * head_atom_value(head, i);
    return mean;
}

static double mean_atom(const Head *head, const float *x)
{
    double sum = 0;
    for (int i = 0; i < head->atoms; i++)
        sum += x[i];
    return sum / head->atoms;
}

void head_values(const Head *head, const float *x, float *q)
{
    for (int a = 0; a < head->actions; a++) {
        const float *of_action = x + a * head->atoms;
        if (head->returns == DQN_RETURNS_CATEGORIES)
            q[a] = (float)mean_category(head, of_action);
        else
            q[a] = (float)mean_atom(head, of_action);
    }
}

void head_output_values(const Head *head, const float *outputs, float *x, float *q)
{
    head_combine(head, outputs, x);
    head_values(head, x, q);
}

void head_spread(const Head *head, int action, const float *d_x, float *d_outputs)
{
    const int atoms = head->atoms, actions = head->actions;
    float *advantage = d_outputs + (head->dueling ? atoms : 0);
    memset(d_outputs, 0, (size_t)head_outputs(head) * sizeof *d_outputs);
    if (head->dueling)
        memcpy(d_outputs, d_x, (size_t)atoms * sizeof *d_x);
    for (int a = 0; head->dueling && a < actions; a++)
        for (int i = 0; i < atoms; i++)
            advantage[a * atoms + i] = -d_x[i] / (float)actions;
    for (int i = 0; i < atoms; i++)
        advantage[action * atoms + i] += d_x[i];
}
