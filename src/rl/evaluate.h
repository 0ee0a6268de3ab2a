/*
 * evaluate.h - how well an agent plays, and a loop in which to watch it play.
 *
 * The agent is a network with an epsilon-greedy policy: with probability epsilon an action drawn
 * uniformly, else the one of the highest value, the lowest index among equals. Without a network
 * and with epsilon 1 it is the random player.
 *
 *     Evaluator *evaluator = evaluator_create(&env->spec, config.history, &error);
 *     const EvalPlan plan = {.games = 30, .epsilon = 0.05};
 *     EvalResult result;
 *     evaluator_run(evaluator, network, env, &plan, &random, &result);
 *     printf("%.1f +- %.1f\n", result.mean, result.ci95);
 *
 * Scores are true ones, unclipped, of whole games: a lost life ends nothing here, neither a game
 * nor a stack of frames, as in Mnih2015's evaluation. A game that a time limit cut counts as it
 * stands; one that the plan's own limit cut does not count.
 *
 * Nothing of a training is touched but the network's scratch memory: evaluating between two steps
 * of a training changes nothing in it.
 */
#ifndef DEEPQ_RL_EVALUATE_H
#define DEEPQ_RL_EVALUATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/random.h"
#include "env/env.h"
#include "nn/network.h"

/* What a watcher is shown: once when a game begins, then after each step. */
typedef struct {
    const Env *env;      /* as it is now: after the step. For env_draw and env_frame */
    const float *values; /* Q(s_t, .) by which the step was chosen, env->spec.actions of them; NULL
                            when a game begins, and for the player without a network */
    int action;          /* a_t; -1 when a game begins */
    const EnvStep *step; /* what it brought; NULL when a game begins */
    int64_t game;        /* 0 for the first game */
    int64_t game_steps;  /* agent steps of this game so far */
    double score;        /* of this game so far */
} EvalMoment;

typedef struct {
    int64_t steps; /* stop after so many agent steps; 0: no such limit */
    int64_t games; /* stop after so many games; 0: no such limit. One of the two must be set */
    double epsilon;
    bool (*watch)(void *context, const EvalMoment *moment); /* false: stop now. NULL: nobody does */
    bool (*game)(void *context, int64_t game, double score, int64_t steps, int64_t frames);
    void *context; /* passed to watch and game; game is told each finished game, false: stop now */
} EvalPlan;

typedef struct {
    int64_t games;  /* finished ones; the scores are theirs */
    int64_t steps;  /* agent steps, those of an unfinished game included */
    int64_t frames; /* emulator frames, likewise */
    double mean;    /* NAN where games is 0 */
    double ci95; /* half the width of the mean's 95 % interval by Student's t; NAN below 2 games */
    double best; /* NAN where games is 0 */
    double worst;
} EvalResult;

typedef struct Evaluator Evaluator;

/* The memory that evaluations need: a stack of `history` frames of such an environment. */
Evaluator *evaluator_create(const EnvSpec *spec, int history, Error *error);
void evaluator_destroy(Evaluator *evaluator); /* NULL is fine */

/* Play from a reset on until the plan is fulfilled. True unless a callback stopped it; `result` is
 * filled either way. `network` takes stacks of `history` frames and gives env->spec.actions values;
 * NULL only with epsilon 1. The environment is left where the last game stood. The draws from
 * `random` do not depend on whether somebody watches. */
bool evaluator_run(Evaluator *evaluator, Network *network, Env *env, const EvalPlan *plan,
                   Random *random, EvalResult *result);

#endif
