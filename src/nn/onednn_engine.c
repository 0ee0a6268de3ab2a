/*
 * onednn_engine.c - the convolutions and dense layers of oneDNN [oneDNN], version 2, as a backend.
 *
 * A primitive of oneDNN is made for one number of pictures. So the batch is cut into shards of
 * SHARD_PICTURES with the same primitives, made once; pictures that are missing in the last are
 * zeros, and so are the gradients by their outputs. A lone picture (acting) has its own. Each shard
 * goes through all layers by itself, with its own gradients, which are added in order. So threads
 * do not show, as long as oneDNN starts none of its own: OpenMP is told so in every thread.
 *
 * With AVX-512, oneDNN's matrix products over more than 84 terms have the stack pointer in memory
 * from the heap (up to version 3.11.1; its issue 4845). The frame of a signal that is handled then
 * is written over whatever lies beneath, and the heap breaks. So signals wait until a shard is
 * done.
 *
 *     values between layers   N H W C
 *     weights                 O K K C or O x (H W C), then the biases; where a primitive likes
 *                             another order better, they are put into that before or back after it
 */
#include "nn/engine.h"

#ifndef DEEPQ_HAVE_DNNL

Engine *onednn_engine_create(const NnSpec *spec, int batch_max, Parallel *team, Error *error)
{
    (void)spec, (void)batch_max, (void)team;
    error_input(error, "backend 'onednn' is not built in; 'plain' and 'vector' are, and building "
                       "with libdnnl-dev installed adds it");
    return NULL;
}

#else

#include <oneapi/dnnl/dnnl.h>
#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/plain.h"

enum { SHARD_PICTURES = 16, ARGUMENTS_MAX = 5, ALIGNED_BYTES = 64, NAME_CHARS = 32 };

typedef enum { FORWARD, BACK_VALUES, BACK_WEIGHTS, PASSES } Pass;

/* A primitive with everything it works on. An empty one does nothing. */
typedef struct {
    dnnl_primitive_t primitive;
    dnnl_exec_arg_t argument[ARGUMENTS_MAX];
    int arguments;
} Step;

typedef struct {
    int pictures;
    dnnl_stream_t stream;
    float *value[NN_LAYERS_MAX + 1];
    float *scale[NN_LAYERS_MAX];
    float *d_value[2]; /* [l % 2]: dL/d value[l] */
    float *gradients;
    Step work[PASSES][NN_LAYERS_MAX];
    Step reorder[PASSES][NN_LAYERS_MAX]; /* of the weights before, of their gradients after it */
} Shard;

typedef struct Room {
    struct Room *next;
    float values[] __attribute__((aligned(ALIGNED_BYTES)));
} Room;

typedef struct {
    Engine engine;
    Parallel *team;
    NnSpec spec;
    LayerPlan plan[NN_LAYERS_MAX];
    char name[NAME_CHARS];
    dnnl_engine_t dnnl;
    dnnl_primitive_attr_t attributes;
    dnnl_status_t status; /* of creation: the first that was no success */
    Room *rooms;          /* all arrays of floats */
    Shard *shard, *lone;  /* lone comes after the others, for inference on one picture */
    const Shard *last;    /* the first shard of the last forward pass */
    const NnInput *input;
    const float *d_outputs;
    int batch;
    bool dropping; /* the last forward pass drew dropout factors */
} OnednnEngine;

/* ---- passes ---- */

/* From C P to P C, or back; P pixels. */
static void turn_pictures(NnShape shape, int count, bool back, const float *from, float *to)
{
    const int C = shape.channels, P = shape.height * shape.width;
    for (int n = 0; n < count; n++, from += C * P, to += C * P)
        for (int c = 0; c < C; c++)
            for (int p = 0; p < P; p++)
                if (back)
                    to[c * P + p] = from[p * C + c];
                else
                    to[p * C + c] = from[c * P + p];
}

static int shards_of(const OnednnEngine *e)
{
    return (e->batch + e->shard->pictures - 1) / e->shard->pictures;
}

static int first_of(const OnednnEngine *e, const Shard *shard)
{
    return shard == e->lone ? 0 : (int)(shard - e->shard) * e->shard->pictures;
}

static int count_of(const OnednnEngine *e, const Shard *shard)
{
    const int left = e->batch - first_of(e, shard);
    return left < shard->pictures ? left : shard->pictures;
}

static void clear_missing(const Shard *shard, int count, size_t picture, float *values)
{
    memset(values + (size_t)count * picture, 0,
           (size_t)(shard->pictures - count) * picture * sizeof *values);
}

static void run(const Shard *shard, const Step *step)
{
    if (step->primitive == NULL)
        return;
    dnnl_primitive_execute(step->primitive, shard->stream, step->arguments, step->argument);
    dnnl_stream_wait(shard->stream);
}

/* Of this thread, but those that tell of a fault in it, which could not wait. */
static void hold_signals(sigset_t *before)
{
    sigset_t held;
    sigfillset(&held);
    sigdelset(&held, SIGSEGV);
    sigdelset(&held, SIGBUS);
    sigdelset(&held, SIGFPE);
    sigdelset(&held, SIGILL);
    pthread_sigmask(SIG_BLOCK, &held, before);
}

static void let_signals(const sigset_t *before)
{
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

static void read_pictures(const OnednnEngine *e, const Shard *shard)
{
    const NnShape shape = e->spec.input;
    const int count = count_of(e, shard);
    float *room = shard->d_value[0]; /* idle now */
    for (int n = 0; n < count; n++) {
        engine_read_picture(e->input, shape, first_of(e, shard) + n, room);
        turn_pictures(shape, 1, false, room, shard->value[0] + (size_t)n * shape_size(shape));
    }
    clear_missing(shard, count, shape_size(shape), shard->value[0]);
}

static void forward_shard(void *context, int index)
{
    const OnednnEngine *e = context;
    const Shard *shard = e->last + index;
    sigset_t before;
    hold_signals(&before);
    omp_set_num_threads(1);
    read_pictures(e, shard);
    for (int l = 0; l < e->spec.layer_count; l++) {
        run(shard, &shard->reorder[FORWARD][l]);
        run(shard, &shard->work[FORWARD][l]);
        if (!layer_learns(&e->plan[l]))
            plain_forward_f32(&e->plan[l], shard->pictures, NULL, shard->value[l],
                              e->dropping ? shard->scale[l] : NULL, shard->value[l + 1]);
    }
    let_signals(&before);
}

static void draw_dropout(const OnednnEngine *e, int l, Random *random)
{
    const NnShape shape = e->plan[l].in;
    for (int n = 0; n < e->batch; n++) {
        const Shard *shard = &e->shard[n / e->shard->pictures];
        float *room = shard->d_value[0], *scale = shard->scale[l];
        engine_draw_dropout(e->plan[l].layer.rate, shape_size(shape), random, room);
        turn_pictures(shape, 1, false, room,
                      scale + (size_t)(n - first_of(e, shard)) * shape_size(shape));
    }
}

static void activations(const Engine *engine, int layer, int batch, float *values)
{
    const OnednnEngine *e = (const OnednnEngine *)engine;
    const NnShape shape = e->plan[layer].out;
    const Shard *shard = e->last;
    for (int n = 0; n < batch; n += shard->pictures, shard++) {
        const int count = batch - n < shard->pictures ? batch - n : shard->pictures;
        turn_pictures(shape, count, true, shard->value[layer + 1],
                      values + (size_t)n * shape_size(shape));
    }
}

static void forward(Engine *engine, const NnInput *input, int batch, bool train, Random *random,
                    float *outputs)
{
    OnednnEngine *e = (OnednnEngine *)engine;
    e->input = input;
    e->batch = batch;
    e->dropping = train;
    e->last = batch == 1 && !train ? e->lone : e->shard;
    for (int l = 0; train && l < e->spec.layer_count; l++)
        if (e->plan[l].layer.kind == NN_DROPOUT)
            draw_dropout(e, l, random);
    engine_run(e->team, shards_of(e), forward_shard, e);
    activations(engine, e->spec.layer_count - 1, batch, outputs);
}

static void backward_shard(void *context, int index)
{
    const OnednnEngine *e = context;
    const Shard *shard = &e->shard[index];
    const int layers = e->spec.layer_count, count = count_of(e, shard);
    const NnShape top = e->plan[layers - 1].out;
    const size_t outputs = shape_size(top);
    float *d_top = shard->d_value[layers % 2];
    sigset_t before;
    hold_signals(&before);
    omp_set_num_threads(1);
    turn_pictures(top, count, false, e->d_outputs + (size_t)first_of(e, shard) * outputs, d_top);
    clear_missing(shard, count, outputs, d_top);
    for (int l = layers - 1; l >= 0; l--) {
        run(shard, &shard->work[BACK_WEIGHTS][l]);
        run(shard, &shard->reorder[BACK_WEIGHTS][l]);
        run(shard, &shard->reorder[BACK_VALUES][l]);
        run(shard, &shard->work[BACK_VALUES][l]);
        if (!layer_learns(&e->plan[l]))
            plain_backward_f32(&e->plan[l], shard->pictures, NULL, shard->value[l], shard->scale[l],
                               shard->value[l + 1], shard->d_value[(l + 1) % 2], NULL,
                               shard->d_value[l % 2]);
    }
    let_signals(&before);
}

static void backward(Engine *engine, const float *d_outputs)
{
    OnednnEngine *e = (OnednnEngine *)engine;
    e->d_outputs = d_outputs;
    engine_run(e->team, shards_of(e), backward_shard, e);
    memset(engine->gradients, 0, engine->slots * sizeof(float));
    for (int s = 0; s < shards_of(e); s++)
        for (size_t i = 0; i < engine->slots; i++)
            engine->gradients[i] += e->shard[s].gradients[i];
}

/* What one unit of a layer adds up, as a picture. */
static NnShape window(const LayerPlan *plan)
{
    const int K = plan->layer.kernel;
    return plan->layer.kind == NN_CONV2D ? (NnShape){plan->in.channels, K, K} : plan->in;
}

static void turn_parameters(const Engine *engine, bool back, const float *from, float *to)
{
    const OnednnEngine *e = (const OnednnEngine *)engine;
    for (int l = 0; l < e->spec.layer_count; l++) {
        const LayerPlan *p = &e->plan[l];
        const size_t biases = p->offset + p->weights;
        if (layer_learns(p))
            turn_pictures(window(p), p->layer.outputs, back, from + p->offset, to + p->offset);
        memcpy(to + biases, from + biases, p->biases * sizeof *to);
    }
}

static void arrange(const Engine *engine, const float *flat, float *own)
{
    turn_parameters(engine, false, flat, own);
}

static void flatten(const Engine *engine, const float *own, float *flat)
{
    turn_parameters(engine, true, own, flat);
}

/* ---- the end ---- */

static void destroy_step(Step *step)
{
    for (int i = 0; i < step->arguments; i++)
        dnnl_memory_destroy(step->argument[i].memory);
    dnnl_primitive_destroy(step->primitive);
}

static void destroy(Engine *engine)
{
    OnednnEngine *e = (OnednnEngine *)engine;
    for (Shard *shard = e->shard; shard != NULL && shard <= e->lone; shard++) {
        for (int i = 0; i < PASSES * NN_LAYERS_MAX; i++) {
            destroy_step(&shard->work[i % PASSES][i / PASSES]);
            destroy_step(&shard->reorder[i % PASSES][i / PASSES]);
        }
        dnnl_stream_destroy(shard->stream);
    }
    dnnl_primitive_attr_destroy(e->attributes);
    dnnl_engine_destroy(e->dnnl);
    for (Room *next; e->rooms != NULL; e->rooms = next) {
        next = e->rooms->next;
        free(e->rooms);
    }
    free(e->shard);
    free(e);
}

static const EngineType onednn_type = {
    .destroy = destroy,
    .arrange = arrange,
    .flatten = flatten,
    .forward = forward,
    .backward = backward,
    .activations = activations,
};

/* ---- creation; after the first failure everything that follows does nothing ---- */

static bool fine(OnednnEngine *e, dnnl_status_t status)
{
    if (e->status == dnnl_success)
        e->status = status;
    return e->status == dnnl_success;
}

static float *take(OnednnEngine *e, size_t bytes)
{
    const size_t units = (sizeof(Room) + bytes + ALIGNED_BYTES - 1) / ALIGNED_BYTES;
    Room *room = aligned_alloc(ALIGNED_BYTES, units * ALIGNED_BYTES);
    if (!fine(e, room != NULL ? dnnl_success : dnnl_out_of_memory)) {
        free(room);
        return NULL;
    }
    memset(room, 0, units * ALIGNED_BYTES);
    room->next = e->rooms;
    e->rooms = room;
    return room->values;
}

static void add_argument(OnednnEngine *e, Step *step, int name, const dnnl_memory_desc_t *shape,
                         float *values)
{
    dnnl_memory_t memory = NULL;
    if (e->status == dnnl_success && fine(e, dnnl_memory_create(&memory, shape, e->dnnl, values)))
        step->argument[step->arguments++] = (dnnl_exec_arg_t){name, memory};
}

/* Its other arguments are there already. Uses the recipe up. */
static void finish_step(OnednnEngine *e, Step *step, dnnl_primitive_desc_t recipe)
{
    if (e->status == dnnl_success) {
        const dnnl_memory_desc_t *scratch =
            dnnl_primitive_desc_query_md(recipe, dnnl_query_scratchpad_md, 0);
        add_argument(e, step, DNNL_ARG_SCRATCHPAD, scratch,
                     take(e, dnnl_memory_desc_get_size(scratch)));
        fine(e, dnnl_primitive_create(&step->primitive, recipe));
    }
    dnnl_primitive_desc_destroy(recipe);
}

static void make_reorder(OnednnEngine *e, Step *step, const dnnl_memory_desc_t *from_shape,
                         float *from, const dnnl_memory_desc_t *to_shape, float *to)
{
    dnnl_primitive_desc_t recipe = NULL;
    add_argument(e, step, DNNL_ARG_FROM, from_shape, from);
    add_argument(e, step, DNNL_ARG_TO, to_shape, to);
    fine(e, dnnl_reorder_primitive_desc_create(&recipe, from_shape, e->dnnl, to_shape, e->dnnl,
                                               e->attributes));
    finish_step(e, step, recipe);
}

/* What a layer works on; own: the weights in own arrays, liked: in the order to be chosen. */
typedef struct {
    dnnl_memory_desc_t x, y, biases, own, liked;
} Shapes;

static void describe(OnednnEngine *e, int l, int pictures, Shapes *s)
{
    const LayerPlan *p = &e->plan[l];
    const bool conv2d = p->layer.kind == NN_CONV2D;
    const NnShape in = p->in, out = p->out, unit = window(p);
    const dnnl_dims_t x = {pictures, in.channels, in.height, in.width};
    const dnnl_dims_t y = {pictures, out.channels, out.height, out.width};
    const dnnl_dims_t weights = {out.channels, unit.channels, unit.height, unit.width};
    const dnnl_dims_t biases = {out.channels};
    const dnnl_data_type_t f32 = dnnl_f32;
    fine(e, dnnl_memory_desc_init_by_tag(&s->x, 4, x, f32, dnnl_nhwc));
    fine(e,
         dnnl_memory_desc_init_by_tag(&s->y, conv2d ? 4 : 2, y, f32, conv2d ? dnnl_nhwc : dnnl_nc));
    fine(e, dnnl_memory_desc_init_by_tag(&s->own, 4, weights, f32, dnnl_ohwi));
    fine(e, dnnl_memory_desc_init_by_tag(&s->liked, 4, weights, f32,
                                         conv2d ? dnnl_format_tag_any : dnnl_ohwi));
    fine(e, dnnl_memory_desc_init_by_tag(&s->biases, 1, biases, f32, dnnl_x));
}

static dnnl_primitive_desc_t make_recipe(OnednnEngine *e, int l, Pass pass, const Shapes *s,
                                         const_dnnl_primitive_desc_t hint)
{
    const dnnl_alg_kind_t direct = dnnl_convolution_direct;
    const dnnl_dims_t S = {e->plan[l].layer.stride, e->plan[l].layer.stride}, none = {0, 0};
    const dnnl_memory_desc_t *x = &s->x, *y = &s->y, *w = &s->liked, *b = &s->biases;
    union {
        dnnl_convolution_desc_t conv2d;
        dnnl_inner_product_desc_t dense;
    } op;
    dnnl_convolution_desc_t *conv2d = &op.conv2d;
    dnnl_inner_product_desc_t *dense = &op.dense;
    dnnl_status_t status;
    if (e->plan[l].layer.kind == NN_CONV2D)
        status =
            pass == FORWARD ? dnnl_convolution_forward_desc_init(conv2d, dnnl_forward_training,
                                                                 direct, x, w, b, y, S, none, none)
            : pass == BACK_VALUES
                ? dnnl_convolution_backward_data_desc_init(conv2d, direct, x, w, y, S, none, none)
                : dnnl_convolution_backward_weights_desc_init(conv2d, direct, x, w, b, y, S, none,
                                                              none);
    else
        status =
            pass == FORWARD
                ? dnnl_inner_product_forward_desc_init(dense, dnnl_forward_training, x, w, b, y)
            : pass == BACK_VALUES
                ? dnnl_inner_product_backward_data_desc_init(dense, x, w, y)
                : dnnl_inner_product_backward_weights_desc_init(dense, x, w, b, y);
    dnnl_primitive_desc_t recipe = NULL;
    if (fine(e, status))
        fine(e, dnnl_primitive_desc_create(&recipe, &op, e->attributes, e->dnnl, hint));
    return recipe;
}

/* The steps of one pass through one layer; uses the recipe up. */
static void make_steps(OnednnEngine *e, Shard *shard, int l, Pass pass, const Shapes *s,
                       dnnl_primitive_desc_t recipe)
{
    static const int names[PASSES][4] = {
        {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_BIAS},
        {DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST, 0},
        {DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_BIAS},
    };
    Step *work = &shard->work[pass][l], *reorder = &shard->reorder[pass][l];
    const bool back_weights = pass == BACK_WEIGHTS;
    if (e->status != dnnl_success)
        return;
    const dnnl_memory_desc_t *liked = dnnl_primitive_desc_query_md(
        recipe, back_weights ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0);
    float *own = (back_weights ? shard->gradients : e->engine.parameters) + e->plan[l].offset;
    float *weights = own;
    if (!dnnl_memory_desc_equal(liked, &s->own)) {
        weights = take(e, dnnl_memory_desc_get_size(liked));
        if (back_weights)
            make_reorder(e, reorder, liked, weights, &s->own, own);
        else
            make_reorder(e, reorder, &s->own, own, liked, weights);
    }
    add_argument(e, work, names[pass][0], &s->x,
                 pass == BACK_VALUES ? shard->d_value[l % 2] : shard->value[l]);
    add_argument(e, work, names[pass][1], liked, weights);
    add_argument(e, work, names[pass][2], &s->y,
                 pass == FORWARD ? shard->value[l + 1] : shard->d_value[(l + 1) % 2]);
    if (names[pass][3] != 0)
        add_argument(e, work, names[pass][3], &s->biases, own + e->plan[l].weights);
    finish_step(e, work, recipe);
}

static void make_layer(OnednnEngine *e, Shard *shard, int l)
{
    Shapes s;
    describe(e, l, shard->pictures, &s);
    dnnl_primitive_desc_t forward = make_recipe(e, l, FORWARD, &s, NULL);
    if (shard != e->lone) {
        make_steps(e, shard, l, BACK_WEIGHTS, &s, make_recipe(e, l, BACK_WEIGHTS, &s, forward));
        if (l > 0)
            make_steps(e, shard, l, BACK_VALUES, &s, make_recipe(e, l, BACK_VALUES, &s, forward));
    }
    make_steps(e, shard, l, FORWARD, &s, forward);
}

static void make_shard(OnednnEngine *e, Shard *shard)
{
    size_t most = 0;
    fine(e, dnnl_stream_create(&shard->stream, e->dnnl, dnnl_stream_default_flags));
    for (int l = 0; l <= e->spec.layer_count; l++) {
        const size_t picture = shape_size(nn_spec_shape(&e->spec, l - 1));
        const size_t bytes = (size_t)shard->pictures * picture * sizeof(float);
        most = bytes > most ? bytes : most;
        shard->value[l] = take(e, bytes);
        if (l < e->spec.layer_count && e->plan[l].layer.kind == NN_DROPOUT)
            shard->scale[l] = take(e, bytes);
    }
    for (int i = 0; i < 2; i++)
        shard->d_value[i] = take(e, most);
    if (shard != e->lone)
        shard->gradients = take(e, e->engine.slots * sizeof(float));
    for (int l = 0; l < e->spec.layer_count && e->status == dnnl_success; l++)
        if (layer_learns(&e->plan[l]))
            make_layer(e, shard, l);
}

static void make_all(OnednnEngine *e, int batch_max)
{
    const int pictures = batch_max < SHARD_PICTURES ? batch_max : SHARD_PICTURES;
    const int count = (batch_max + pictures - 1) / pictures;
    e->shard = calloc((size_t)count + 1, sizeof *e->shard);
    if (!fine(e, e->shard != NULL ? dnnl_success : dnnl_out_of_memory))
        return;
    e->lone = e->shard + count;
    fine(e, dnnl_engine_create(&e->dnnl, dnnl_cpu, 0));
    fine(e, dnnl_primitive_attr_create(&e->attributes));
    fine(e, dnnl_primitive_attr_set_scratchpad_mode(e->attributes, dnnl_scratchpad_mode_user));
    e->engine.parameters = take(e, e->engine.slots * sizeof(float));
    e->engine.gradients = take(e, e->engine.slots * sizeof(float));
    for (Shard *shard = e->shard; shard <= e->lone && e->status == dnnl_success; shard++) {
        shard->pictures = shard == e->lone ? 1 : pictures;
        make_shard(e, shard);
    }
}

Engine *onednn_engine_create(const NnSpec *spec, int batch_max, Parallel *team, Error *error)
{
    OnednnEngine *e = calloc(1, sizeof *e);
    if (e == NULL) {
        error_work(error, "no memory for a network with backend 'onednn'");
        return NULL;
    }
    const dnnl_version_t *version = dnnl_version();
    snprintf(e->name, sizeof e->name, "onednn %d.%d.%d", version->major, version->minor,
             version->patch);
    e->engine = (Engine){.type = &onednn_type, .name = e->name, .slots = nn_spec_parameters(spec)};
    e->spec = *spec;
    e->team = team;
    nn_spec_plan(spec, e->plan);
    omp_set_num_threads(1);
    make_all(e, batch_max);
    if (e->status == dnnl_success)
        return &e->engine;
    error_work(error, "'%s' cannot make this network: its status is %d", e->name, (int)e->status);
    destroy(&e->engine);
    return NULL;
}

#endif
