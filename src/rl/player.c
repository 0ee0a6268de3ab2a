#include "rl/player.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rl/agent.h"
#include "rl/schedule.h"

struct Player {
    PlayerSetup setup;
    size_t frame_bytes;
    int64_t steps; /* played in all */
    int played;    /* of the stretch */
    PlayedStep *step;
    uint8_t *frames; /* two for each step of a stretch */
    Agent **agent;   /* one for each environment */
    Head head;
    int *action;  /* of a sweep */
    int *chooser; /* environments whose action the network chooses */
    const uint8_t **planes;
    float *outputs;     /* of those environments */
    float *x;           /* room for what the head combines */
    uint8_t *env_state; /* for player_walk */
};

/* ---- life ---- */

static bool take_agents(Player *player, Error *error)
{
    const DqnConfig *config = player->setup.config;
    for (int env = 0; env < config->envs; env++) {
        player->agent[env] = agent_create(player->setup.network, &player->head, config->history,
                                          player->frame_bytes, error);
        if (player->agent[env] == NULL)
            return false;
    }
    return true;
}

static bool take_arrays(Player *player, Error *error)
{
    const DqnConfig *config = player->setup.config;
    const size_t envs = (size_t)config->envs;
    const size_t steps = envs * (size_t)player->setup.sweeps_max;
    player->step = calloc(steps, sizeof *player->step);
    player->frames = calloc(2 * steps, player->frame_bytes);
    player->agent = calloc(envs, sizeof *player->agent);
    player->action = calloc(2 * envs, sizeof *player->action);
    player->planes = calloc(envs * (size_t)config->history, sizeof *player->planes);
    player->outputs = calloc(envs * (size_t)head_outputs(&player->head), sizeof(float));
    player->x = calloc((size_t)(player->head.actions * player->head.atoms), sizeof(float));
    player->env_state = calloc(1, env_state_bytes(player->setup.envs[0]));
    if (!player->step || !player->frames || !player->agent || !player->action || !player->planes ||
        !player->outputs || !player->x || !player->env_state)
        return error_work(error, "no memory to play in %d environments", config->envs);
    player->chooser = player->action + envs;
    return take_agents(player, error);
}

Player *player_create(const PlayerSetup *setup, Error *error)
{
    assert(setup->config->envs > 0 && setup->sweeps_max > 0);
    const EnvSpec *spec = &setup->envs[0]->spec;
    Player *player = calloc(1, sizeof *player);
    if (player == NULL) {
        error_work(error, "no memory for a player");
        return NULL;
    }
    player->setup = *setup;
    player->head = head_of(setup->config, spec->actions);
    player->frame_bytes = (size_t)spec->frame_height * (size_t)spec->frame_width;
    if (take_arrays(player, error))
        return player;
    player_destroy(player);
    return NULL;
}

void player_destroy(Player *player)
{
    if (player == NULL)
        return;
    for (int env = 0; player->agent != NULL && env < player->setup.config->envs; env++)
        agent_destroy(player->agent[env]);
    free(player->step);
    free(player->frames);
    free(player->agent);
    free(player->action);
    free(player->planes);
    free(player->outputs);
    free(player->x);
    free(player->env_state);
    free(player);
}

/* ---- playing ---- */

static void begin_episode(Player *player, int env)
{
    env_reset(player->setup.envs[env]);
    agent_begin(player->agent[env], env_frame(player->setup.envs[env]));
}

void player_begin(Player *player)
{
    for (int env = 0; env < player->setup.config->envs; env++)
        begin_episode(player, env);
}

const uint8_t *player_frame(const Player *player, int env)
{
    return env_frame(player->setup.envs[env]);
}

double player_epsilon(const Player *player)
{
    const DqnConfig *config = player->setup.config;
    if (config->noisy)
        return 0;
    return schedule_linear(config->epsilon_start, config->epsilon_end, config->learn_start_steps,
                           config->epsilon_steps, player->steps);
}

static int best_action(Player *player, int chooser)
{
    const Head *head = &player->head;
    float q[DQN_ACTIONS_MAX];
    head_output_values(head, player->outputs + chooser * head_outputs(head), player->x, q);
    return agent_best(q, head->actions);
}

static void choose_actions(Player *player)
{
    const int history = player->setup.config->history;
    const int actions = player->setup.envs[0]->spec.actions;
    const double epsilon = player_epsilon(player);
    int choosers = 0;
    for (int env = 0; env < player->setup.config->envs; env++) {
        player->action[env] = agent_explore(epsilon, actions, &player->setup.explore);
        if (player->action[env] != AGENT_CHOOSES)
            continue;
        memcpy(player->planes + choosers * history, agent_state(player->agent[env]),
               (size_t)history * sizeof *player->planes);
        player->chooser[choosers++] = env;
    }
    network_draw_noise(player->setup.network, &player->setup.explore);
    if (choosers > 0)
        network_forward(player->setup.network, &(NnInput){.planes = player->planes}, choosers,
                        player->outputs);
    for (int i = 0; i < choosers; i++)
        player->action[player->chooser[i]] = best_action(player, i);
}

static const uint8_t *keep_frame(Player *player, int which, const uint8_t *frame)
{
    uint8_t *kept = player->frames + (size_t)which * player->frame_bytes;
    return memcpy(kept, frame, player->frame_bytes);
}

/* An environment's step of the sweep that is being played. */
static void step_env(void *context, int env)
{
    Player *player = context;
    Env *world = player->setup.envs[env];
    const int which = player->played + env;
    PlayedStep *step = &player->step[which];
    const int actions[ENV_PLAYERS_MAX] = {player->action[env]};
    *step = (PlayedStep){.env = env, .action = actions[0]};
    env_step(world, actions, &step->happened);
    step->frame = keep_frame(player, 2 * which, env_frame(world));
    if (step->happened.game_over || step->happened.time_over) {
        begin_episode(player, env);
        step->next_first = keep_frame(player, 2 * which + 1, env_frame(world));
    } else if (step->happened.life_lost && player->setup.config->life_loss_ends) {
        agent_begin(player->agent[env], env_frame(world));
    } else {
        agent_see(player->agent[env], env_frame(world));
    }
}

static void step_envs(Player *player)
{
    const int envs = player->setup.config->envs;
    if (player->setup.team != NULL && envs > 1)
        parallel_run(player->setup.team, envs, step_env, player);
    else
        for (int env = 0; env < envs; env++)
            step_env(player, env);
    player->played += envs;
    player->steps += envs;
}

void player_play(Player *player, int sweeps)
{
    assert(player->played == 0 && sweeps <= player->setup.sweeps_max);
    for (int sweep = 0; sweep < sweeps; sweep++) {
        choose_actions(player);
        step_envs(player);
    }
}

int player_played(const Player *player)
{
    return player->played;
}

const PlayedStep *player_step(const Player *player, int index)
{
    return &player->step[index];
}

void player_clear(Player *player)
{
    player->played = 0;
}

/* ---- saving ---- */

static void walk_step(Player *player, int index, State *state)
{
    PlayedStep *step = &player->step[index];
    EnvStep *happened = &step->happened;
    uint8_t *frame = player->frames + (size_t)(2 * index) * player->frame_bytes;
    uint8_t *next_first = frame + player->frame_bytes;
    bool has_next = step->next_first != NULL;
    STATE_FIELD(state, "played environment", step->env);
    STATE_FIELD(state, "played action", step->action);
    STATE_FIELD(state, "played reward", happened->reward);
    STATE_FIELD(state, "played frames", happened->frames);
    STATE_FIELD(state, "played lives", happened->lives);
    STATE_FIELD(state, "played life lost", happened->life_lost);
    STATE_FIELD(state, "played game over", happened->game_over);
    STATE_FIELD(state, "played time over", happened->time_over);
    state_field(state, "played frame", frame, player->frame_bytes);
    STATE_FIELD(state, "played to the end", has_next);
    if (has_next)
        state_field(state, "played first frame", next_first, player->frame_bytes);
    step->frame = frame;
    step->next_first = has_next ? next_first : NULL;
}

void player_walk(Player *player, State *state)
{
    int played = player->played;
    for (int env = 0; env < player->setup.config->envs; env++) {
        env_walk(player->setup.envs[env], "environment", player->env_state, state);
        agent_walk(player->agent[env], state);
    }
    STATE_FIELD(state, "stream explore", player->setup.explore);
    STATE_FIELD(state, "steps played", player->steps);
    STATE_FIELD(state, "steps not remembered", played);
    if (played < 0 || played > player->setup.config->envs * player->setup.sweeps_max) {
        state_fail(state, "more steps are waiting than a stretch has");
        return;
    }
    for (int i = 0; i < played; i++)
        walk_step(player, i, state);
    player->played = played;
}
