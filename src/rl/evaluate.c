#include "rl/evaluate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Exact for few degrees of freedom; from there the expansion of the quantile in 1/freedom
 * [Fisher1960]. */
double student_t975(int freedom)
{
    static const double few[] = {0, 12.7062, 4.3027, 3.1824, 2.7764, 2.5706};
    assert(freedom >= 1);
    if (freedom <= 5)
        return few[freedom];
    const double z = 1.959964, v = freedom;
    const double z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z;
    return z + (z3 + z) / (4 * v) + (5 * z5 + 16 * z3 + 3 * z) / (96 * v * v) +
           (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * v * v * v);
}

static int compare_scores(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

Evaluation evaluation_of_scores(double *scores, int count)
{
    Evaluation evaluation = {.games = count};
    if (count == 0)
        return evaluation;
    double sum = 0, squares = 0;
    for (int i = 0; i < count; i++)
        sum += scores[i];
    evaluation.mean = sum / count;
    for (int i = 0; i < count; i++)
        squares += (scores[i] - evaluation.mean) * (scores[i] - evaluation.mean);
    if (count > 1)
        evaluation.ci95 = student_t975(count - 1) * sqrt(squares / (count - 1) / count);
    qsort(scores, (size_t)count, sizeof scores[0], compare_scores);
    evaluation.median = 0.5 * (scores[(count - 1) / 2] + scores[count / 2]);
    evaluation.best = scores[count - 1];
    return evaluation;
}

/* One game, from a reset to its end. Returns false if the watcher stopped it. */
static bool play_game(Env *env, Agent *agent, const EvaluationPlan *plan, Random *random,
                      Evaluation *total, double *score)
{
    EnvStep step = {0};
    *score = 0;
    env_reset(env);
    agent_begin(agent, env_frame(env));
    while (!step.game_over && !step.time_over) {
        int actions[ENV_PLAYERS_MAX] = {agent_act(agent, plan->epsilon, random)};
        env_step(env, actions, &step);
        agent_see(agent, env_frame(env));
        *score += step.reward[0];
        total->steps++;
        total->frames += step.frames;
        if (plan->watch != NULL && !plan->watch(plan->context, env, agent, &step, *score))
            return false;
    }
    return true;
}

Evaluation evaluate(Env *env, Agent *agent, const EvaluationPlan *plan, Random *random,
                    double *scores)
{
    assert(plan->games > 0 || plan->steps > 0);
    Evaluation total = {0};
    int games = 0;
    while (games < EVALUATION_GAMES_MAX && (plan->games == 0 || games < plan->games) &&
           (plan->steps == 0 || total.steps < plan->steps)) {
        double score;
        if (!play_game(env, agent, plan, random, &total, &score))
            break;
        scores[games++] = score;
    }
    Evaluation evaluation = evaluation_of_scores(scores, games);
    evaluation.steps = total.steps;
    evaluation.frames = total.frames;
    return evaluation;
}
