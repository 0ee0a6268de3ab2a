/*
 * inspection.h - an agent plays, and what excites the units of its network is gathered.
 *
 * A convolution's unit is offered the field that it looked at (nn/inspect.h) where its map was
 * highest. A dense unit looks at everything; of a frame it is offered the window, a third of each
 * side, in which the gradient of the unit with respect to the pixels is largest (summed without
 * sign over the window and the frames of the state).
 */
#ifndef DEEPQ_CLI_INSPECTION_H
#define DEEPQ_CLI_INSPECTION_H

#include "cli/player.h"
#include "nn/inspect.h"
#include "viewer/patches.h"

typedef struct {
    int64_t steps;  /* of the agent */
    int64_t states; /* kept for the map, at most `steps` */
    int64_t seed;   /* of no-ops and random actions, 0 or more */
    double epsilon; /* probability of a random action */
} InspectionPlan;

typedef struct {
    InspectionPlan plan;
    Player *player;
    NnField field[NN_LAYERS_MAX];    /* of what is kept for each layer */
    Patches *patches[NN_LAYERS_MAX]; /* of the layers that layers_shown has, else NULL */
    int hidden;                      /* the last of them */
    int dimensions;                  /* its units */
    int states;                      /* kept for the map so far */
    float *coordinates;              /* states x dimensions */
    float *values;                   /* states: of the best action */
    uint8_t *frames;                 /* states of them, the newest of each */
    int64_t games;
    float *activations; /* of one layer */
    float *choice;      /* as many: 1 for the unit that is looked at, else 0 */
    Saliency *saliency;
} Inspection;

/* NULL with an error; the player, which outlives it, plays nothing yet. */
Inspection *inspection_create(Player *player, const InspectionPlan *plan, Error *error);
void inspection_destroy(Inspection *inspection); /* NULL is fine */

/* Play all of the plan's steps. False: interrupted. */
bool inspection_play(Inspection *inspection);

#endif
