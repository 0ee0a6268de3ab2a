/*
 * engine.h - what a backend has to offer to network.c. Private to this room.
 *
 * An engine holds the parameters and gradients in whatever layout it computes fastest in: an "own"
 * array of `slots` floats, at least as many as there are parameters; slots that no parameter lies
 * in stay zero in both. Everything elementwise (the optimiser) works on own arrays without knowing
 * the layout; arrange and flatten convert from and to the flat order of network.h.
 */
#ifndef DEEPQ_NN_ENGINE_H
#define DEEPQ_NN_ENGINE_H

#include "nn/spec_private.h"
#include "nn/tiles.h"

typedef struct Engine Engine;

/* gradients[i]: of slot begin + i, up to end-1. They may be overwritten. */
typedef void SlotsVisit(void *context, size_t begin, size_t end, float *gradients);

typedef struct {
    void (*destroy)(Engine *engine);
    void (*arrange)(const Engine *engine, const float *flat, float *own);
    void (*flatten)(const Engine *engine, const float *own, float *flat);
    /* As network_forward; `train` keeps what backward needs. `random` is for dropout, NULL where
     * nothing is to be dropped. */
    void (*forward)(Engine *engine, const NnInput *input, int batch, bool train, Random *random,
                    float *outputs);
    void (*backward)(Engine *engine, const float *d_outputs);
    /* Calls visit for runs of slots that together are all, on the team's threads, with the
     * gradients that the last backward pass gave them. May be missing: they are in `gradients`. */
    void (*visit)(Engine *engine, SlotsVisit *visit, void *context);
    /* Gradients that backward has left aside for visit are put into `gradients`. They can be had
     * until the next pass. NULL where there never are any. */
    void (*settle)(Engine *engine);
    /* layer_noise numbers for each layer in order; may be missing where no layer has any. */
    void (*take_noise)(Engine *engine, const float *noise);
    /* As network_get_activations. */
    void (*activations)(const Engine *engine, int layer, int batch, float *values);
    /* The parameters in slots begin to end-1 are others now. Several threads may tell of several
     * slots. NULL where that is all the same. */
    void (*changed)(Engine *engine, size_t begin, size_t end);
    /* From now on `reader`, which only goes forward, has the parameters of `of`, an engine of the
     * same layers. NULL where it cannot: its parameters are copied. */
    void (*share)(Engine *reader, const Engine *of);
} EngineType;

/* The part every engine begins with. */
struct Engine {
    const EngineType *type;
    const char *name;
    size_t slots;
    float *parameters; /* own layout */
    float *gradients;
};

/* `team` outlives the engine; `spec` need not. NULL with an error where memory is missing; and
 * with ERROR_INPUT from onednn_engine_create where that backend is not built in. */
Engine *plain_engine_create(const NnSpec *spec, int batch_max, Parallel *team, Error *error);
Engine *vector_engine_create(const NnSpec *spec, int batch_max, Parallel *team, Error *error);
/* vector's, with products from tiles.h: terms 1, of rounded numbers; TERMS, of floats. Without
 * tiles it is vector's itself. */
Engine *tiles_engine_create(const NnSpec *spec, int batch_max, Parallel *team, const Tiles *tiles,
                            int terms, Error *error);
Engine *layers_engine_create(const NnSpec *spec, int batch_max, Parallel *team, Error *error);
Engine *onednn_engine_create(const NnSpec *spec, int batch_max, Parallel *team, Error *error);

/* An engine whose parameters are all that `share` shares. */
void engine_share(Engine *reader, const Engine *of);

/* Run the pieces on the team's threads, or here where there is no team or but one piece. */
void engine_run(Parallel *team, int pieces, ParallelPiece *piece, void *context);

/* Picture n of `input` as C H W floats. */
void engine_read_picture(const NnInput *input, NnShape shape, int n, float *values);

/* Dropout factors, 0 or 1/(1-rate), for `count` units; all engines draw them in NCHW order. */
void engine_draw_dropout(double rate, size_t count, Random *random, float *scale);

/* Move a batchnorm's running averages, `running`, towards the `kept` of a pass over `values` values
 * a channel. The same for all backends. */
void norm_move_averages(const LayerPlan *l, size_t values, const float *kept, float *running);

#endif
