#include "learn/rbm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One block: head and all arrays. */
Rbm *rbm_create(int visible, int hidden, int batch_max, Random *random, Error *error)
{
    const size_t V = (size_t)visible, H = (size_t)hidden, N = (size_t)batch_max;
    const size_t floats = 2 * (V * H + V + H) + N * (2 * V + 3 * H);
    Rbm *rbm = calloc(1, sizeof *rbm + floats * sizeof(float));
    if (rbm == NULL) {
        error_work(error, "no memory for %d x %d units", visible, hidden);
        return NULL;
    }
    *rbm = (Rbm){.visible = visible, .hidden = hidden, .batch_max = batch_max};
    rbm->w = (float *)(rbm + 1);
    rbm->b = rbm->w + V * H;
    rbm->c = rbm->b + V;
    rbm->d_w = rbm->c + H;
    rbm->d_b = rbm->d_w + V * H;
    rbm->d_c = rbm->d_b + V;
    rbm->room = rbm->d_c + H;
    for (size_t i = 0; i < V * H; i++)
        rbm->w[i] = (float)(0.01 * random_normal(random));
    return rbm;
}

void rbm_destroy(Rbm *rbm)
{
    free(rbm);
}

static void add_scaled(float *restrict to, const float *restrict from, float by, int count)
{
    for (int i = 0; i < count; i++)
        to[i] += by * from[i];
}

static void squash(float *values, int count)
{
    for (int i = 0; i < count; i++)
        values[i] = 1 / (1 + expf(-values[i]));
}

void rbm_hidden(const Rbm *rbm, const float *visible, int count, float *hidden)
{
    const int V = rbm->visible, H = rbm->hidden;
    for (int n = 0; n < count; n++, visible += V, hidden += H) {
        memcpy(hidden, rbm->c, (size_t)H * sizeof *hidden);
        for (int i = 0; i < V; i++)
            if (visible[i] != 0) /* dark pixels are many */
                add_scaled(hidden, rbm->w + (size_t)i * (size_t)H, visible[i], H);
        squash(hidden, H);
    }
}

void rbm_visible(const Rbm *rbm, const float *hidden, int count, float *visible)
{
    const int V = rbm->visible, H = rbm->hidden;
    for (int n = 0; n < count; n++, visible += V, hidden += H) {
        for (int i = 0; i < V; i++) {
            const float *w = rbm->w + (size_t)i * (size_t)H;
            float lane[8] = {0};
            int j = 0;
            for (; j + 8 <= H; j += 8)
                for (int k = 0; k < 8; k++)
                    lane[k] += w[j + k] * hidden[j + k];
            for (; j < H; j++)
                lane[0] += w[j] * hidden[j];
            visible[i] = rbm->b[i] + ((lane[0] + lane[4]) + (lane[1] + lane[5])) +
                         ((lane[2] + lane[6]) + (lane[3] + lane[7]));
        }
        squash(visible, V);
    }
}

static void draw(const float *probability, int count, Random *random, float *drawn)
{
    for (int i = 0; i < count; i++)
        drawn[i] = random_unit(random) < (double)probability[i] ? 1 : 0;
}

/* The step's memory: momentum times what was, plus the contrast of one state, `by` as large. */
static void add_contrast(Rbm *rbm, const float *visible, const float *hidden, int count, float by)
{
    const int V = rbm->visible, H = rbm->hidden;
    for (int n = 0; n < count; n++, visible += V, hidden += H) {
        for (int i = 0; i < V; i++)
            if (visible[i] != 0)
                add_scaled(rbm->d_w + (size_t)i * (size_t)H, hidden, by * visible[i], H);
        add_scaled(rbm->d_b, visible, by, V);
        add_scaled(rbm->d_c, hidden, by, H);
    }
}

static double squared_difference(const float *a, const float *b, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
    return sum / count;
}

double rbm_learn(Rbm *rbm, const RbmRule *rule, const float *examples, int count, Random *random)
{
    const int V = rbm->visible, H = rbm->hidden;
    const size_t weights = (size_t)V * (size_t)H, all = weights + (size_t)(V + H);
    float *visible = rbm->room, *first = visible + (size_t)rbm->batch_max * (size_t)V;
    float *hidden = first + (size_t)rbm->batch_max * (size_t)H;
    float *drawn = hidden + (size_t)rbm->batch_max * (size_t)H;
    double difference = 0;
    rbm_hidden(rbm, examples, count, first);
    memcpy(hidden, first, (size_t)(count * H) * sizeof *hidden);
    for (int round = 0; round < rule->k; round++) {
        draw(hidden, count * H, random, drawn);
        rbm_visible(rbm, drawn, count, visible);
        rbm_hidden(rbm, visible, count, hidden);
        if (round == 0)
            difference = squared_difference(examples, visible, count * V);
    }
    for (size_t i = 0; i < all; i++) /* d_w, d_b and d_c lie side by side */
        rbm->d_w[i] *= (float)rule->momentum;
    add_contrast(rbm, examples, first, count, (float)(rule->rate / count));
    add_contrast(rbm, visible, hidden, count, (float)(-rule->rate / count));
    for (size_t i = 0; i < weights; i++)
        rbm->w[i] -= (float)(rule->rate * rule->weight_decay) * rbm->w[i];
    for (size_t i = 0; i < all; i++)
        rbm->w[i] += rbm->d_w[i];
    return difference;
}

double rbm_free_energy(const Rbm *rbm, const float *visible)
{
    double energy = 0;
    for (int i = 0; i < rbm->visible; i++)
        energy -= (double)rbm->b[i] * visible[i];
    for (int j = 0; j < rbm->hidden; j++) {
        double sum = rbm->c[j];
        for (int i = 0; i < rbm->visible; i++)
            sum += (double)visible[i] * rbm->w[(size_t)i * (size_t)rbm->hidden + (size_t)j];
        energy -= sum > 0 ? sum + log1p(exp(-sum)) : log1p(exp(sum));
    }
    return energy;
}
