#include "rl/train.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rl/schedule.h"

typedef struct {
    double sum;
    int64_t count;
} Mean;

struct Training {
    TrainSetup setup;
    Learner *learner;
    Replay *replay;
    Agent *agent;      /* plays in env */
    Agent *eval_agent; /* plays in eval_env */
    Random explore, sample, evaluate;

    /* counters */
    int64_t frames, steps, updates, episodes, epochs;
    int64_t epoch_step;              /* when the last epoch ended */
    int64_t game_frames, game_steps; /* of the game that is being played */
    double game_score;
    double recent[TRAIN_RECENT_GAMES]; /* scores, a ring by episode */
    Mean loss, mean_q;                 /* since the epoch began */
    double last_loss, last_mean_q;     /* running means */
    double best_mean;
    bool evaluated;
    bool begun;

    const uint8_t **heldout; /* planes of the held-out states */
    uint8_t *heldout_frames;
    float *values; /* Q of one of them */
    double *scores;
    uint8_t *env_state; /* for training_walk */
};

static size_t frame_bytes(const Training *training)
{
    const EnvSpec *spec = &training->setup.env->spec;
    return (size_t)spec->frame_height * (size_t)spec->frame_width;
}

/* ---- life ---- */

static bool take_players(Training *training, Error *error)
{
    const TrainSetup *setup = &training->setup;
    const EnvSpec *spec = &setup->env->spec;
    const int history = setup->config.history;
    Random init = random_stream(setup->seed, "init");
    training->learner = learner_create(&setup->config, spec->frame_height, spec->frame_width,
                                       spec->actions, setup->backend, setup->team, &init, error);
    if (training->learner == NULL)
        return false;
    Network *network = learner_network(training->learner);
    training->replay =
        replay_create(setup->config.replay_steps, frame_bytes(training), history, error);
    if (training->replay == NULL)
        return false;
    training->agent = agent_create(network, history, frame_bytes(training), spec->actions, error);
    training->eval_agent =
        agent_create(network, history, frame_bytes(training), spec->actions, error);
    return training->agent != NULL && training->eval_agent != NULL;
}

static bool take_arrays(Training *training, Error *error)
{
    const size_t planes =
        (size_t)training->setup.config.heldout_states * (size_t)training->setup.config.history;
    training->scores = calloc(EVALUATION_GAMES_MAX, sizeof *training->scores);
    training->env_state = calloc(1, env_state_bytes(training->setup.env));
    training->heldout = calloc(planes + 1, sizeof *training->heldout);
    training->heldout_frames = calloc(planes + 1, frame_bytes(training));
    training->values = calloc((size_t)training->setup.env->spec.actions, sizeof(float));
    if (training->scores && training->env_state && training->heldout && training->heldout_frames &&
        training->values)
        return true;
    return error_work(error, "no memory for %d held-out states",
                      training->setup.config.heldout_states);
}

static void keep_heldout_state(Training *training, const Agent *agent, int index)
{
    const int history = training->setup.config.history;
    for (int k = 0; k < history; k++) {
        const uint8_t *plane = agent_state(agent)[k];
        const int at = index * history + k;
        uint8_t *copy = training->heldout_frames + (size_t)at * frame_bytes(training);
        training->heldout[at] = plane == NULL ? NULL : copy;
        if (plane != NULL)
            memcpy(copy, plane, frame_bytes(training));
    }
}

/* Random play in the evaluation's environment; every so many steps a state is kept. */
static void collect_heldout(Training *training)
{
    enum { STEPS_BETWEEN = 8 };
    Env *env = training->setup.eval_env;
    Agent *agent = training->eval_agent;
    Random random = random_stream(training->setup.seed, "heldout");
    EnvStep step = {.game_over = true};
    for (int kept = 0, steps = 0; kept < training->setup.config.heldout_states; steps++) {
        if (step.game_over || step.time_over) {
            env_reset(env);
            agent_begin(agent, env_frame(env));
        }
        int actions[ENV_PLAYERS_MAX] = {agent_act(agent, 1.0, &random)};
        env_step(env, actions, &step);
        agent_see(agent, env_frame(env));
        if (steps % STEPS_BETWEEN == STEPS_BETWEEN - 1)
            keep_heldout_state(training, agent, kept++);
    }
}

Training *training_create(const TrainSetup *setup, Error *error)
{
    Training *training = calloc(1, sizeof *training);
    if (training == NULL) {
        error_work(error, "no memory for a run");
        return NULL;
    }
    training->setup = *setup;
    training->explore = random_stream(setup->seed, "explore");
    training->sample = random_stream(setup->seed, "replay");
    training->evaluate = random_stream(setup->seed, "evaluate");
    training->last_loss = training->last_mean_q = NAN;
    if (!take_players(training, error) || !take_arrays(training, error)) {
        training_destroy(training);
        return NULL;
    }
    collect_heldout(training);
    return training;
}

void training_destroy(Training *training)
{
    if (training == NULL)
        return;
    learner_destroy(training->learner);
    replay_destroy(training->replay);
    agent_destroy(training->agent);
    agent_destroy(training->eval_agent);
    free(training->heldout);
    free(training->heldout_frames);
    free(training->values);
    free(training->scores);
    free(training->env_state);
    free(training);
}

/* ---- playing and learning ---- */

static double epsilon_now(const Training *training)
{
    const DqnConfig *config = &training->setup.config;
    return schedule_linear(config->epsilon_start, config->epsilon_end, config->learn_start_steps,
                           config->epsilon_steps, training->steps);
}

static void begin_game(Training *training)
{
    Env *env = training->setup.env;
    env_reset(env);
    replay_begin(training->replay, env_frame(env));
    agent_begin(training->agent, env_frame(env));
    training->game_frames = training->game_steps = 0;
    training->game_score = 0;
}

static float learnt_reward(const DqnConfig *config, double reward)
{
    if (config->clip_rewards)
        return reward > 0 ? 1 : reward < 0 ? -1 : 0;
    return (float)reward;
}

/* Remember what the step brought. A lost life that counts as an end begins a new stack. */
static void remember(Training *training, int action, const EnvStep *step)
{
    const DqnConfig *config = &training->setup.config;
    const uint8_t *frame = env_frame(training->setup.env);
    const bool ended = step->game_over || (config->life_loss_ends && step->life_lost);
    const ReplayEnd end = ended ? REPLAY_ENDED : step->time_over ? REPLAY_CUT : REPLAY_GOES_ON;
    replay_add(training->replay, action, learnt_reward(config, step->reward[0]), end, frame);
    if (ended)
        agent_begin(training->agent, frame);
    else
        agent_see(training->agent, frame);
}

static void play_step(Training *training, EnvStep *step)
{
    int actions[ENV_PLAYERS_MAX] = {
        agent_act(training->agent, epsilon_now(training), &training->explore),
    };
    env_step(training->setup.env, actions, step);
    remember(training, actions[0], step);
    training->steps++;
    training->frames += step->frames;
    training->game_steps++;
    training->game_frames += step->frames;
    training->game_score += step->reward[0];
}

static void mean_add(Mean *mean, double *running, double value)
{
    const double weight = 0.01; /* of the newest in a running mean */
    mean->sum += value;
    mean->count++;
    *running = isnan(*running) ? value : *running + weight * (value - *running);
}

static bool learn(Training *training, Error *error)
{
    const DqnConfig *config = &training->setup.config;
    if (training->steps >= config->learn_start_steps &&
        training->steps % config->update_every_steps == 0) {
        LearnerStep step;
        if (!learner_update(training->learner, training->replay, &training->sample, &step, error))
            return false;
        training->updates++;
        mean_add(&training->loss, &training->last_loss, step.loss);
        mean_add(&training->mean_q, &training->last_mean_q, step.mean_q);
    }
    if (config->target_every_steps > 0 && training->steps % config->target_every_steps == 0)
        learner_copy_target(training->learner);
    return true;
}

/* ---- telling ---- */

static double recent_score(const Training *training)
{
    const int64_t games =
        training->episodes < TRAIN_RECENT_GAMES ? training->episodes : TRAIN_RECENT_GAMES;
    double sum = 0;
    for (int64_t i = 0; i < games; i++)
        sum += training->recent[i];
    return games == 0 ? NAN : sum / (double)games;
}

TrainProgress training_progress(const Training *training)
{
    return (TrainProgress){
        .frames = training->frames,
        .steps = training->steps,
        .updates = training->updates,
        .episodes = training->episodes,
        .recent_score = recent_score(training),
        .epsilon = epsilon_now(training),
        .loss = training->last_loss,
        .mean_q = training->last_mean_q,
    };
}

static bool end_game(Training *training, const TrainObserver *observer)
{
    training->recent[training->episodes % TRAIN_RECENT_GAMES] = training->game_score;
    training->episodes++;
    const TrainEpisode episode = {
        .episode = training->episodes,
        .frames = training->game_frames,
        .steps = training->game_steps,
        .frames_so_far = training->frames,
        .score = training->game_score,
    };
    begin_game(training);
    return observer->episode == NULL || observer->episode(observer->context, &episode);
}

/* Mean over the held-out states of max_a Q(s, a). */
static double heldout_q(Training *training)
{
    const DqnConfig *config = &training->setup.config;
    const int actions = training->setup.env->spec.actions;
    const float *values = training->values;
    double sum = 0;
    for (int i = 0; i < config->heldout_states; i++) {
        network_forward(learner_network(training->learner),
                        &(NnInput){.planes = training->heldout + i * config->history}, 1,
                        training->values);
        float best = values[0];
        for (int action = 1; action < actions; action++)
            best = values[action] > best ? values[action] : best;
        sum += best;
    }
    return config->heldout_states == 0 ? NAN : sum / config->heldout_states;
}

static double mean_of(const Mean *mean)
{
    return mean->count == 0 ? NAN : mean->sum / (double)mean->count;
}

/* Every so many steps, and at the end of the run unless an epoch has only just ended. */
static bool is_epoch_end(const Training *training)
{
    const DqnConfig *config = &training->setup.config;
    const int64_t since = training->steps - training->epoch_step;
    if (training->frames >= config->train_frames)
        return training->epochs == 0 || since > config->epoch_steps / 10;
    return since >= config->epoch_steps;
}

static bool end_epoch(Training *training, const TrainObserver *observer)
{
    const DqnConfig *config = &training->setup.config;
    TrainEpoch epoch = {
        .epoch = ++training->epochs,
        .progress = training_progress(training),
        .heldout_q = heldout_q(training),
    };
    training->epoch_step = training->steps;
    epoch.progress.loss = mean_of(&training->loss);
    epoch.progress.mean_q = mean_of(&training->mean_q);
    training->loss = training->mean_q = (Mean){0};
    if (config->eval_steps > 0) {
        const EvaluationPlan plan = {.steps = config->eval_steps, .epsilon = config->eval_epsilon};
        epoch.evaluation = evaluate(training->setup.eval_env, training->eval_agent, &plan,
                                    &training->evaluate, training->scores);
        epoch.best = !training->evaluated || epoch.evaluation.mean >= training->best_mean;
        training->evaluated = true;
        if (epoch.best)
            training->best_mean = epoch.evaluation.mean;
    }
    return observer->epoch == NULL || observer->epoch(observer->context, &epoch);
}

/* Whoever listens is told what has just ended. Returns false if somebody wants the run to stop. */
static bool tell(Training *training, const TrainObserver *observer, const EnvStep *step)
{
    bool go_on = true;
    if (step->game_over || step->time_over)
        go_on = end_game(training, observer);
    if (is_epoch_end(training))
        go_on = end_epoch(training, observer) && go_on;
    if (observer->progress != NULL && training->steps % observer->progress_steps == 0) {
        const TrainProgress progress = training_progress(training);
        go_on = observer->progress(observer->context, &progress) && go_on;
    }
    return go_on;
}

TrainEnd training_run(Training *training, const TrainObserver *observer, Error *error)
{
    assert(observer->progress == NULL || observer->progress_steps > 0);
    if (!training->begun)
        begin_game(training);
    training->begun = true;
    while (training->frames < training->setup.config.train_frames) {
        EnvStep step;
        play_step(training, &step);
        if (!learn(training, error))
            return TRAIN_FAILED;
        if (!tell(training, observer, &step))
            return TRAIN_STOPPED;
    }
    return TRAIN_DONE;
}

Network *training_network(Training *training)
{
    return learner_network(training->learner);
}

/* ---- saving ---- */

Replay *training_replay(Training *training)
{
    return training->replay;
}

size_t training_frame_bytes(const Training *training)
{
    return frame_bytes(training);
}

static void walk_env(Training *training, Env *env, const char *name, State *state)
{
    env_save(env, training->env_state);
    state_field(state, name, training->env_state, env_state_bytes(env));
    if (state_loaded(state))
        env_load(env, training->env_state);
}

static void walk_counters(Training *training, State *state)
{
    STATE_FIELD(state, "frames", training->frames);
    STATE_FIELD(state, "steps", training->steps);
    STATE_FIELD(state, "updates", training->updates);
    STATE_FIELD(state, "episodes", training->episodes);
    STATE_FIELD(state, "epochs", training->epochs);
    STATE_FIELD(state, "epoch step", training->epoch_step);
    STATE_FIELD(state, "game frames", training->game_frames);
    STATE_FIELD(state, "game steps", training->game_steps);
    STATE_FIELD(state, "game score", training->game_score);
    STATE_FIELD(state, "recent scores", training->recent);
    STATE_FIELD(state, "epoch loss", training->loss);
    STATE_FIELD(state, "epoch mean q", training->mean_q);
    STATE_FIELD(state, "last loss", training->last_loss);
    STATE_FIELD(state, "last mean q", training->last_mean_q);
    STATE_FIELD(state, "best mean", training->best_mean);
    STATE_FIELD(state, "evaluated", training->evaluated);
    STATE_FIELD(state, "begun", training->begun);
}

/* The held-out states are not in it: they follow from the seed. */
void training_walk(Training *training, State *state)
{
    walk_counters(training, state);
    STATE_FIELD(state, "stream explore", training->explore);
    STATE_FIELD(state, "stream replay", training->sample);
    STATE_FIELD(state, "stream evaluate", training->evaluate);
    walk_env(training, training->setup.env, "environment", state);
    walk_env(training, training->setup.eval_env, "evaluation environment", state);
    agent_walk(training->agent, state);
    learner_walk(training->learner, state);
    replay_walk(training->replay, state);
}

uint64_t training_digest(Training *training)
{
    State state;
    state_begin_digest(&state);
    training_walk(training, &state);
    return state_digest(&state);
}
