/*
 * What the replay memory costs: bytes for each transition, time to put one in and to draw a
 * minibatch, packed and raw, on a game as random play shows it.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "cli/commands.h"
#include "cli/measure.h"
#include "cli/wiring.h"
#include "cli/worlds.h"
#include "rl/replay.h"

static const OptionsHelp help = {
    "bench replay",
    "[GAME|ROM]",
    "Fills a replay memory by random play, as the preset sees the game, and measures it packed "
    "and\n"
    "raw: bytes for each transition, microseconds to put one in, milliseconds to draw a minibatch\n"
    "(medians). --steps 1000000 fills it as the papers do.\n"
    "Without a game it is bricks.\n\n"
    "example: deepq bench replay bricks --steps 100000 --json\n",
};

enum { DRAWS = 400, STEPS_DEFAULT = 50000 };

typedef struct {
    Replay *replay;
    ReplayBatch batch;
    double add_seconds;
} Memory;

static bool memory_create(Memory *memory, const RunConfig *config, const Env *env, int64_t steps,
                          bool packed, Error *error)
{
    const ReplaySetup setup = {
        .capacity = steps,
        .frame_bytes = (size_t)env->spec.frame_height * (size_t)env->spec.frame_width,
        .history = config->dqn.history,
        .envs = 1,
        .packed = packed,
        .return_steps = config->dqn.return_steps,
        .gamma = config->dqn.gamma,
        .prioritised = config->dqn.prioritised,
    };
    memory->replay = replay_create(&setup, error);
    if (memory->replay == NULL)
        return false;
    return replay_batch_create(&memory->batch, memory->replay, config->dqn.minibatch, error);
}

static void memory_destroy(Memory *memory)
{
    replay_destroy(memory->replay);
    replay_batch_destroy(&memory->batch);
}

static bool add(Memory *memory, const Env *env, int action, const EnvStep *step, Error *error)
{
    const ReplayStep stored = {
        .action = action,
        .reward = (float)step->reward[0],
        .end = step->game_over   ? REPLAY_ENDED
               : step->time_over ? REPLAY_CUT
                                 : REPLAY_GOES_ON,
    };
    const double before = clock_seconds();
    const bool added = replay_add(memory->replay, 0, &stored, env_frame(env), error);
    memory->add_seconds += clock_seconds() - before;
    return added;
}

/* The same play into both. */
static bool fill(Memory memory[2], Env *env, int64_t steps, Random *random, Error *error)
{
    EnvStep step = {.game_over = true};
    for (int64_t i = 0; i < steps; i++) {
        const int action = (int)random_below(random, (uint32_t)env->spec.actions);
        if (step.game_over || step.time_over) {
            env_reset(env);
            for (int m = 0; m < 2; m++)
                if (!replay_begin(memory[m].replay, 0, env_frame(env), error))
                    return false;
        }
        env_step(env, &action, &step);
        for (int m = 0; m < 2; m++)
            if (!add(&memory[m], env, action, &step, error))
                return false;
    }
    return true;
}

static double median_sample_ms(Memory *memory, int minibatch, Parallel *team, Random *random)
{
    double ms[DRAWS];
    for (int i = 0; i < DRAWS; i++) {
        const double before = clock_seconds();
        replay_sample(memory->replay, random, minibatch, team, &memory->batch);
        ms[i] = 1e3 * (clock_seconds() - before);
    }
    return measure_median(ms, DRAWS);
}

static void print(const RunConfig *config, Memory memory[2], int64_t steps, Parallel *team,
                  Random *random, bool json)
{
    const double count = (double)steps, packed_bytes = (double)replay_bytes(memory[1].replay),
                 raw_bytes = (double)replay_bytes(memory[0].replay);
    const int minibatch = config->dqn.minibatch;
    const Measure measures[] = {
        {"game", 0, config->game},
        {"steps", count, NULL},
        {"threads", config->threads, NULL},
        {"packed_bytes", packed_bytes, NULL},
        {"raw_bytes", raw_bytes, NULL},
        {"packed_bytes_per_step", packed_bytes / count, NULL},
        {"raw_bytes_per_step", raw_bytes / count, NULL},
        {"packed_add_us", 1e6 * memory[1].add_seconds / count, NULL},
        {"raw_add_us", 1e6 * memory[0].add_seconds / count, NULL},
        {"packed_sample_ms", median_sample_ms(&memory[1], minibatch, team, random), NULL},
        {"raw_sample_ms", median_sample_ms(&memory[0], minibatch, team, random), NULL},
    };
    measure_print(measures, sizeof measures / sizeof measures[0], json);
}

static bool measure(const RunConfig *config, const Problem *problem, int64_t steps, bool json,
                    Error *error)
{
    Memory memory[2] = {{0}, {0}};
    Random random = random_stream(config->seed, "bench");
    Worlds worlds = {0};
    Parallel *team = parallel_create(config->threads, error);
    bool done = team != NULL && worlds_create(&worlds, problem, config, error);
    for (int m = 0; done && m < 2; m++)
        done = memory_create(&memory[m], config, worlds.envs[0], steps, m == 1, error);
    done = done && fill(memory, worlds.envs[0], steps, &random, error);
    if (done)
        print(config, memory, steps, team, &random, json);
    for (int m = 0; m < 2; m++)
        memory_destroy(&memory[m]);
    worlds_destroy(&worlds);
    parallel_destroy(team);
    return done;
}

int bench_replay(int argc, const char **argv)
{
    RunRequest request = {0};
    const char *steps_text = NULL;
    int64_t steps = STEPS_DEFAULT;
    int json = 0;
    struct poptOption table[] = {
        WIRING_OPTION_PRESET(request),
        WIRING_OPTION_SET(request),
        WIRING_OPTION_SEED(request),
        WIRING_OPTION_THREADS(request),
        PROBLEM_OPTION_ROMS(request.cartridge),
        PROBLEM_OPTION_TYPE(request.cartridge),
        {"steps", 0, POPT_ARG_STRING, &steps_text, 0, "to fill it with (default 50000)", "N"},
        {"json", 0, POPT_ARG_NONE, &json, 0, "print one JSON object", NULL},
        POPT_TABLEEND,
    };
    Options options;
    RunConfig config;
    Problem problem = {0};
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    if (!options_count(&steps, steps_text, "steps", 1, 100000000, &error) ||
        !problem_find(&problem, measure_game(options.argument[0]), &request.cartridge, &error) ||
        !wiring_config(&config, &request, problem.name, &error) ||
        !measure(&config, &problem, steps, json, &error))
        status = options_fail(&error);
    problem_free(&problem);
    options_free(&options);
    return status;
}
