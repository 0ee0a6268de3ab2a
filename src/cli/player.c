#include "cli/player.h"

#include <stdio.h>

#include "base/file.h"
#include "nn/weights.h"
#include "rl/learner.h"

static bool load_network(Player *player, const char *path, RunWeights weights, Error *error)
{
    const EnvSpec *spec = &player->env->spec;
    const DqnConfig *dqn = &player->config.dqn;
    const NnShape input = {dqn->history, spec->frame_height, spec->frame_width};
    char file[CSV_PATH_BYTES];
    NnSpec layers;
    if (!learner_network_spec(&layers, dqn, input, spec->actions, error))
        return false;
    player->network =
        network_create(&layers, 1, config_backend(&player->config), player->team, error);
    run_weights_path(file, path, weights);
    return player->network != NULL && weights_load(player->network, file, error);
}

static bool take_agents(Player *player, Error *error)
{
    const EnvSpec *spec = &player->env->spec;
    const size_t frame_bytes = (size_t)spec->frame_height * (size_t)spec->frame_width;
    const int history = player->config.dqn.history;
    const Head head = head_of(&player->config.dqn, spec->actions);
    player->agent = agent_create(player->network, &head, history, frame_bytes, error);
    player->random_agent = agent_create(NULL, &head, history, frame_bytes, error);
    return player->agent != NULL && player->random_agent != NULL;
}

bool player_protocol_fits(const Protocol *protocol, const char *game, Error *error)
{
    return protocol == NULL || game_by_name(game) != NULL ||
           error_input(error,
                       "protocol '%s' is for Atari's games: '%s' has neither no-ops nor frames to "
                       "stick",
                       protocol->name, game);
}

static bool take_protocol(Player *player, const Protocol *protocol, Error *error)
{
    if (!player_protocol_fits(protocol, player->config.game, error))
        return false;
    if (protocol != NULL)
        protocol_apply(protocol, &player->config);
    return true;
}

bool player_open(Player *player, const char *path, RunWeights weights,
                 const CartridgeRequest *request, uint64_t seed, Error *error)
{
    return player_open_protocol(player, path, weights, request, NULL, seed, error);
}

bool player_open_protocol(Player *player, const char *path, RunWeights weights,
                          const CartridgeRequest *request, const Protocol *protocol, uint64_t seed,
                          Error *error)
{
    *player = (Player){0};
    const RunConfig *config = &player->config;
    if (!run_load_config(&player->config, path, error))
        return false;
    CartridgeRequest as_then = *request;
    as_then.hint = config->rom;
    if (as_then.cartridge_type == NULL)
        as_then.cartridge_type = config->cartridge_type;
    if (!problem_find(&player->problem, config->game, &as_then, error) ||
        !take_protocol(player, protocol, error))
        return false;
    player->env = problem_env(&player->problem, &player->config.environment, seed, error);
    if (player->env == NULL)
        return false;
    player->team = parallel_create(1, error); /* one state at a time is too little to share */
    if (player->team == NULL || !load_network(player, path, weights, error))
        return false;
    return take_agents(player, error);
}

bool player_open_random(Player *player, const char *game, const CartridgeRequest *request,
                        uint64_t seed, Error *error)
{
    *player = (Player){0};
    if (!problem_find(&player->problem, game, request, error) ||
        !config_preset(&player->config, "quick", player->problem.name, error))
        return false;
    player->env = problem_env(&player->problem, &player->config.environment, seed, error);
    return player->env != NULL && take_agents(player, error);
}

bool player_is_run(const char *path)
{
    char file[CSV_PATH_BYTES];
    snprintf(file, sizeof file, "%s/config.ini", path);
    return file_exists(file);
}

void player_close(Player *player)
{
    agent_destroy(player->agent);
    agent_destroy(player->random_agent);
    network_destroy(player->network);
    parallel_destroy(player->team);
    env_destroy(player->env);
    problem_free(&player->problem);
}
