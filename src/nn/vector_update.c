/*
 * vector_update.c - the gradients on their way to the optimiser.
 *
 * Nearly all parameters are dense layers' weights, and a gradient that is first written to memory
 * and then read from there costs as much as the optimiser's averages. So backward leaves those
 * gradients aside: what they are products of, the layer's input and dL/dy, is kept, and they are
 * made a few at a time when the optimiser is there to take them. Whoever asks for all gradients
 * gets them made all at once.
 *
 * A part is a panel of a dense layer's outputs, a few inputs after the other, so that parameters
 * and averages are read on and on; or a run of other slots.
 */
#include <string.h>

#include "nn/vector_engine.h"

/* Slots of other parts: few enough for the caches, so many that handing them out costs nothing. */
enum { RUN_SLOTS = 32768, INPUTS = 8 * WIDTH_MAX };

bool vector_is_kept(const VectorEngine *v, int l)
{
    return layer_is_dense(&v->layer[l].plan);
}

void vector_keep_d(VectorEngine *v, int l)
{
    const size_t O = (size_t)v->layer[l].O;
    for (int n = 0; n < v->batch; n++)
        memcpy(v->d_kept[l] + (size_t)n * O, v->d_batch[v->d_now] + (size_t)n * v->d_stride,
               O * sizeof(float));
    v->kept = KEPT_FOR_UPDATE;
}

static bool is_left_aside(const VectorEngine *v, int l)
{
    return v->kept != KEPT_NOT && vector_is_kept(v, l);
}

static int parts_of_weights(const VectorEngine *v, int l)
{
    return is_left_aside(v, l) ? v->layer[l].groups : 0;
}

/* Of a layer whose weights are left aside the biases, all at once. */
static int parts_of_runs(const VectorEngine *v, int l)
{
    return is_left_aside(v, l) ? 1
                               : (int)((vector_slots(&v->layer[l]) + RUN_SLOTS - 1) / RUN_SLOTS);
}

static void visit_slots(const VectorEngine *v, size_t begin, size_t count)
{
    v->visit(v->visit_context, begin, begin + count, v->engine.gradients + begin);
}

static void visit_biases(const VectorEngine *v, int l)
{
    const VectorLayer *layer = &v->layer[l];
    const size_t begin = layer->offset + layer->weights;
    visit_slots(v, begin, (size_t)layer->O);
    if (is_noisy(v, l))
        visit_slots(v, begin + layer->deviations, (size_t)layer->O);
}

static void visit_run(const VectorEngine *v, int l, int part)
{
    const size_t first = (size_t)part * RUN_SLOTS, left = vector_slots(&v->layer[l]) - first;
    if (is_left_aside(v, l))
        visit_biases(v, l);
    else
        visit_slots(v, v->layer[l].offset + first, left < RUN_SLOTS ? left : RUN_SLOTS);
}

static void visit_panel(const VectorEngine *v, int l, int panel)
{
    const VectorLayer *layer = &v->layer[l];
    const int G = layer->vectors * LANES, inputs = (int)layer->in_stride;
    float gradients[INPUTS * WIDTH_MAX] __attribute__((aligned(VECTOR_BYTES)));
    float of_deviations[INPUTS * WIDTH_MAX] __attribute__((aligned(VECTOR_BYTES)));
    size_t first = layer->offset + (size_t)panel * layer->in_stride * (size_t)G;
    for (int begin = 0, count; begin < inputs; begin += count, first += (size_t)(count * G)) {
        count = inputs - begin < INPUTS ? inputs - begin : INPUTS;
        if (by_bf16(v, l))
            bf16_dense_weights(v, l, begin, count, panel, gradients);
        else
            vector_dense_weights(v, l, begin, count, panel, gradients);
        if (is_noisy(v, l))
            vector_noisy_weights(v, l, panel, begin, count, gradients, of_deviations);
        v->visit(v->visit_context, first, first + (size_t)(count * G), gradients);
        if (is_noisy(v, l))
            v->visit(v->visit_context, first + layer->deviations,
                     first + layer->deviations + (size_t)(count * G), of_deviations);
    }
}

static int parts_of(const VectorEngine *v, int l)
{
    return parts_of_weights(v, l) + parts_of_runs(v, l);
}

static void visit_part(void *context, int part)
{
    const VectorEngine *v = context;
    int l = 0;
    for (; part >= parts_of(v, l); l++)
        part -= parts_of(v, l);
    if (part < parts_of_weights(v, l))
        visit_panel(v, l, part);
    else
        visit_run(v, l, part - parts_of_weights(v, l));
}

static void visit_all(VectorEngine *v, SlotsVisit *visit, void *context)
{
    int parts = 0;
    for (int l = 0; l < v->spec.layer_count; l++)
        parts += parts_of(v, l);
    v->visit = visit;
    v->visit_context = context;
    engine_run(v->team, parts, visit_part, v);
}

void vector_visit(Engine *engine, SlotsVisit *visit, void *context)
{
    VectorEngine *v = (VectorEngine *)engine;
    visit_all(v, visit, context);
    if (v->kept == KEPT_FOR_UPDATE)
        v->kept = KEPT_SINCE_UPDATE;
}

static void store_gradients(void *context, size_t begin, size_t end, float *gradients)
{
    float *to = ((VectorEngine *)context)->engine.gradients + begin;
    if (to != gradients)
        memcpy(to, gradients, (end - begin) * sizeof *gradients);
}

void vector_settle(Engine *engine)
{
    VectorEngine *v = (VectorEngine *)engine;
    visit_all(v, store_gradients, v);
    v->kept = KEPT_NOT;
}
