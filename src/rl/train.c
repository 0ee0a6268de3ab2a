#include "rl/train.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rl/heldout.h"
#include "rl/player.h"
#include "rl/schedule.h"
#include "rl/updates.h"

typedef struct {
    double sum;
    int64_t count;
} Mean;

struct Training {
    TrainSetup setup;
    Learner *learner;
    Replay *replay;
    Updates *updates;
    Network *reader; /* the player's: the learner's parameters, in passes of its own */
    Player *player;
    Agent *eval_agent; /* plays in eval_env */
    Random sample, evaluate;
    int sweeps; /* of a stretch */

    /* counters */
    int64_t frames, steps, updates_done, episodes, epochs;
    int64_t epoch_step;  /* when the last epoch ended */
    int64_t told_step;   /* when the observer was last told */
    TrainEpisode *game;  /* of each environment: the one that is being played */
    TrainEpisode *ended; /* in the stretch that was remembered last */
    int ended_count;
    double recent[TRAIN_RECENT_GAMES]; /* scores, a ring by episode */
    Mean loss, mean_q;                 /* since the epoch began */
    double last_loss, last_mean_q;     /* running means */
    double best_mean;
    bool evaluated;
    bool begun;

    Heldout *heldout;
    double *scores;
    uint8_t *env_state; /* for training_walk */
};

static size_t frame_bytes(const Training *training)
{
    const EnvSpec *spec = &training->setup.envs[0]->spec;
    return (size_t)spec->frame_height * (size_t)spec->frame_width;
}

/* ---- life ---- */

static bool take_learner(Training *training, Error *error)
{
    const TrainSetup *setup = &training->setup;
    const DqnConfig *config = &setup->config;
    const EnvSpec *spec = &setup->envs[0]->spec;
    Random init = random_stream(setup->seed, "init");
    training->learner = learner_create(config, spec->frame_height, spec->frame_width, spec->actions,
                                       setup->backend, setup->team, &init, error);
    if (training->learner == NULL)
        return false;
    const ReplaySetup memory = updates_memory(config, frame_bytes(training));
    training->replay = replay_create(&memory, error);
    if (training->replay == NULL)
        return false;
    training->updates =
        updates_create(&(UpdatesSetup){config, training->learner, training->replay}, error);
    return training->updates != NULL;
}

/* In strict order one; else as many as it takes until an update is due. */
static int sweeps_of_stretch(const DqnConfig *config)
{
    if (config->acting_lag_updates == 0)
        return 1;
    return (config->update_every_steps + config->envs - 1) / config->envs;
}

/* A player beside the learner has one thread, and cannot use the team that the learner uses. */
static bool take_players(Training *training, Error *error)
{
    const TrainSetup *setup = &training->setup;
    const DqnConfig *config = &setup->config;
    Network *network = learner_network(training->learner);
    Parallel *team = config->acting_lag_updates > 0 ? NULL : setup->team;
    training->reader = network_create_reader(network, config->envs, team, error);
    if (training->reader == NULL)
        return false;
    training->sweeps = sweeps_of_stretch(config);
    training->player =
        player_create(&(PlayerSetup){.config = &training->setup.config,
                                     .envs = setup->envs,
                                     .network = training->reader,
                                     .sweeps_max = training->sweeps,
                                     .team = team,
                                     .explore = random_stream(setup->seed, "explore")},
                      error);
    const Head head = head_of(config, setup->envs[0]->spec.actions);
    training->eval_agent =
        agent_create(network, &head, config->history, frame_bytes(training), error);
    return training->player != NULL && training->eval_agent != NULL;
}

static bool take_arrays(Training *training, Error *error)
{
    const DqnConfig *config = &training->setup.config;
    training->scores = calloc(EVALUATION_GAMES_MAX, sizeof *training->scores);
    training->game = calloc((size_t)config->envs, sizeof *training->game);
    training->ended = calloc((size_t)(config->envs * training->sweeps), sizeof *training->ended);
    training->env_state = calloc(1, env_state_bytes(training->setup.eval_env));
    return (training->env_state && training->scores && training->game && training->ended) ||
           error_work(error, "no memory for %d games", config->envs);
}

static bool take_heldout(Training *training, Error *error)
{
    const DqnConfig *config = &training->setup.config;
    const HeldoutSetup setup = {training->setup.eval_env, config->heldout_states, config->history,
                                training->setup.seed};
    training->heldout = heldout_create(&setup, training->eval_agent, error);
    return training->heldout != NULL;
}

Training *training_create(const TrainSetup *setup, Error *error)
{
    Training *training = calloc(1, sizeof *training);
    if (training == NULL) {
        error_work(error, "no memory for a run");
        return NULL;
    }
    training->setup = *setup;
    training->sample = random_stream(setup->seed, "replay");
    training->evaluate = random_stream(setup->seed, "evaluate");
    training->last_loss = training->last_mean_q = NAN;
    if (!take_learner(training, error) || !take_players(training, error) ||
        !take_arrays(training, error) || !take_heldout(training, error)) {
        training_destroy(training);
        return NULL;
    }
    return training;
}

void training_destroy(Training *training)
{
    if (training == NULL)
        return;
    player_destroy(training->player);
    network_destroy(training->reader);
    updates_destroy(training->updates);
    learner_destroy(training->learner);
    replay_destroy(training->replay);
    agent_destroy(training->eval_agent);
    heldout_destroy(training->heldout);
    free(training->scores);
    free(training->env_state);
    free(training->game);
    free(training->ended);
    free(training);
}

/* ---- playing ---- */

static void play(void *context)
{
    Training *training = context;
    player_play(training->player, training->sweeps);
}

static void start_playing(Training *training)
{
    Parallel *team = training->setup.team;
    if (team != NULL)
        parallel_start(team, play, training);
    else
        play(training);
}

static void finish_playing(Training *training)
{
    if (training->setup.team != NULL)
        parallel_finish(training->setup.team);
}

static bool begin(Training *training, Error *error)
{
    player_begin(training->player);
    for (int env = 0; env < training->setup.config.envs; env++)
        if (!replay_begin(training->replay, env, player_frame(training->player, env), error))
            return false;
    training->begun = true;
    return true;
}

/* ---- remembering ---- */

static float learnt_reward(const DqnConfig *config, double reward)
{
    if (config->clip_rewards)
        return reward > 0 ? 1 : reward < 0 ? -1 : 0;
    return (float)reward;
}

static void end_game(Training *training, TrainEpisode *game)
{
    training->recent[training->episodes % TRAIN_RECENT_GAMES] = game->score;
    game->episode = ++training->episodes;
    game->frames_so_far = training->frames;
    training->ended[training->ended_count++] = *game;
    *game = (TrainEpisode){0};
}

static void count_step(Training *training, const PlayedStep *step)
{
    TrainEpisode *game = &training->game[step->env];
    training->steps++;
    training->frames += step->happened.frames;
    game->steps++;
    game->frames += step->happened.frames;
    game->score += step->happened.reward[0];
    if (step->next_first != NULL)
        end_game(training, game);
}

static bool remember_step(Training *training, const PlayedStep *step, Error *error)
{
    const DqnConfig *config = &training->setup.config;
    const EnvStep *happened = &step->happened;
    const bool ended = happened->game_over || (config->life_loss_ends && happened->life_lost);
    const ReplayStep stored = {
        .action = step->action,
        .reward = learnt_reward(config, happened->reward[0]),
        .end = ended                 ? REPLAY_ENDED
               : happened->time_over ? REPLAY_CUT
                                     : REPLAY_GOES_ON,
    };
    return replay_add(training->replay, step->env, &stored, step->frame, error) &&
           (step->next_first == NULL ||
            replay_begin(training->replay, step->env, step->next_first, error));
}

static bool remember(Training *training, Error *error)
{
    Player *player = training->player;
    training->ended_count = 0;
    for (int i = 0; i < player_played(player); i++) {
        if (!remember_step(training, player_step(player, i), error))
            return false;
        count_step(training, player_step(player, i));
    }
    player_clear(player);
    return true;
}

/* ---- learning ---- */

static void mean_add(Mean *mean, double *running, double value)
{
    const double weight = 0.01; /* of the newest in a running mean */
    mean->sum += value;
    mean->count++;
    *running = isnan(*running) ? value : *running + weight * (value - *running);
}

/* What is played meanwhile is played by the weights of before. */
static void weights_change(void *context)
{
    finish_playing(context);
}

static void update_done(void *context, const LearnerStep *step)
{
    Training *training = context;
    training->updates_done++;
    mean_add(&training->loss, &training->last_loss, step->loss);
    mean_add(&training->mean_q, &training->last_mean_q, step->mean_q);
}

/* What the steps after `before` call for. */
static bool learn(Training *training, int64_t before, Error *error)
{
    const double frames = (double)training->setup.config.train_frames;
    const UpdatesDue due = {
        .before = before,
        .now = training->steps,
        .progress = fmin(1, (double)training->frames / frames),
        .random = &training->sample,
        .context = training,
        .change = weights_change,
        .done = update_done,
    };
    const bool learnt = updates_make(training->updates, &due, error);
    finish_playing(training);
    return learnt;
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
        .updates = training->updates_done,
        .episodes = training->episodes,
        .recent_score = recent_score(training),
        .epsilon = player_epsilon(training->player),
        .loss = training->last_loss,
        .mean_q = training->last_mean_q,
    };
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
    Network *network = learner_network(training->learner);
    network_draw_noise(network, NULL);
    TrainEpoch epoch = {
        .epoch = ++training->epochs,
        .progress = training_progress(training),
        .heldout = heldout_look(training->heldout, training->eval_agent, network),
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

static bool is_progress_due(Training *training, const TrainObserver *observer)
{
    if (observer->progress == NULL ||
        schedule_due(training->told_step, training->steps, observer->progress_steps) == 0)
        return false;
    training->told_step = training->steps;
    return true;
}

/* Whoever listens is told what has just ended. Returns false if somebody wants the run to stop. */
static bool tell(Training *training, const TrainObserver *observer)
{
    bool go_on = true;
    for (int i = 0; observer->episode != NULL && i < training->ended_count; i++)
        go_on = observer->episode(observer->context, &training->ended[i]) && go_on;
    if (is_epoch_end(training))
        go_on = end_epoch(training, observer) && go_on;
    if (is_progress_due(training, observer)) {
        const TrainProgress progress = training_progress(training);
        go_on = observer->progress(observer->context, &progress) && go_on;
    }
    return go_on;
}

static bool is_over(const Training *training)
{
    return training->frames >= training->setup.config.train_frames;
}

TrainEnd training_run(Training *training, const TrainObserver *observer, Error *error)
{
    const bool lags = training->setup.config.acting_lag_updates > 0;
    assert(observer->progress == NULL || observer->progress_steps > 0);
    if (!training->begun && !begin(training, error))
        return TRAIN_FAILED;
    while (!is_over(training)) {
        const int64_t before = training->steps;
        if (player_played(training->player) == 0)
            play(training);
        if (!remember(training, error))
            return TRAIN_FAILED;
        if (lags && !is_over(training))
            start_playing(training);
        if (!learn(training, before, error))
            return TRAIN_FAILED;
        if (!tell(training, observer))
            return TRAIN_STOPPED;
    }
    return TRAIN_DONE;
}

Network *training_network(Training *training)
{
    return learner_network(training->learner);
}

void training_take_weights(Training *training)
{
    learner_copy_target(training->learner);
}

/* ---- saving ---- */

Replay *training_replay(Training *training)
{
    return training->replay;
}

static void walk_counters(Training *training, State *state)
{
    STATE_FIELD(state, "frames", training->frames);
    STATE_FIELD(state, "steps", training->steps);
    STATE_FIELD(state, "updates", training->updates_done);
    STATE_FIELD(state, "episodes", training->episodes);
    STATE_FIELD(state, "epochs", training->epochs);
    STATE_FIELD(state, "epoch step", training->epoch_step);
    STATE_FIELD(state, "recent scores", training->recent);
    STATE_FIELD(state, "epoch loss", training->loss);
    STATE_FIELD(state, "epoch mean q", training->mean_q);
    STATE_FIELD(state, "last loss", training->last_loss);
    STATE_FIELD(state, "last mean q", training->last_mean_q);
    STATE_FIELD(state, "best mean", training->best_mean);
    STATE_FIELD(state, "evaluated", training->evaluated);
    STATE_FIELD(state, "begun", training->begun);
    for (int env = 0; env < training->setup.config.envs; env++) {
        STATE_FIELD(state, "game frames", training->game[env].frames);
        STATE_FIELD(state, "game steps", training->game[env].steps);
        STATE_FIELD(state, "game score", training->game[env].score);
    }
}

/* The held-out states are not in it: they follow from the seed. Nor is when the observer was told:
 * nothing that is computed depends on it. */
void training_walk(Training *training, State *state)
{
    walk_counters(training, state);
    STATE_FIELD(state, "stream replay", training->sample);
    STATE_FIELD(state, "stream evaluate", training->evaluate);
    env_walk(training->setup.eval_env, "evaluation environment", training->env_state, state);
    player_walk(training->player, state);
    learner_walk(training->learner, state);
    replay_walk(training->replay, state);
    if (state_loaded(state))
        training->told_step = training->steps;
}

uint64_t training_digest(Training *training)
{
    State state;
    state_begin_digest(&state);
    training_walk(training, &state);
    return state_digest(&state);
}
