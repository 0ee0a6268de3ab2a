/*
 * stage.h - what a spectator sees: the game, and around it, on request, what the agent sees and
 * thinks.
 *
 *     +-------------------+---------------+
 *     |                   | frame | frame |   the newest frames of the state, as the network gets
 *     |    the game's     |-------+-------|   them, the last one at the bottom right; on request
 *     |     picture       | frame | frame |   with the pixels that matter
 *     |  (on request, the +---------------+
 *     |     network)      | LEFT  ### 1.2 |   the value of each action; the highest is bright
 *     |-------------------| RIGHT ##  0.9 |
 *     |  _/\__/\_ value   | STAY  #   0.7 |
 *     +-------------------+---------------+
 *
 *     Stage *stage = stage_create(&(StageShape){env, 2, true, history, network}, &error);
 *     env_step(...); agent_see(...);
 *     stage_note(stage, agent, &step);              one more point of the value's line
 *     window_show(window, stage_draw(stage, agent), &error);
 *
 * Which pixels matter is the gradient of the highest value with respect to them (nn/inspect.h). The
 * network's view shows what each layer made of the state: a small map for each channel of a
 * convolution, a square for each unit of a dense layer.
 */
#ifndef DEEPQ_CLI_STAGE_H
#define DEEPQ_CLI_STAGE_H

#include "env/env.h"
#include "rl/agent.h"
#include "viewer/picture.h"

typedef struct Stage Stage;

enum { STAGE_SCALE_MAX = 8 };

typedef struct {
    const Env *env;         /* outlives the stage */
    int scale;              /* rows of the picture for one of the game's, 1 .. STAGE_SCALE_MAX */
    bool panels;            /* draw more than the game */
    int history;            /* frames of the agent's state */
    const Network *network; /* the agent's, outlives the stage; NULL: without views of it */
} StageShape;

typedef struct {
    bool saliency; /* colour the frames' pixels by how much they matter */
    bool layers;   /* the network in the game's place */
} StageView;

Stage *stage_create(const StageShape *shape, Error *error);
void stage_destroy(Stage *stage); /* NULL is fine */

void stage_view(Stage *stage, StageView view); /* of the pictures from now on; false at first */

/* Keep the present state's value for the line; `step` has led to it, NULL: it begins a game. */
void stage_note(Stage *stage, Agent *agent, const EnvStep *step);

/* The picture of now, valid until the next call. `agent`: NULL leaves the panels as they are. */
const Picture *stage_draw(Stage *stage, Agent *agent);

/* A scale with which the game is large enough to sit beside the panels. */
int stage_good_scale(const Env *env);

#endif
