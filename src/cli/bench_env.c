/*
 * How many frames a second the environment alone makes, with random actions.
 *
 * One console is played by way of ale.h; many, or one with all that an agent sees, as a batch of
 * environments.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "cli/commands.h"
#include "cli/measure.h"
#include "cli/options.h"
#include "cli/problem.h"
#include "env/ale.h"
#include "env/atari_env.h"
#include "env/batch.h"

static const OptionsHelp help = {
    "bench env",
    "[GAME|ROM]",
    "Plays a game with random actions, each held for the frame skip, and counts emulator frames a\n"
    "second, of all environments together. --pixels says what is made of each skip: all frames\n"
    "drawn, the last2, those two and the 84x84 picture that agents see, or none. Without a game "
    "it\n"
    "is bricks.\n\n"
    "examples: deepq bench env tetris.bin --frames 20000 --frame-skip 1 --pixels all --json\n"
    "          deepq bench env bricks --frame-skip 4 --envs 8 --threads 2\n",
};

typedef enum { PIXELS_ALL, PIXELS_LAST2, PIXELS_84X84, PIXELS_NONE, PIXELS_KINDS } Pixels;

static const char *const pixels_name[PIXELS_KINDS] = {"all", "last2", "84x84", "none"};

typedef struct {
    int64_t frames, skip, envs, threads;
    Pixels pixels;
} Plan;

/* ---- one console ---- */

typedef struct {
    Ale ale;
    Screen screen;
    TiaMemory memory;
} Playing;

/* One held action. Returns the frames it took. */
static int64_t play_step(Playing *playing, Action action, const Plan *plan)
{
    int reward[2] = {0};
    if (plan->pixels == PIXELS_LAST2)
        return ale_hold(&playing->ale, action, ACTION_NOOP, (int)plan->skip, &playing->screen,
                        reward);
    int64_t frames = 0;
    for (; frames < plan->skip && !playing->ale.over; frames++)
        ale_act(&playing->ale, action, ACTION_NOOP,
                plan->pixels == PIXELS_ALL ? &playing->screen : NULL);
    return frames;
}

static double console_rate(Playing *playing, const Plan *plan)
{
    Ale *ale = &playing->ale;
    Random random = random_stream(1, "bench");
    const double begin = clock_seconds();
    for (int64_t played = 0; played < plan->frames;) {
        const uint32_t choice = random_below(&random, (uint32_t)ale->game->minimal_action_count);
        played += play_step(playing, (Action)ale->game->minimal_actions[choice], plan);
        if (ale->over)
            ale_reset(ale, &playing->screen);
    }
    return (double)plan->frames / (clock_seconds() - begin);
}

static bool measure_console(const Problem *problem, const Plan *plan, double *rate, Error *error)
{
    Playing *playing = calloc(1, sizeof *playing);
    if (playing == NULL)
        return error_work(error, "no memory for a console");
    const int players = game_players_min(problem->game);
    const AleOptions options = {
        .seed = 1,
        .mode = (uint16_t)game_default_mode(problem->game, players),
        .players = players,
        .memory = &playing->memory,
    };
    ale_load(&playing->ale, problem->game, problem->cartridge, &options, &playing->screen);
    ale_reset(&playing->ale, &playing->screen);
    *rate = console_rate(playing, plan);
    free(playing);
    return true;
}

/* ---- environments ---- */

/* What a batch is stepped with. */
typedef struct {
    Parallel *team;
    Batch *batch;
    Env **envs;
    int *actions;
    EnvStep *steps;
    uint8_t *frames;
} Room;

static bool make_envs(Room *room, const Problem *problem, const Plan *plan, Error *error)
{
    const AtariEnvConfig config = {
        .eyes = EYES_2015,
        .frame_skip = (int)plan->skip,
        .pool_frames = true,
        .players = 1,
        .mode = -1,
    };
    for (int64_t i = 0; i < plan->envs; i++)
        if ((room->envs[i] = problem_env(problem, &config, (uint64_t)i, error)) == NULL) {
            while (i-- > 0)
                env_destroy(room->envs[i]);
            return false;
        }
    room->batch = batch_create(room->envs, (int)plan->envs, room->team, error);
    return room->batch != NULL;
}

static bool make_room(Room *room, const Problem *problem, const Plan *plan, Error *error)
{
    const size_t envs = (size_t)plan->envs;
    room->team = parallel_create((int)plan->threads, error);
    if (room->team == NULL)
        return false;
    room->envs = calloc(envs, sizeof *room->envs);
    room->actions = calloc(envs, sizeof *room->actions);
    room->steps = calloc(envs, sizeof *room->steps);
    room->frames = calloc(envs, (size_t)EYES_ROWS * EYES_COLUMNS);
    if (room->envs == NULL || room->actions == NULL || room->steps == NULL || room->frames == NULL)
        return error_work(error, "no memory for %zu environments", envs);
    return make_envs(room, problem, plan, error);
}

static void free_room(Room *room)
{
    batch_destroy(room->batch);
    parallel_destroy(room->team);
    free(room->envs);
    free(room->actions);
    free(room->steps);
    free(room->frames);
}

static double batch_rate(Room *room, const Plan *plan)
{
    const uint32_t actions = (uint32_t)batch_env(room->batch, 0)->spec.actions;
    Random random = random_stream(1, "bench");
    batch_reset(room->batch, room->frames);
    int64_t played = 0;
    const double begin = clock_seconds();
    while (played < plan->frames) {
        for (int64_t i = 0; i < plan->envs; i++)
            room->actions[i] = (int)random_below(&random, actions);
        batch_step(room->batch, room->actions, room->steps, room->frames);
        for (int64_t i = 0; i < plan->envs; i++)
            played += room->steps[i].frames;
    }
    return (double)played / (clock_seconds() - begin);
}

static bool measure_batch(const Problem *problem, const Plan *plan, double *rate, Error *error)
{
    Room room = {0};
    const bool made = make_room(&room, problem, plan, error);
    if (made)
        *rate = batch_rate(&room, plan);
    free_room(&room);
    return made;
}

/* ---- the command ---- */

static bool measure(const Problem *problem, const Plan *plan, bool json, Error *error)
{
    double rate = 0;
    if (problem->cartridge == NULL)
        return error_input(error, "'%s' has no cartridge that could be measured", problem->name);
    if (!(plan->pixels == PIXELS_84X84 ? measure_batch : measure_console)(problem, plan, &rate,
                                                                          error))
        return false;
    const Measure measures[] = {
        {"game", 0, problem->name},
        {"frames", (double)plan->frames, NULL},
        {"frame_skip", (double)plan->skip, NULL},
        {"pixels", 0, pixels_name[plan->pixels]},
        {"envs", (double)plan->envs, NULL},
        {"threads", (double)plan->threads, NULL},
        {"frames_per_second", rate, NULL},
    };
    measure_print(measures, sizeof measures / sizeof measures[0], json);
    return true;
}

/* Several are played for the pictures that agents see, unless somebody says otherwise. */
static const char *default_pixels(const Plan *plan)
{
    return plan->envs > 1 || plan->threads > 1 ? pixels_name[PIXELS_84X84]
                                               : pixels_name[PIXELS_ALL];
}

static bool read_pixels(Pixels *pixels, const char *text, Error *error)
{
    for (int kind = 0; kind < PIXELS_KINDS; kind++) {
        if (strcmp(text, pixels_name[kind]) == 0) {
            *pixels = (Pixels)kind;
            return true;
        }
    }
    return error_input(error, "'--pixels' cannot be '%.60s': it is one of all, last2, 84x84, none",
                       text);
}

typedef struct {
    char *frames, *skip, *pixels, *envs, *threads;
    CartridgeRequest cartridge;
} Request;

static bool read_plan(Plan *plan, const Request *request, Error *error)
{
    *plan = (Plan){.frames = 20000, .skip = 1, .envs = 1, .threads = 1};
    if (!options_count(&plan->frames, request->frames, "frames", 1, INT64_C(1000000000), error) ||
        !options_count(&plan->skip, request->skip, "frame-skip", 1, ATARI_FRAME_SKIP_MAX, error) ||
        !options_count(&plan->envs, request->envs, "envs", 1, 4096, error) ||
        !options_count(&plan->threads, request->threads, "threads", 1, PARALLEL_THREADS_MAX,
                       error) ||
        !read_pixels(&plan->pixels,
                     request->pixels != NULL ? request->pixels : default_pixels(plan), error))
        return false;
    if (plan->pixels != PIXELS_84X84 && (plan->envs > 1 || plan->threads > 1))
        return error_input(error, "'--envs' and '--threads' go with '--pixels 84x84' alone");
    return true;
}

int bench_env(int argc, const char **argv)
{
    static Request request;
    static int json;
    struct poptOption table[] = {
        {"frames", 0, POPT_ARG_STRING, &request.frames, 0, "how many to play (20000)", "N"},
        {"frame-skip", 0, POPT_ARG_STRING, &request.skip, 0, "frames an action is held (1)", "K"},
        {"pixels", 0, POPT_ARG_STRING, &request.pixels, 0,
         "all (default), last2, 84x84 (default of several), none", "WHAT"},
        {"envs", 0, POPT_ARG_STRING, &request.envs, 0, "environments side by side (1)", "N"},
        {"threads", 0, POPT_ARG_STRING, &request.threads, 0, "that step them (1)", "T"},
        PROBLEM_OPTION_ROMS(request.cartridge),
        PROBLEM_OPTION_TYPE(request.cartridge),
        {"json", 0, POPT_ARG_NONE, &json, 0, "one JSON object", NULL},
        POPT_TABLEEND,
    };
    Options options;
    int status;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    Error error = {0};
    Problem problem = {0};
    Plan plan;
    const bool done =
        read_plan(&plan, &request, &error) &&
        problem_find(&problem, measure_game(options.argument[0]), &request.cartridge, &error) &&
        measure(&problem, &plan, json, &error);
    problem_free(&problem);
    options_free(&options);
    return done ? STATUS_DONE : options_fail(&error);
}
