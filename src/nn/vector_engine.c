/*
 * vector_engine.c - the fast backend: direct convolutions and dense layers on vector_kernels.h, in
 * the layouts of vector_layout.h, by stages (vector_engine.h).
 */
#include "nn/vector_engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/block.h"

static void draw_dropout(VectorEngine *v, int l, Random *random)
{
    const VectorLayer *layer = &v->layer[l];
    const NnShape shape = layer->plan.in;
    const int pixels = shape.height * shape.width;
    for (int n = 0; n < v->batch; n++) {
        engine_draw_dropout(layer->plan.layer.rate, shape_size(shape), random, v->drawn);
        float *scale = v->scale[l] + (size_t)n * layer->in_stride;
        for (int c = 0; c < shape.channels; c++)
            for (int i = 0; i < pixels; i++)
                scale[i * layer->C + c] = v->drawn[c * pixels + i];
    }
}

/* A loop of less than this, about ten microseconds, is not worth a second thread. */
enum { SPREAD_PRODUCTS = 1 << 19 };

static void run(VectorEngine *v, int pieces, ParallelPiece *piece)
{
    size_t products = 0;
    for (int l = v->now->first; l < v->now->end; l++)
        products += v->layer[l].plan.weights * (size_t)v->layer[l].plan.out.height *
                    (size_t)v->layer[l].plan.out.width;
    const bool spread = products * (size_t)v->batch >= SPREAD_PRODUCTS;
    engine_run(spread ? v->team : NULL, pieces, piece, v);
}

static void forward_dense_stage(VectorEngine *v)
{
    const VectorLayer *layer = &v->layer[v->now->first];
    if (vector_lists_inputs(v)) {
        vector_list_inputs(v);
        run(v, pieces_of(layer->groups, LISTED_PANELS), vector_forward_listed);
    } else if (by_bf16(v, v->now->first)) {
        if (!takes_rounded(v, v->now->first))
            run(v, pieces_of(v->batch, FORWARD_PICTURES), bf16_round_pictures);
        run(v, layer->groups, bf16_forward_dense);
    } else {
        run(v, layer->groups, vector_forward_dense);
    }
}

static void forward(Engine *engine, const NnInput *input, int batch, bool train, Random *random,
                    float *outputs)
{
    VectorEngine *v = (VectorEngine *)engine;
    if (v->kept == KEPT_FOR_UPDATE)
        vector_settle(engine);
    v->kept = KEPT_NOT;
    v->input = *input;
    v->batch = batch;
    v->dropping = train;
    v->turned = !v->turned;
    for (int l = 0; train && l < v->spec.layer_count; l++)
        if (v->scale[l] != NULL)
            draw_dropout(v, l, random);
    if (by_changes(v))
        vector_begin_changes(v);
    for (int s = 0; s < v->stage_count; s++) {
        v->now = &v->stage[s];
        if (v->now->dense)
            forward_dense_stage(v);
        else if (v->now->first == 0 || v->now->end > v->now->first)
            run(v, pieces_of(batch, FORWARD_PICTURES), vector_forward_pictures);
    }
    engine->type->activations(engine, v->spec.layer_count - 1, batch, outputs);
}

/* The top of dL/d values: the outputs' rows, with zeros in the lanes that no output has. */
static void take_d_outputs(VectorEngine *v, const float *d_outputs)
{
    const VectorLayer *last = &v->layer[v->spec.layer_count - 1];
    const NnShape shape = last->plan.out;
    const int pixels = shape.height * shape.width;
    v->d_now = 0;
    for (int n = 0; n < v->batch; n++) {
        float *d = v->d_batch[0] + (size_t)n * v->d_stride;
        memset(d, 0, last->out_stride * sizeof *d);
        for (int c = 0; c < shape.channels; c++)
            for (int i = 0; i < pixels; i++)
                d[i * last->O + c] = *d_outputs++;
    }
}

static void add_shards(VectorEngine *v, int l)
{
    const VectorLayer *layer = &v->layer[l];
    const size_t count = vector_slots(layer);
    float *const gradients = v->engine.gradients + layer->offset;
    float *const first = v->shard_gradients + layer->shard_offset;
    const bool summed = l == 0 && by_changes(v);
    float *restrict sum = summed ? v->changes.summed_gradients : by_bf16(v, l) ? first : gradients;
    if (sum != first)
        memcpy(sum, first, count * sizeof *sum);
    for (int s = 1; s < pieces_of(v->batch, SHARD_PICTURES); s++) {
        const float *part = first + (size_t)s * v->shard_slots;
        for (size_t i = 0; i < count; i++)
            sum[i] += part[i];
    }
    if (summed)
        vector_changes_gradients(layer, sum, gradients);
    else if (by_bf16(v, l))
        bf16_conv_order(layer, sum, gradients);
}

static void backward(Engine *engine, const float *d_outputs)
{
    VectorEngine *v = (VectorEngine *)engine;
    take_d_outputs(v, d_outputs);
    for (int l = 0; l < v->spec.layer_count; l++)
        if (v->layer[l].back_weights > 0) {
            vector_turn_back(&v->layer[l], engine->parameters + v->layer[l].offset, v->back[l]);
            if (by_bf16(v, l))
                bf16_turn_back(v, l);
        }
    for (int s = v->stage_count - 1; s >= 0; s--) {
        v->now = &v->stage[s];
        if (v->now->dense) {
            const VectorLayer *layer = &v->layer[v->now->first];
            if (vector_is_kept(v, v->now->first))
                vector_keep_d(v, v->now->first);
            if (by_bf16(v, v->now->first))
                bf16_turn_d(v);
            else
                vector_turn_d(v);
            run(v, pieces_of(layer->input_groups, DENSE_GROUPS), vector_backward_dense);
            v->d_now = 1 - v->d_now;
        } else if (v->now->end > v->now->first) {
            run(v, pieces_of(v->batch, SHARD_PICTURES), vector_backward_pictures);
        }
    }
    for (int l = 0; l < v->spec.layer_count; l++)
        if (vector_has_shards(&v->layer[l]))
            add_shards(v, l);
}

static void arrange(const Engine *engine, const float *flat, float *own)
{
    const VectorEngine *v = (const VectorEngine *)engine;
    const size_t count = nn_spec_parameters(&v->spec);
    memset(own, 0, engine->slots * sizeof *own);
    for (size_t i = 0; i < count; i++)
        own[v->place[i]] = flat[i];
}

static void flatten(const Engine *engine, const float *own, float *flat)
{
    const VectorEngine *v = (const VectorEngine *)engine;
    const size_t count = nn_spec_parameters(&v->spec);
    for (size_t i = 0; i < count; i++)
        flat[i] = own[v->place[i]];
}

static void activations(const Engine *engine, int layer, int batch, float *values)
{
    const VectorEngine *v = (const VectorEngine *)engine;
    const VectorLayer *l = &v->layer[layer];
    const int next = rounded_for(v, layer - is_fused(v, layer));
    for (int n = 0; n < batch; n++) {
        float *own = v->value[layer + 1] + (next > 0 ? 0 : (size_t)n * l->out_stride);
        if (next > 0)
            bf16_widen_picture(v, next, n, own);
        vector_unpack(l->plan.out, l->O, own, values + (size_t)n * shape_size(l->plan.out));
    }
}

static void changed(Engine *engine, size_t begin, size_t end)
{
    bf16_round_weights((VectorEngine *)engine, begin, end);
}

static void share(Engine *engine, const Engine *other)
{
    VectorEngine *reader = (VectorEngine *)engine;
    const VectorEngine *of = (const VectorEngine *)other;
    engine_share(engine, other);
    for (int l = 0; l < of->spec.layer_count; l++) {
        reader->bf16.layer[l].pairs = of->bf16.layer[l].pairs;
        reader->bf16.layer[l].weights = of->bf16.layer[l].weights;
    }
}

static void destroy(Engine *engine)
{
    free(engine);
}

static const EngineType vector_type = {
    .destroy = destroy,
    .arrange = arrange,
    .flatten = flatten,
    .forward = forward,
    .backward = backward,
    .visit = vector_visit,
    .settle = vector_settle,
    .take_noise = vector_take_noise,
    .activations = activations,
    .changed = changed,
    .share = share,
};

/* ---- creation ---- */

static int make_stages(const VectorLayer *layer, int layers, Stage stage[STAGES_MAX])
{
    int count = 0, begin = 0;
    for (int l = 0; l < layers; l++)
        if (layer_is_dense(&layer[l].plan)) {
            stage[count++] = (Stage){begin, l, false};
            stage[count++] = (Stage){l, l + 1, true};
            begin = l + 1;
        }
    if (begin < layers)
        stage[count++] = (Stage){begin, layers, false};
    return count;
}

/* Take `bytes` of the block, aligned; counting only, while there is no block yet. */
static void *take(char *block, size_t *used, size_t bytes)
{
    char *taken = block != NULL ? block + *used : NULL;
    *used += (bytes + VECTOR_BYTES - 1) / VECTOR_BYTES * VECTOR_BYTES;
    return taken;
}

static float *take_floats(char *block, size_t *used, size_t count)
{
    return take(block, used, count * sizeof(float));
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* The sizes that are the largest of all layers. */
typedef struct {
    size_t picture, d_picture, inputs, outputs, units; /* inputs, outputs: of dense layers */
} Largest;

static Largest find_largest(const VectorEngine *v)
{
    Largest most = {0};
    for (int i = 0; i < v->spec.layer_count; i++) {
        const VectorLayer *l = &v->layer[i];
        most.picture = larger(most.picture, larger(l->in_stride, l->out_stride));
        const size_t slack = (size_t)(l->plan.layer.stride * l->C);
        const size_t sides = (size_t)((l->pad_left + l->pad_right) * l->plan.out.height * l->O);
        if (l->back_weights > 0)
            most.d_picture =
                larger(most.d_picture, larger((size_t)l->in_all + slack, l->out_stride + sides));
        if (layer_is_dense(&l->plan)) {
            most.inputs = larger(most.inputs, l->in_stride);
            most.outputs = larger(most.outputs, (size_t)l->O);
        }
        most.units = larger(most.units, shape_size(l->plan.in));
    }
    return most;
}

static bool fits_changes(const VectorLayer *first)
{
    const NnLayer *layer = &first->plan.layer;
    return layer->kind == NN_CONV2D && layer->stride == CELL && layer->kernel == 2 * CELL &&
           first->plan.in.height % CELL == 0 && first->plan.in.width % CELL == 0;
}

static void lay_out_changes(VectorEngine *v, size_t batch_max, char *block, size_t *used)
{
    const VectorLayer *first = &v->layer[0];
    const NnShape in = first->plan.in;
    Changes *all = &v->changes;
    const size_t rooms = (size_t)v->rooms;
    const size_t O = (size_t)first->O, lists = batch_max * (size_t)(first->C * CELL);
    const size_t cells = (size_t)(in.width / CELL) * (size_t)(in.height / CELL);
    all->pitch = in.width / CELL + 1;
    all->points = (size_t)all->pitch * (size_t)(in.height / CELL + 1);
    Change *changes = take(block, used, lists * cells * sizeof *changes);
    all->list = take(block, used, lists * sizeof *all->list);
    for (size_t i = 0; block != NULL && i < lists; i++)
        all->list[i].begin = changes + i * cells;
    all->reference_bytes = take(block, used, shape_size(in) / (size_t)in.channels);
    all->reference = take_floats(block, used, shape_size(in) / (size_t)in.channels);
    all->summed_weights = take_floats(block, used, first->weights);
    all->summed_gradients = take_floats(block, used, vector_slots(first));
    all->background = take_floats(block, used, all->points * O);
    all->sums = take_floats(block, used, rooms * all->points * O);
    all->d = take_floats(block, used, rooms * all->points * O);
    all->d_total = take_floats(block, used, rooms * first->out_stride);
}

static Bf16 *take_bf16(char *block, size_t *used, size_t count)
{
    return take(block, used, count * sizeof(Bf16));
}

static void lay_out_bf16_conv(VectorEngine *v, int l, size_t batch_max, char *block, size_t *used)
{
    const VectorLayer *layer = &v->layer[l];
    Bf16Side *side = &v->bf16;
    const Bf16ConvSizes sizes = bf16_conv_sizes(layer);
    const size_t terms = (size_t)side->terms, rooms = (size_t)v->rooms * terms;
    Bf16Layer *of = &side->layer[l];
    of->back = take_bf16(block, used, terms * layer->back_weights);
    of->x = take_bf16(block, used, (size_t)round_up((int)batch_max, 2) * terms * sizes.x);
    of->d = take_bf16(block, used, rooms * sizes.d);
    of->x_turned = take_bf16(block, used, rooms * sizes.x_turned);
    of->d_turned = take_bf16(block, used, rooms * sizes.d_turned);
    side->sums_size = larger(side->sums_size, sizes.sums);
}

static void lay_out_bf16(VectorEngine *v, const Largest *most, size_t batch_max, char *block,
                         size_t *used)
{
    Bf16Side *side = &v->bf16;
    size_t d = 0;
    for (int l = 1; l < v->spec.layer_count; l++) {
        const VectorLayer *layer = &v->layer[l];
        if (!by_bf16(v, l))
            continue;
        const size_t weights = layer->weights * (size_t)(is_noisy(v, l) ? 2 : side->terms);
        side->layer[l].pairs = take_bf16(block, used, weights);
        if (layer->plan.layer.kind == NN_CONV2D) {
            lay_out_bf16_conv(v, l, batch_max, block, used);
        } else {
            const Bf16DenseSizes sizes = bf16_dense_sizes(layer, (int)batch_max);
            side->layer[l].weights = take_bf16(block, used, weights);
            side->layer[l].x = take_bf16(block, used, sizes.x);
            if (is_noisy(v, l))
                side->layer[l].x_noisy = take_bf16(block, used, sizes.x);
            side->layer[l].x_turned = take_bf16(block, used, sizes.x);
            side->layer[l].d = take_bf16(block, used, sizes.d);
            d = larger(d, sizes.d);
        }
    }
    side->d_outputs = take_bf16(block, used, d);
    side->d_noisy = take_bf16(block, used, d);
    side->sums_size = (side->sums_size + WIDTH_MAX - 1) / WIDTH_MAX * WIDTH_MAX;
    side->sums = take_floats(block, used, (size_t)v->rooms * side->sums_size);
    side->zeros = take_floats(block, used, most->outputs);
}

static void lay_out_noisy(VectorEngine *v, int l, size_t batch_max, char *block, size_t *used)
{
    Noisy *noisy = &v->noisy[l];
    const VectorLayer *layer = &v->layer[l];
    noisy->of_inputs = take_floats(block, used, layer->in_stride);
    noisy->of_outputs = take_floats(block, used, (size_t)layer->O);
    if (by_bf16(v, l))
        noisy->sums = take_floats(block, used, batch_max * (size_t)layer->O);
    else
        noisy->parameters = take_floats(block, used, layer->deviations);
}

/* Give every array its place in `block`; returns how many bytes that takes. */
static size_t lay_out(VectorEngine *v, size_t batch_max, char *block)
{
    size_t used = 0;
    take(block, &used, sizeof *v);
    const Largest most = find_largest(v);
    const size_t shards = (size_t)pieces_of((int)batch_max, SHARD_PICTURES);
    const size_t rooms = (size_t)v->rooms;
    const size_t padded_batch = (size_t)round_up((int)batch_max, WIDTH_MAX);
    v->place = take(block, &used, nn_spec_parameters(&v->spec) * sizeof *v->place);
    if (v->changes.fits) {
        lay_out_changes(v, batch_max, block, &used);
    } else {
        v->bytes = take(block, &used, batch_max * v->layer[0].in_stride + LANES);
        v->input_room = take_floats(block, &used, rooms * (v->layer[0].in_stride + LANES));
    }
    v->value[0] = take_floats(block, &used, batch_max * v->layer[0].in_stride);
    for (int l = 0; l < v->spec.layer_count; l++) {
        const VectorLayer *layer = &v->layer[l];
        const size_t pictures = rounded_for(v, l) ? rooms : batch_max;
        v->value[l + 1] =
            is_fused(v, l) ? v->value[l] : take_floats(block, &used, pictures * layer->out_stride);
        if (layer->plan.layer.kind == NN_DROPOUT)
            v->scale[l] = take_floats(block, &used, batch_max * layer->in_stride);
        if (layer->plan.layer.kind == NN_LAYER_NORM)
            v->measured[l] = take_floats(block, &used, batch_max * 2);
        v->back[l] = take_floats(block, &used, layer->back_weights);
        if (vector_is_kept(v, l))
            v->d_kept[l] = take_floats(block, &used, batch_max * (size_t)layer->O);
        if (layer_is_noisy(&layer->plan))
            lay_out_noisy(v, l, batch_max, block, &used);
    }
    v->listed_rounded = take_floats(block, &used, LISTED_PICTURES * most.inputs);
    v->listed_noisy = take_floats(block, &used, LISTED_PICTURES * most.inputs);
    v->drawn = take_floats(block, &used, most.units);
    v->no_plane = take(block, &used, most.units);
    v->listed = take(block, &used, LISTED_PICTURES * most.inputs * sizeof *v->listed);
    v->d_columns = take_floats(block, &used, padded_batch * most.outputs);
    v->d_stride = most.picture;
    for (int i = 0; i < 2; i++)
        v->d_batch[i] = take_floats(block, &used, padded_batch * v->d_stride);
    v->d_picture_size = (most.d_picture + LANES - 1) / LANES * LANES;
    v->room = take(block, &used, batch_max * sizeof *v->room);
    v->room_taken = take(block, &used, rooms * sizeof *v->room_taken);
    v->d_picture = take_floats(block, &used, rooms * 3 * v->d_picture_size);
    v->shard_gradients = take_floats(block, &used, shards * v->shard_slots);
    v->engine.parameters = take_floats(block, &used, v->engine.slots);
    v->engine.gradients = take_floats(block, &used, v->engine.slots);
    if (v->bf16.tiles.name != NULL)
        lay_out_bf16(v, &most, batch_max, block, &used);
    return used;
}

Engine *tiles_engine_create(const NnSpec *spec, int batch_max, Parallel *team, const Tiles *tiles,
                            int terms, Error *error)
{
    VectorEngine head = {.spec = *spec, .team = team};
    head.rooms = team != NULL ? parallel_threads(team) : 1;
    if (tiles != NULL)
        head.bf16 = (Bf16Side){.tiles = *tiles, .terms = terms};
    vector_layout(spec, head.layer);
    head.changes.fits = fits_changes(&head.layer[0]);
    head.stage_count = make_stages(head.layer, spec->layer_count, head.stage);
    for (int l = 0; l < spec->layer_count; l++) {
        head.engine.slots += vector_slots(&head.layer[l]);
        if (vector_has_shards(&head.layer[l]))
            head.shard_slots += vector_slots(&head.layer[l]);
    }
    const size_t bytes = lay_out(&head, (size_t)batch_max, NULL);
    VectorEngine *v = block_create(bytes);
    if (v == NULL) {
        error_work(error, "no memory for the network's %zu bytes", bytes);
        return NULL;
    }
    *v = head;
    v->engine.type = &vector_type;
    v->engine.name = tiles == NULL ? "vector" : terms == 1 ? tiles->name : tiles->name_by_terms;
    lay_out(v, (size_t)batch_max, (char *)v);
    for (int l = 0; l < spec->layer_count; l++)
        if (layer_learns(&v->layer[l].plan))
            vector_places(&v->layer[l], v->place);
    return &v->engine;
}

Engine *vector_engine_create(const NnSpec *spec, int batch_max, Parallel *team, Error *error)
{
    return tiles_engine_create(spec, batch_max, team, NULL, 0, error);
}
