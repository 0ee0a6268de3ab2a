/*
 * vector_engine.h - the vector backend's state, and what its files do for each other. Private to
 * them.
 *
 *     vector_engine.c     whole passes, creation
 *     vector_input.c      from planes of bytes to floats in the layout of the values
 *     vector_changes.c    the first layer from planes of bytes, by what differs between them
 *     vector_pictures.c   stages that go picture by picture: convolutions, curves, dropout
 *     vector_norm.c       layernorm, in such a stage
 *     vector_dense.c      dense layers
 *     vector_update.c     gradients on their way to the optimiser
 *     vector_noisy.c      what noisy ones are besides
 *     vector_bf16.c       the products of all layers but the first from bfloat16, rounded or in
 *                         terms: what vector_bf16_conv.c and vector_bf16_dense.c share
 *
 * The layers are grouped into stages. Between two dense layers, before the first and after the last
 * lie picture stages: convolutions and elementwise layers, which go picture by picture through all
 * layers of the stage while the picture is in the cache. Their pieces are a few pictures; backward,
 * these are shards with gradients of their own, added in order at the end. A dense layer is a stage
 * of its own, cut into pieces by its outputs (forward) or its inputs (backward), so that each
 * weight is read by one piece only and its gradient needs no adding.
 *
 * What a piece of pictures needs for itself alone lies in a room: there are as many as threads, a
 * piece takes the first that is free, and so the next piece finds it in the cache.
 *
 *     pictures: read, conv, relu, conv, relu | dense | pictures: relu | dense
 *
 * A ReLU right after a layer that learns is done where the sum is stored; the values
 * before it are not kept.
 */
#ifndef DEEPQ_NN_VECTOR_ENGINE_H
#define DEEPQ_NN_VECTOR_ENGINE_H

#include <stdatomic.h>

#include "nn/engine.h"
#include "nn/tiles.h"
#include "nn/vector_layout.h"
#include "nn/vector_turn.h"

enum {
    FORWARD_PICTURES = 4, /* of a forward piece */
    SHARD_PICTURES = 8,   /* of a backward piece, which has gradients of its own; even */
    LISTED_PICTURES = 2,  /* up to here a dense layer looks only at inputs that are not 0 */
    LISTED_PANELS = 2,    /* of G outputs, of such a forward piece */
    DENSE_GROUPS = 4,     /* of WIDTH_MAX inputs, of a backward piece */
    STAGES_MAX = 2 * NN_LAYERS_MAX + 1,
};

typedef struct {
    int first, end; /* layers first .. end-1; none in an empty picture stage */
    bool dense;
} Stage;

/* See vector_changes.c. */
typedef struct {
    Change *begin, *end; /* has room for all cells */
} ChangeList;

typedef struct {
    bool fits;                /* the first layer is one that this is made for */
    int pitch;                /* points in a row with its margin */
    size_t points;            /* all, with the margin */
    ChangeList *list;         /* [batch][C][CELL] */
    uint8_t *reference_bytes; /* R */
    float *reference;
    float *summed_weights;   /* V: [O / LANES][C][2 CELL][2 CELL][LANES] */
    float *summed_gradients; /* likewise, then the biases */
    float *background;       /* [points][O] */
    float *sums;             /* for each room likewise */
    float *d;                /* for each room: dL/dy of a picture, likewise */
    float *d_total;          /* for each room: a shard's pictures' dL/dy summed, without margin */
} Changes;

/* See vector_bf16_conv.c and vector_bf16_dense.c. */
typedef struct {
    Bf16 *pairs;   /* the weights in pairs of inputs; noisy: means, deviations */
    Bf16 *weights; /* dense layers': as the floats lie; noisy: likewise */
    Bf16 *x;       /* the layer's input */
    Bf16 *x_noisy; /* times the noise of the inputs */
    Bf16 *d;       /* dL/dy of a shard's pictures, in each room; dense: in pairs of pictures */
    Bf16 *back;    /* back weights in pairs of outputs */
    Bf16 *x_turned, *d_turned; /* of a shard, likewise; dense: x_turned of all pictures */
} Bf16Layer;

typedef struct {
    Tiles tiles; /* without a name: all products from floats */
    int terms;   /* 1: what is multiplied is rounded; TERMS: floats, by convolutions alone */
    Bf16Layer layer[NN_LAYERS_MAX];
    Bf16 *d_outputs; /* of the present dense layer, in pairs of outputs */
    Bf16 *d_noisy;   /* times the noise of the outputs */
    float *sums;     /* of the present convolution, for each room */
    size_t sums_size;
    const float *zeros; /* as many as a dense layer has outputs */
} Bf16Side;

/* A noisy layer's noise, zeros where its values have been filled up; and the parameters that it
 * makes of means and deviations, or, by_bf16, what the deviations alone make of its input. */
typedef struct {
    float *of_inputs, *of_outputs;
    float *parameters;
    float *sums; /* [N][O'] */
} Noisy;

/* What dense layers' gradients are made of: see vector_update.c. */
typedef enum { KEPT_NOT, KEPT_FOR_UPDATE, KEPT_SINCE_UPDATE } Kept;

typedef struct {
    Engine engine;
    Parallel *team;
    NnSpec spec;
    VectorLayer layer[NN_LAYERS_MAX];
    Stage stage[STAGES_MAX];
    int stage_count;
    uint32_t *place;                 /* of each parameter in own arrays */
    float *value[NN_LAYERS_MAX + 1]; /* value[l]: what goes into layer l; the last: the outputs;
                                        where it is kept rounded, one picture in each room */
    float *scale[NN_LAYERS_MAX];     /* dropout's factors in the layout of the values */
    float *measured[NN_LAYERS_MAX];  /* of each picture: mean and 1 / deviation, for layernorm */
    float *drawn;                    /* dropout's factors of one picture as they are drawn */
    uint32_t *listed; /* of each picture: which of a dense layer's inputs are not 0 */
    int listed_count[LISTED_PICTURES];
    float *listed_rounded, *listed_noisy; /* of each picture: its inputs, or times their noise */
    Noisy noisy[NN_LAYERS_MAX];
    float *d_kept[NN_LAYERS_MAX]; /* dense layers' dL/dy, [N][O'] */
    Kept kept;
    SlotsVisit *visit; /* of the present vector_visit */
    void *visit_context;
    float *d_columns;           /* a dense layer's dL/dy, transposed: see vector_turn_d */
    float *back[NN_LAYERS_MAX]; /* convolutions' back weights */
    float *d_batch[2];          /* dL/d values of all pictures, and room for the next */
    size_t d_stride;            /* from picture to picture in d_batch */
    float *d_picture;           /* for each room: two pictures' dL/d values, one padded */
    size_t d_picture_size;
    float *shard_gradients; /* for each shard: the gradients of its layers that learn */
    size_t shard_slots;
    int rooms;               /* as many as threads */
    atomic_flag *room_taken; /* of each room */
    uint16_t *room;          /* of each picture's piece */
    const uint8_t *no_plane; /* stands in for planes that are NULL */
    uint8_t *bytes;          /* the input of all pictures, in the layout of the values */
    float *input_room;       /* for each room: rows of a picture of the input */
    Changes changes;
    Bf16Side bf16;
    NnInput input;
    int batch;
    bool turned;      /* lists go through the panels from the last to the first */
    bool dropping;    /* the last forward pass drew dropout factors */
    const Stage *now; /* the stage that the pieces belong to */
    int d_now;        /* which of d_batch holds the present values */
} VectorEngine;

static inline int pieces_of(int count, int piece)
{
    return (count + piece - 1) / piece;
}

/* Is layer l the ReLU that the layer before it has done already? */
static inline bool is_fused(const VectorEngine *v, int l)
{
    return l > 0 && v->layer[l].plan.layer.kind == NN_RELU && layer_learns(&v->layer[l - 1].plan);
}

static inline bool has_fused_relu(const VectorEngine *v, int l)
{
    return l + 1 < v->spec.layer_count && is_fused(v, l + 1);
}

/* Does the first layer go by the changes between planes? */
static inline bool by_changes(const VectorEngine *v)
{
    return v->changes.fits && v->input.planes != NULL;
}

static inline bool is_noisy(const VectorEngine *v, int l)
{
    return layer_is_noisy(&v->layer[l].plan);
}

/* Are layer l's products made from bfloat16, or from floats in terms of it? */
static inline bool by_bf16(const VectorEngine *v, int l)
{
    const LayerPlan *plan = &v->layer[l].plan;
    return v->bf16.tiles.name != NULL && l > 0 &&
           (plan->layer.kind == NN_CONV2D || (layer_is_dense(plan) && v->bf16.terms == 1));
}

/* The room of the piece that works on picture n. */
static inline int room_of(const VectorEngine *v, int n)
{
    return v->room[n];
}

static inline int room_of_shard(const VectorEngine *v, int shard)
{
    return room_of(v, shard * SHARD_PICTURES);
}

/* The layer that takes what convolution l and its ReLU make, if that is kept for it in bfloat16
 * alone; else 0. (A noisy layer also wants it as it was.) */
static inline int rounded_for(const VectorEngine *v, int l)
{
    const int next = l + 1 + has_fused_relu(v, l);
    const bool any = v->layer[l].plan.layer.kind == NN_CONV2D && next < v->spec.layer_count;
    return any && by_bf16(v, next) && !is_noisy(v, next) ? next : 0;
}

static inline bool takes_rounded(const VectorEngine *v, int l)
{
    const int before = l - 1 - (l > 0 && is_fused(v, l - 1));
    return before >= 0 && rounded_for(v, before) == l;
}

/* What layer l makes of picture n. */
static inline float *output_of(const VectorEngine *v, int l, int n)
{
    const int place = rounded_for(v, l) ? room_of(v, n) : n;
    return v->value[l + 1] + (size_t)place * v->layer[l].out_stride;
}

/* Pictures that are multiplied side by side in group `group` of WIDTH_MAX. */
static inline int lanes_of_group(const VectorEngine *v, int group)
{
    const int left = round_up(v->batch - group * WIDTH_MAX, LANES);
    return left < WIDTH_MAX ? left : WIDTH_MAX;
}

/* ---- vector_input.c ---- */

/* Picture n of the input becomes value[0], or bytes where those are kept, or a list of changes. */
void vector_read_picture(const VectorEngine *v, int n);

/* What goes into layer l from picture n: `rows` rows from row `first` on, for a while. */
const float *vector_input_rows(const VectorEngine *v, int l, int n, int first, int rows);

/* ---- vector_changes.c, where by_changes ---- */

/* Before a forward pass: the reference, and what follows from it and the weights. */
void vector_begin_changes(VectorEngine *v);
void vector_list_changes(const VectorEngine *v, int n);
void vector_changes_forward(const VectorEngine *v, int n, float *y);

/* Add what picture n of the shard has to the shard's gradients, which are those of the summed
 * weights; at the shard's end, what all its pictures have together. */
void vector_changes_backward(const VectorEngine *v, int shard, int n, const float *d_y,
                             float *gradients);
void vector_end_changes(const VectorEngine *v, int shard, float *gradients);

/* The layer's gradients from those of the summed weights, which are overwritten. */
void vector_changes_gradients(const VectorLayer *layer, float *restrict summed,
                              float *restrict gradients);

/* ---- vector_pictures.c: pieces of the stage `now`; the context is the engine ---- */

void vector_forward_pictures(void *context, int piece);
void vector_backward_pictures(void *context, int shard);

/* ---- vector_norm.c: layernorm of picture n ---- */

void vector_norm_forward(const VectorEngine *v, int l, int n, const float *x, float *y);

/* d: dL/dy, which becomes dL/dx. What the picture adds to dL/dw and dL/db is added to gradients. */
void vector_norm_backward(const VectorEngine *v, int l, int n, float *d, float *gradients);

/* ---- vector_dense.c ---- */

/* Most of what a ReLU gives is 0, and reading its weights is most of a lone picture's time. So in
 * inference a few pictures go by lists of the other inputs. Training does not: there a weight that
 * is not a number shall show, whatever it is multiplied with. */
bool vector_lists_inputs(const VectorEngine *v);
void vector_list_inputs(VectorEngine *v);
void vector_forward_listed(void *context, int piece);

/* Outputs G by G; of a dense layer that is not noisy, to the last bit what the lists give. */
void vector_forward_dense(void *context, int panel);

/* The sums of a panel get their biases, of all the layer's, and the ReLU if it is done here. */
void vector_finish_panel(const VectorEngine *v, int l, int panel, const float *biases);

/* Before the pieces of a backward pass: dL/dy in groups of WIDTH_MAX pictures (LANES may do for the
 * last), in each one vector or two for every output, a lane a picture. */
void vector_turn_d(VectorEngine *v);
void vector_backward_dense(void *context, int piece);

/* The gradients of panel `panel` of `count` inputs' weights, from what is kept: [count][G]. Of a
 * noisy layer those of the means. */
void vector_dense_weights(const VectorEngine *v, int l, int begin, int count, int panel,
                          float *gradients);

/* ---- vector_update.c ---- */

/* Are layer l's gradients by the weights left aside? Then, before its backward pass, its dL/dy is
 * to be kept. */
bool vector_is_kept(const VectorEngine *v, int l);
void vector_keep_d(VectorEngine *v, int l);
void vector_visit(Engine *engine, SlotsVisit *visit, void *context);
void vector_settle(Engine *engine);

/* ---- vector_noisy.c ---- */

void vector_take_noise(Engine *engine, const float *noise);

/* The parameters of G outputs, into noisy[l]. */
void vector_mix_panel(const VectorEngine *v, int l, int panel);

/* What vector_list_inputs and vector_forward_listed have to do for picture n besides; `means` is
 * done, without a ReLU. */
void vector_list_noisy(VectorEngine *v, int l, int n);
void vector_add_noisy(const VectorEngine *v, int l, const Listed *means, int n, int first,
                      int panels);

/* The outputs of a panel, sums by the means, get what the deviations' sums and biases add. */
void vector_add_deviations(const VectorEngine *v, int l, int panel);

/* The deviations' gradients from those of the means, of `count` inputs to G outputs; and of the
 * biases, behind theirs. */
void vector_noisy_weights(const VectorEngine *v, int l, int panel, int begin, int count,
                          const float *of_means, float *of_deviations);
void vector_noisy_biases(const VectorEngine *v, int l, float *d_biases);

/* ---- vector_bf16.c, where by_bf16 ---- */

/* After parameters from `begin` to end-1 have changed; before a backward pass, once v->back[l] is
 * known. */
void bf16_round_weights(VectorEngine *v, size_t begin, size_t end);
void bf16_turn_back(VectorEngine *v, int l);

/* Picture n of what goes into layer l: into bfloat16; and, where takes_rounded, out of it, and
 * dL/dy of the ReLU that it comes from, which becomes dL/dx. */
void bf16_round_picture(const VectorEngine *v, int l, int n, const float *x);
void bf16_widen_picture(const VectorEngine *v, int l, int n, float *x);
void bf16_relu_backward(const VectorEngine *v, int l, int n, float *d);

/* ---- vector_bf16_conv.c ---- */

/* Of one term. */
typedef struct {
    size_t x;                     /* of a picture */
    size_t d, x_turned, d_turned; /* of a shard */
    size_t sums;                  /* floats of a piece */
} Bf16ConvSizes;

Bf16ConvSizes bf16_conv_sizes(const VectorLayer *layer);

/* From term to term of a picture of the input. */
ptrdiff_t bf16_conv_term(const VectorLayer *layer);

/* Where row `y` of picture n of the input lies, of its first term. */
Bf16 *bf16_conv_row(const VectorEngine *v, int l, int n, int y);

/* x is not looked at where takes_rounded. */
void bf16_conv_forward(const VectorEngine *v, int l, int n, const float *x, float *y);

/* Backward, of each picture: its dL/dy, whose sums are added to the biases' gradients; dL/dx, which
 * may need S C' floats more than a picture has. Then of a shard's `pictures` the gradients of the
 * weights, in an order of their own; and those in the order of own arrays. */
void bf16_conv_take_d(const VectorEngine *v, int l, int shard, int n, const float *d_y,
                      float *gradients);
void bf16_conv_d_input(const VectorEngine *v, int l, int shard, int n, float *d_x);
void bf16_conv_gradients(const VectorEngine *v, int l, int shard, int pictures, float *gradients);
void bf16_conv_order(const VectorLayer *layer, const float *restrict summed,
                     float *restrict gradients);

/* ---- vector_bf16_dense.c: pieces of the dense stage `now` ---- */

typedef struct {
    size_t x, d; /* of all pictures: the input; dL/dy in either order */
} Bf16DenseSizes;

Bf16DenseSizes bf16_dense_sizes(const VectorLayer *layer, int batch_max);

/* FORWARD_PICTURES of the input a piece; then a panel of outputs a piece. */
void bf16_round_pictures(void *context, int piece);
void bf16_forward_dense(void *context, int panel);

/* Before the pieces of a backward pass; then of DENSE_GROUPS dL/dx, and x turned. */
void bf16_turn_d(VectorEngine *v);
void bf16_backward_dense(const VectorEngine *v, int l, int piece, float *d_x);

/* As vector_dense_weights. */
void bf16_dense_weights(const VectorEngine *v, int l, int begin, int count, int panel,
                        float *gradients);

#endif
