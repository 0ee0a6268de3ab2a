/*
 * evaluate.h - how well an agent plays: whole games, true scores, its own random stream. Noisy
 * layers are without noise there, and implicit quantiles' taus are evenly spread: their mean is the
 * value without the chance of a draw.
 */
#ifndef DEEPQ_RL_EVALUATE_H
#define DEEPQ_RL_EVALUATE_H

#include "env/env.h"
#include "rl/agent.h"

/* Scores of whole games. */
typedef struct {
    int games;
    double mean;
    double ci95; /* half the width of the 95 % confidence interval of the mean (Student's t); 0 for
                    one game */
    double median;
    double best;
    int64_t steps; /* agent steps */
    int64_t frames;
} Evaluation;

/* After each step, also the game's last: for films and windows. `score`: of the game so far.
 * Returns false to stop. */
typedef bool EvaluationWatch(void *context, Env *env, Agent *agent, const EnvStep *step,
                             double score);

typedef struct {
    int games;     /* stop after so many games; 0: no such limit */
    int64_t steps; /* stop at the end of the game in which so many agent steps are done; 0: no such
                      limit */
    double epsilon;
    EvaluationWatch *watch; /* NULL: nobody */
    void *context;
} EvaluationPlan;

enum { EVALUATION_GAMES_MAX = 10000 };

/* Play by `plan` (games or steps set) from a fresh reset of `env`. Scores are the first player's
 * and true: unclipped, whole games, time limits of the environment included. At least one game is
 * played to its end, unless the watcher stops it. `scores`: EVALUATION_GAMES_MAX doubles of the
 * caller's, filled with the games' scores. */
Evaluation evaluate(Env *env, Agent *agent, const EvaluationPlan *plan, Random *random,
                    double *scores);

/* Mean, interval, median, best of `count` scores. Sorts them. */
Evaluation evaluation_of_scores(double *scores, int count);

/* The 97.5 % quantile of Student's t with `freedom` degrees of freedom, to 0.1 %. */
double student_t975(int freedom);

#endif
