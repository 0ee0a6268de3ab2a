/*
 * player.h - an agent that was trained before, in front of its game: what eval, record and play
 * need.
 */
#ifndef DEEPQ_CLI_PLAYER_H
#define DEEPQ_CLI_PLAYER_H

#include "cli/problem.h"
#include "rl/agent.h"
#include "run/protocol.h"
#include "run/run.h"

typedef struct {
    RunConfig config;
    Problem problem;
    Env *env;
    Parallel *team;
    Network *network;
    Agent *agent;
    Agent *random_agent; /* acts at random in the same environment */
} Player;

/* Open the run at `path`: its configuration, its game (its cartridge where it was, else as
 * `request` says; of the type that `request` says, else of the run's), a new environment seeded
 * with `seed`, its weights. Whatever happens, player_close is due afterwards. */
bool player_open(Player *player, const char *path, RunWeights weights,
                 const CartridgeRequest *request, uint64_t seed, Error *error);

/* The same, to be counted by a protocol: ERROR_INPUT if it does not fit the game. */
bool player_open_protocol(Player *player, const char *path, RunWeights weights,
                          const CartridgeRequest *request, const Protocol *protocol, uint64_t seed,
                          Error *error);

/* Whether a game can be played by a protocol; NULL: always. ERROR_INPUT names both. */
bool player_protocol_fits(const Protocol *protocol, const char *game, Error *error);

/* The same for a game without a run: the environment as the preset `quick` has it, and an agent
 * that acts at random. `game`: as problem_find takes it. */
bool player_open_random(Player *player, const char *game, const CartridgeRequest *request,
                        uint64_t seed, Error *error);
void player_close(Player *player);

/* Whether a path looks like a run: a folder with a configuration in it. */
bool player_is_run(const char *path);

#endif
