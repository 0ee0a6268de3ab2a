/*
 * stage.h - what a spectator sees: the game, and beside it, on request, what the agent sees and
 * thinks.
 *
 *     +-----------------+----------------+
 *     |                 | newest frame   |      the frames of the state, as the network gets them
 *     |   the game's    | older ones     |
 *     |   picture       |                |
 *     |                 | LEFT   ###  1.2|      the value of each action; the highest is bright
 *     |                 | RIGHT  ##   0.9|
 *     +-----------------+----------------+
 */
#ifndef DEEPQ_CLI_STAGE_H
#define DEEPQ_CLI_STAGE_H

#include "env/env.h"
#include "rl/agent.h"
#include "viewer/picture.h"

typedef struct Stage Stage;

enum { STAGE_SCALE_MAX = 8 };

/* `scale`: rows of the picture for one of the game's, 1 .. STAGE_SCALE_MAX. `history`: frames of
 * the agent's state; 0: no panel. `env` must outlive the stage. */
Stage *stage_create(const Env *env, int scale, int history, Error *error);
void stage_destroy(Stage *stage); /* NULL is fine */

/* The picture of now, valid until the next call. `agent`: NULL leaves the panel as it is. */
const Picture *stage_draw(Stage *stage, Agent *agent);

#endif
